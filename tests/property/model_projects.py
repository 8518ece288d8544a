"""Projects from submission to their end (domain.md 3 and 12, registry.md 5)."""

import model_boundary
from model_base import day_number, day_text, named, overlap, time

# Of a validation; which opinions of statements count is for the programme to say.
POSITIVE_OPINIONS = ("unmodified", "modified")
POSITIVE = ("submitted", "validated", "registered", "suspended")


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
        if self._version() < 2:
            return
        change = {"state": state}
        if act["party"]:
            change["actor"] = f"$party:{act['party']}"
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
        self._crediting_span(programme, period)
        shares = [named(other) for other in subject.get("sharesBoundaryWith", [])]
        shape = self._boundary(subject["boundaryDigest"], programme)
        place = (subject["boundaryDigest"], shape)
        self._free_boundary(act["label"], place, period, shares, subject["activityType"])

        def effect():
            self.projects[act["label"]] = {
                "document": act["label"],
                "developer": act["party"],
                "programme": programme,
                "activity": subject["activityType"],
                "sector": subject["sector"],
                "name": subject["name"],
                "country": subject["country"],
                "boundary": subject["boundaryDigest"],
                "shape": shape,
                "period": period,
                "capacity": int(subject["capacityPerYear"]),
                "kinds": kinds_of(subject["manifest"]),
                "listings": subject["listings"],
                "shares": shares if "sharesBoundaryWith" in subject else None,
                "state": "submitted",
                "methodologies": [(period[0], named(subject["methodology"]))],
                "validator": None,
                "code": None,
                "listed_until": None,
                "amendment": None,
                "offered_to": None,
                "renewals": 0,
                "live": [],
                "issued_until": None,
                "issuances": 0,
                "deficit": 0,
                "carry": {},
                "runs": {},
                "reversed": 0,
                "changes": [],
                "order": len(self.projects),
            }

        return effect

    def _crediting_period(self, period):
        first, end = day_number(period["from"]), day_number(period["to"])
        self._rule("crediting-period", end <= first, "PERIOD_INVALID")
        return first, end

    def _crediting_span(self, programme, period):
        years = int(self._lifecycle(programme)["creditingYearsMax"])
        too_long = years and period[1] - period[0] > years * 366
        self._rule("crediting-years", too_long, "CREDITING_PERIOD_TOO_LONG")

    # Boundaries.

    def _boundary(self, digest, programme):
        self._rule("boundary-not-removed", digest in self.removed_blobs, "BLOB_REMOVED")
        if self._version() < 2:
            return None
        radius = int(self._lifecycle(programme)["pointRadius"])
        return model_boundary.read(self.blobs[named(digest)], radius)

    def _taken_for(self, project):
        """The days for which a project keeps its boundary, or nothing."""
        if project["state"] == "rejected":
            return None
        if project["state"] == "withdrawn":
            first, end = project["period"][0], project["issued_until"]
            return None if end is None else (first, end)
        return project["period"]

    def _free_boundary(self, name, place, days, shares, activity):
        for other, project in self.projects.items():
            taken = self._taken_for(project)
            if other == name or taken is None or not overlap(taken, days):
                continue
            declared = other in shares and name in (project["shares"] or [])
            both = declared and activity != project["activity"]
            if both and self._holds("shared-boundaries"):
                continue
            lies_over = self._lies_over(place, (project["boundary"], project["shape"]))
            self._rule("boundary-free", lies_over, "BOUNDARY_OVERLAP")

    @staticmethod
    def _lies_over(one, other):
        """By digest where the shape of either is not known."""
        if one[1] is None or other[1] is None:
            return one[0] == other[0]
        return model_boundary.any_meet(one[1], other[1])

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
        name, project = self._project(act["subject"]["project"])
        until = project["listed_until"]
        self._rule("comments-on-listed", until is None, "PROJECT_NOT_LISTED")
        self._rule("comments-in-time", until is not None and self.now > until, "COMMENT_PERIOD_CLOSED")

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
        name, project = self._project(subject["project"])
        waiting = self._waiting_amendment(project)
        if waiting is None:
            self._in_state(project, "validates-submitted", "submitted")
        document = project["document"] if waiting is None else project["amendment"]
        wrong = named(subject["digest"]) != document
        self._rule("validated-document", wrong, "PROJECT_DIGEST_DIFFERS")
        self._accredited(act["party"], project)
        self._independent(act["party"], project)
        good = subject["opinion"] in POSITIVE_OPINIONS

        def effect():
            if waiting is not None:
                waiting["state"] = "validated" if good else "rejected"
                waiting["validator"] = act["party"]
                if not good:
                    project["amendment"] = None
                return
            project["validator"] = act["party"]
            self._set_state(project, "validated" if good else "rejected", act)

        return effect

    def _accepted_opinions(self, project):
        accepted = self._policy(project["programme"])["acceptedOpinions"]
        return [o for o in accepted if o not in ("adverse", "disclaimer")]

    def _RegisterProject(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._in_state(project, "registers-validated", "validated")
        programme = project["programme"]
        if int(self._lifecycle(programme)["commentSeconds"]) > 0:
            until = project["listed_until"]
            self._rule("listed-before", until is None, "PROJECT_NOT_LISTED")
            self._rule("comment-ended", until is not None and self.now <= until, "COMMENT_PERIOD_OPEN")
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
        issued = project["issued_until"] is not None and until < project["issued_until"]
        reported = any(until < self.reports[report]["period"][1] for report in project["live"])
        self._rule("completes-in-period", outside, "CHANGE_DAY_INVALID")
        self._rule("completes-after-issued", issued, "CHANGE_DAY_INVALID")
        self._rule("completes-after-reports", reported, "CHANGE_DAY_INVALID")

        def effect():
            project["period"] = (first, until)
            self._set_state(project, "completed", act, subject["reason"])

        return effect

    def _WithdrawProject(self, act):
        self._in_person(act, "initiate", "developer", "registry")
        subject = act["subject"]
        _, project = self._project(subject["project"])
        if "registry" not in self._roles(act["party"]):
            self._own_project(act, project, "withdraws-own-project")
        self._in_state(project, "withdraws-in-life", *POSITIVE)
        self._rule("withdraws-without-reports", project["live"], "REPORTS_LIVE")
        return lambda: self._set_state(project, "withdrawn", act, subject["reason"])

    # Another developer takes over.

    def _TransferProject(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        _, project = self._project(subject["project"])
        self._own_project(act, project, "offers-own")
        ended = project["state"] in ("withdrawn", "rejected")
        self._rule("offers-living", ended, "PROJECT_STATE_WRONG")
        to = named(subject["to"])
        self._rule("offers-another", to == act["party"], "RECIPIENT_IS_SENDER")
        self._rule("offers-known", to not in self.parties, "PARTY_UNKNOWN")
        allowed = self._admitted(to) and "developer" in self._roles(to)
        account = self.parties[to]["owner"] is not None
        self._rule("offers-developer", not allowed or account, "RECIPIENT_NOT_ADMITTED")

        def effect():
            project["offered_to"] = to

        return effect

    def _AcceptProject(self, act):
        self._in_person(act, "initiate", "developer")
        _, project = self._project(act["subject"]["project"])
        other = project["offered_to"] != act["party"]
        self._rule("accepts-offered", other, "PROJECT_NOT_OFFERED")
        ended = project["state"] in ("withdrawn", "rejected")
        self._rule("accepts-living", ended, "PROJECT_STATE_WRONG")
        self._check_status(project["developer"], "offering-party-stands")

        def effect():
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
            "boundaryDigest": project["boundary"],
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
