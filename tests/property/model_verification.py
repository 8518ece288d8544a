"""Verification: who may verify, statements, findings, reviews (domain.md 4, registry.md 6)."""

from model_base import named, seconds, time
from model_projects import POSITIVE_OPINIONS


class Verification:
    # Who may.

    def _is_accredited(self, vvb, project, methodology=None):
        given = self.accreditations.get(vvb)
        if not given:
            return False
        latest = given[-1]
        if not seconds(latest["from"]) <= self.now < seconds(latest["until"]):
            return False
        methodology = methodology or f"$standard:{project['methodologies'][-1][1]}"
        asked = {
            "programme": f"$programme:{project['programme']}",
            "sector": project["sector"],
            "methodology": methodology,
        }
        return any(
            all(scope[name] == asked[name] for name in scope) for scope in latest["scopes"]
        )

    def _accredited(self, vvb, project, methodology=None):
        missing = not self._is_accredited(vvb, project, methodology)
        self._rule("accredited", missing, "VVB_NOT_ACCREDITED")

    def _is_independent(self, vvb, project, verifying):
        if self._affiliated(vvb, project["developer"]) and self._holds("affiliates-bar"):
            return False
        if self._version() >= 4 and any(self._near(vvb, one) for one in project["former"]):
            if self._holds("former-developers-bar"):
                return False
        return not verifying or not self._barred_as_validator(vvb, project)

    def _barred_as_validator(self, vvb, project):
        validators = project["later_validators"] | {project["validator"]} - {None}
        bar = any(self._near(vvb, one) for one in validators) and self._holds("validator-bars")
        return bar and not self._policy(project["programme"])["validatorMayVerify"]

    def _near(self, vvb, other):
        """The same, or from version 4 on an affiliate."""
        if vvb == other:
            return True
        if self._version() < 4 or not self._affiliated(vvb, other):
            return False
        return self._holds("affiliates-are-one-body")

    def _independent(self, vvb, project, verifying=False):
        barred = not self._is_independent(vvb, project, verifying)
        self._rule("independent", barred, "VVB_NOT_INDEPENDENT")

    def _rotates(self, vvb, project):
        most = int(self._policy(project["programme"])["consecutivePeriodsMax"])
        return bool(most) and self._run(vvb, project) >= most

    def _run(self, vvb, project):
        """How many periods in a row the body has verified."""
        own = [n for other, n in project["runs"].items() if self._near(vvb, other)]
        return max(own, default=0)

    def _may_verify(self, act, report, project):
        methodology = report["subject"]["methodology"]
        self._accredited(act["party"], project, methodology)
        self._independent(act["party"], project, verifying=True)
        self._rule("rotation", self._rotates(act["party"], project), "VVB_ROTATION_DUE")

    # Statements.

    def _report(self, text):
        name = named(text)
        self._rule("report-known", name not in self.reports, "REPORT_UNKNOWN")
        return name, self.reports[name]

    def _standing(self, report):
        """Statements in force: one of each VVB, its latest, unless withdrawn before issuance."""
        ended = report["state"] in ("superseded", "withdrawn")
        return [] if ended else self._latest(report)

    def _latest(self, report):
        return [
            name
            for name in report["statements"]
            if not self.statements[name]["replaced_by"]
        ]

    def _SubmitVerificationStatement(self, act):
        self._in_person(act, "initiate", "vvb")
        subject = act["subject"]
        name, report = self._report(subject["report"])
        project = self.projects[report["project"]]
        self._still_live(name)
        other = named(subject["digest"]) != name or subject["index"] != f"$index:{name}"
        self._rule("states-on-bytes", other, "REPORT_DIGEST_DIFFERS")
        self._may_verify(act, report, project)
        self._check_verified(subject, report)
        if subject["opinion"] in POSITIVE_OPINIONS:
            self._rule("no-open-finding", self._open_requests(report), "FINDING_OPEN")

        def effect():
            for other in self._standing(report):
                if self.statements[other]["vvb"] == act["party"]:
                    self.statements[other]["replaced_by"] = act["label"]
            self.statements[act["label"]] = {
                "report": name,
                "vvb": act["party"],
                "subject": subject,
                "signer": act["key"] if self._version() >= 2 else None,
                "replaced_by": None,
                "review": None,
                "withdrawn": False,
            }
            report["statements"].append(act["label"])

        return effect

    def _check_verified(self, subject, report):
        """Vintage by vintage."""
        verified, vintages = subject["verified"], report["vintages"]
        self._rule("states-as-many", len(verified) != len(vintages), "VINTAGES_DIFFER")
        for item, vintage in zip(verified, vintages):
            other = int(item["year"]) != vintage["year"]
            self._rule("states-all-vintages", other, "VINTAGES_DIFFER")
            above = int(item["quantity"]) > vintage["ceiling"]
            self._rule("verified-within-ceiling", above, "VERIFIED_TOO_HIGH")

    def _statement(self, text):
        name = named(text)
        self._rule("statement-known", name not in self.statements, "STATEMENT_UNKNOWN")
        return name, self.statements[name]

    def _ReviewVerification(self, act):
        key = self._in_person(act, "review", "vvb")
        subject = act["subject"]
        name, statement = self._statement(subject["statement"])
        self._rule("reviews-own-statement", statement["vvb"] != act["party"], "KEY_NOT_OF_PARTY")
        signer = statement["signer"]  # version 1 does not keep it
        same = signer is None or key["person"] == self.keys[signer]["person"]
        self._rule("reviewer-is-another", same, "APPROVER_IS_SIGNER")
        report = self.reports[statement["report"]]
        stands = name in self._standing(report) and report["state"] == "live"
        self._rule("reviews-standing", not stands, "STATEMENT_NOT_STANDING")
        self._rule("reviewed-once", statement["review"] is not None, "REVIEWED_ALREADY")

        def effect():
            statement["review"] = (act["key"], subject["decision"])

        return effect

    def _WithdrawStatement(self, act):
        self._in_person(act, "initiate", "vvb")
        name, statement = self._statement(act["subject"]["statement"])
        self._rule("withdraws-own-statement", statement["vvb"] != act["party"], "KEY_NOT_OF_PARTY")
        report = self.reports[statement["report"]]
        stands = name in self._standing(report) and not statement["withdrawn"]
        self._rule("withdraws-standing", not stands, "STATEMENT_NOT_STANDING")

        def effect():
            statement["withdrawn"] = True
            if report["state"] == "live":
                report["statements"].remove(name)
            else:
                for batch in self.batches.values():
                    if batch["report"] == statement["report"]:
                        batch["withdrawn_statements"].append(name)

        return effect

    # Findings.

    def _open_requests(self, report):
        """CARs and CLs."""
        return [
            name
            for name in report["findings"]
            if not self.findings[name]["closed"] and self.findings[name]["kind"] != "FAR"
        ]

    def _overdue_forward_request(self, name):
        """A FAR on an earlier report of the project, open and past its deadline."""
        report = self.reports[name]
        for finding in self.findings.values():
            earlier = self.reports[finding["report"]]
            before = earlier["period"][0] < report["period"][0]
            if earlier["project"] != report["project"] or not before:
                continue
            counts = earlier["state"] in ("live", "issued")
            late = self.now > finding["deadline"]
            if finding["kind"] == "FAR" and not finding["closed"] and counts and late:
                return True
        return False

    def _RaiseFinding(self, act):
        self._in_person(act, "initiate", "vvb")
        subject = act["subject"]
        name, report = self._report(subject["report"])
        project = self.projects[report["project"]]
        self._may_verify(act, report, project)
        self._still_live(name)
        deadline = seconds(subject["deadline"])
        self._rule("finding-deadline", deadline <= self.now, "DEADLINE_INVALID")

        def effect():
            self.findings[act["label"]] = {
                "report": name,
                "vvb": act["party"],
                "kind": subject["kind"],
                "deadline": deadline,
                "text": subject["text"],
                "answered": False,
                "closed": False,
            }
            report["findings"].append(act["label"])

        return effect

    def _finding(self, text):
        name = named(text)
        self._rule("finding-known", name not in self.findings, "FINDING_UNKNOWN")
        return self.findings[name]

    def _AnswerFinding(self, act):
        self._in_person(act, "initiate", "developer")
        finding = self._finding(act["subject"]["finding"])
        project = self.projects[self.reports[finding["report"]]["project"]]
        self._own_project(act, project, "answers-own")
        self._rule("answers-open", finding["closed"], "FINDING_CLOSED")

        def effect():
            finding["answered"] = True

        return effect

    def _CloseFinding(self, act):
        self._in_person(act, "initiate", "vvb", "registry")
        finding = self._finding(act["subject"]["finding"])
        registry = "registry" in self._roles(act["party"])
        other = not registry and finding["vvb"] != act["party"]
        self._rule("closes-own", other, "FINDING_NOT_YOURS")
        self._rule("closes-open", finding["closed"], "FINDING_CLOSED")

        def effect():
            finding["closed"] = True

        return effect

    # Rows.

    def _rows_statement(self):
        return {name: self._statement_row(one) for name, one in self.statements.items()}

    def _statement_row(self, statement):
        subject = statement["subject"]
        row = {
            "report": f"$report:{statement['report']}",
            "vvb": f"$party:{statement['vvb']}",
            "opinion": subject["opinion"],
            "assurance": subject["assurance"],
            "verified": subject["verified"],
            "withdrawn": statement["withdrawn"],
        }
        if "bufferRate" in subject:
            row["bufferRate"] = subject["bufferRate"]
        if statement["replaced_by"]:
            row["replacedBy"] = f"$statement:{statement['replaced_by']}"
        if statement["review"]:
            key, decision = statement["review"]
            row["review"] = [f"$key:{key}", decision]
        return row

    def _rows_finding(self):
        return {
            name: {
                "report": f"$report:{finding['report']}",
                "vvb": f"$party:{finding['vvb']}",
                "kind": finding["kind"],
                "text": finding["text"],
                "deadline": time(finding["deadline"]),
                "answered": finding["answered"],
                "closed": finding["closed"],
            }
            for name, finding in self.findings.items()
        }
