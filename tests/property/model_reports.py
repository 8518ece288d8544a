"""Monitoring reports and their evidence (domain.md 4, registry.md 6)."""

from fractions import Fraction

import standards
from model_base import (
    UNITS_MAX,
    day_number,
    day_of,
    day_text,
    days_by_year,
    days_of_year,
    decimal,
    exact_text,
    floor,
    named,
    overlap,
    seconds,
    seconds_of_day,
    year_of,
)

SCALE = {"t": 1, "kg": 1_000, "g": 1_000_000}


class Reports:
    def _SubmitMonitoringReport(self, act):
        self._in_person(act, "initiate", "developer")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._own_project(act, project, "reports-own")
        self._in_state(project, "reports-registered", "registered", "completed")
        period = tuple(day_number(subject["period"][name]) for name in ("from", "to"))
        self._methodology_of_period(subject, project, period)
        self._check_period(project, period)
        years = [int(item["year"]) for item in subject["claimed"]]
        self._rule("claims-its-years", years != sorted(days_by_year(*period)), "CLAIM_YEARS_WRONG")
        last = self.standards[named(subject["methodology"])]["last_end"]
        late = last is not None and period[1] > last
        self._rule("retired-for-reports", late, "METHODOLOGY_RETIRED")
        replaced = self._superseded(subject, name)
        self._period_free(project, period, replaced)
        self._check_evidence(subject, project, period, replaced)
        figures = self._recomputed(subject, project, period)
        vintages = self._claimed(subject, project, period, figures)

        def effect():
            if replaced is not None:
                self._end_report(replaced, "superseded")
            self.reports[act["label"]] = {
                "project": name,
                "period": period,
                "subject": subject,
                "vintages": vintages,
                "history": self._history_of(subject, period, figures),
                "state": "live",
                "superseded_by": None,
                "statements": [],
                "findings": [],
                "exclusive": self._exclusive_digests(subject, project),
                "order": len(self.reports),
            }
            if replaced is not None:
                self.reports[replaced]["superseded_by"] = act["label"]
            project["live"].append(act["label"])

        return effect

    def _check_period(self, project, period):
        first, end = period
        self._rule("report-period", end <= first, "PERIOD_INVALID")
        self._rule("period-has-ended", end > day_of(self.now), "PERIOD_INVALID")
        start, stop = project["period"]
        outside = first < start or end > stop
        self._rule("period-in-crediting", outside, "PERIOD_OUTSIDE_CREDITING")

    def _superseded(self, subject, project):
        if "supersedes" not in subject:
            return None
        name = named(subject["supersedes"])
        known = name in self.reports and self.reports[name]["project"] == project
        self._rule("supersedes-own", not known, "REPORT_UNKNOWN")
        self._still_live(name)
        return name

    def _still_live(self, name):
        state = self.reports[name]["state"]
        self._rule("report-not-issued", state == "issued", "REPORT_ISSUED")
        self._rule("report-live", state != "live", "REPORT_NOT_LIVE")

    def _methodology_of_period(self, subject, project, period):
        changes = project["methodologies"]
        within = any(period[0] < since < period[1] for since, _ in changes[1:])
        self._rule("one-methodology", within, "METHODOLOGY_CHANGES_WITHIN")
        inside = [name for since, name in changes if since <= period[0]]
        other = named(subject["methodology"]) != (inside or [changes[0][1]])[-1]
        self._rule("projects-methodology", other, "METHODOLOGY_NOT_PROJECTS")

    def _period_free(self, project, period, replaced):
        live = [report for report in project["live"] if report != replaced]
        taken = any(overlap(self.reports[report]["period"], period) for report in live)
        self._rule("period-free", taken, "PERIOD_OVERLAP")
        until = project["issued_until"]
        self._rule("period-not-issued", until is not None and period[0] < until, "PERIOD_OVERLAP")

    def _recomputed(self, subject, project, period):
        """{year: (exact, base)}"""
        document = self.standards[named(subject["methodology"])]["document"]
        tables = []
        for digest in subject["tables"]:
            table = self.standards.get(named(digest))
            fit = table is not None and table["is_table"] and table["active"]
            self._rule("tables-registered", not fit, "TABLE_NOT_ALLOWED")
            tables.append(table["document"])
        first_year = year_of(project["period"][0])
        figures = standards.calculate(document, period, subject["inputs"], tables, first_year)
        # The documents yield tonnes.
        scale = SCALE[self.programmes[project["programme"]]["unit"]]
        return {
            year: (exact * scale, None if base is None else base * scale)
            for year, (exact, base) in figures.items()
        }

    def _history_of(self, subject, period, figures):
        """Of a series, from version 4 on: what the years before the period come to."""
        document = self.standards[named(subject["methodology"])]["document"]
        if not standards.is_series(document) or self._version() < 4:
            return None
        first = min(days_by_year(*period))
        return {year: exact for year, (exact, _) in figures.items() if year < first}

    def _added(self, project, years, history):
        """What the years' figures add to what was settled for them before."""
        if history is None:
            return dict(years)
        done = project["settled"] if self._holds("series-adds-once") else {}
        added = {year: exact - done.get(year, 0) for year, exact in years.items()}
        lost = [max(0, done.get(year, exact) - exact) for year, exact in history.items()]
        if self._holds("earlier-years-lose"):
            added[min(added)] -= sum(lost)
        return added

    def _settle_years(self, project, vintages, history):
        """What stands of each year from here on."""
        done = project["settled"]
        for year, exact in (history or {}).items():
            done[year] = min(done.get(year, exact), exact)
        for vintage in vintages:
            before = done.get(vintage["year"], Fraction(0)) if history is None else 0
            done[vintage["year"]] = before + vintage["exact"]

    def _claimed(self, subject, project, period, figures):
        claims = [int(item["quantity"]) for item in subject["claimed"]]
        self._rule("claim-in-bounds", sum(claims) > UNITS_MAX, "AMOUNT_OVERFLOW")
        vintages, deficit = [], project["deficit"]
        years = {year: figures[year][0] for year in sorted(days_by_year(*period))}
        added = self._added(project, years, self._history_of(subject, period, figures))
        for year, claim in zip(years, claims):
            exact, base = figures[year]
            ceiling, _, deficit = settled(added[year], self._carry(project, year)[0], deficit)
            self._rule("claims-what-is-there", claim > ceiling, "OVER_CLAIM")
            vintages.append(
                {"year": year, "exact": exact, "base": base, "ceiling": ceiling, "claimed": claim}
            )
        margin = decimal(self._policy(project["programme"])["capacityMargin"])
        share = sum(Fraction(n, days_of_year(year)) for year, n in days_by_year(*period).items())
        most = project["capacity"] * margin * share
        self._rule("plausible", sum(claims) > most, "IMPLAUSIBLE")
        return vintages

    def _carry(self, project, year):
        return project["carry"].get(year, (Fraction(0), Fraction(0)))

    # Evidence, item by item.

    def _check_evidence(self, subject, project, period, replaced):
        seen = set()
        for item in subject["evidence"]:
            digest = item["digest"]
            self._rule("evidence-once", digest in seen, "ITEM_REPEATED")
            seen.add(digest)
            self._check_dates(item, period)
            self._check_series(item)
            self._check_source(item, project)
            self._check_reuse(item, project, replaced)

    def _check_dates(self, item, period):
        taken = seconds(item["takenAt"])
        first, end = (seconds_of_day(day) for day in period)
        self._rule("taken-in-period", not first <= taken < end, "EVIDENCE_DATE_INVALID")
        self._rule("taken-before-now", taken > self.now, "EVIDENCE_DATE_INVALID")
        if "madeAt" in item:
            made = seconds(item["madeAt"])
            self._rule("made-after-taken", made < taken, "EVIDENCE_DATE_INVALID")
            self._rule("made-before-now", made > self.now, "EVIDENCE_DATE_INVALID")

    def _check_series(self, item):
        if "series" in item:
            series = item["series"]
            wanted = f"$series:{series['count']}:{named(series['root'])}"
            self._rule("series-digest", item["digest"] != wanted, "EVIDENCE_SERIES_INVALID")

    def _check_source(self, item, project):
        signed = self._lifecycle(project["programme"])["signedEvidence"]
        bare = item["kind"] in signed and "source" not in item
        self._rule("signed-kinds", bare, "EVIDENCE_SIGNATURE_MISSING")
        if "source" not in item:
            return
        key = self.keys.get(named(item["source"]["key"]))
        device = key is not None and not key["revoked"] and "device" in key["purposes"]
        self._rule("device-key", not device, "DEVICE_SIGNATURE_INVALID")
        by = named(item["source"]["signature"])
        self._rule("device-signed", by != named(item["source"]["key"]), "DEVICE_SIGNATURE_INVALID")

    def _exclusive_digests(self, subject, project):
        kinds = self._policy(project["programme"])["exclusiveEvidence"]
        return {item["digest"] for item in subject["evidence"] if item["kind"] in kinds}

    def _check_reuse(self, item, project, replaced):
        exclusive = item["kind"] in self._policy(project["programme"])["exclusiveEvidence"]
        for name, report in self.reports.items():
            if name == replaced or report["state"] not in ("live", "issued"):
                continue
            named_there = any(i["digest"] == item["digest"] for i in report["subject"]["evidence"])
            taken = item["digest"] in report["exclusive"]
            reused = taken or (named_there and exclusive)
            self._rule("evidence-used-once", reused, "EVIDENCE_REUSED")

    def _WithdrawReport(self, act):
        self._in_person(act, "initiate", "developer")
        name = named(act["subject"]["report"])
        self._rule("withdraws-known-report", name not in self.reports, "REPORT_UNKNOWN")
        project = self.projects[self.reports[name]["project"]]
        self._own_project(act, project, "withdraws-own-report")
        self._still_live(name)
        return lambda: self._end_report(name, "withdrawn")

    def _end_report(self, name, state):
        report = self.reports[name]
        report["state"] = state
        self.projects[report["project"]]["live"].remove(name)

    def _rows_report(self):
        return {name: self._report_row(report) for name, report in self.reports.items()}

    def _report_row(self, report):
        subject = report["subject"]
        first, end = report["period"]
        shared = {item["digest"] for item in subject["evidence"]} - report["exclusive"]
        row = {
            "project": f"$project:{report['project']}",
            "period": {"from": day_text(first), "to": day_text(end)},
            "methodology": subject["methodology"],
            "tables": subject["tables"],
            "vintages": [self._vintage_row(vintage) for vintage in report["vintages"]],
            "exclusiveEvidence": sorted(report["exclusive"]),
            "sharedEvidence": sorted(shared),
            "state": report["state"],
            "statements": sorted(f"$statement:{s}" for s in self._latest(report)),
            "findings": sorted(f"$finding:{name}" for name in report["findings"]),
        }
        history = report["history"]
        row["history"] = None
        if history is not None:
            row["history"] = [[str(year), exact_text(history[year])] for year in sorted(history)]
        if report["superseded_by"]:
            row["supersededBy"] = f"$report:{report['superseded_by']}"
        if report.get("issued_by"):
            row["issuedBy"] = f"$digest:{report['issued_by']}"
        return row

    @staticmethod
    def _vintage_row(vintage):
        row = {
            "year": str(vintage["year"]),
            "exact": exact_text(vintage["exact"]),
            "ceiling": str(vintage["ceiling"]),
            "claimed": str(vintage["claimed"]),
        }
        if vintage["base"] is not None:
            row["bufferBase"] = exact_text(vintage["base"])
        return row

    def _rows_evidence(self):
        used = {}
        for name, report in self.reports.items():
            if report["state"] not in ("live", "issued"):
                continue
            for item in report["subject"]["evidence"]:
                row = used.setdefault(item["digest"], {"report": None, "shared": 0})
                if item["digest"] in report["exclusive"]:
                    row["report"] = f"$report:{name}"
                else:
                    row["shared"] += 1
        return used


def settled(exact, carry, deficit):
    """(ceiling, carry, deficit) after a year's exact figure (domain.md 5)."""
    available = exact + carry - deficit
    if available < 0:
        return 0, Fraction(0), -available
    ceiling = floor(Fraction(available))
    return ceiling, available - ceiling, Fraction(0)
