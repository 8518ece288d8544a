"""Projects that change: amendments and renewals (registry.md 5)."""

from model_base import day_number, day_text, named
from model_projects import LIVING, kinds_of

MEMBERS = (
    "name",
    "capacityPerYear",
    "boundaryDigest",
    "methodology",
    "manifest",
    "listings",
    "sharesBoundaryWith",
)
# What a validation looks at again.
EXAMINED = ("capacityPerYear", "boundaryDigest", "methodology")


class Amendments:
    def _AmendProject(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._own_project(act, project, "amends-own")
        self._in_state(project, "amends-in-life", *LIVING)
        registered = project["state"] in ("registered", "suspended")
        changed = changes(subject, project)
        self._rule("amends-something", not changed, "STATUS_UNCHANGED")
        if "name" in subject:
            self._check_name(subject["name"])
        self._check_methodology_given(subject, registered)
        change = {member: subject[member] for member in changed}
        if "methodology" in change:
            if registered:
                change["methodologyFrom"] = subject["methodologyFrom"]
            self._check_methodology_change(change, project)
        shape = self._check_ground_change(name, project, change)
        examined = any(member in changed for member in EXAMINED)
        if registered and examined:
            busy = project["amendment"] is not None
            self._rule("one-amendment-at-a-time", busy, "AMENDMENT_STATE_WRONG")

        def effect():
            if registered and examined:
                self._open_amendment(act["label"], name, project, change, shape)
                return
            self._amend(project, change, shape, act["label"])
            if project["state"] == "validated" and examined:
                project["validator"] = None
                if self._version() >= 4:
                    project["listed_until"] = None
                self._set_state(project, "submitted", act, subject["reason"])

        return effect

    def _check_methodology_given(self, subject, registered):
        """With its first day where reports can have been made, and only there."""
        dated = "methodologyFrom" in subject
        if "methodology" in subject:
            self._crediting_standard(subject["methodology"])
            self._rule("methodology-needs-day", registered and not dated, "FIELD_MISSING")
        else:
            self._rule("day-without-methodology", dated, "FIELD_MISSING")
        self._rule("no-day-before-registration", dated and not registered, "CHANGE_DAY_INVALID")

    def _check_methodology_change(self, change, project):
        first, end = project["period"]
        if "methodologyFrom" in change:
            day = day_number(change["methodologyFrom"])
            self._rule("changes-in-period", not first <= day < end, "CHANGE_DAY_INVALID")
            closed = day < self._open_from(project)
            self._rule("changes-on-open-days", closed, "CHANGE_DAY_INVALID")
            first = day
        self._not_retired(self.standards[named(change["methodology"])], first)

    def _check_ground_change(self, name, project, change):
        """The new shape, or nothing where the boundary stays."""
        old = shares = project["shares"] or []
        if "sharesBoundaryWith" in change:
            shares = [named(other) for other in change["sharesBoundaryWith"]]
        open_days = self._open_days(project)
        digest, shape = change.get("boundaryDigest"), None
        if digest is not None:
            shape = self._boundary(digest, project["programme"])
            self._free_ground(name, digest, shape, open_days, shares, project["activity"])
            self._claims_fit(name, digest)
        if set(old) - set(shares):
            self._check_kept_ground(name, project, shares, None if digest is None else open_days[0])
        return shape

    def _check_kept_ground(self, name, project, shares, until):
        """What the project keeps is not shared any more."""
        for one in project["ground"]:
            first, end = one["days"]
            days = (first, end if until is None else min(end, until))
            if days[0] < days[1]:
                self._free_ground(
                    name, one["digest"], one["shape"], days, shares, project["activity"]
                )

    def _open_amendment(self, label, name, project, change, shape):
        self.amendments[label] = {
            "project": name,
            "state": "waiting",
            "change": change,
            "shape": shape,
            "to": day_number(change["to"]) if "to" in change else None,
            "validator": None,
        }
        project["amendment"] = label

    def _reject_amendment(self, project):
        """The project has ended: what waits is not accepted any more."""
        if project["amendment"] is not None:
            self.amendments[project["amendment"]]["state"] = "rejected"
            project["amendment"] = None

    def _amend(self, project, change, shape, label):
        project["effects"].append(label)
        project["document"] = label
        if "name" in change:
            project["name"] = change["name"]
        if "capacityPerYear" in change:
            project["capacity"] = int(change["capacityPerYear"])
        if shape is not None:
            self._new_ground(project, label, change["boundaryDigest"], shape)
        if "methodology" in change:
            self._change_methodology(project, change)
        if "manifest" in change:
            project["kinds"] = kinds_of(change["manifest"])
        if "listings" in change:
            project["listings"] = change["listings"]
        if "sharesBoundaryWith" in change:
            project["shares"] = [named(other) for other in change["sharesBoundaryWith"]]

    @staticmethod
    def _change_methodology(project, change):
        name = named(change["methodology"])
        if "methodologyFrom" not in change:
            project["methodologies"] = [(project["period"][0], name)]
            return
        first = day_number(change["methodologyFrom"])
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
        self._check_renewal(name, project, day_number(subject["to"]))
        change = {member: subject[member] for member in ("manifest", "to") if member in subject}
        return lambda: self._open_amendment(act["label"], name, project, change, None)

    def _check_renewal(self, name, project, to):
        added = (project["period"][1], to)
        self._rule("renews-forward", to <= added[0], "PERIOD_INVALID")
        self._crediting_span(project["programme"], added)
        most = int(self._lifecycle(project["programme"])["renewalsMax"])
        self._rule("renewals", most and project["renewals"] >= most, "CREDITING_PERIOD_TOO_LONG")
        current = project["ground"][0]
        shares = project["shares"] or []
        self._free_ground(
            name, current["digest"], current["shape"], added, shares, project["activity"]
        )

    def _AcceptAmendment(self, act):
        self._signer(act, "initiate", "registry")
        label = named(act["subject"]["amendment"])
        self._rule("amendment-known", label not in self.amendments, "AMENDMENT_UNKNOWN")
        amendment = self.amendments[label]
        waiting = amendment["state"] != "validated"
        self._rule("accepts-validated", waiting, "AMENDMENT_STATE_WRONG")
        name, project = amendment["project"], self.projects[amendment["project"]]
        if self._holds("amendment-judged-again"):
            self._judge_again(name, project, amendment)

        def effect():
            amendment["state"] = "accepted"
            project["amendment"] = None
            project["later_validators"].add(amendment["validator"])
            if amendment["to"] is not None:
                project["period"] = (project["period"][0], amendment["to"])
                project["renewals"] += 1
                current = project["ground"][0]
                current["days"] = (current["days"][0], amendment["to"])
            self._amend(project, amendment["change"], amendment["shape"], label)

        return effect

    def _judge_again(self, name, project, amendment):
        if "methodology" in amendment["change"]:
            self._check_methodology_change(amendment["change"], project)
        if amendment["to"] is not None:
            self._check_renewal(name, project, amendment["to"])
        self._check_ground_change(name, project, amendment["change"])

    def _rows_amendment(self):
        return {label: amendment_row(one) for label, one in self.amendments.items()}


def amendment_row(amendment):
    change = amendment["change"]
    row = {"project": f"$project:{amendment['project']}", "state": amendment["state"]}
    for member in ("name", "capacityPerYear", "boundaryDigest", "listings"):
        if member in change:
            row[member] = change[member]
    if "sharesBoundaryWith" in change:
        row["sharesBoundaryWith"] = sorted(change["sharesBoundaryWith"])
    if "manifest" in change:
        row["documentKinds"] = kinds_of(change["manifest"])
    if "methodology" in change:
        row["methodology"] = [change["methodologyFrom"], change["methodology"]]
    if amendment["to"] is not None:
        row["creditingTo"] = day_text(amendment["to"])
    if amendment["validator"]:
        row["validator"] = f"$party:{amendment['validator']}"
    return row


def changes(subject, project):
    """The members that change the project; a manifest is always a change."""
    current = {
        "name": project["name"],
        "capacityPerYear": str(project["capacity"]),
        "boundaryDigest": project["ground"][0]["digest"],
        "listings": project["listings"],
        "sharesBoundaryWith": [f"$project:{name}" for name in project["shares"] or []],
    }
    first = day_number(subject.get("methodologyFrom", day_text(project["period"][0])))
    held = [name for since, name in project["methodologies"] if since <= first]
    later = [name for since, name in project["methodologies"] if since > first]
    if later or held:
        same = set(held[-1:] + later) == {named(subject.get("methodology", ":"))}
        current["methodology"] = subject.get("methodology") if same else None
    return [
        member
        for member in MEMBERS
        if member in subject and (member not in current or subject[member] != current[member])
    ]
