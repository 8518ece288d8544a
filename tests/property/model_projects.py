"""Projects from submission to their end (domain.md 3 and 12, registry.md 5)."""

from model_base import day_number, day_text, named, time
from model_ground import plot

# Of a validation; which opinions of statements count is for the programme to say.
POSITIVE_OPINIONS = ("unmodified", "modified")
LIVING = ("submitted", "validated", "registered", "suspended")


class Projects:
    def _project(self, text):
        name = named(text)
        self._rule("project-known", name not in self.projects, "PROJECT_UNKNOWN")
        return name, self.projects[name]

    def _in_state(self, project, rule, *states):
        self._rule(rule, project["state"] not in states, "PROJECT_STATE_WRONG")

    def _own_project(self, act, project, rule):
        self._rule(rule, project["developer"] != act["party"], "PROJECT_NOT_OF_PARTY")

    def _set_state(self, project, state, act, reason=None):
        project["state"] = state
        if self._version() < 3:
            return
        change = {"state": state, "actor": f"$party:{act['party']}"}
        if reason:
            change["reason"] = reason
        project["changes"].append(change)

    def _SubmitProject(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        self._check_name(subject["name"])
        period = self._crediting_period(subject["creditingPeriod"])
        programme = named(subject["programme"])
        self._rule("programme-known", programme not in self.programmes, "PROGRAMME_UNKNOWN")
        self._crediting_methodology(subject["methodology"], period[0])
        shares = [named(other) for other in subject.get("sharesBoundaryWith", [])]
        digest = subject["boundaryDigest"]
        shape = self._boundary(digest, programme)
        self._free_ground(act["label"], digest, shape, period, shares, subject["activityType"])
        self._claims_fit(act["label"], digest)
        self._crediting_span(programme, period)

        def effect():
            project = self.projects[act["label"]] = {
                "document": act["label"],
                "developer": act["party"],
                "programme": programme,
                "activity": subject["activityType"],
                "sector": subject["sector"],
                "name": subject["name"],
                "country": subject["country"],
                "ground": [plot(act["label"], digest, shape, period)],
                "period": period,
                "capacity": int(subject["capacityPerYear"]),
                "kinds": kinds_of(subject["manifest"]),
                "listings": subject["listings"],
                "shares": shares if "sharesBoundaryWith" in subject else None,
                "methodologies": [(period[0], named(subject["methodology"]))],
                "validator": None,
                "later_validators": set(),  # of accepted amendments
                "code": None,
                "listed_until": None,
                "amendment": None,
                "effects": [],  # amendments that took effect
                "offered_to": None,
                "former": [],  # developers
                "renewals": 0,
                "live": [],
                "issued_until": None,
                "issuances": 0,
                "deficit": 0,
                "carry": {},
                "settled": {},
                "validation": None,
                "runs": {},
                "reversed": 0,
                "changes": [],
                "order": len(self.projects),
            }
            self._set_state(project, "submitted", act)

        return effect

    def _crediting_period(self, period):
        first, end = day_number(period["from"]), day_number(period["to"])
        self._rule("crediting-period", end <= first, "PERIOD_INVALID")
        return first, end

    def _crediting_span(self, programme, period):
        years = int(self._lifecycle(programme)["creditingYearsMax"])
        too_long = years and period[1] - period[0] > years * 366 and self._version() >= 3
        self._rule("crediting-years", too_long, "CREDITING_PERIOD_TOO_LONG")

    # From listing to registration.

    def _ListProject(self, act):
        self._signer(act, "initiate", "registry")
        _, project = self._project(act["subject"]["project"])
        self._in_state(project, "lists-before-registration", "submitted", "validated")
        self._rule("listed-once", project["listed_until"] is not None, "STATUS_UNCHANGED")

        def effect():
            wait = int(self._lifecycle(project["programme"])["commentSeconds"])
            project["listed_until"] = self.now + wait

        return effect

    def _Comment(self, act):
        self._signer(act)
        _, project = self._project(act["subject"]["project"])
        until = project["listed_until"]
        self._rule("comments-on-listed", until is None, "PROJECT_NOT_LISTED")
        late = until is not None and self.now > until
        self._rule("comments-in-time", late, "COMMENT_PERIOD_CLOSED")

        def effect():
            self.comments[act["label"]] = {"party": act["party"], "subject": act["subject"]}

        return effect

    def _RaiseGrievance(self, act):
        self._signer(act)
        _, project = self._project(act["subject"]["project"])

        def effect():
            wait = int(self._lifecycle(project["programme"])["grievanceSeconds"])
            self.grievances[act["label"]] = {
                "party": act["party"],
                "subject": act["subject"],
                "deadline": self.now + wait,
                "answer": None,
            }

        return effect

    def _ResolveGrievance(self, act):
        self._signer(act, "initiate", "registry", "authority")
        subject = act["subject"]
        name = named(subject["grievance"])
        self._rule("grievance-known", name not in self.grievances, "GRIEVANCE_UNKNOWN")
        grievance = self.grievances[name]
        self._rule("resolved-once", grievance["answer"] is not None, "GRIEVANCE_RESOLVED")

        def effect():
            grievance["answer"] = subject

        return effect

    def _ValidateProject(self, act):
        self._in_person(act, "initiate", "vvb")
        subject = act["subject"]
        _, project = self._project(subject["project"])
        waiting = self.amendments.get(project["amendment"])
        if waiting is None:
            self._in_state(project, "validates-submitted", "submitted")
        document = project["document"] if waiting is None else project["amendment"]
        wrong = named(subject["digest"]) != document
        self._rule("validated-document", wrong, "PROJECT_DIGEST_DIFFERS")
        good = subject["opinion"] in POSITIVE_OPINIONS
        if waiting is not None and self._version() >= 4:
            again = good and waiting["state"] == "validated"
            self._rule("amendment-validated-once", again, "AMENDMENT_STATE_WRONG")
        to_be = waiting["change"].get("methodology") if waiting else None
        self._accredited(act["party"], project, to_be)
        self._independent(act["party"], project)

        def effect():
            if waiting is not None:
                waiting["state"] = "validated" if good else "rejected"
                waiting["validator"] = act["party"]
                if not good:
                    project["amendment"] = None
                return
            project["validator"] = act["party"]
            project["validation"] = act["label"]
            self._set_state(project, "validated" if good else "rejected", act)
            if not good:
                self._end_ground(project, project["period"][0])

        return effect

    def _accepted_opinions(self, project):
        accepted = self._policy(project["programme"])["acceptedOpinions"]
        return [o for o in accepted if o not in ("adverse", "disclaimer")]

    def _RegisterProject(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._in_state(project, "registers-validated", "validated")
        if self.completing is not None and self._version() >= 4:
            other = self.completing["validation"] != project["validation"]
            self._rule("registers-what-was-seen", other, "PROJECT_DIGEST_DIFFERS")
        programme = project["programme"]
        comments = int(self._lifecycle(programme)["commentSeconds"]) > 0
        if comments and self._version() >= 3:
            until = project["listed_until"]
            self._rule("listed-before", until is None, "PROJECT_NOT_LISTED")
            early = until is not None and self.now <= until
            self._rule("comment-ended", early, "COMMENT_PERIOD_OPEN")
        missing = set(self._policy(programme)["requiredDocuments"]) - set(project["kinds"])
        self._rule("documents-required", missing, "DOCUMENT_KIND_MISSING")
        taken = (programme, subject["code"]) in self.codes
        self._rule("project-code-once", taken, "CODE_TAKEN")

        def effect():
            self.codes[(programme, subject["code"])] = name
            project["code"] = subject["code"]
            self._set_state(project, "registered", act)

        return effect

    # Later changes of state.

    def _SuspendProject(self, act):
        self._signer(act, "initiate", "registry")
        _, project = self._project(act["subject"]["project"])
        self._in_state(project, "suspends-registered", "registered")
        return lambda: self._set_state(project, "suspended", act, act["subject"]["reason"])

    def _ResumeProject(self, act):
        self._signer(act, "initiate", "registry")
        _, project = self._project(act["subject"]["project"])
        self._in_state(project, "resumes-suspended", "suspended")
        return lambda: self._set_state(project, "registered", act, act["subject"]["reason"])

    def _CompleteProject(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        _, project = self._project(subject["project"])
        self._own_project(act, project, "completes-own")
        self._in_state(project, "completes-registered", "registered")
        until = day_number(subject["until"])
        first, end = project["period"]
        outside = not first < until <= end
        self._rule("completes-in-period", outside, "CHANGE_DAY_INVALID")
        closed = until < self._open_from(project)
        self._rule("completes-after-reports", closed, "CHANGE_DAY_INVALID")

        def effect():
            project["period"] = (first, until)
            self._end_ground(project, until)
            self._reject_amendment(project)
            self._set_state(project, "completed", act, subject["reason"])

        return effect

    def _WithdrawProject(self, act):
        self._in_person(act, "initiate", "developer", "registry")
        subject = act["subject"]
        _, project = self._project(subject["project"])
        if "registry" not in self._roles(act["party"]):
            self._own_project(act, project, "withdraws-own-project")
        self._in_state(project, "withdraws-in-life", *LIVING)
        self._rule("withdraws-without-reports", project["live"], "REPORTS_LIVE")

        def effect():
            self._end_ground(project, self._open_from(project))
            self._reject_amendment(project)
            project["offered_to"] = None
            self._set_state(project, "withdrawn", act, subject["reason"])

        return effect

    # Another developer takes over.

    def _TransferProject(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        _, project = self._project(subject["project"])
        self._own_project(act, project, "offers-own")
        ended = project["state"] in ("withdrawn", "rejected")
        self._rule("offers-living", ended, "PROJECT_STATE_WRONG")
        to = named(subject["to"])
        if to == act["party"]:
            self._rule("offers-another", not project["offered_to"], "RECIPIENT_IS_SENDER")
        else:
            self._check_offered_to(to)

        def effect():
            project["offered_to"] = to if to != act["party"] else None

        return effect

    def _check_offered_to(self, to):
        self._rule("offers-known", to not in self.parties, "PARTY_UNKNOWN")
        account = self.parties[to]["owner"] is not None
        self._rule("offers-no-account", account, "ACCOUNT_NESTED")
        allowed = self._admitted(to) and "developer" in self._roles(to)
        self._rule("offers-developer", not allowed, "RECIPIENT_NOT_ADMITTED")

    def _AcceptProject(self, act):
        self._in_person(act, "initiate", "developer")
        _, project = self._project(act["subject"]["project"])
        other = project["offered_to"] != act["party"]
        self._rule("accepts-offered", other, "PROJECT_NOT_OFFERED")
        self._check_status(project["developer"], "offering-party-stands")

        def effect():
            project["former"].append(project["developer"])
            project["developer"] = act["party"]
            project["offered_to"] = None

        return effect

    # Rows.

    def _rows_project(self):
        return {name: self._project_row(project) for name, project in self.projects.items()}

    def _project_row(self, project):
        first, end = project["period"]
        row = {
            "developer": f"$party:{project['developer']}",
            "programme": f"$programme:{project['programme']}",
            "document": f"$digest:{project['document']}",
            "activityType": project["activity"],
            "sector": project["sector"],
            "name": project["name"],
            "country": project["country"],
            "boundaryDigest": project["ground"][0]["digest"],
            "creditingPeriod": {"from": day_text(first), "to": day_text(end)},
            "capacityPerYear": str(project["capacity"]),
            "documentKinds": sorted(project["kinds"]),
            "listings": project["listings"],
            "state": project["state"],
            "liveReports": sorted(f"$report:{name}" for name in project["live"]),
            "issuances": str(project["issuances"]),
            "deficit": project["deficit"],
            "verifierRuns": {f"$party:{vvb}": str(n) for vvb, n in project["runs"].items()},
            "sharesBoundaryWith": sorted(f"$project:{n}" for n in project["shares"] or []),
            "methodologies": [
                [day_text(since), f"$standard:{name}"] for since, name in project["methodologies"]
            ],
            "renewals": str(project["renewals"]),
            "reversed": str(project["reversed"]),
            "changes": project["changes"],
            "amendments": [f"$amendment:{label}" for label in project["effects"]],
            "formerDevelopers": [f"$party:{name}" for name in project["former"]],
        }
        optional = {
            "validator": project["validator"] and f"$party:{project['validator']}",
            "code": project["code"],
            "issuedUntil": project["issued_until"] and day_text(project["issued_until"]),
            "amendment": project["amendment"] and f"$amendment:{project['amendment']}",
            "offeredTo": project["offered_to"] and f"$party:{project['offered_to']}",
        }
        if project["listed_until"] is not None:
            optional["commentUntil"] = time(project["listed_until"])
        row.update({name: value for name, value in optional.items() if value})
        return row

    def _rows_comment(self):
        return {
            label: {"party": f"$party:{comment['party']}", **comment["subject"]}
            for label, comment in self.comments.items()
        }

    def _rows_grievance(self):
        rows = {}
        for label, grievance in self.grievances.items():
            row = rows[label] = {
                "party": f"$party:{grievance['party']}",
                **grievance["subject"],
                "deadline": time(grievance["deadline"]),
            }
            if grievance["answer"]:
                answer = grievance["answer"]
                row["resolution"], row["reason"] = answer["resolution"], answer["reason"]
                if "digest" in answer:
                    row["answerDigest"] = answer["digest"]
        return rows


def kinds_of(manifest):
    return sorted({item["kind"] for item in manifest})
