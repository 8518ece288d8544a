"""Projects that change: amendments and renewals (registry.md 5)."""

from model_base import day_number, day_text, named
from model_projects import kinds_of

MEMBERS = (
    "name",
    "capacityPerYear",
    "boundaryDigest",
    "methodology",
    "methodologyFrom",
    "manifest",
    "listings",
    "sharesBoundaryWith",
)
# What a validation has to look at again.
EXAMINED = ("capacityPerYear", "boundaryDigest", "methodology")


class Amendments:
    def _waiting_amendment(self, project):
        amendment = self.amendments.get(project["amendment"])
        return amendment if amendment is not None and amendment["state"] == "waiting" else None

    def _AmendProject(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._own_project(act, project, "amends-own")
        life = ("submitted", "validated", "registered", "suspended")
        self._in_state(project, "amends-in-life", *life)
        nothing = not any(member in subject for member in MEMBERS)
        self._rule("amends-something", nothing, "STATUS_UNCHANGED")
        if "name" in subject:
            self._check_name(subject["name"])
        registered = project["state"] in ("registered", "suspended")
        self._check_methodology_change(subject, project, registered)
        shape = self._check_boundary_change(name, project, subject)
        examined = any(member in subject for member in EXAMINED)
        if registered and examined:
            busy = project["amendment"] is not None
            self._rule("one-amendment-at-a-time", busy, "AMENDMENT_STATE_WRONG")

        def effect():
            if registered and examined:
                self._open_amendment(act, name, project, shape)
                return
            self._amend(project, subject, shape)
            if not registered:
                project["document"] = act["label"]
                if project["state"] == "validated" and examined:
                    self._set_state(project, "submitted", act, subject["reason"])

        return effect

    def _check_methodology_change(self, subject, project, registered):
        dated = "methodologyFrom" in subject
        if "methodology" not in subject:
            self._rule("day-without-methodology", dated, "FIELD_MISSING")
            return
        if registered:
            self._rule("methodology-needs-day", not dated, "FIELD_MISSING")
        else:
            self._rule("no-day-before-registration", dated, "CHANGE_DAY_INVALID")
        first = day_number(subject["methodologyFrom"]) if dated else project["period"][0]
        self._crediting_methodology(subject["methodology"], first)
        if registered:
            self._check_change_day(first, project)

    def _check_change_day(self, first, project):
        inside = project["period"][0] <= first < project["period"][1]
        self._rule("changes-in-period", not inside, "CHANGE_DAY_INVALID")
        issued = project["issued_until"] is not None and first < project["issued_until"]
        self._rule("changes-after-issued", issued, "CHANGE_DAY_INVALID")
        reported = any(first < self.reports[r]["period"][1] for r in project["live"])
        self._rule("changes-after-reports", reported, "CHANGE_DAY_INVALID")

    def _check_boundary_change(self, name, project, subject):
        """The new shape, or nothing where the boundary stays."""
        if "boundaryDigest" not in subject and "sharesBoundaryWith" not in subject:
            return None
        place = (project["boundary"], project["shape"])
        if "boundaryDigest" in subject:
            digest = subject["boundaryDigest"]
            place = (digest, self._boundary(digest, project["programme"]))
        shares = project["shares"] or []
        if "sharesBoundaryWith" in subject:
            shares = [named(other) for other in subject["sharesBoundaryWith"]]
        self._free_boundary(name, place, project["period"], shares, project["activity"])
        return place[1] if "boundaryDigest" in subject else None

    def _open_amendment(self, act, name, project, shape):
        subject = act["subject"]
        self.amendments[act["label"]] = {
            "project": name,
            "state": "waiting",
            "subject": subject,
            "shape": shape,
            "to": day_number(subject["to"]) if "to" in subject else None,
            "validator": None,
        }
        project["amendment"] = act["label"]

    def _amend(self, project, subject, shape):
        if "name" in subject:
            project["name"] = subject["name"]
        if "capacityPerYear" in subject:
            project["capacity"] = int(subject["capacityPerYear"])
        if shape is not None:
            project["boundary"], project["shape"] = subject["boundaryDigest"], shape
        if "methodology" in subject:
            self._change_methodology(project, subject)
        if "manifest" in subject:
            project["kinds"] = kinds_of(subject["manifest"])
        if "listings" in subject:
            project["listings"] = subject["listings"]
        if "sharesBoundaryWith" in subject:
            project["shares"] = [named(other) for other in subject["sharesBoundaryWith"]]

    def _change_methodology(self, project, subject):
        name = named(subject["methodology"])
        if "methodologyFrom" not in subject:
            project["methodologies"] = [(project["period"][0], name)]
            return
        first = day_number(subject["methodologyFrom"])
        earlier = [(since, old) for since, old in project["methodologies"] if since < first]
        project["methodologies"] = earlier + [(first, name)]

    def _RenewCreditingPeriod(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._own_project(act, project, "renews-own")
        self._in_state(project, "renews-registered", "registered")
        busy = project["amendment"] is not None
        self._rule("renews-without-amendment", busy, "AMENDMENT_STATE_WRONG")
        to = day_number(subject["to"])
        self._rule("renews-forward", to <= project["period"][1], "PERIOD_INVALID")
        self._check_renewal(name, project, to)
        return lambda: self._open_amendment(act, name, project, None)

    def _check_renewal(self, name, project, to):
        added = (project["period"][1], to)
        self._crediting_span(project["programme"], added)
        most = int(self._lifecycle(project["programme"])["renewalsMax"])
        self._rule("renewals", most and project["renewals"] >= most, "CREDITING_PERIOD_TOO_LONG")
        shares = project["shares"] or []
        place = (project["boundary"], project["shape"])
        self._free_boundary(name, place, added, shares, project["activity"])

    def _AcceptAmendment(self, act):
        self._signer(act, "initiate", "registry")
        label = named(act["subject"]["amendment"])
        self._rule("amendment-known", label not in self.amendments, "AMENDMENT_UNKNOWN")
        amendment = self.amendments[label]
        waiting = amendment["state"] != "validated"
        self._rule("accepts-validated", waiting, "AMENDMENT_STATE_WRONG")
        name, project = amendment["project"], self.projects[amendment["project"]]
        self._in_state(project, "accepts-for-living", "registered", "suspended")
        self._judge_again(name, project, amendment)

        def effect():
            amendment["state"] = "accepted"
            project["amendment"] = None
            project["document"] = label
            if amendment["to"] is not None:
                project["period"] = (project["period"][0], amendment["to"])
                project["renewals"] += 1
            self._amend(project, amendment["subject"], amendment["shape"])

        return effect

    def _judge_again(self, name, project, amendment):
        subject = amendment["subject"]
        if not self._holds("amendment-judged-again"):
            return
        if amendment["to"] is not None:
            self._check_renewal(name, project, amendment["to"])
            return
        if "methodology" in subject:
            first = day_number(subject["methodologyFrom"])
            self._crediting_methodology(subject["methodology"], first)
            self._check_change_day(first, project)
        self._check_boundary_change(name, project, subject)

    def _rows_amendment(self):
        rows = {}
        for label, amendment in self.amendments.items():
            subject = amendment["subject"]
            row = rows[label] = {
                "project": f"$project:{amendment['project']}",
                "state": amendment["state"],
            }
            for member in ("name", "capacityPerYear", "boundaryDigest", "listings"):
                if member in subject:
                    row[member] = subject[member]
            if "sharesBoundaryWith" in subject:
                row["sharesBoundaryWith"] = sorted(subject["sharesBoundaryWith"])
            if "manifest" in subject:
                row["documentKinds"] = kinds_of(subject["manifest"])
            if "methodology" in subject:
                row["methodology"] = [subject["methodologyFrom"], subject["methodology"]]
            if amendment["to"] is not None:
                row["creditingTo"] = day_text(amendment["to"])
            if amendment["validator"]:
                row["validator"] = f"$party:{amendment['validator']}"
        return rows
