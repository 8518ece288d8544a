"""Acts that wait for somebody's approval (domain.md 1, registry.md 2)."""

from model_base import named, refuse_if, time

SETTLING_ACTS = ("Approve", "WithdrawProposal")
# One approval by another person of the same party, whatever the programmes say.
REGISTRY_ACTS = ("AdmitParty", "SetPartyStatus", "AccreditVvb", "OpenImport", "RegisterFactorTable")
# Acts of the registry that need one where the programme's policy is silent.
REGISTRY_ACTS_BY_POLICY = (
    "RegisterProject",
    "IssueCredits",
    "AcceptAmendment",
    "SuspendProject",
    "ResumeProject",
    "Convert",
    "RecordReversal",
    "ReleaseBuffer",
    "DeclareOverIssuance",
    "InvalidateBatch",
)
FOUR_EYES_ACTS = (
    "Transfer",
    "Retire",
    "Cancel",
    "Lock",
    "Export",
    "RepayPool",
    "TransferProject",
    "SetAccountPolicy",
    "AmendParty",
    "BindKey",
    "RevokeKey",
)
# An approval of these is itself a move of units.
MOVES_UNITS = ("Transfer", "Retire", "Cancel", "Lock", "Export", "Convert", "RepayPool")
GOVERNED_ACTS = (
    "RegisterProject IssueCredits Transfer Retire SubmitProject ValidateProject AmendProject "
    "AcceptAmendment SuspendProject ResumeProject CompleteProject WithdrawProject TransferProject "
    "AcceptProject RenewCreditingPeriod SubmitMonitoringReport WithdrawReport "
    "SubmitVerificationStatement WithdrawStatement Cancel Lock Unlock Export Convert "
    "AcceptTransfer RecordReversal ReleaseBuffer DeclareOverIssuance InvalidateBatch RepayPool "
    "Label Unlabel AnnotateRetirement ListProject"
).split()


def wire_name(act_type):
    """RegisterProject -> register-project"""
    return "".join("-" + c.lower() if c.isupper() else c for c in act_type)[1:]


class Approvals:
    def _approvals(self, act):
        """How many beside the signature, whether governance gives them, who else consents."""
        kind = act["type"]
        if kind in SETTLING_ACTS or kind == "Genesis":
            return 0, False, []
        if self._by_governance(act):
            return self.ledger["threshold"] - 1, True, []
        needed = max(self._by_rules(act), self._by_policy(act), self._by_four_eyes(act))
        return needed, False, self._consents(act)

    def _by_rules(self, act):
        kind = act["type"]
        if kind in REGISTRY_ACTS:
            return 1
        if kind in ("BindKey", "RevokeKey") and self._holds("keys-need-two"):
            return self._key_approvals(act)
        if kind in ("CloseFinding", "AmendParty") and self._holds("registry-needs-two"):
            return 1 if self._signed_by_registry(act) else 0
        return 0

    def _signed_by_registry(self, act):
        return act["party"] in self.parties and "registry" in self._roles(act["party"])

    def _by_policy(self, act):
        kind = act["type"]
        if kind not in GOVERNED_ACTS or not self._holds("approval"):
            return 0
        silent = 1 if kind in REGISTRY_ACTS_BY_POLICY else 0
        if kind == "AnnotateRetirement" and "beneficiary" in act["subject"]:
            silent = 1
        if not self._holds("registry-acts-need-two"):
            silent = 0
        numbers = []
        for programme in self._programmes_of(act):
            rules = {
                rule["act"]: int(rule["approvals"])
                for rule in self._policy(programme)["approvals"]
            }
            numbers.append(rules.get(wire_name(kind), silent))
        if not self._holds("strictest-programme"):
            return min(numbers, default=0)
        return max(numbers, default=0)

    def _by_four_eyes(self, act):
        if act["type"] not in FOUR_EYES_ACTS or not self._holds("four-eyes"):
            return 0
        if act["type"] == "RevokeKey" and act["subject"]["key"] == "$key:" + act["key"]:
            return 0
        return 1 if act["party"] and self._four_eyes(act["party"]) else 0

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
            and (key["usable_from"] is None or self.now >= key["usable_from"])
            for key in self.keys.values()
        )
        return 1 if watched else 0

    def _consents(self, act):
        subject = act["subject"]
        if act["type"] == "Lock":
            return [named(subject["custodian"])]
        if act["type"] == "Export":
            lock = self.locks.get(named(subject["lock"]))
            return [lock["custodian"]] if lock else []
        return [named(subject["holder"])] if act["type"] == "Convert" else []

    # The programmes whose policies an act must follow.
    def _programmes_of(self, act):
        subject = act["subject"]
        if "legs" in subject:
            return self._programmes_of_batches(named(leg["batch"]) for leg in subject["legs"])
        if "batches" in subject:
            return self._programmes_of_batches(map(named, subject["batches"]))
        if "serials" in subject:
            return self._programmes_of_batches(named(part["batch"]) for part in subject["serials"])
        if "batch" in subject:
            return self._programmes_of_batches([named(subject["batch"])])
        if "programme" in subject:
            return [p for p in [named(subject["programme"])] if p in self.programmes]
        if "lock" in subject or "transfer" in subject or "retirement" in subject:
            return self._programmes_of_batches(b for b, _, _ in self._ranges_named(subject))
        if "label" in subject:
            label = self.labels.get(named(subject["label"]))
            parts = label["act"]["serials"] if label else []
            return self._programmes_of_batches(named(part["batch"]) for part in parts)
        project = self._project_named_by(subject)
        return [self.projects[project]["programme"]] if project in self.projects else []

    def _ranges_named(self, subject):
        for member, rows in (
            ("lock", self.locks),
            ("transfer", self.transfers),
            ("retirement", self.retirements),
        ):
            if member in subject:
                row = rows.get(named(subject[member]))
                return row["ranges"] if row else []
        return []

    def _project_named_by(self, subject):
        if "project" in subject:
            return named(subject["project"])
        if "amendment" in subject:
            amendment = self.amendments.get(named(subject["amendment"]))
            return amendment["project"] if amendment else None
        report = named(subject["report"]) if "report" in subject else None
        if "statement" in subject:
            statement = self.statements.get(named(subject["statement"]))
            report = statement["report"] if statement else None
        return self.reports[report]["project"] if report in self.reports else None

    def _programmes_of_batches(self, names):
        return sorted({self.batches[n]["programme"] for n in names if n in self.batches})

    # An act takes effect at once, or waits as a proposal that was checked in full.

    def _propose(self, act, needed, by_governance, consents):
        self.proposals[act["label"]] = {
            "act": act,
            "state": "open",
            "needed": needed,
            "by_governance": by_governance,
            "consents": consents,
            "expires": self.now + self._delay("proposalSeconds"),
            "approvals": [],
            "validation": self._validation_seen(act),
        }

    def _validation_seen(self, act):
        """What stood behind the project that is to be registered."""
        if act["type"] != "RegisterProject":
            return None
        return self.projects[named(act["subject"]["project"])]["validation"]

    def _Approve(self, act):
        subject = act["subject"]
        label = named(subject["proposal"])
        if label == self.ledger["genesis"]:
            other = named(subject["digest"]) != label
            self._rule("genesis-digest", other, "PROPOSAL_DIGEST_DIFFERS")
            refuse_if(True, "PROPOSAL_CLOSED")
        self._rule("proposal-known", label not in self.proposals, "PROPOSAL_UNKNOWN")
        proposal = self.proposals[label]
        self._rule("proposal-open", proposal["state"] != "open", "PROPOSAL_CLOSED")
        self._rule("proposal-expiry", self.now > proposal["expires"], "PROPOSAL_EXPIRED")
        self._rule("proposal-digest", named(subject["digest"]) != label, "PROPOSAL_DIGEST_DIFFERS")
        standing = self._standing_approvals(proposal)
        counted = self._approver(act, proposal, standing)
        if subject["decision"] == "reject":

            def reject():
                proposal["approvals"] = standing
                proposal["state"] = "rejected"

            return reject
        needed = proposal["needed"]
        if self._version() >= 2 and self._holds("judged-again"):
            needed = self._approvals(proposal["act"])[0]
        complete = self._complete(proposal, standing + [counted], needed)
        take_effect = self._target(proposal) if complete else None

        def effect():
            proposal["approvals"] = standing + [counted]
            if complete:
                proposal["state"] = "approved"
                take_effect()

        return effect

    def _complete(self, proposal, approvals, needed):
        own = [one for one in approvals if one["consent"] is None]
        given = {one["consent"] for one in approvals}
        consented = all(party in given for party in proposal["consents"])
        return len(own) >= needed and (consented or not self._holds("consent"))

    def _target(self, proposal):
        self.completing = proposal
        try:
            return self._effect_of(proposal["act"])
        finally:
            self.completing = None

    # Everyone who stands behind the act does so as of the entry at which it takes effect: a key
    # that was revoked since it approved has approved nothing.
    def _standing_approvals(self, proposal):
        if not self._holds("approvers-still-stand"):
            return proposal["approvals"]
        return [one for one in proposal["approvals"] if self._still_stands(one, proposal)]

    def _still_stands(self, one, proposal):
        if proposal["by_governance"]:
            return one["key"] in self._seats()
        if self.keys[one["key"]]["revoked"]:
            return False
        consent = one["consent"]
        return consent is None or self._admitted(consent) or not self._holds("consents-still-stand")

    def _moves_units(self, target):
        if target["type"] == "Unlock":
            return self._version() >= 4 and target["subject"]["to"] == "pledgee"
        return target["type"] in MOVES_UNITS

    def _approver(self, act, proposal, standing):
        target = proposal["act"]
        consent = None
        if proposal["by_governance"]:
            self._governance(act)
            person = self._seats()[act["key"]]
        else:
            key = self._signer(act, "approve")
            person = key["person"]
            consent = self._consents_for(act, proposal)
            if act["subject"]["decision"] == "approve" and self._moves_units(target):
                self._season(key, "new-approver-waits")
        signed_by = self._person_of(target["key"])
        same = act["key"] == target["key"] or person == signed_by
        self._rule("second-person", same, "APPROVER_IS_SIGNER")
        counted = any(act["key"] == one["key"] or person == one["person"] for one in standing)
        self._rule("one-voice-each", counted, "APPROVED_ALREADY")
        return {"key": act["key"], "person": person, "consent": consent}

    def _person_of(self, key):
        return self._seats().get(key) or (self.keys[key]["person"] if key in self.keys else None)

    def _consents_for(self, act, proposal):
        """The consenting party that the approver speaks for; nothing for the signer's own."""
        own = self._owner(proposal["act"]["party"])
        if self._owner(act["party"]) == own:
            return None
        others = {self._owner(party): party for party in proposal["consents"]}
        stranger = act["party"] not in proposal["consents"] and act["party"] not in others
        self._rule("approver-of-party", stranger, "APPROVER_NOT_ALLOWED")
        return others.get(self._owner(act["party"]), act["party"])

    def _WithdrawProposal(self, act):
        label = named(act["subject"]["proposal"])
        self._rule("withdraws-known", label not in self.proposals, "PROPOSAL_UNKNOWN")
        proposal = self.proposals[label]
        party = proposal["act"]["party"]
        if party:
            self._key(act)
            self._rule("withdraws-own", act["party"] != party, "APPROVER_NOT_ALLOWED")
        else:
            self._governance(act)
        self._rule("withdraws-open", proposal["state"] != "open", "PROPOSAL_CLOSED")

        def effect():
            proposal["state"] = "withdrawn"

        return effect

    def _rows_proposal(self):
        return {label: self._proposal_row(label, p) for label, p in self.proposals.items()}

    def _proposal_row(self, label, proposal):
        act = proposal["act"]
        row = {
            "digest": f"$digest:{label}",
            "signer": f"$key:{act['key']}",
            "byGovernance": proposal["by_governance"],
            "needed": str(proposal["needed"]),
            "expires": time(proposal["expires"]),
            "state": proposal["state"],
            "settled": proposal["state"] != "open",
            "approvals": [
                [f"$key:{one['key']}", f"$person:{one['person']}"]
                + ([f"$party:{one['consent']}"] if one["consent"] else [])
                for one in proposal["approvals"]
            ],
        }
        if act["party"]:
            row["party"] = f"$party:{act['party']}"
        if proposal["consents"]:
            row["consents"] = [f"$party:{name}" for name in proposal["consents"]]
        return row
