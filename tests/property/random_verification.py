"""Random acts from a report to its units: evidence, findings, statements, reviews, issuance."""

import worlds
from fractions import Fraction

import standards
from model_base import Refused, day_of, day_text, days_by_year, floor, seconds_of_day, year_of
from model_reports import SCALE, settled

SPANS = (1, 30, 31, 90, 181, 365, 366, 400)
EVIDENCE_KINDS = ("meter-data", "meter-data", "calibration", "survey")


class VerificationActs:
    KINDS = {
        "submit_report": 14,
        "withdraw_report": 2,
        "state": 16,
        "review": 6,
        "withdraw_statement": 2,
        "raise_finding": 4,
        "answer_finding": 2,
        "close_finding": 5,
        "issue": 12,
    }

    def _reportable(self):
        return [
            n
            for n in self.projects_in("registered", "completed")
            if self._next_period(self.model.projects[n]) is not None
        ]

    def _next_period(self, project):
        """From where the last report ends, or nothing where no day is left."""
        ends = [self.model.reports[r]["period"][1] for r in project["live"]]
        start = project["issued_until"] or project["period"][0]
        first = max(ends + [start])
        most = min(project["period"][1], day_of(self.now)) - first
        return (first, first + min(self.pick(SPANS), most)) if most > 0 else None

    def submit_report(self):
        name = self.mostly(self._reportable(), list(self.model.projects), 0.95)
        if name not in self.model.projects:
            return []
        project = self.model.projects[name]
        period = self._next_period(project) or (project["period"][0], project["period"][0] + 30)
        if self.chance(0.06):
            shift = self.pick((-1, 1, -30, 400))
            period = (period[0] + shift, period[1] + self.pick((0, shift)))
        if self.chance(0.02):
            period = (project["period"][0] - 1, project["period"][0] + 30)
        if len(project["methodologies"]) > 1 and self.chance(0.3):
            change = project["methodologies"][-1][0]
            period = (change - 5, change + 5)
        replaced = self._replaced(project)
        if replaced:
            period = self.model.reports[replaced]["period"]
        if not 0 < period[1] - period[0] < 5_000:
            period = (period[0], period[0] + 1)
        subject = self._report_subject(name, project, period)
        if replaced:
            subject["supersedes"] = "$report:" + replaced
        self.count += 1
        return self.by(
            "SubmitMonitoringReport", self.developer_of(name), subject, label=f"r{self.count}"
        )

    def _replaced(self, project):
        if project["live"] and self.chance(0.2):
            return self.pick(project["live"])
        if self.model.reports and self.chance(0.02):
            return self.pick(self.model.reports)
        return None

    def _report_subject(self, name, project, period):
        years = days_by_year(*period)
        methodology = self._methodology_at(project, period)
        base = self.model.standards[methodology]["document"]
        amounts = {year: self._amount(days) for year, days in years.items()}
        share = self.pick(("1", "1", "3", "3", "7", "0.5"))
        most = project["capacity"]
        if self.chance(0.02):
            amounts, share, most = dict.fromkeys(years, str(2 * most)), "1", 2 * most * 366
        subject = worlds.report(
            name, day_text(period[0]), day_text(period[1]), amounts, {}, share, methodology
        )
        if standards.is_series(base):
            subject["inputs"] = {"stock": self._stocks(name, project, period)}
        if any(p["name"] == "base" for p in base["parameters"]):
            records = [{"year": str(y), "value": self._amount(d)} for y, d in years.items()]
            subject["inputs"]["base"] = records
        if base["tables"] or self.chance(0.02):
            tables = ["factor-2"] if self.chance(0.9) else self.pick((["factor-old"], ["NONE"], []))
            subject["tables"] = ["$standard:" + table for table in tables]
        subject["claimed"] = self._claims(project, period, base, subject, most)
        if self.chance(0.05):
            self._spoil_inputs(subject)
        subject["evidence"] = self._evidence(project, period)
        return subject

    def _stocks(self, name, project, period):
        """As it was told before, mostly; sometimes told anew."""
        told = self.stocks.setdefault(name, {})
        first, last = year_of(project["period"][0]), year_of(period[1] - 1)
        for year in range(first, last + 1):
            before = told.get(year - 1, 0)
            if year not in told or self.chance(0.12):
                told[year] = max(0, before + self.random.randint(-20_000, 90_000))
        records = [{"year": str(y), "c": str(told[y])} for y in range(first, last + 1)]
        if records and self.chance(0.04):
            records.pop(self.pick(range(len(records))))
        return records

    def _methodology_at(self, project, period):
        names = [n for since, n in project["methodologies"] if since <= period[0]]
        name = (names or [project["methodologies"][0][1]])[-1]
        return self.pick(("linear", "second")) if self.chance(0.03) else name

    def _amount(self, days):
        text = str(self.random.randint(1, 400) * days)
        if self.chance(0.3):
            text += self.pick((".5", ".25", ".1"))
        return "-" + text if self.chance(0.12) else text

    # What may be claimed with that capacity, mostly; sometimes one more.
    def _claims(self, project, period, document, subject, capacity):
        years = days_by_year(*period)
        try:
            tables = [
                self.model.standards[t.split(":")[1]]["document"]
                for t in subject["tables"]
                if t.split(":")[1] in self.model.standards
            ]
            first_year = year_of(project["period"][0])
            figures = standards.calculate(
                document, period, subject["inputs"], tables, first_year
            )
            history = self.model._history_of(subject, period, figures)
            # A period may lie outside the crediting period.
            years_told = {y: figures.get(y, (Fraction(0),))[0] for y in sorted(years)}
            added = self.model._added(project, years_told, history)
            figures = {year: (exact, None) for year, exact in added.items()}
        except Refused:
            figures = dict.fromkeys(years, (Fraction(0), None))
        scale = SCALE[self.model.programmes[project["programme"]]["unit"]]
        claims, deficit = [], project["deficit"]
        for year in sorted(years):
            carry = project["carry"].get(year, (0, 0))[0]
            ceiling, _, deficit = settled(figures[year][0] * scale, carry, deficit)
            ceiling = min(ceiling, floor(Fraction(capacity * years[year], 366)))
            edges = (ceiling, ceiling, max(0, ceiling - 1), ceiling // 2, ceiling + 1)
            claim = self.random.choices(edges, (10, 2, 1, 1, 0.5))[0]
            claims.append({"year": str(year), "quantity": str(claim)})
        if self.chance(0.02):
            claims.append({"year": "2030", "quantity": "0"})
        return claims

    def _spoil_inputs(self, subject):
        inputs = subject["inputs"]
        if "stock" in inputs:
            self._spoil_stock(inputs)
            return
        spoil = self.pick(("gone", "twice", "word", "zero", "huge", "extra", "negative"))
        if spoil == "gone":
            del inputs[self.pick(list(inputs))]
        elif spoil == "twice":
            inputs["amount"].append(dict(inputs["amount"][0]))
        elif spoil == "word":
            inputs["amount"][0]["value"] = self.pick(("1,5", "much", "1e3"))
        elif spoil == "zero":
            inputs["share"] = "0"
        elif spoil == "huge":
            inputs["amount"][0]["value"] = str(standards.AMOUNT_MAX + 1)
        elif spoil == "extra":
            inputs["more"] = "1"
        else:
            inputs["share"] = "-1"

    def _spoil_stock(self, inputs):
        spoil = self.pick(("gone", "twice", "word", "extra", "early"))
        if spoil == "gone":
            del inputs["stock"]
        elif spoil == "extra":
            inputs["more"] = "1"
        elif not inputs["stock"]:
            return
        elif spoil == "twice":
            inputs["stock"].append(dict(inputs["stock"][0]))
        elif spoil == "word":
            inputs["stock"][0]["c"] = self.pick(("1,5", "much", "1e3"))
        else:
            inputs["stock"].insert(0, {"year": str(int(inputs["stock"][0]["year"]) - 1), "c": "5"})

    # Evidence.

    def _evidence(self, project, period):
        items = []
        for _ in range(self.pick((0, 0, 1, 1, 2))):
            self.count += 1
            items.append(self._evidence_item(project, period, f"e{self.count}"))
        if items and self.chance(0.03):
            items.append(dict(items[0]))
        return items

    def _evidence_item(self, project, period, name):
        first, end = (seconds_of_day(day) for day in period)
        taken = self.pick((first, first, end - 1, (first + end) // 2))
        if self.chance(0.04):
            taken = self.pick((first - 1, end))
        item = {
            "digest": "$digest:" + (name if self.chance(0.85) else self._used_evidence(name)),
            "kind": self.pick(EVIDENCE_KINDS),
            "takenAt": f"$time:{taken}",
        }
        if self.model.ledger["version"] >= 2 or self.chance(0.03):
            self._date_and_series(item, taken, name)
        signed = item["kind"] in self.model._lifecycle(project["programme"])["signedEvidence"]
        if self.chance(0.9 if signed else 0.2):
            item["source"] = self._source()
        return item

    def _used_evidence(self, name):
        used = [
            item["digest"].split(":", 1)[1]
            for report in list(self.model.reports.values())[-8:]
            for item in report["subject"]["evidence"]
            if item["digest"].startswith("$digest:")
        ]
        return self.pick(used, name)

    def _date_and_series(self, item, taken, name):
        if self.chance(0.5):
            made = self.pick((taken, taken + 60, self.now, self.now, self.now + 1, taken - 1))
            item["madeAt"] = f"$time:{made}"
        if self.chance(0.2):
            item["series"] = {"count": "3", "root": "$digest:" + name}
            item["digest"] = f"$series:3:{name}" if self.chance(0.8) else f"$series:4:{name}"

    def _source(self):
        devices = [n for n, k in self.model.keys.items() if "device" in k["purposes"]]
        key = self.mostly(devices, list(self.model.keys) + ["stranger"], 0.93)
        by = key if self.chance(0.93) else "stranger"
        return {"key": "$key:" + key, "signature": "$signed-by:" + by}

    # Reports that are there.

    def live_reports(self):
        return [n for n, r in self.model.reports.items() if r["state"] == "live"]

    def any_report(self, probability=0.93):
        return self.mostly(self.live_reports(), list(self.model.reports) + ["NONE"], probability)

    def withdraw_report(self):
        name = self.any_report(0.85)
        report = self.model.reports.get(name)
        party = self.developer_of(report["project"]) if report else "developer"
        subject = {"report": "$report:" + name, "reason": "read twice"}
        return self.by("WithdrawReport", party, subject)

    def state(self):
        if self.lacks(self.live_reports()):
            return self.submit_report()
        name = self.any_report()
        if name not in self.model.reports:
            subject = worlds.statement(name, {2024: "1"})
            return self.by("SubmitVerificationStatement", "vvb1", subject)
        report = self.model.reports[name]
        verified = {}
        for vintage in report["vintages"]:
            ceiling, claimed = vintage["ceiling"], vintage["claimed"]
            edges = (claimed, ceiling, claimed, max(0, claimed - 1), claimed // 2, ceiling + 1)
            verified[vintage["year"]] = str(self.random.choices(edges, (10, 4, 4, 1, 1, 0.4))[0])
        if self.chance(0.03):
            verified[2030] = "0"
        opinion = self.pick(("unmodified",) * 12 + ("modified", "modified", "adverse", "disclaimer"))
        subject = worlds.statement(name, verified, opinion)
        if self.chance(0.25):
            subject["bufferRate"] = self.pick(("0.1", "0.25", "0", "0.3333", "1.5", "-0.1"))
        if self.chance(0.03):
            subject["materiality"] = self.pick(("1.5", "-0.1"))
        if self.chance(0.04):
            subject[self.pick(("digest", "index"))] = "$index:" + self.pick(self.model.reports)
            subject["digest"] = "$digest:" + name if self.chance(0.5) else "$digest:another"
        return self.by("SubmitVerificationStatement", self._vvb_for(report), subject)

    # Mostly one that has not stated yet and may.
    def _vvb_for(self, report):
        stated = [self.model.statements[s]["vvb"] for s in self.model._standing(report)]
        project = self.model.projects[report["project"]]
        good = [
            vvb
            for vvb in self.party_with("vvb")
            if vvb not in stated
            and not self.model._rotates(vvb, project)
            and self.model._is_independent(vvb, project, True)
        ]
        return self.mostly(good, worlds.VVBS, 0.85)

    def any_statement(self, good):
        return self.mostly(good, list(self.model.statements) + ["NONE"], 0.92)

    def review(self):
        unreviewed = [
            n
            for n, s in self.model.statements.items()
            if s["review"] is None and self.model.reports[s["report"]]["state"] == "live"
        ]
        if self.lacks(unreviewed):
            return self.state()
        name = self.any_statement(unreviewed)
        reviewed = [n for n, s in self.model.statements.items() if s["review"] is not None]
        if reviewed and self.chance(0.05):
            name = self.pick(reviewed)
        statement = self.model.statements.get(name)
        vvb = statement["vvb"] if statement and self.chance(0.95) else self.pick(worlds.VVBS)
        subject = {
            "statement": "$statement:" + name,
            "decision": "approve" if self.chance(0.85) else "reject",
            "reason": "read",
        }
        keys = [
            n
            for n, k in self.model.keys.items()
            if k["party"] == vvb and "review" in k["purposes"] and not k["revoked"]
        ]
        key = self.mostly(keys, [vvb, vvb + "-2"], 0.94)
        return self.act("ReviewVerification", vvb, subject, key)

    def withdraw_statement(self):
        name = self.any_statement([n for n, s in self.model.statements.items() if not s["withdrawn"]])
        statement = self.model.statements.get(name)
        vvb = statement["vvb"] if statement and self.chance(0.95) else self.pick(worlds.VVBS)
        subject = {"statement": "$statement:" + name, "reason": "an error"}
        return self.by("WithdrawStatement", vvb, subject)

    # Findings.

    def raise_finding(self):
        if self.lacks(self.live_reports()):
            return self.submit_report()
        name = self.any_report()
        report = self.model.reports.get(name)
        deadline = self.pick((100, 100, 400, 1, 0, -1))
        subject = {
            "report": "$report:" + name,
            "kind": self.pick(("CAR", "CL", "FAR", "FAR")),
            "text": "the seal of the meter",
            "deadline": f"$time:{self.now + deadline}",
        }
        vvb = self._vvb_for(report) if report else "vvb1"
        return self.by("RaiseFinding", vvb, subject)

    def _any_finding(self):
        unclosed = [n for n, f in self.model.findings.items() if not f["closed"]]
        return self.mostly(unclosed, list(self.model.findings) + ["NONE"], 0.9)

    def answer_finding(self):
        if self.lacks(self.model.findings):
            return self.raise_finding()
        name = self._any_finding()
        finding = self.model.findings.get(name)
        party = "developer"
        if finding:
            party = self.developer_of(self.model.reports[finding["report"]]["project"])
        subject = {"finding": "$finding:" + name, "text": "renewed", "digests": []}
        return self.by("AnswerFinding", party, subject)

    def close_finding(self):
        if self.lacks(self.model.findings):
            return self.raise_finding()
        name = self._any_finding()
        finding = self.model.findings.get(name)
        party = finding["vvb"] if finding and self.chance(0.7) else self.pick(("registry", "vvb1"))
        return self.by("CloseFinding", party, {"finding": "$finding:" + name, "reason": "good"})

    def issue(self):
        live = self.live_reports()
        ready = [n for n in live if self.model._standing(self.model.reports[n])]
        if self.lacks(ready):
            return self.state()
        name = self.mostly(ready, live or list(self.model.reports), 0.9)
        issue = self.by("IssueCredits", "registry", {"report": "$report:" + name})
        if name in ready and self.chance(0.01):
            return [self._other_roles(self.model.reports[name]["project"]), issue]
        return issue

    def _other_roles(self, project):
        """The project's developer is none any more."""
        developer = self.model.projects[project]["developer"]
        subject = {"party": "$party:" + developer, "roles": ["buyer"], "kycDigest": "$digest:kyc"}
        return self.by("AdmitParty", "registry", subject)
