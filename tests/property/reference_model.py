"""The registry's rules, written a second time.

From schemas/spec/registry.md, rules.md and the registry's rules alone, not from the ledger's code:
plain dictionaries and lists, exact fractions, one method per act. `judge` answers what an act must
be answered at a given second; accepted acts change the model. A method of an act checks everything
and answers the effect; where an act breaks several rules, the first in its order is named.

Families of acts are files of their own (model_*.py). Every rule has a name and can be switched off,
so that the tests can show that each of them is felt.
"""

from model_accounts import Accounts
from model_amendments import Amendments
from model_approvals import Approvals
from model_authority import Authority
from model_base import Refused, refuse_if
from model_governance import Governance
from model_ground import Ground
from model_integrity import Integrity
from model_issuance import Issuance
from model_labels import Labels
from model_locks import Locks
from model_parties import Parties
from model_programmes import Programmes
from model_projects import Projects
from model_records import Records
from model_reports import Reports
from model_units import Units
from model_verification import Verification

ORIGIN = "ledger.example/test"

# Acts of rules versions 1 and 3; all others came with version 2.
VERSION_1 = set(
    "Genesis RegisterParty AdmitParty SetPartyStatus BindKey RevokeKey FreezeSelf AccreditVvb "
    "Approve WithdrawProposal RegisterProgramme RegisterFactorTable RegisterMethodology "
    "ActivateMethodology SubmitProject ValidateProject RegisterProject SubmitMonitoringReport "
    "WithdrawReport SubmitVerificationStatement IssueCredits Transfer AcceptTransfer "
    "RejectTransfer CancelTransfer LapseTransfer Retire DepositEvidence OpenImport "
    "ImportSerials ActivateRules".split()
)
VERSION_3 = set(
    "ListProject Comment RaiseGrievance ResolveGrievance AmendProject RenewCreditingPeriod "
    "AcceptAmendment SuspendProject ResumeProject CompleteProject WithdrawProject "
    "TransferProject AcceptProject".split()
)
GOVERNED_IN_1 = ("register-project", "issue-credits", "transfer", "retire")


def version_of(act):
    """The first version of the rules that knows the act and every member of it."""
    subject = act["subject"]
    if subject.get("grammar", "acr-car-art") != "acr-car-art":
        return 5
    if act["type"] in VERSION_3 or "sharesBoundaryWith" in subject:
        return 3
    policy = subject.get("policy", {})
    later = [rule for rule in policy.get("approvals", []) if rule["act"] not in GOVERNED_IN_1]
    parts = any(part in policy for part in ("lifecycle", "integrity"))
    dated = any("madeAt" in item or "series" in item for item in subject.get("evidence", []))
    account = subject.get("kind") == "account"
    return 2 if act["type"] not in VERSION_1 or later or parts or dated or account else 1


class ReferenceModel(
    Authority,
    Governance,
    Parties,
    Accounts,
    Approvals,
    Programmes,
    Projects,
    Ground,
    Amendments,
    Reports,
    Verification,
    Issuance,
    Integrity,
    Units,
    Locks,
    Labels,
    Records,
):
    def __init__(self, off=()):
        """An empty ledger; `off`: names of rules that do not hold in this model."""
        self.off = set(off)
        self.fired = set()  # rules that refused something, or were asked about
        self.now = None
        self.ledger = None
        self.founded = False
        self.refused_rows = []
        for rows in (
            "parties keys account_policies accreditations proposals programmes codes standards "
            "projects amendments comments grievances reports statements findings batches serials "
            "transfers retirements cancellations locks exports conversions labels annotations "
            "obligations reversals invalidations deposits imports foreign_totals foreign_terminal "
            "removed_blobs blobs accepted"
        ).split():
            setattr(self, rows, {})
        self.receipts = set()
        self.judged_boundaries = set()
        self.completing = None  # the proposal that takes effect
        self.foreign = []

    # What an act is answered: "accepted", "repeated" or the outcome of the rule it breaks.
    def judge(self, act, now):
        assert self.now is None or now >= self.now
        self.now = now
        self.refused_rows = []
        self.blobs.update(act.get("blobs", {}))
        try:
            refuse_if(act.get("damage"), "SIGNATURE_INVALID")
            identity = (act["party"] or "key " + act["key"], act["uuid"])
            earlier = self.accepted.get(identity)
            if earlier is not None and self._holds("id-once"):
                refuse_if(earlier != self._content(act), "ID_REUSED")
                return "repeated"
            effect = self._check(act)
        except Refused as refused:
            return refused.outcome
        effect()
        self.accepted[identity] = self._content(act)
        return "accepted"

    def _check(self, act):
        if self.ledger is None:
            refuse_if(act["type"] != "Genesis", "NOT_FOUNDED")
            return self._found(act)
        early = self._version() < version_of(act)
        self._rule("rules-version", early, "NOT_IN_RULES")
        refuse_if(act["type"] == "Genesis", "ALREADY_FOUNDED")
        self._check_envelope(act)
        if not self.founded:
            refuse_if(act["type"] != "Approve", "NOT_FOUNDED")
            return self._stand_behind_genesis(act)
        effect = self._effect_of(act)
        needed, by_governance, consents = self._approvals(act)
        if needed == 0 and not consents:
            return effect
        return lambda: self._propose(act, needed, by_governance, consents)

    def _effect_of(self, act):
        """What the act does, once its rule has passed it."""
        effect = getattr(self, "_" + act["type"])(act)

        def take_effect():
            effect()
            if act["type"] in ("SubmitProject", "AmendProject") and self._version() >= 2:
                self.judged_boundaries.add(act["subject"].get("boundaryDigest"))

        return take_effect

    def _check_envelope(self, act):
        refuse_if(act.get("registry", ORIGIN) != ORIGIN, "WRONG_REGISTRY")
        self._check_span(act, self.ledger["validity"])

    def _check_span(self, act, most):
        self._rule("expiry", act["until"] < self.now, "EXPIRED")
        refuse_if(act["until"] - self.now > most, "VALIDITY_TOO_LONG")

    def _version(self):
        return self.ledger["version"]

    def _holds(self, rule):
        self.fired.add(rule)
        return rule not in self.off

    def _rule(self, name, broken, outcome):
        if broken:
            self.fired.add(name)
            if name not in self.off:
                raise Refused(outcome)

    @staticmethod
    def _content(act):
        return {name: value for name, value in act.items() if name not in ("label", "blobs")}

    def rows(self):
        """The whole state: {kind: {name: row}}, in the form in which the ledger's is compared."""
        start = "_rows_"
        kinds = [name[len(start) :] for name in dir(self) if name.startswith(start)]
        return {kind: self.rows_of(kind) for kind in kinds}

    def rows_of(self, kind):
        return {} if self.ledger is None else getattr(self, "_rows_" + kind)()
