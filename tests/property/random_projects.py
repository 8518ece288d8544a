"""Random acts about projects: submitted, listed, amended, renewed, ended, handed over."""

import copy
import json

import worlds
from model_base import day_number, day_text

ACTIVITIES = ("storage", "forest")
STARTS = ("2023-01-01", "2024-01-01", "2024-07-01", "2025-01-01")


class ProjectActs:
    KINDS = {
        "submit_project": 8,
        "shared_boundary": 1,
        "validate_project": 9,
        "list_project": 4,
        "comment": 4,
        "register_project": 7,
        "grievance": 4,
        "amend_project": 10,
        "renew": 5,
        "accept_amendment": 6,
        "suspend_or_resume": 4,
        "complete": 2,
        "withdraw_project": 2,
        "hand_over": 5,
    }

    def projects_in(self, *states):
        return [n for n, p in self.model.projects.items() if p["state"] in states]

    def any_project(self, *states):
        return self.mostly(self.projects_in(*states), list(self.model.projects) + ["NONE"], 0.93)

    def developer_of(self, project):
        row = self.model.projects.get(project)
        if row is None or self.chance(0.04):
            return self.pick(("developer", "grower"))
        return row["developer"]

    # Places on a small grid, so that boundaries meet, touch and cover each other.
    def _boundary_text(self):
        x, y = self.random.randint(0, 60) * 5, self.random.randint(2, 8) * 5
        shape = self.pick(("square", "square", "triangle", "ring", "bent", "point", "wrong"))
        if shape == "square":
            return worlds.square(x, y, self.pick((1, 5, 5, 10)))
        if shape == "triangle":
            return worlds.polygon([(x, y), (x + 10, y), (x, y + 10), (x, y)])
        if shape == "ring":
            return self._ring(x, y)
        if shape == "bent":
            corners = [(0, 0), (10, 0), (10, 5), (5, 5), (5, 10), (0, 10), (0, 0)]
            return worlds.polygon([(x + a, y + b) for a, b in corners])
        if shape == "point":
            return json.dumps({"type": "Point", "coordinates": [x // 10, y // 10]})
        return self._wrong_boundary(x, y)

    @staticmethod
    def _ring(x, y):
        outer = json.loads(worlds.square(x, y, 15))["coordinates"][0]
        hole = json.loads(worlds.square(x + 5, y + 5, 5))["coordinates"][0]
        return json.dumps({"type": "Polygon", "coordinates": [outer, hole]})

    def _wrong_boundary(self, x, y):
        return self.pick(
            (
                "not a boundary",
                worlds.polygon([(x, y), (x + 5, y + 5), (x + 5, y), (x, y + 5), (x, y)]),
                worlds.polygon([(x, y), (x + 5, y), (x + 5, y + 5), (x, y + 5)]),
                worlds.polygon([(x, y), (x + 5, y), (x + 10, y), (x, y)]),
                json.dumps({"type": "LineString", "coordinates": [[0, 0], [1, 1]]}),
            )
        )

    def new_boundary(self):
        """(name, blobs)"""
        if self.chance(0.06):
            return self.pick(self.model.blobs), {}
        text = self._boundary_text()
        for name, known in self.model.blobs.items():
            if known == text:
                return name, {}
        self.count += 1
        return f"b{self.count}", {f"b{self.count}": text}

    def submit_project(self):
        programme = self.mostly(self.model.programmes, ["NONE"], 0.98)
        boundary, blobs = self.new_boundary()
        self.count += 1
        start = self.pick(STARTS)
        years = self.pick((1, 2, 5, 5, 5, 7, 8, 13))
        end = f"{int(start[:4]) + years}{start[4:]}"
        if self.chance(0.03):
            end = start
        methodology = self.pick(("linear",) * 5 + ("second", "based", "based", "factored", "stock", "stock"))
        if self.chance(0.06):
            methodology = self.pick(list(self.model.standards) + ["NONE"])
        subject = worlds.submission(
            programme,
            "name",
            boundary,
            methodology,
            creditingPeriod={"from": start, "to": end},
            activityType=self.pick(ACTIVITIES),
            manifest=[worlds.DESIGN] if self.chance(0.8) else [],
        )
        if self.chance(0.03):
            subject["name"] = {}
        if self.chance(0.25) and self._knows_shares():
            subject["sharesBoundaryWith"] = self._neighbours()
        developer = self.pick(("developer", "grower", "grower"))
        if self.chance(0.04):
            developer = self.pick(self.holders())
        return self.by("SubmitProject", developer, subject, label=f"p{self.count}", blobs=blobs)

    def _knows_shares(self):
        return self.model.ledger["version"] >= 3 or self.chance(0.1)

    def _neighbours(self):
        others = list(self.model.projects)
        return ["$project:" + n for n in self.random.sample(others, min(len(others), 2))]

    # Two projects that declare each other: the second one's id is known before it is submitted.
    def shared_boundary(self):
        mine = [n for n in self.projects_in("submitted") if self.model.projects[n]["ground"][0]["shape"]]
        if not mine or not self._knows_shares():
            return []
        first = self.pick(mine)
        project = self.model.projects[first]
        other = "forest" if project["activity"] == "storage" else "storage"
        self.count += 1
        boundary = project["ground"][0]["digest"].split(":")[1]
        blobs = {boundary: self.model.blobs[boundary]}
        start, end = (day_text(day) for day in project["period"])
        subject = worlds.submission(
            project["programme"],
            "name",
            boundary,
            creditingPeriod={"from": start, "to": end},
            activityType=other if self.chance(0.8) else project["activity"],
            sharesBoundaryWith=["$project:" + first] if self.chance(0.9) else [],
        )
        second = self.by("SubmitProject", "grower", subject, label=f"p{self.count}", blobs=blobs)
        if self.chance(0.9):
            amended = {
                "project": "$project:" + first,
                "sharesBoundaryWith": ["$project:" + second["label"]],
                "reason": "two activities",
            }
            amendment = self.act("AmendProject", project["developer"], amended)
            self.announced[second["label"]] = copy.deepcopy(second)
            self.steps.append({"announce": [second], "at": self.now, "act": amendment})
            self.model.judge(amendment, self.now)
            self.sent.append(amendment)
        return second

    def validate_project(self):
        waiting = [
            name
            for name, p in self.model.projects.items()
            if p["amendment"] is not None
            and self.model.amendments[p["amendment"]]["state"] == "waiting"
        ]
        pool = waiting if waiting and self.chance(0.4) else self.projects_in("submitted")
        if self.lacks(pool):
            return self.submit_project()
        name = self.mostly(pool, list(self.model.projects) + ["NONE"], 0.93)
        project = self.model.projects.get(name)
        document = name
        if project is not None:
            document = project["amendment"] if name in waiting else project["document"]
        subject = {
            "project": "$project:" + name,
            "digest": "$digest:" + (document if self.chance(0.95) else name + "x"),
            "opinion": self.pick(("unmodified",) * 8 + ("modified", "adverse", "disclaimer")),
            "reportDigest": "$digest:validation",
        }
        return self.by("ValidateProject", self.pick(worlds.VVBS), subject)

    def list_project(self):
        unlisted = [
            n
            for n in self.projects_in("submitted", "validated")
            if self.model.projects[n]["listed_until"] is None
        ]
        if self.lacks(unlisted):
            return self.submit_project()
        name = self.mostly(unlisted, list(self.model.projects) + ["NONE"])
        return self.by("ListProject", "registry", {"project": "$project:" + name})

    def comment(self):
        listed = [
            n
            for n, p in self.model.projects.items()
            if p["listed_until"] is not None and (p["listed_until"] >= self.now or self.chance(0.1))
        ]
        if self.lacks(listed):
            return self.list_project()
        name = self.mostly(listed, list(self.model.projects) + ["NONE"])
        project = self.model.projects.get(name)
        if project and project["listed_until"] is not None and self.chance(0.4):
            self.now = max(self.now, project["listed_until"] + self.pick((-1, 0, 0, 1)))
        subject = {"project": "$project:" + name, "text": "too near the river"}
        if self.chance(0.3):
            subject["digest"] = "$digest:letter"
        return self.by("Comment", self.anyone(), subject)

    def register_project(self):
        if self.lacks(self.projects_in("validated")):
            return self.validate_project()
        name = self.any_project("validated")
        project = self.model.projects.get(name)
        if project and project["listed_until"] is not None and self.chance(0.7):
            self.now = max(self.now, project["listed_until"] + self.pick((0, 1, 1, 1)))
        self.count += 1
        code = f"F{self.count}" if self.chance(0.93) else "F1"
        subject = {"project": "$project:" + name, "code": code}
        return self.by("RegisterProject", "registry", subject)

    def grievance(self):
        unresolved = [n for n, g in self.model.grievances.items() if g["answer"] is None]
        if self.model.grievances and self.chance(0.5):
            name = self.mostly(unresolved, list(self.model.grievances) + ["NONE"])
            subject = {
                "grievance": "$grievance:" + name,
                "resolution": self.pick(("upheld", "rejected", "settled")),
                "reason": "looked into",
            }
            if self.chance(0.3):
                subject["digest"] = "$digest:answer"
            return self.by("ResolveGrievance", self.pick(("registry", "authority")), subject)
        name = self.mostly(self.model.projects, ["NONE"], 0.95)
        subject = {"project": "$project:" + name, "text": "our water"}
        if self.chance(0.3):
            subject["digest"] = "$digest:photo"
        return self.by("RaiseGrievance", self.anyone(), subject)

    # Changes.

    def amend_project(self):
        name = self.any_project("submitted", "validated", "registered", "registered", "suspended")
        project = self.model.projects.get(name)
        subject, blobs = {"project": "$project:" + name, "reason": "measured anew"}, {}
        for _ in range(self.pick((1, 1, 2))):
            member = self.pick(
                "name capacityPerYear boundaryDigest methodology manifest listings shares".split()
            )
            blobs.update(self._amend_member(subject, member, project))
        if self.chance(0.04):
            subject = {"project": "$project:" + name, "reason": "nothing"}
        return self.by("AmendProject", self.developer_of(name), subject, blobs=blobs)

    def _amend_member(self, subject, member, project):
        if member == "name":
            subject["name"] = {"en": "Renamed"} if self.chance(0.95) else {}
        elif member == "capacityPerYear":
            subject[member] = self.pick(("100000", "200000", "1000"))
        elif member == "boundaryDigest":
            name, blobs = self.new_boundary()
            subject[member] = "$blob:" + name
            return blobs
        elif member == "methodology":
            self._amend_methodology(subject, project)
        elif member == "manifest":
            subject[member] = self.pick(([], [worlds.DESIGN]))
        elif member == "listings":
            subject[member] = self.pick(([], [{"registry": "ACR", "id": "ACR100"}]))
        elif self._knows_shares():
            subject["sharesBoundaryWith"] = self._neighbours() if self.chance(0.7) else []
        return {}

    def _amend_methodology(self, subject, project):
        names = ("linear", "second", "second", "based", "factored")
        name = self.pick(names if self.chance(0.95) else list(self.model.standards) + ["NONE"])
        subject["methodology"] = "$standard:" + name
        registered = project is not None and project["state"] in ("registered", "suspended")
        if self.chance(0.95) == registered:
            subject["methodologyFrom"] = day_text(self._change_day(project))

    def _change_day(self, project):
        if project is None:
            return day_number("2024-01-01")
        days = [project["period"][0], project["period"][1], day_number("2025-01-01")]
        days += [self.model.reports[r]["period"][1] for r in project["live"]]
        if project["issued_until"] is not None:
            days += [project["issued_until"]] * 3
        return self.pick(days) + self.pick((0, 0, 0, 1, 31, -1))

    def renew(self):
        free = [
            n for n in self.projects_in("registered") if not self.model.projects[n]["amendment"]
        ]
        name = self.mostly(free, list(self.model.projects) + ["NONE"])
        project = self.model.projects.get(name)
        end = project["period"][1] if project else day_number("2029-01-01")
        to = end + self.pick((365, 366, 5 * 365, 7 * 366, 7 * 366 + 1, 13 * 366, 1, 0))
        subject = {"project": "$project:" + name, "to": day_text(to), "reason": "it goes on"}
        if self.chance(0.3):
            subject["manifest"] = [worlds.DESIGN]
        return self.by("RenewCreditingPeriod", self.developer_of(name), subject)

    def accept_amendment(self):
        good = [n for n, a in self.model.amendments.items() if a["state"] == "validated"]
        if self.lacks(good):
            waiting = [n for n, a in self.model.amendments.items() if a["state"] == "waiting"]
            return self.validate_project() if waiting else self.amend_project()
        name = self.mostly(good, list(self.model.amendments) + ["NONE"])
        return self.by("AcceptAmendment", "registry", {"amendment": "$amendment:" + name})

    def suspend_or_resume(self):
        suspended = self.projects_in("suspended")
        if suspended and self.chance(0.6):
            name, kind = self.pick(suspended), "ResumeProject"
        else:
            name, kind = self.any_project("registered"), "SuspendProject"
        if self.chance(0.06):
            kind = self.pick(("ResumeProject", "SuspendProject"))
        subject = {"project": "$project:" + name, "reason": "an inspection"}
        return self.by(kind, "registry", subject)

    def complete(self):
        name = self.any_project("registered")
        project = self.model.projects.get(name)
        until = self._change_day(project)
        if project and self.chance(0.5):
            until = project["period"][1]
        subject = {"project": "$project:" + name, "until": day_text(until), "reason": "done"}
        return self.by("CompleteProject", self.developer_of(name), subject)

    def withdraw_project(self):
        name = self.any_project("submitted", "validated", "registered", "suspended")
        subject = {"project": "$project:" + name, "reason": "no more money"}
        party = "registry" if self.chance(0.3) else self.developer_of(name)
        return self.by("WithdrawProject", party, subject)

    def hand_over(self):
        offered = [n for n, p in self.model.projects.items() if p["offered_to"]]
        if offered and self.chance(0.6):
            name = self.pick(offered)
            to = self.model.projects[name]["offered_to"]
            if self.chance(0.06):
                name = self.pick(list(self.model.projects) + ["NONE"])
            return self.by("AcceptProject", to, {"project": "$project:" + name})
        name = self.mostly(self.model.projects, ["NONE"], 0.97)
        developer = self.developer_of(name)
        others = [p for p in self.party_with("developer") if p != developer]
        to = self.mostly(others, list(self.model.parties) + ["NONE"], 0.85)
        subject = {"project": "$project:" + name, "to": "$party:" + to}
        return self.by("TransferProject", developer, subject)
