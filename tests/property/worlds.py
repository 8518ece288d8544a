"""Where programs start: ledgers made by acts, which the model judges like all others.

empty   nothing, not even Genesis
cast    founded; parties of every role, programmes of different policies, projects with units
strict  the same where governance's own changes of keys wait, too
third   the same under rules version 3, as far as version 3 knows it
second  the same under rules version 2, as far as version 2 knows it
first   the same under rules version 1, likewise
"""

import json


import standards
from story import Story

VERSIONS = {"cast": 5, "strict": 5, "third": 3, "second": 2, "first": 1}
START = -90_000  # a day before the programs, so that every key of the cast has come of age

ROLES = {
    "registry": ["registry"],
    "standard": ["standard"],
    "reviewer": ["standard"],
    "authority": ["authority"],
    "accreditor": ["accreditor"],
    "custodian": ["custodian"],
    "vault": ["custodian", "buyer"],
    "developer": ["developer"],
    "grower": ["developer", "buyer"],
    "vvb1": ["vvb"],
    "vvb2": ["vvb"],
    "vvb3": ["vvb"],
    "buyer": ["buyer"],
    "broker": ["buyer"],
    "trader": ["buyer"],
}
THIRD_PERSONS = ("developer", "grower", "buyer", "broker", "trader")
HOLDERS = ("developer", "grower", "buyer", "broker", "trader", "vault")
VVBS = ("vvb1", "vvb2", "vvb3")
DEVICES = {"meter1": "developer", "meter2": "grower"}

ISSUED = 146_763
APPROVALS = {"CCS": 0, "TWO": 1, "THREE": 2, "BOUND": 0, "FOREST": 0}


def genesis(version, recovery=0, **members):
    return {
        "origin": "ledger.example/test",
        "logVkey": "$vkey:log",
        "slipKey": "$key:slip",
        "governance": [
            {"key": f"$key:{seat}", "person": f"$person:{seat}"} for seat in ("gov1", "gov2", "gov3")
        ],
        "threshold": "2",
        "registryCode": "TEST",
        "foreignRegistries": ["ACR", "CAR"],
        "delays": {
            "newKeySeconds": "600",
            "recoverySeconds": str(recovery),
            "newCounterpartySeconds": "300",
            "activationSeconds": "100",
            "proposalSeconds": "900",
        },
        "validitySecondsMax": "3600",
        "rulesVersion": str(version),
        **members,
    }


def registration(name, roles, purposes=("initiate",)):
    return {
        "key": {
            "key": "$key:" + name,
            "person": "$person:" + name,
            "purposes": list(purposes),
        },
        "name": {"en": name},
        "kind": "organisation",
        "country": "CN",
        "affiliates": [],
        "roles": roles,
    }


def new_key(party, key, purposes, person=None):
    return {
        "party": "$party:" + party,
        "key": {
            "key": "$key:" + key,
            "person": "$person:" + (person or key),
            "purposes": purposes,
        },
    }


def policy(version, approvals=None, lifecycle=None, integrity=None, **members):
    rules = {"register-project": 1, "issue-credits": 1, **(approvals or {})}
    given = {
        "approvals": [{"act": act, "approvals": str(n)} for act, n in rules.items()],
        "statementsMin": "1",
        "consecutivePeriodsMax": "0",
        "acceptedOpinions": ["unmodified"],
        "transferable": True,
        "validatorMayVerify": True,
        "gapsAllowed": False,
        "bufferRate": "0.05",
        "capacityMargin": "1.1",
        "exclusiveEvidence": ["meter-data"],
        "requiredDocuments": [],
        **members,
    }
    if version >= 2:
        if lifecycle is not None:
            given["lifecycle"] = {**LIFECYCLE, **lifecycle}
        if integrity is not None:
            given["integrity"] = {**INTEGRITY, **integrity}
    return given


LIFECYCLE = {
    "commentSeconds": "0",
    "grievanceSeconds": "500",
    "creditingYearsMax": "0",
    "renewalsMax": "0",
    "pointRadius": "0",
    "reviewRequired": False,
    "signedEvidence": [],
}
INTEGRITY = {
    "obligationSeconds": "400",
    "compensationVintageFrom": "2023",
    "liable": "developer",
}


def policies(version):
    """Programmes by code: unit and policy."""
    release = {"releaseAfterSeconds": "300", "releaseShare": "0.5"}
    both = {"transfer": 1, "retire": 1}
    more = {"lock": 1, "cancel": 1, "accept-transfer": 1} if version >= 2 else {}
    return {
        "CCS": ("t", policy(version, integrity=release, lifecycle={"creditingYearsMax": "12"})),
        "TWO": ("t", policy(version, {**both, **more}, statementsMin="2")),
        "THREE": (
            "t",
            policy(
                version,
                {"transfer": 2, "retire": 2},
                acceptedOpinions=["unmodified", "modified"],
                integrity={"liable": "registry", "compensationVintageFrom": "2024"},
            ),
        ),
        "BOUND": ("kg", policy(version, transferable=False, gapsAllowed=True)),
        "FOREST": (
            "t",
            policy(
                version,
                lifecycle={
                    "commentSeconds": "100",
                    "creditingYearsMax": "7",
                    "renewalsMax": "1",
                    "pointRadius": "1000000",
                    "reviewRequired": True,
                    "signedEvidence": ["meter-data"],
                },
                integrity={"obligationSeconds": "200"},
                bufferRate="0.2",
                validatorMayVerify=False,
                consecutivePeriodsMax="2",
                requiredDocuments=["design"],
                exclusiveEvidence=["meter-data", "survey"],
            ),
        ),
    }


def programme_named(code):
    return "P-" + code


def square(x, y, side=1, scale=1):
    """A GeoJSON polygon on a grid of a tenth of a degree."""
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return polygon(corners, scale)


def polygon(corners, scale=1):
    ring = [[tenth(x * scale), tenth(y * scale)] for x, y in corners]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def tenth(number):
    whole, part = divmod(round(number * 10), 100)
    return whole + part / 100 if part else whole


def submission(programme, name, boundary, methodology="linear", **members):
    return {
        "programme": "$programme:" + programme,
        "methodology": "$standard:" + methodology,
        "activityType": "storage",
        "sector": "ccs",
        "name": {"en": name},
        "country": "CN",
        "boundaryDigest": "$blob:" + boundary,
        "creditingPeriod": {"from": "2023-01-01", "to": "2029-01-01"},
        "capacityPerYear": "150000",
        "manifest": [],
        "listings": [],
        **members,
    }


DESIGN = {"kind": "design", "digest": "$digest:design", "mediaType": "text/plain", "title": "Design"}


def report(project, first, end, amounts, claims, share="1", methodology="linear", **members):
    """`amounts` and `claims`: year -> text."""
    return {
        "project": "$project:" + project,
        "period": {"from": first, "to": end},
        "methodology": "$standard:" + methodology,
        "tables": [],
        "inputs": {
            "amount": [{"year": str(year), "value": value} for year, value in amounts.items()],
            "share": share,
        },
        "datasets": [],
        "claimed": [{"year": str(year), "quantity": value} for year, value in claims.items()],
        "evidence": [],
        **members,
    }


def statement(of_report, verified, opinion="unmodified", **members):
    return {
        "report": "$report:" + of_report,
        "digest": "$digest:" + of_report,
        "index": "$index:" + of_report,
        "opinion": opinion,
        "assurance": "reasonable",
        "materiality": "0.05",
        "verified": [{"year": str(year), "quantity": value} for year, value in verified.items()],
        "conflictDeclaration": "none",
        "siteVisits": [],
        **members,
    }


class World(Story):
    """The cast and what belongs to it."""

    def __init__(self, version, recovery=0):
        super().__init__(now=START)
        self.version = version
        self.found(recovery)
        self.enter_parties()
        self.register_standards()
        for code, (unit, rules) in policies(version).items():
            subject = {"code": code, "name": {"en": code}, "unit": unit, "policy": rules}
            self.governs("RegisterProgramme", subject, programme_named(code))
        for place, code in enumerate(policies(version)):
            self.bring_units(code, place)
        if version >= 4:
            self.bring_series()

    def found(self, recovery):
        act = self.act("Genesis", "", genesis(self.version, recovery), "gov1", "genesis")
        self.expect(self.send(act), act)
        approval = self.approval("genesis", "", "gov2")
        self.expect(self.send(approval), approval)

    def enter_parties(self):
        for name, roles in ROLES.items():
            self.does("RegisterParty", "", registration(name, roles), name, name)
            admission = {"party": "$party:" + name, "roles": roles, "kycDigest": "$digest:kyc"}
            self.governs("AdmitParty", admission)
            self.does("BindKey", name, new_key(name, name + "-2", ["approve"]))
        for name in THIRD_PERSONS:
            self.does("BindKey", name, new_key(name, name + "-3", ["approve"]))
        for name in VVBS:
            self.does("BindKey", name, new_key(name, name + "-r", ["review"]))
        for device, owner in DEVICES.items():
            self.does("BindKey", owner, new_key(owner, device, ["device"]))
        for name in VVBS:
            accreditation = {
                "party": "$party:" + name,
                "scopes": [{"sector": "ccs"}],
                "from": f"$time:{START}",
                "until": "$time:1000000",
            }
            self.does("AccreditVvb", "accreditor", accreditation)

    def register_standards(self):
        documents = {
            "linear": standards.methodology("linear"),
            "second": standards.methodology("second"),
            "based": standards.methodology("based", base=True),
            "factored": standards.methodology("factored", factor=True),
            "inventory": standards.methodology("inventory", inventory=True),
        }
        if self.version >= 4:
            documents["stock"] = standards.stock("stock")
        tables = {
            "factor-2": standards.table("2", "2"),
            "factor-old": standards.table("old", "3", end="2024-01-01"),
            "factor-invented": standards.table("invented", "9", confidence="constructed"),
        }
        for name, document in documents.items():
            self.does("RegisterMethodology", "standard", {"document": document}, label=name)
        for name, table in tables.items():
            self.does("RegisterFactorTable", "standard", {"document": table}, label=name)
        self.now += 200
        for name in list(documents) + ["factor-2", "factor-old"]:
            self.does("ActivateMethodology", "reviewer", {"digest": "$standard:" + name})

    def bring_units(self, code, place):
        """A registered project `p-CODE` and its units of 2023, the batch `CODE.2023`."""
        project, developer = "p-" + code, "grower" if code == "FOREST" else "developer"
        methodology = "based" if code == "FOREST" else "linear"
        boundary = "b-" + code
        subject = submission(programme_named(code), project, boundary, methodology, manifest=[DESIGN])
        blobs = {boundary: square(10 * place, 0)}
        self.does("SubmitProject", developer, subject, label=project, blobs=blobs)
        self.validate(project)
        if self.version >= 3 and code == "FOREST":
            self.does("ListProject", "registry", {"project": "$project:" + project})
            self.now += 101
        registration = {"project": "$project:" + project, "code": "F1"}
        self.does("RegisterProject", "registry", registration)
        self.report_and_issue(code, project, developer, methodology)

    def bring_series(self):
        """A registered project `p-STOCK` that reports a series."""
        project, blobs = "p-STOCK", {"b-STOCK": square(90, 0)}
        subject = submission(
            programme_named("CCS"), project, "b-STOCK", "stock", manifest=[DESIGN]
        )
        self.does("SubmitProject", "grower", subject, label=project, blobs=blobs)
        self.validate(project)
        registration = {"project": "$project:" + project, "code": "F2"}
        self.does("RegisterProject", "registry", registration)

    def validate(self, project):
        subject = {
            "project": "$project:" + project,
            "digest": "$digest:" + project,
            "opinion": "unmodified",
            "reportDigest": "$digest:validation",
        }
        self.does("ValidateProject", "vvb1", subject)

    def report_and_issue(self, code, project, developer, methodology):
        label, claims = "r-" + code, {2023: str(ISSUED)}
        subject = report(
            project, "2023-01-01", "2024-01-01", claims, claims, methodology=methodology
        )
        if methodology == "based":
            subject["inputs"]["base"] = [{"year": "2023", "value": "100000.5"}]
        self.does("SubmitMonitoringReport", developer, subject, label=label)
        for vvb in ("vvb2", "vvb3"):
            name = self.does("SubmitVerificationStatement", vvb, statement(label, claims))
            if self.version >= 2:
                review = {"statement": "$statement:" + name, "decision": "approve", "reason": "-"}
                self.does("ReviewVerification", vvb, review, vvb + "-r")
        self.does("IssueCredits", "registry", {"report": "$report:" + label}, label=code)


def make(name):
    """A new world; `empty` is a story that has not begun."""
    if name == "empty":
        return Story()
    return World(VERSIONS[name], 400 if name == "strict" else 0)
