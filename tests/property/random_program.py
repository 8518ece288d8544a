"""Random programs of acts, made to collide: the same serials, the same ids, the same keys, at the
seconds where a rule turns over.

A program is a list of steps {"at": second, "act": ACT} (ACT as act_runner_main.cpp reads it). The
generator runs a reference model along to know what is held, pending and proposed, so that it can
aim at it and just beside it. The same seed gives the same program.
"""

import copy
import random

import reference_model as rules

HOLDERS = ("developer", "buyer", "broker", "trader")
STEPS_OF_TIME = (0, 0, 0, 0, 0, 1, 1, 7, 60, 60, 299, 300, 301, 600, 900)
LIFE_OF_TRANSFER = (1, 300, 301, 600, 1200, 1200, 3000, 3000)


def bytes_of(act):
    """What the document is made of: all but the name that the program gives it."""
    return {name: value for name, value in act.items() if name != "label"}


class Generator:
    def __init__(self, seed, model):
        self.random = random.Random(seed)
        self.model = model
        self.now = 0
        self.count = 0
        self.sent = []
        self.newcomers = []

    def program(self, length):
        steps = []
        while len(steps) < length:
            act, *approvals = self._next()
            self._send(act, steps)
            # At once, so that a batch holds both.
            if self._chance(0.06):
                self._send(copy.deepcopy(act), steps)
            # Approvals of what did not become a proposal are sent now and then all the same.
            if act["label"] in self.model.proposals or self._chance(0.05):
                for approval in approvals:
                    self._send(approval, steps)
        return steps[:length]

    def _send(self, act, steps):
        # One name for the same bytes: what they create exists once.
        for sent in self.sent:
            if bytes_of(sent) == bytes_of(act):
                act["label"] = sent["label"]
        steps.append({"at": self.now, "act": act})
        self.model.judge(copy.deepcopy(act), self.now)
        self.sent.append(act)

    # One act, or a few that belong together (a proposal and its approvals).
    def _next(self):
        self.now += self.random.choice(STEPS_OF_TIME)
        kinds = {
            self._transfer: 24,
            self._on_transfer: 24,
            self._retire: 12,
            self._approve: 14,
            self._status: 7,
            self._keys: 9,
            self._newcomer: 4,
            self._repeat: 7,
        }
        make = self.random.choices(list(kinds), list(kinds.values()))[0]
        acts = make()
        if self._chance(0.14):
            acts[0] = self._spoilt(acts[0])
        return acts

    def _act(self, kind, party, subject, key=None):
        self.count += 1
        return {
            "label": f"a{self.count}",
            "uuid": self.count,
            "key": party if key is None else key,
            "party": party,
            "from": self.now,
            "until": self.now + 600,
            "type": kind,
            "subject": subject,
        }

    def _chance(self, probability):
        return self.random.random() < probability

    def _holder(self):
        live = [name for name in HOLDERS if self._live_units(name)]
        names = live if live and self._chance(0.85) else list(HOLDERS) + self.newcomers
        return self.random.choice(names)

    def _live_units(self, name):
        return any(
            serials.held(("active", name, "")) for serials in self.model.serials.values()
        )

    def _anyone(self):
        return self.random.choice(list(self.model.parties))

    # Units.

    def _legs(self, holder):
        legs = [self._leg(holder) for _ in range(self.random.choice((1, 1, 1, 2, 3)))]
        if self._chance(0.12):
            legs.append(copy.deepcopy(self.random.choice(legs)))
        return legs

    def _leg(self, holder):
        if self._chance(0.02):
            return {"batch": "$batch:NONE", "quantity": "1"}
        place = ("active", holder, "")
        batches = [name for name, serials in self.model.serials.items() if serials.held(place)]
        if not batches or self._chance(0.1):
            batches = list(self.model.serials)
        weights = [5 if batch == "CCS" else 2 for batch in batches]
        batch = self.random.choices(batches, weights)[0]
        make = self._range_leg if self._chance(0.6) else self._count_leg
        leg = {"batch": "$batch:" + batch, **make(batch, holder)}
        if self._chance(0.02):
            leg["quantity"] = "1"
        return leg

    # Serials at the edges of runs, own and foreign, and one beside them.
    def _range_leg(self, batch, holder):
        serials = self.model.serials[batch]
        own = serials.held(("active", holder, ""))
        if own and self._chance(0.8):
            low, high = self.random.choice(own)
        else:
            low, high, _ = self.random.choice(serials.runs)
        middle = min(high, low + self.random.choice((0, 1, 9, 100, 1000)))
        edges = (low, low, low + 1, middle, middle, high, high - 1)
        first, last = sorted((self.random.choice(edges), self.random.choice(edges)))
        if self._chance(0.12):
            last += 1
        if self._chance(0.08):
            first -= 1
        if self._chance(0.03):
            first, last = last, first
        return {"first": str(max(first, 1)), "last": str(max(last, 1))}

    def _count_leg(self, batch, holder):
        own = self.model.serials[batch].held(("active", holder, ""))
        total = sum(last - first + 1 for first, last in own)
        some = self.random.choice((1, 2, 10, 500, 5000, max(1, total // 2)))
        edges = (some, some, some, total, total + 1, own[0][1] - own[0][0] + 2 if own else 1, 0)
        weights = (5, 5, 5, 2, 2, 3, 0.5)
        return {"quantity": str(self.random.choices(edges, weights)[0])}

    def _transfer(self):
        holder = self._holder()
        to = self.random.choice([name for name in HOLDERS if name != holder] + self.newcomers)
        if self._chance(0.06):
            to = self.random.choice((holder, "vvb1", "registry", "nobody", "applicant"))
        expires = self.now + self.random.choice(LIFE_OF_TRANSFER)
        if self._chance(0.03):
            expires = self.now - self.random.choice((0, 1))
        subject = {
            "legs": self._legs(holder),
            "to": "$party:" + to,
            "expires": f"$time:{expires}",
        }
        return self._with_approvals(self._act("Transfer", holder, subject, self._key_of(holder)))

    def _retire(self):
        holder = self._holder()
        subject = {
            "legs": self._legs(holder),
            "beneficiary": {"organisation": {"name": "Green Bridge", "country": "CN"}},
            "purpose": "voluntary",
        }
        if self._chance(0.08):
            subject["beneficiary"] = self.random.choice(
                (
                    {},
                    {"commitment": "$digest:someone"},
                    {"commitment": "$digest:x", **subject["beneficiary"]},
                )
            )
        if self._chance(0.04):
            del subject["beneficiary"]
        if self._chance(0.04):
            subject["purpose"] = self.random.choice(("corsia", "article6", "compliance"))
        return self._with_approvals(self._act("Retire", holder, subject, self._key_of(holder)))

    # Mostly the party's first key; sometimes the one it added last, or any.
    def _key_of(self, party):
        own = [name for name, key in self.model.keys.items() if key["party"] == party]
        if own and self._chance(0.12):
            return own[-1]
        return self.random.choice(own) if own and self._chance(0.06) else party

    def _with_approvals(self, act):
        needed, _ = self.model._approvals(act)
        acts = [act]
        for person in ("-2", "-3")[:needed]:
            if self._chance(0.6):
                acts.append(self._approval(act["label"], act["party"], act["party"] + person))
        return acts

    # What becomes of a transfer: by the right party and the wrong one, too early, too late, twice.
    def _on_transfer(self):
        if not self.model.transfers:
            return self._transfer()
        pending = [l for l, t in self.model.transfers.items() if t["state"] == "pending"]
        if not pending and self._chance(0.75):
            return self._transfer()
        labels = pending if pending and self._chance(0.85) else list(self.model.transfers)
        label = self.random.choice(labels)
        transfer = self.model.transfers[label]
        if self._chance(0.04):
            label = self.random.choice([act["label"] for act in self.sent])
        overdue = transfer["expires"] < self.now
        kind, party = self.random.choices(
            (
                ("AcceptTransfer", transfer["to"]),
                ("RejectTransfer", transfer["to"]),
                ("CancelTransfer", transfer["from"]),
                ("LapseTransfer", self._anyone()),
                ("CancelTransfer", "registry"),
            ),
            (10, 10, 12, 55, 5) if overdue else (55, 10, 12, 15, 5),
        )[0]
        if kind == "AcceptTransfer" and self._chance(0.7):
            turn = self.random.choice((-1, 0, 0, 0, 1)) + transfer["at"]
            self.now = max(self.now, turn + rules.NEW_COUNTERPARTY_SECONDS)
        if kind == "LapseTransfer" and self._chance(0.6):
            self.now = max(self.now, transfer["expires"] + self.random.choice((0, 1, 1)))
        if self._chance(0.1):
            party = self._anyone()
        subject = {"transfer": "$transfer:" + label}
        if kind in ("RejectTransfer", "CancelTransfer"):
            subject["reason"] = "no"
        return [self._act(kind, party, subject, self._key_of(party))]

    # Approvals.

    def _open_proposals(self):
        return [
            label
            for label, proposal in self.model.proposals.items()
            if proposal["state"] == "open" and proposal["expires"] >= self.now
        ]

    def _approval(self, label, party, key, decision="approve"):
        subject = {
            "proposal": "$proposal:" + label,
            "digest": "$digest:" + label,
            "decision": decision,
            "reason": "agreed",
        }
        return self._act("Approve", party, subject, key)

    def _approve(self):
        if not self.model.proposals:
            return self._transfer()
        opened = self._open_proposals()
        if not opened and self._chance(0.75):
            return self._transfer()
        labels = opened if opened and self._chance(0.9) else list(self.model.proposals)
        label = self.random.choice(labels)
        proposal = self.model.proposals[label]
        party = proposal["act"]["party"]
        if self._chance(0.12):
            self.now = max(self.now, proposal["expires"] + self.random.choice((0, 1)))
        if self._chance(0.1):
            subject = {"proposal": "$proposal:" + label, "reason": "no more"}
            return [self._act("WithdrawProposal", party, subject, party or "gov1")]
        own = [name for name, key in self.model.keys.items() if key["party"] == party]
        keys = ("gov1", "gov2") if party == "" else (party + "-2", party + "-3", own[-1])
        if self._chance(0.08):
            party = self._anyone()
            keys = (party + "-2",)
        decision = "reject" if self._chance(0.08) else "approve"
        weights = (5, 4, 3)[: len(keys)]
        approval = self._approval(label, party, self.random.choices(keys, weights)[0], decision)
        if self._chance(0.04):
            approval["subject"]["digest"] = "$digest:another"
        return [approval]

    # Parties and keys.

    def _status(self):
        target = self.random.choice(HOLDERS + tuple(self.newcomers) + HOLDERS)
        senders = [t["from"] for t in self.model.transfers.values() if t["state"] == "pending"]
        if senders and self._chance(0.3):
            target = self.random.choice(senders)
        barred = [n for n in HOLDERS if self.model.parties[n]["status"] in ("frozen", "suspended")]
        if barred and self._chance(0.6):
            target = self.random.choice(barred)
        if self._chance(0.25):
            return [self._act("FreezeSelf", target, {"reason": "lost"}, self._key_of(target))]
        if self._chance(0.2):
            roles = self.random.choice(
                (["buyer"], ["vvb"], ["developer"], ["vvb", "buyer"], ["auditor"], ["registry"])
            )
            subject = {"party": "$party:" + target, "roles": roles, "kycDigest": "$digest:kyc"}
            return self._by_registry("AdmitParty", subject)
        status = self.model.parties.get(target, {"status": "applied"})["status"]
        wanted = "admitted" if status in ("frozen", "suspended") and self._chance(0.7) else None
        wanted = wanted or self.random.choice(
            ("admitted", "suspended", "frozen", "frozen", "closed", "applied")
        )
        subject = {"party": "$party:" + target, "status": wanted, "reason": "a reason"}
        return self._by_registry("SetPartyStatus", subject)

    def _by_registry(self, kind, subject):
        if self._chance(0.3):
            act = self._act(kind, "", subject, "gov1")
            return [act, self._approval(act["label"], "", "gov2")]
        act = self._act(kind, "registry", subject)
        if self._chance(0.1):
            act["party"] = act["key"] = self.random.choice(HOLDERS)
        if self._chance(0.15):
            return [act]
        return [act, self._approval(act["label"], "registry", "registry-2")]

    # Keys that something still hangs on: a pending transfer, an open proposal, an approval of one.
    def _keys_in_use(self):
        pending = [t["key"] for t in self.model.transfers.values() if t["state"] == "pending"]
        for label in self._open_proposals():
            proposal = self.model.proposals[label]
            pending += [proposal["act"]["key"]] + [key for key, _ in proposal["approvals"]] * 3
        return [name for name in pending if name in self.model.keys]

    def _keys(self):
        party = self.random.choice(HOLDERS + tuple(self.newcomers))
        used = self._keys_in_use()
        aimed = self.random.choice(used) if used and self._chance(0.5) else None
        if aimed:
            party = self.model.keys[aimed]["party"]
        own = [name for name, key in self.model.keys.items() if key["party"] == party]
        if own and (aimed or self._chance(0.4)):
            reason = self.random.choice(("compromised", "compromised", "superseded"))
            subject = {"key": "$key:" + (aimed or self.random.choice(own)), "reason": reason}
            if self._chance(0.25):
                act = self._act("RevokeKey", "", subject, "gov1")
                return [act, self._approval(act["label"], "", "gov2")]
            signer = self.random.choice(own)
            if self._chance(0.1):
                subject["key"] = "$key:" + self.random.choice(list(self.model.keys))
            return self._with_approvals(self._act("RevokeKey", party, subject, signer))
        self.count += 1
        name = f"k{self.count}"
        if self._chance(0.08):
            name = self.random.choice(list(self.model.keys))
        person = self.random.choice((name, party, party + "-2"))
        purposes = self.random.choice((["initiate"], ["initiate", "approve"], ["approve"]))
        declared = {"key": "$key:" + name, "person": "$person:" + person, "purposes": purposes}
        subject = {"party": "$party:" + party, "key": declared}
        if self._chance(0.25):
            act = self._act("BindKey", "", subject, "gov1")
            return [act, self._approval(act["label"], "", "gov2")]
        return self._with_approvals(self._act("BindKey", party, subject))

    def _newcomer(self):
        waiting = [n for n, p in self.model.parties.items() if p["status"] == "applied"]
        if waiting and self._chance(0.7):
            name = self.random.choice(waiting)
            subject = {"party": "$party:" + name, "roles": ["buyer"], "kycDigest": "$digest:kyc"}
            return self._by_registry("AdmitParty", subject)
        act = self._act("RegisterParty", "", {})
        name = act["label"] = f"p{self.count}"
        act["key"] = name if self._chance(0.9) else self.random.choice(list(self.model.keys))
        act["subject"] = {
            "key": {
                "key": "$key:" + act["key"],
                "person": "$person:" + name,
                "purposes": ["initiate"],
            },
            "name": {"en": name},
            "kind": "organisation",
            "country": "CN",
            "affiliates": [],
            "roles": ["buyer"],
        }
        self.newcomers.append(name)
        return [act]

    # The same act again; the same id with other bytes; what was refused, corrected.
    def _repeat(self):
        if not self.sent:
            return self._transfer()
        taken = [act for act in self.sent if act["label"] in self._accepted_labels()]
        latest = taken if taken and self._chance(0.6) else self.sent
        act = copy.deepcopy(self.random.choice(latest[-12:]))
        if self._chance(0.55):
            return [act]
        self.count += 1
        act["label"] = f"a{self.count}"
        act["from"], act["until"] = self.now, self.now + 600
        if self._chance(0.3):
            other = self.random.choice(self.sent)
            act["key"], act["party"] = other["key"], other["party"]
        act["until"] += self.random.randint(1, 60)
        return [act]

    def _accepted_labels(self):
        kept = self.model.accepted.values()
        return {act["label"] for act in self.sent if bytes_of(act) in kept}

    def _spoilt(self, act):
        act = copy.deepcopy(act)
        if any(sent["label"] == act["label"] for sent in self.sent):
            self.count += 1
            act["label"] = f"a{self.count}"
        spoil = self.random.choice(
            ("key", "key", "party", "approver", "old", "late", "far", "origin", "damage")
        )
        if spoil == "key":
            act["key"] = self.random.choice(list(self.model.keys) + ["stranger", "gov1"])
        elif spoil == "party":
            act["party"] = self._anyone()
        elif spoil == "approver":
            act["key"] = act["party"] + "-2"
        elif spoil == "old":
            act["until"] = self.now - 1
        elif spoil == "late":
            act["until"] = self.now
        elif spoil == "far":
            act["until"] = self.now + rules.VALIDITY_SECONDS_MAX + self.random.choice((0, 1))
        elif spoil == "origin":
            act["registry"] = "ledger.example/other"
        else:
            act["damage"] = True
        return act
