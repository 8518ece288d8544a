"""Whose ground it is on which days (registry.md 5, boundary.md).

A project's ground is a list of plots, the one that it has now first: {"claim", "digest", "shape",
"days"}. A plot that is not known as geometry, because it came before version 3, has no shape. Days
are half-open intervals; a plot that was freed has none.
"""

import base64

import model_boundary
from model_base import day_text, named, overlap

CLAIMS_MAX = 256


def plot(claim, digest, shape, days):
    return {"claim": claim, "digest": digest, "shape": shape, "days": days}


class Ground:
    def _boundary(self, digest, programme):
        self._rule("boundary-not-removed", digest in self.removed_blobs, "BLOB_REMOVED")
        if self._version() < 3:
            return None
        radius = int(self._lifecycle(programme)["pointRadius"])
        return model_boundary.read(self.blobs[named(digest)], radius)

    def _open_from(self, project):
        """The first open day: the end of the last issued or live report."""
        ends = [self.reports[report]["period"][1] for report in project["live"]]
        if project["issued_until"] is not None:
            ends.append(project["issued_until"])
        return max(ends, default=project["period"][0])

    def _open_days(self, project):
        return self._open_from(project), project["period"][1]

    def _free_ground(self, name, digest, shape, days, shares, activity):
        """Nobody else has common ground with this on some of the days."""
        for other, project in self.projects.items():
            if other == name:
                continue
            declared = other in shares and name in (project["shares"] or [])
            both = declared and activity != project["activity"]
            if both and self._holds("shared-boundaries"):
                continue
            for one in project["ground"]:
                if days_of(one) and overlap(one["days"], days):
                    over = lies_over(digest, shape, one)
                    self._rule("boundary-free", over, "BOUNDARY_OVERLAP")

    def _claims_fit(self, name, digest):
        """So many projects have this digest as their boundary, at most."""
        claims = {
            other
            for other, project in self.projects.items()
            if other != name and any(one["digest"] == digest for one in project["ground"])
        }
        self._rule("claims-of-a-digest", len(claims) >= CLAIMS_MAX, "LIST_TOO_LONG")

    # What an act does to it.

    def _end_ground(self, project, until):
        """Only what lies before this day stays."""
        current, *former = project["ground"]
        for one in project["ground"]:
            first, end = one["days"]
            one["days"] = (first, max(first, min(end, until)))
        project["ground"] = [current] + [one for one in former if days_of(one)]

    def _new_ground(self, project, claim, digest, shape):
        """The new boundary has the open days, the old one those before."""
        days = self._open_days(project)
        self._end_ground(project, days[0])
        current = project["ground"][0]
        if days_of(current):
            former = plot(claim, current["digest"], current["shape"], current["days"])
            project["ground"].append(former)
        current.update(digest=digest, shape=shape, days=days)

    # Rows: a boundary that is known as geometry, under the id of what claimed it.

    def _rows_geometry(self):
        rows = {}
        for name, project in self.projects.items():
            current, *former = project["ground"]
            freed = project["state"] in ("rejected", "withdrawn") and not days_of(current)
            if current["shape"] is not None and not freed:
                rows[current["claim"]] = geometry_row(name, current)
            for one in former:
                rows[one["claim"]] = geometry_row(name, one)
        for label, amendment in self.amendments.items():
            waits = amendment["state"] in ("waiting", "validated")
            if waits and amendment["shape"] is not None:
                digest = amendment["change"]["boundaryDigest"]
                waiting = plot(label, digest, amendment["shape"], None)
                rows[label] = geometry_row(amendment["project"], waiting)
        return rows


def days_of(one):
    return one["days"][1] - one["days"][0]


def lies_over(digest, shape, other):
    if shape is None or other["shape"] is None:
        return digest == other["digest"]
    return model_boundary.any_meet(shape, other["shape"])


def geometry_row(project, one):
    row = {"project": f"$project:{project}", "digest": one["digest"]}
    if one["days"] is not None:
        row["days"] = {"from": day_text(one["days"][0]), "to": day_text(one["days"][1])}
    if one["shape"] is not None:
        row["geometry"] = base64.b64encode(model_boundary.to_bytes(one["shape"])).decode()
    return row
