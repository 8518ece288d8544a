"""The registry's rules on units, parties, keys and approvals, written a second time.

From the rules as the registry states them, not from the ledger's code: plain dictionaries and
lists, one method per act. `judge` answers what an act must be answered at a given second; accepted
acts change the model. Where an act breaks several rules, the answer names the first in this order:
signature, id, addressing and validity, the signer's authority, the act's own checks. Rules can be
switched off by name, so that the tests can show that each of them is felt.
"""

NEW_KEY_SECONDS = 600
NEW_COUNTERPARTY_SECONDS = 300
PROPOSAL_SECONDS = 900
VALIDITY_SECONDS_MAX = 3600
ORIGIN = "ledger.example/test"

GOVERNANCE = {"gov1": "gov1", "gov2": "gov2"}  # key -> person; both must stand behind an act
GOVERNED_ROLES = {"registry", "accreditor", "authority", "standard", "custodian", "auditor"}
STATUS_OUTCOME = {
    "applied": "PARTY_NOT_ADMITTED",
    "suspended": "PARTY_SUSPENDED",
    "frozen": "PARTY_FROZEN",
    "closed": "PARTY_CLOSED",
}
SETTLING_ACTS = ("Approve", "WithdrawProposal")
REGISTRY_ACTS = ("AdmitParty", "SetPartyStatus")


class Refused(Exception):
    """The act breaks a rule; the outcome names it."""

    def __init__(self, outcome):
        super().__init__(outcome)
        self.outcome = outcome


def refuse_if(broken, outcome):
    if broken:
        raise Refused(outcome)


def named(text):
    """The name in `$kind:name`."""
    return text.split(":", 1)[1]


class Serials:
    """One batch as runs (first, last, place); a place is (state, holder, reference)."""

    def __init__(self, quantity, buffer, developer):
        self.runs = []
        if quantity > buffer:
            self.runs.append((1, quantity - buffer, ("active", developer, "")))
        if buffer:
            self.runs.append((quantity - buffer + 1, quantity, ("buffer", "", "")))

    def held(self, place):
        return [(first, last) for first, last, here in self.runs if here == place]

    def move(self, first, last, place):
        after = []
        for low, high, here in self.runs:
            if low < first:
                after.append((low, min(high, first - 1), here))
            if high > last:
                after.append((max(low, last + 1), high, here))
        after.append((first, last, place))
        self.runs = joined(after)


def joined(runs):
    """Sorted; neighbours at the same place are one run."""
    result = []
    for first, last, place in sorted(runs):
        if result and result[-1][1] == first - 1 and result[-1][2] == place:
            result[-1] = (result[-1][0], last, place)
        else:
            result.append((first, last, place))
    return result


def without(ranges, taken):
    """What of the ranges is in no range of `taken`."""
    for first, last in taken:
        rest = []
        for low, high in ranges:
            if low < first:
                rest.append((low, min(high, first - 1)))
            if high > last:
                rest.append((max(low, last + 1), high))
        ranges = rest
    return sorted(ranges)


class ReferenceModel:
    def __init__(self, cast, batches, off=()):
        """`cast`: party -> roles; `batches`: name -> (developer, quantity, buffer, approvals,
        transferable); `off`: names of rules that do not hold in this model."""
        self.off = set(off)
        self.parties = {
            name: {"status": "admitted", "roles": set(roles)} for name, roles in cast.items()
        }
        self.keys = {}
        for name in cast:
            self._bind(name, name, name, ["initiate"], None)
            self._bind(name + "-2", name, name + "-2", ["approve"], None)
        for name in ("developer", "buyer", "broker", "trader"):
            self._bind(name + "-3", name, name + "-3", ["approve"], None)
        self.policy = {name: batch[3:] for name, batch in batches.items()}
        self.serials = {name: Serials(b[1], b[2], b[0]) for name, b in batches.items()}
        self.transfers = {}
        self.retirements = {}
        self.proposals = {}
        self.accepted = {}  # (party or key, uuid) -> act
        self.now = 0

    # What an act is answered: "accepted", "repeated" or the outcome of the rule it breaks.
    def judge(self, act, now):
        assert now >= self.now
        self.now = now
        try:
            refuse_if(act.get("damage"), "SIGNATURE_INVALID")
            identity = (act["party"] or "key " + act["key"], act["uuid"])
            earlier = self.accepted.get(identity)
            if earlier is not None and self._holds("id-once"):
                refuse_if(earlier != self._content(act), "ID_REUSED")
                return "repeated"
            self._check_envelope(act)
            self._enter(act)
        except Refused as refused:
            return refused.outcome
        self.accepted[identity] = self._content(act)
        return "accepted"

    def _holds(self, rule):
        return rule not in self.off

    @staticmethod
    def _content(act):
        return {name: value for name, value in act.items() if name != "label"}

    def _check_envelope(self, act):
        refuse_if(act.get("registry", ORIGIN) != ORIGIN, "WRONG_REGISTRY")
        refuse_if(act["until"] < self.now and self._holds("expiry"), "EXPIRED")
        refuse_if(act["until"] - self.now > VALIDITY_SECONDS_MAX, "VALIDITY_TOO_LONG")

    # An act takes effect at once, or waits as a proposal that was checked in full.
    def _enter(self, act):
        needed, by_governance = self._approvals(act)
        effect = getattr(self, "_" + act["type"])(act)
        if needed == 0:
            effect()
            return
        self.proposals[act["label"]] = {
            "act": act,
            "state": "open",
            "needed": needed,
            "by_governance": by_governance,
            "expires": self.now + PROPOSAL_SECONDS,
            "approvals": [],
        }

    def _approvals(self, act):
        if self._by_governance(act):
            return (0 if act["type"] in SETTLING_ACTS else len(GOVERNANCE) - 1), True
        if act["type"] in REGISTRY_ACTS:
            return 1, False
        if act["type"] in ("Transfer", "Retire") and self._holds("approval"):
            batches = [named(leg["batch"]) for leg in act["subject"]["legs"]]
            return max((self.policy[b][0] for b in batches if b in self.policy), default=0), False
        if act["type"] in ("BindKey", "RevokeKey") and self._holds("keys-need-two"):
            return self._key_approvals(act), False
        return 0, False

    def _key_approvals(self, act):
        """One where another person's approving key of the party is in force; a key that ends itself
        asks nobody."""
        signer = self.keys.get(act["key"])
        if signer is None or act["subject"]["key"] == "$key:" + act["key"]:
            return 0
        watched = any(
            key["party"] == signer["party"]
            and key["person"] != signer["person"]
            and "approve" in key["purposes"]
            and not key["revoked"]
            for key in self.keys.values()
        )
        return 1 if watched else 0

    # Who signs.

    @staticmethod
    def _by_governance(act):
        return act["party"] == "" and act["key"] in GOVERNANCE

    def _bind(self, name, party, person, purposes, bound_at):
        """`bound_at`: the second at which a party added the key by itself."""
        self.keys[name] = {
            "party": party,
            "person": person,
            "purposes": list(purposes),
            "bound_at": bound_at,
            "revoked": False,
        }

    def _key(self, act):
        key = self.keys.get(act["key"])
        refuse_if(key is None, "KEY_UNKNOWN")
        if self._holds("own-key"):
            refuse_if(key["party"] != act["party"], "KEY_NOT_OF_PARTY")
        refuse_if(key["revoked"] and self._holds("revoked-key"), "KEY_REVOKED")
        return key

    def _signer(self, act, purpose, role=None):
        key = self._key(act)
        if self._holds("purpose"):
            refuse_if(purpose not in key["purposes"], "KEY_PURPOSE_MISSING")
        self._check_status(act["party"])
        if role:
            refuse_if(role not in self.parties[act["party"]]["roles"], "ROLE_MISSING")
        return key

    def _check_status(self, name, rule="frozen-signer"):
        status = self.parties[name]["status"]
        if status != "admitted" and self._holds(rule):
            raise Refused(STATUS_OUTCOME[status])

    def _mover(self, act):
        """Signer of an act that takes units out of an account."""
        key = self._signer(act, "initiate")
        if self._holds("new-key-waits"):
            self._check_season(key)

    def _check_season(self, key):
        """A key that its own party added moves units only after the ledger's delay."""
        if key["bound_at"] is not None:
            refuse_if(self.now < key["bound_at"] + NEW_KEY_SECONDS, "KEY_TOO_NEW")

    def _registry_or_governance(self, act):
        if not self._by_governance(act):
            self._signer(act, "initiate", "registry")

    # Units.

    def _may_hold(self, name):
        return not self.parties[name]["roles"] & {"vvb", "registry"}

    def _holds_units(self, name):
        live = ("active", "pending", "locked")
        return any(
            place[0] in live and place[1] == name
            for serials in self.serials.values()
            for _, _, place in serials.runs
        )

    def _resolve(self, act):
        """The serials that the legs name, in order: [(batch, first, last)]."""
        taken = []
        holder = act["party"]
        for leg in act["subject"]["legs"]:
            ranged = "first" in leg and "last" in leg and "quantity" not in leg
            counted = "first" not in leg and "last" not in leg and "quantity" in leg
            refuse_if(not ranged and not counted, "LEG_INVALID")
            batch = named(leg["batch"])
            refuse_if(batch not in self.serials, "BATCH_UNKNOWN")
            own = self._available(batch, holder)
            before = [(first, last) for name, first, last in taken if name == batch]
            free = without(own, before) if self._holds("legs-see-earlier-legs") else own
            parts = self._by_range(leg, free) if ranged else self._by_count(leg, free)
            taken += [(batch, first, last) for first, last in parts]
        return taken

    def _available(self, batch, holder):
        runs = self.serials[batch].held(("active", holder, ""))
        if not self._holds("pending-is-taken"):
            runs = runs + [
                (first, last)
                for first, last, place in self.serials[batch].runs
                if place[:2] == ("pending", holder)
            ]
        if not self._holds("retired-is-final"):
            runs = runs + [
                (first, last)
                for first, last, place in self.serials[batch].runs
                if place[:2] == ("retired", holder)
            ]
        if not self._holds("own-units"):
            runs = [(f, l) for f, l, place in self.serials[batch].runs if place[0] == "active"]
        if not self._holds("buffer-is-kept"):
            runs = runs + self.serials[batch].held(("buffer", "", ""))
        return sorted(runs)

    @staticmethod
    def _by_range(leg, free):
        first, last = int(leg["first"]), int(leg["last"])
        refuse_if(last < first, "LEG_INVALID")
        refuse_if(without([(first, last)], free) != [], "UNITS_NOT_HELD")
        return [(first, last)]

    def _by_count(self, leg, free):
        left = int(leg["quantity"])
        refuse_if(left == 0, "LEG_INVALID")
        parts = []
        for first, last in free if self._holds("lowest-first") else reversed(free):
            if left == 0:
                break
            size = min(left, last - first + 1)
            parts.append((first, first + size - 1))
            left -= size
        refuse_if(left > 0, "UNITS_NOT_HELD")
        return parts

    def _place(self, ranges, place):
        for batch, first, last in ranges:
            self.serials[batch].move(first, last, place)

    # Transfers and retirements: each method checks and answers the effect.

    def _Transfer(self, act):
        self._mover(act)
        subject = act["subject"]
        to = named(subject["to"])
        refuse_if(to == act["party"], "RECIPIENT_IS_SENDER")
        refuse_if(to not in self.parties, "PARTY_UNKNOWN")
        if self._holds("recipient-admitted"):
            refuse_if(self.parties[to]["status"] != "admitted", "RECIPIENT_NOT_ADMITTED")
            refuse_if(not self._may_hold(to), "RECIPIENT_NOT_ADMITTED")
        expires = int(named(subject["expires"]))
        refuse_if(expires <= self.now, "TRANSFER_EXPIRY_INVALID")
        ranges = self._resolve(act)
        if self._holds("transferable"):
            bound = any(not self.policy[batch][1] for batch, _, _ in ranges)
            refuse_if(bound, "PROGRAMME_NOT_TRANSFERABLE")

        def effect():
            label = act["label"]
            self.transfers[label] = {
                "from": act["party"],
                "to": to,
                "key": act["key"],
                "ranges": ranges,
                "at": self.now,
                "expires": expires,
                "state": "pending",
            }
            self._place(ranges, ("pending", act["party"], label))

        return effect

    def _pending(self, act):
        label = named(act["subject"]["transfer"])
        refuse_if(label not in self.transfers, "TRANSFER_UNKNOWN")
        transfer = self.transfers[label]
        if self._holds("settled-once"):
            refuse_if(transfer["state"] != "pending", "TRANSFER_SETTLED")
        return label, transfer

    def _settle(self, transfer, state, owner):
        transfer["state"] = state
        self._place(transfer["ranges"], ("active", owner, ""))

    def _AcceptTransfer(self, act):
        self._signer(act, "initiate")
        _, transfer = self._pending(act)
        if self._holds("only-recipient"):
            refuse_if(transfer["to"] != act["party"], "TRANSFER_NOT_YOURS")
        if self._holds("late-acceptance"):
            refuse_if(self.now > transfer["expires"], "TRANSFER_EXPIRED")
        self._check_status(transfer["from"], "frozen-sender")
        refuse_if(not self._may_hold(act["party"]), "RECIPIENT_NOT_ADMITTED")
        if self._holds("delivery-waits"):
            early = self.now < transfer["at"] + NEW_COUNTERPARTY_SECONDS
            refuse_if(early, "TRANSFER_DELAYED")
        return lambda: self._settle(transfer, "settled", transfer["to"])

    def _RejectTransfer(self, act):
        self._signer(act, "initiate")
        _, transfer = self._pending(act)
        refuse_if(transfer["to"] != act["party"], "TRANSFER_NOT_YOURS")
        return lambda: self._settle(transfer, "rejected", transfer["from"])

    def _CancelTransfer(self, act):
        self._signer(act, "initiate")
        _, transfer = self._pending(act)
        sender = transfer["from"]
        if sender != act["party"]:
            frozen = self.parties[sender]["status"] == "frozen"
            registry = "registry" in self.parties[act["party"]]["roles"]
            refuse_if(not frozen or not registry, "TRANSFER_NOT_YOURS")
        return lambda: self._settle(transfer, "cancelled", sender)

    def _LapseTransfer(self, act):
        self._signer(act, "initiate")
        _, transfer = self._pending(act)
        if self._holds("early-lapse"):
            refuse_if(self.now <= transfer["expires"], "TRANSFER_NOT_EXPIRED")
        return lambda: self._settle(transfer, "lapsed", transfer["from"])

    def _Retire(self, act):
        self._mover(act)
        subject = act["subject"]
        beneficiary = subject.get("beneficiary", {})
        if self._holds("beneficiary"):
            named_once = ("organisation" in beneficiary) != ("commitment" in beneficiary)
            refuse_if(not named_once, "BENEFICIARY_MISSING")
        refuse_if(subject["purpose"] in ("corsia", "article6"), "LABEL_REQUIRED")
        ranges = self._resolve(act)

        def effect():
            label = act["label"]
            self.retirements[label] = {"holder": act["party"], "ranges": ranges}
            self._place(ranges, ("retired", act["party"], label))

        return effect

    # Parties and keys.

    def _check_roles(self, roles):
        refuse_if(len(set(roles)) != len(roles), "ITEM_REPEATED")
        refuse_if("vvb" in roles and set(roles) - {"vvb", "auditor"}, "ROLES_CONFLICT")
        refuse_if("registry" in roles and set(roles) & {"developer", "buyer"}, "ROLES_CONFLICT")

    def _check_new_key(self, name):
        if self._holds("one-key-one-party"):
            refuse_if(name in self.keys or name in GOVERNANCE, "KEY_ALREADY_BOUND")

    def _RegisterParty(self, act):
        declared = act["subject"]["key"]
        refuse_if(named(declared["key"]) != act["key"] or act["party"], "KEY_NOT_OF_PARTY")
        self._check_new_key(act["key"])
        refuse_if("initiate" not in declared["purposes"], "KEY_PURPOSE_MISSING")
        self._check_roles(act["subject"]["roles"])

        def effect():
            self.parties[act["label"]] = {"status": "applied", "roles": set()}
            person = named(declared["person"])
            self._bind(act["key"], act["label"], person, declared["purposes"], None)

        return effect

    def _AdmitParty(self, act):
        self._registry_or_governance(act)
        name, roles = named(act["subject"]["party"]), act["subject"]["roles"]
        refuse_if(name not in self.parties, "PARTY_UNKNOWN")
        self._check_roles(roles)
        if not self._by_governance(act):
            refuse_if(set(roles) & GOVERNED_ROLES, "ROLE_NEEDS_GOVERNANCE")
        status = self.parties[name]["status"]
        if status not in ("applied", "admitted"):
            raise Refused(STATUS_OUTCOME[status])
        if set(roles) & {"vvb", "registry"}:
            refuse_if(self._holds_units(name), "PARTY_NOT_EMPTY")

        def effect():
            self.parties[name] = {"status": "admitted", "roles": set(roles)}

        return effect

    def _SetPartyStatus(self, act):
        self._registry_or_governance(act)
        name, wanted = named(act["subject"]["party"]), act["subject"]["status"]
        refuse_if(name not in self.parties, "PARTY_UNKNOWN")
        status = self.parties[name]["status"]
        refuse_if(status == wanted, "STATUS_UNCHANGED")
        refuse_if(status == "closed", "PARTY_CLOSED")
        refuse_if("applied" in (status, wanted), "PARTY_NOT_ADMITTED")
        if wanted == "closed" and self._holds("closed-is-empty"):
            refuse_if(self._holds_units(name), "PARTY_NOT_EMPTY")

        def effect():
            self.parties[name]["status"] = wanted

        return effect

    def _BindKey(self, act):
        governance = self._by_governance(act)
        name, declared = named(act["subject"]["party"]), act["subject"]["key"]
        if not governance:
            self._signer(act, "initiate")
            refuse_if(act["party"] != name, "KEY_NOT_OF_PARTY")
        refuse_if(name not in self.parties, "PARTY_UNKNOWN")
        refuse_if(self.parties[name]["status"] == "closed", "PARTY_CLOSED")
        key = named(declared["key"])
        self._check_new_key(key)

        def effect():
            person = named(declared["person"])
            self._bind(key, name, person, declared["purposes"], None if governance else self.now)

        return effect

    def _RevokeKey(self, act):
        name = named(act["subject"]["key"])
        refuse_if(name not in self.keys, "KEY_UNKNOWN")
        target = self.keys[name]
        if not self._by_governance(act):
            signer = self._key(act)
            refuse_if(act["party"] != target["party"], "KEY_NOT_OF_PARTY")
            if self._holds("initiating-keys-end-others"):
                initiates = "initiate" in signer["purposes"]
                refuse_if(name != act["key"] and not initiates, "KEY_PURPOSE_MISSING")
        refuse_if(target["revoked"], "KEY_REVOKED")
        if not self._by_governance(act) and self._holds("last-key"):
            others = [
                key
                for other, key in self.keys.items()
                if other != name and key["party"] == target["party"] and not key["revoked"]
            ]
            last = all("initiate" not in key["purposes"] for key in others)
            refuse_if("initiate" in target["purposes"] and last, "LAST_KEY")

        def effect():
            target["revoked"] = True
            if act["subject"]["reason"] == "compromised" and self._holds("compromised-key"):
                self._end_all_of(name)

        return effect

    def _end_all_of(self, key):
        for proposal in self.proposals.values():
            if proposal["state"] == "open" and proposal["act"]["key"] == key:
                proposal["state"] = "revoked"
        for transfer in self.transfers.values():
            if transfer["state"] == "pending" and transfer["key"] == key:
                self._settle(transfer, "revoked", transfer["from"])

    def _FreezeSelf(self, act):
        self._key(act)
        party = self.parties[act["party"]]
        refuse_if(party["status"] == "frozen", "STATUS_UNCHANGED")
        refuse_if(party["status"] == "closed", "PARTY_CLOSED")
        refuse_if(party["status"] == "applied", "PARTY_NOT_ADMITTED")

        def effect():
            party["status"] = "frozen"

        return effect

    # Approvals.

    def _Approve(self, act):
        label = named(act["subject"]["proposal"])
        refuse_if(label not in self.proposals, "PROPOSAL_UNKNOWN")
        proposal = self.proposals[label]
        refuse_if(proposal["state"] != "open", "PROPOSAL_CLOSED")
        if self._holds("proposal-expiry"):
            refuse_if(self.now > proposal["expires"], "PROPOSAL_EXPIRED")
        refuse_if(named(act["subject"]["digest"]) != label, "PROPOSAL_DIGEST_DIFFERS")
        standing = self._standing_approvals(proposal)
        person = self._approver(act, proposal, standing)
        if act["subject"]["decision"] == "reject":

            def reject():
                proposal["approvals"] = standing
                proposal["state"] = "rejected"

            return reject
        completes = len(standing) + 1 >= proposal["needed"]
        take_effect = self._target(proposal) if completes else None

        def effect():
            proposal["approvals"] = standing + [(act["key"], person)]
            if completes:
                proposal["state"] = "approved"
                take_effect()

        return effect

    def _target(self, proposal):
        target = proposal["act"]
        return getattr(self, "_" + target["type"])(target)

    # Everyone who stands behind the act does so as of the entry at which it takes effect: a key
    # that was revoked since it approved has approved nothing.
    def _standing_approvals(self, proposal):
        if not self._holds("approvers-still-stand"):
            return proposal["approvals"]
        return [
            (name, person)
            for name, person in proposal["approvals"]
            if name in GOVERNANCE or not self.keys[name]["revoked"]
        ]

    def _approver(self, act, proposal, standing):
        if proposal["by_governance"]:
            refuse_if(not self._by_governance(act), "GOVERNANCE_KEY_REQUIRED")
            person = GOVERNANCE[act["key"]]
        else:
            key = self._signer(act, "approve")
            refuse_if(act["party"] != proposal["act"]["party"], "APPROVER_NOT_ALLOWED")
            if act["subject"]["decision"] == "approve" and self._holds("new-approver-waits"):
                if proposal["act"]["type"] in ("Transfer", "Retire"):
                    self._check_season(key)
            person = key["person"]
        signer = proposal["act"]["key"]
        signed_by = GOVERNANCE.get(signer) or self.keys[signer]["person"]
        if self._holds("second-person"):
            refuse_if(act["key"] == signer or person == signed_by, "APPROVER_IS_SIGNER")
        counted = any(act["key"] == key or person == other for key, other in standing)
        if self._holds("one-voice-each"):
            refuse_if(counted, "APPROVED_ALREADY")
        return person

    def _WithdrawProposal(self, act):
        label = named(act["subject"]["proposal"])
        refuse_if(label not in self.proposals, "PROPOSAL_UNKNOWN")
        proposal = self.proposals[label]
        if proposal["act"]["party"]:
            self._key(act)
            refuse_if(act["party"] != proposal["act"]["party"], "APPROVER_NOT_ALLOWED")
        else:
            refuse_if(not self._by_governance(act), "GOVERNANCE_KEY_REQUIRED")
        refuse_if(proposal["state"] != "open", "PROPOSAL_CLOSED")

        def effect():
            proposal["state"] = "withdrawn"

        return effect

    # The whole state, in the form in which the ledger's is compared with it.

    def state(self):
        return {
            "runs": self._runs(),
            "holdings": self._holdings(),
            "transfers": {
                label: (t["from"], t["to"], t["state"], normal(t["ranges"]))
                for label, t in self.transfers.items()
            },
            "retirements": {
                label: (r["holder"], normal(r["ranges"])) for label, r in self.retirements.items()
            },
            "proposals": {
                label: (p["state"], len(p["approvals"])) for label, p in self.proposals.items()
            },
            "parties": {
                name: (p["status"], tuple(sorted(p["roles"]))) for name, p in self.parties.items()
            },
            "keys": {
                name: (k["party"], tuple(sorted(k["purposes"])), k["revoked"])
                for name, k in self.keys.items()
            },
        }

    def _runs(self):
        return sorted(
            (batch, first, last, *place)
            for batch, serials in self.serials.items()
            for first, last, place in serials.runs
        )

    def _holdings(self):
        totals = {}
        for batch, first, last, state, holder, _ in self._runs():
            if holder and state in ("active", "pending", "locked", "retired"):
                key = (holder, batch, state)
                totals[key] = totals.get(key, 0) + last - first + 1
        return totals


def normal(ranges):
    """Ranges [(batch, first, last)] as the set of serials they name, whatever the cuts."""
    return [
        (batch, first, last)
        for batch in sorted({name for name, _, _ in ranges})
        for first, last, _ in joined([(f, l, "") for name, f, l in ranges if name == batch])
    ]
