"""Random acts about parties, keys, accounts and governance."""

import worlds


class PartyActs:
    KINDS = {
        "status": 8,
        "admission": 3,
        "keys": 9,
        "newcomer": 4,
        "accreditation": 2,
        "approve_something": 12,
        "account_policy": 7,
        "open_account": 3,
        "amend_party": 6,
    }
    GOVERNANCE_KINDS = {
        "seats": 5,
        "log_key": 2,
        "remove_blob": 2,
        "activate_rules": 1,
        "approve_something": 3,
    }

    def holders(self):
        accounts = [n for n, p in self.model.parties.items() if p["owner"]]
        newcomers = [n for n in self.model.parties if n.startswith("n")]
        there = [name for name in worlds.HOLDERS if name in self.model.parties]
        return there + accounts + newcomers or ["nobody"]

    def status(self):
        target = self.pick(self.holders() + ["custodian", "vvb2", "vvb3"])
        waiting = [t["from"] for t in self.model.transfers.values() if t["state"] == "pending"]
        if waiting and self.chance(0.3):
            target = self.pick(waiting)
        statuses = {n: self.model.parties[n]["status"] for n in self.model.parties}
        barred = [n for n, s in statuses.items() if s in ("frozen", "suspended")]
        if barred and self.chance(0.6):
            target = self.pick(barred)
        if self.chance(0.2):
            return self.by("FreezeSelf", target, {"reason": "lost"})
        free = statuses.get(target) in ("frozen", "suspended")
        wanted = "admitted" if free and self.chance(0.8) else None
        wanted = wanted or self.pick(
            ("admitted", "suspended", "frozen", "frozen", "closed", "closed", "applied")
        )
        subject = {"party": "$party:" + target, "status": wanted, "reason": "a reason"}
        return self.by_registry("SetPartyStatus", subject)

    def admission(self):
        applied = [n for n, p in self.model.parties.items() if p["status"] == "applied"]
        target = self.mostly(applied, self.holders(), 0.6)
        roles = self.pick(
            (
                ["buyer"],
                ["buyer"],
                ["vvb"],
                ["developer"],
                ["developer", "buyer"],
                ["vvb", "buyer"],
                ["buyer", "buyer"],
                ["auditor"],
                ["registry"],
                ["registry", "developer"],
                ["custodian", "buyer"],
            )
        )
        subject = {"party": "$party:" + target, "roles": roles, "kycDigest": "$digest:kyc"}
        return self.by_registry("AdmitParty", subject)

    def by_registry(self, kind, subject):
        if self.chance(0.3):
            return self.governed(kind, subject)
        party = "registry" if self.chance(0.93) else self.pick(worlds.HOLDERS)
        return self.by(kind, party, subject)

    # Keys that something still hangs on: a pending transfer, an open proposal, an approval of one.
    def keys_in_use(self):
        used = [t["key"] for t in self.model.transfers.values() if t["state"] == "pending"]
        for proposal in self.open_proposals():
            row = self.model.proposals[proposal]
            used += [row["act"]["key"]] + [one["key"] for one in row["approvals"]] * 3
        return [name for name in used if name in self.model.keys]

    def keys(self):
        party = self.pick(self.holders() + ["custodian", "vvb2"])
        aimed = self.pick(self.keys_in_use()) if self.chance(0.5) else None
        if aimed:
            party = self.model.keys[aimed]["party"]
        own = [name for name, key in self.model.keys.items() if key["party"] == party]
        if own and (aimed or self.chance(0.4)):
            return self._revocation(party, own, aimed)
        return self._binding(party)

    def _revocation(self, party, own, aimed):
        reason = self.pick(("compromised", "compromised", "superseded"))
        subject = {"key": "$key:" + (aimed or self.pick(own)), "reason": reason}
        if self.chance(0.25):
            return self.governed("RevokeKey", subject)
        if self.chance(0.1):
            subject["key"] = "$key:" + self.pick(list(self.model.keys) + ["stranger"])
        return self.act("RevokeKey", party, subject, self.pick(own))

    def _binding(self, party):
        self.count += 1
        key = f"k{self.count}"
        if self.chance(0.08):
            key = self.pick(list(self.model.keys) + list(self.model.ledger["ever_seated"]))
        person = self.pick((key, party, party + "-2"))
        purposes = self.pick((["initiate"], ["initiate", "approve"], ["approve"], ["review"], ["device"]))
        if self.chance(0.03):
            purposes = ["approve", "approve"]
        subject = worlds.new_key(party, key, purposes, person)
        if self.chance(0.25):
            return self.governed("BindKey", subject)
        return self.by("BindKey", party, subject)

    def newcomer(self):
        self.count += 1
        name = f"n{self.count}"
        key = name if self.chance(0.9) else self.pick(self.model.keys, name)
        purposes = ("initiate",) if self.chance(0.9) else ("approve",)
        subject = worlds.registration(name, ["buyer"], purposes)
        subject["key"]["key"] = "$key:" + key
        if self.chance(0.2):
            subject["affiliates"] = ["$party:" + self.mostly(self.model.parties, ["NONE"])]
        spoil = self.pick((None,) * 9 + ("person", "nameless", "roles", "account", "twice"))
        if spoil == "person":
            subject["kind"] = "natural-person"
            subject["name"] = {} if self.chance(0.6) else subject["name"]
        elif spoil == "nameless":
            subject["name"] = {}
        elif spoil == "roles":
            subject["roles"] = self.pick((["vvb", "buyer"], ["buyer", "buyer"]))
        elif spoil == "account":
            subject["kind"] = "account"
        elif spoil == "twice":
            subject["affiliates"] = ["$party:buyer", "$party:buyer"]
        return self.act("RegisterParty", "", subject, key, label=name)

    def accreditation(self):
        vvb = self.mostly(self.party_with("vvb"), self.model.parties)
        scope = self.pick(
            (
                {"sector": "ccs"},
                {"sector": "ccs"},
                {"sector": "other"},
                {"programme": "$programme:P-CCS"},
                {"programme": "$programme:P-FOREST", "methodology": "$standard:based"},
            )
        )
        first = self.now + self.pick((-1000, 0, 1, 100))
        end = first + self.pick((100_000, 100_000, 200, 1, 0))
        subject = {
            "party": "$party:" + vvb,
            "scopes": [scope],
            "from": f"$time:{first}",
            "until": f"$time:{end}",
        }
        if self.chance(0.2):
            return self.governed("AccreditVvb", subject)
        return self.by("AccreditVvb", self.pick(("registry", "accreditor", "accreditor")), subject)

    # Approvals.

    def open_proposals(self):
        return [
            label
            for label, proposal in self.model.proposals.items()
            if proposal["state"] == "open" and proposal["expires"] >= self.now
        ]

    def approve_something(self):
        if not self.model.proposals:
            return []
        recent = list(self.model.proposals)[-8:]
        label = self.mostly(self.open_proposals(), recent, 0.9)
        proposal = self.model.proposals[label]
        act = proposal["act"]
        if self.chance(0.1):
            self.now = max(self.now, proposal["expires"] + self.pick((0, 1)))
        if self.chance(0.1):
            subject = {"proposal": "$proposal:" + label, "reason": "no more"}
            return self.act("WithdrawProposal", act["party"], subject, act["party"] or "gov1")
        party, key = self._approver_of(proposal)
        decision = "reject" if self.chance(0.08) else "approve"
        approval = self.approval(label, party, key, decision)
        if self.chance(0.04):
            approval["subject"]["digest"] = "$digest:another"
        return approval

    def _approver_of(self, proposal):
        party = proposal["act"]["party"]
        if not party:
            return "", self.pick(list(self.model.ledger["ever_seated"]) + ["gov2"])
        parties = [party, self.model._owner(party)] + proposal["consents"]
        party = self.pick(parties) if self.chance(0.92) else self.anyone()
        owner = self.model._owner(party)
        own = [n for n, k in self.model.keys.items() if k["party"] == owner]
        good = [n for n in own if "approve" in self.model.keys[n]["purposes"]]
        return party, self.mostly(good, own or [owner], 0.9)

    # Accounts.

    def account_policy(self):
        party = self.pick(self.holders())
        others = [name for name in self.holders() if name != party]
        trusted = self.random.sample(others, self.pick((0, 1, 2)))
        if self.chance(0.04):
            trusted.append(self.pick((party, "NONE")))
        if trusted and self.chance(0.04):
            trusted.append(trusted[0])
        known = self.model.account_policies.get(party)
        if known and self.chance(0.4):
            trusted = list(dict.fromkeys(list(known["trusted"])[:3] + trusted))
        subject = {
            "fourEyes": self.chance(0.35),
            "autoAccept": self.chance(0.5),
            "trusted": ["$party:" + name for name in trusted],
        }
        return self.by("SetAccountPolicy", party, subject)

    def open_account(self):
        party = self.pick(self.holders())
        self.count += 1
        subject = {"name": {"en": "client"} if self.chance(0.95) else {}}
        return self.by("OpenAccount", party, subject, label=f"s{self.count}")

    def amend_party(self):
        target = self.pick(list(self.model.parties))
        own = self.chance(0.35)
        subject = {"party": "$party:" + target}
        known = self.model.parties[target]["affiliates"]
        if own or self.chance(0.3):
            more = self.pick((self.pick(self.model.parties), self.pick(worlds.VVBS), "developer"))
            affiliates = [name for name in known if self.chance(0.95)]
            if more not in affiliates and more != target:
                affiliates.append(more)
            if self.chance(0.05):
                affiliates.append(self.pick(("NONE", target)))
            subject["affiliates"] = ["$party:" + name for name in affiliates]
        if not own or self.chance(0.1):
            subject.update(self._amended_members())
        party = self.pick((target, target, self.anyone())) if own else "registry"
        return self.by("AmendParty", party, subject)

    def _amended_members(self):
        members = {}
        if self.chance(0.9):
            members["kycDigest"] = "$digest:kyc"
        if self.chance(0.5):
            members["name"] = {"en": "New"} if self.chance(0.93) else {}
        if self.chance(0.3):
            members["country"] = "DE"
        if self.chance(0.1):
            members["lei"] = "A" * 20
        if self.chance(0.15):
            members["mergedInto"] = "$party:" + self.pick(list(self.model.parties) + ["NONE"])
        return members

    # Governance.

    def seats(self):
        seats = list(self.model.ledger["seats"])
        removed = self.random.sample(seats, min(len(seats), self.pick((0, 0, 1, 1, 2))))
        added = []
        for _ in range(self.pick((0, 1, 1, 2))):
            self.count += 1
            key = person = f"g{self.count}"
            if self.chance(0.06):
                key = self.pick(list(self.model.keys) + list(self.model.ledger["ever_seated"]))
            if self.chance(0.06):
                person = self.pick(self.model.ledger["seats"].values())
            added.append({"key": "$key:" + key, "person": "$person:" + person})
        if self.chance(0.05):
            removed.append(self.pick(("stranger", "gov1", "developer")))
        if added and self.chance(0.04):
            added.append(dict(added[0]))
        left = max(1, len(set(seats) - set(removed)) + len(added))
        threshold = self.random.randint(1, min(left, 3))
        if self.chance(0.08):
            threshold = left + 1
        subject = {
            "add": added,
            "remove": ["$key:" + key for key in removed],
            "threshold": str(threshold),
        }
        return self.governed("ChangeGovernance", subject)

    def log_key(self):
        known = [self.model.ledger["first_log_key"]] + self.model.ledger["log_keys"]
        # Those that the runner can sign with.
        new = [f"$vkey:log-{number}" for number in range(2, 10)]
        vkey = self.pick([key for key in new if key not in known], "no key at all")
        if self.chance(0.3):
            known = self.pick(known)
            vkey = self.pick((known, "$vkey:log@elsewhere.example", "no key at all"))
        return self.governed("SucceedLogKey", {"vkey": vkey})

    def remove_blob(self):
        blob = self.mostly([f"$blob:{name}" for name in self.model.blobs], ["$digest:paper"])
        return self.governed("RemoveBlob", {"digest": blob, "reason": "a court said so"})

    def activate_rules(self):
        return self.governed("ActivateRules", {"version": self.pick(("1", "2", "2", "3", "3", "4", "4", "5", "5"))})
