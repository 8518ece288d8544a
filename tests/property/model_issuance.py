"""Issuance: which statements count, how many units, where the fractions go (domain.md 5)."""

from fractions import Fraction

from model_base import ceil, decimal, exact_text, time
from model_reports import settled
from model_serials import Serials


class Issuance:
    def _IssueCredits(self, act):
        self._signer(act, "initiate", "registry")
        name, report = self._report(act["subject"]["report"])
        self._still_live(name)
        project = self.projects[report["project"]]
        self._in_state(project, "issues-registered", "registered", "completed")
        self._check_order(project, report)
        self._check_developer(report["project"], project)
        findings = self._open_requests(report)
        self._rule("issues-without-findings", findings, "FINDING_OPEN")
        late = self._overdue_forward_request(name)
        self._rule("issues-without-late-requests", late, "FINDING_OPEN")
        standing = [self.statements[s] for s in self._standing(report)]
        counted = self._check_statements(project, report, standing)
        rate = self._buffer_rate(project, counted)
        return lambda: self._issue(act, name, report, project, standing, counted, rate)

    def _check_order(self, project, report):
        """Every day issues once, in order, also where days may be left out."""
        start = project["issued_until"]
        start = project["period"][0] if start is None else start
        first = report["period"][0]
        self._rule("issues-no-earlier-day", first < start, "PERIOD_GAP")
        if not self._policy(project["programme"])["gapsAllowed"]:
            self._rule("issues-in-order", first > start, "PERIOD_GAP")

    def _check_developer(self, name, project):
        developer = self.parties[project["developer"]]
        gone = developer["status"] == "closed" or "developer" not in developer["roles"]
        self._rule("developer-eligible", gone, "DEVELOPER_NOT_ELIGIBLE")
        overdue = any(
            obligation["party"] == project["developer"]
            and obligation["state"] == "open"
            and self.now > obligation["deadline"]
            for obligation in self.obligations.values()
        )
        self._rule("developer-owes-nothing-late", overdue, "OBLIGATION_OVERDUE")
        if self._version() >= 4:
            left = any(self.now > one["deadline"] for one in self._left_debts(name))
            self._rule("nobody-left-late-debts", left, "OBLIGATION_OVERDUE")

    def _check_statements(self, project, report, standing):
        accepted = self._accepted_opinions(project)
        blocked = any(s["subject"]["opinion"] not in accepted for s in standing)
        self._rule("no-opinion-blocks", blocked, "OPINION_BLOCKS")
        counted = [s for s in standing if self._counts(s, project, report)]
        least = int(self._policy(project["programme"])["statementsMin"])
        voices = self._voices([s["vvb"] for s in counted])
        self._rule("statements-enough", voices < least, "STATEMENTS_MISSING")
        return counted

    def _counts(self, statement, project, report):
        vvb = statement["vvb"]
        if self._holds("vvb-still-admitted"):
            if not self._admitted(vvb) or "vvb" not in self._roles(vvb):
                return False
        if self._holds("vvb-still-accredited"):
            if not self._is_accredited(vvb, project, report["subject"]["methodology"]):
                return False
        if self._holds("vvb-still-independent"):
            if not self._is_independent(vvb, project, verifying=self._version() >= 4):
                return False
        if self._rotates(vvb, project):
            return False
        if self._lifecycle(project["programme"])["reviewRequired"] and self._holds("review-counts"):
            return statement["review"] is not None and statement["review"][1] == "approve"
        return True

    def _voices(self, vvbs):
        """Affiliates of each other count as one."""
        if not self._holds("affiliates-are-one-voice"):
            return len(vvbs)
        groups = []
        for vvb in vvbs:
            if self._version() < 4:
                # Whoever is near the first of a group is of it.
                if not any(self._affiliated(vvb, group[0]) for group in groups):
                    groups.append([vvb])
                continue
            near = [g for g in groups if any(self._affiliated(vvb, other) for other in g)]
            groups = [g for g in groups if g not in near] + [sum(near, []) + [vvb]]
        return len(groups)

    def _buffer_rate(self, project, counted):
        rates = [decimal(self._policy(project["programme"])["bufferRate"])]
        if self._holds("highest-rate"):
            rates += [
                decimal(s["subject"]["bufferRate"]) for s in counted if "bufferRate" in s["subject"]
            ]
        return max(rates)

    def _issue(self, act, name, report, project, standing, counted, rate):
        project["issuances"] += 1
        exacts = {vintage["year"]: vintage["exact"] for vintage in report["vintages"]}
        added = self._added(project, exacts, report["history"])
        for number, vintage in enumerate(report["vintages"]):
            year = vintage["year"]
            carry, base_carry = self._carry(project, year)
            if not self._holds("carry"):
                carry = Fraction(0)
            deficit = project["deficit"] if self._holds("deficit") else Fraction(0)
            ceiling, carry, project["deficit"] = settled(added[year], carry, deficit)
            quantity = min(
                [ceiling, vintage["claimed"]]
                + [int(s["subject"]["verified"][number]["quantity"]) for s in standing]
            )
            base = Fraction(quantity)
            if vintage["base"] is not None:
                base, base_carry = self._buffer_base(vintage["base"], base_carry)
            buffer = min(quantity, ceil(rate * base))
            project["carry"][year] = (carry, base_carry)
            if quantity:
                self._new_batch(act, name, report, project, year, quantity, buffer)
        if self._version() >= 4:
            self._settle_years(project, report["vintages"], report["history"])
        report["state"] = "issued"
        report["issued_by"] = act["label"] if self._version() >= 2 else None
        project["live"].remove(name)
        project["issued_until"] = report["period"][1]
        project["runs"] = {s["vvb"]: self._run(s["vvb"], project) + 1 for s in standing}

    @staticmethod
    def _buffer_base(exact, carry):
        """What is below zero is carried, too: the base has no deficit of its own."""
        base, carry, missing = settled(exact, carry, Fraction(0))
        return Fraction(base), carry - missing

    def _new_batch(self, act, name, report, project, year, quantity, buffer):
        batch = f"{act['label']}.{year}"
        programme = self.programmes[project["programme"]]
        self.batches[batch] = {
            "report": name,
            "project": report["project"],
            "programme": project["programme"],
            "developer": project["developer"],
            "vintage": year,
            "prefix": "-".join(
                [
                    self.ledger["code"],
                    programme["code"],
                    project["country"],
                    project["code"],
                    str(year),
                    str(project["issuances"]),
                ]
            ),
            "quantity": quantity,
            "buffer": buffer,
            "issued_at": self.now if self._version() >= 2 else None,
            "released": 0,
            "declared": 0,
            "invalidated": [],
            "obligations": sorted(
                f"$obligation:{label}"
                for label, one in self.obligations.items()
                if name in one["batches"]
            ),
            "invalidations": [],
            "withdrawn_statements": [],
            "order": len(self.batches),
        }
        self.serials[batch] = Serials(quantity, buffer, project["developer"])

    # Rows.

    def _rows_batch(self):
        return {name: self._batch_row(name, batch) for name, batch in self.batches.items()}

    def _batch_row(self, name, batch):
        return {
            "report": f"$report:{batch['report']}",
            "project": f"$project:{batch['project']}",
            "programme": f"$programme:{batch['programme']}",
            "developer": f"$party:{batch['developer']}",
            "vintage": str(batch["vintage"]),
            "prefix": batch["prefix"],
            "quantity": str(batch["quantity"]),
            "buffer": str(batch["buffer"]),
            "issuedAt": None if batch["issued_at"] is None else time(batch["issued_at"]),
            "released": str(batch["released"]),
            "declared": str(batch["declared"]),
            "invalidated": str(sum(l - f + 1 for f, l in batch["invalidated"])),
            "obligations": sorted(
                f"$obligation:{label}"
                for label, one in self.obligations.items()
                if name in one["batches"]
            ),
            "invalidations": [f"$invalidation:{name}" for name in batch["invalidations"]],
            "withdrawnStatements": sorted(
                f"$statement:{name}" for name in batch["withdrawn_statements"]
            ),
        }

    def _rows_carry(self):
        rows = {}
        for name, project in self.projects.items():
            for year in project["carry"].keys() | project["settled"].keys():
                carry, base = self._carry(project, year)
                if carry or base or year in project["settled"]:
                    row = [exact_text(carry), exact_text(base), settled_text(project, year)]
                    rows[f"{name} {year}"] = row
        return rows

    def _rows_pool(self):
        pools = {}
        for name, serials in self.serials.items():
            units = sum(last - first + 1 for first, last in serials.in_state("buffer"))
            programme = self.batches[name]["programme"]
            pools[programme] = pools.get(programme, 0) + units
        return {name: str(units) for name, units in pools.items() if units}


def settled_text(project, year):
    figure = project["settled"].get(year)
    return None if figure is None else exact_text(figure)
