"""Random acts about lost tonnes: reversals, invalidations, obligations, the pool."""

import copy


class IntegrityActs:
    KINDS = {
        "reversal": 6,
        "over_issuance": 5,
        "invalidation": 5,
        "release": 6,
        "default": 5,
        "compensation": 9,
        "repay": 6,
    }

    def open_obligations(self):
        return [n for n, o in self.model.obligations.items() if o["state"] == "open"]

    def reversal(self):
        units = {}
        for batch in self.model.batches.values():
            units[batch["project"]] = units.get(batch["project"], 0) + batch["quantity"]
        name = self.mostly(units, list(self.model.projects) + ["NONE"])
        project = self.model.projects.get(name)
        left = units.get(name, 0) - (project["reversed"] if project else 0)
        pool = 0
        if project:
            ranges = self.model._pool_of(project["programme"])
            pool = sum(last - first + 1 for _, first, last in ranges)
        limit = self.pick((left, pool, pool, min(left, pool)))
        subject = {
            "project": "$project:" + name,
            "kind": self.pick(("unintentional", "unintentional", "intentional")),
            "quantity": str(max(1, self.around(limit))),
            "cause": "fire",
            "evidence": [],
        }
        reports = [n for n, r in self.model.reports.items() if r["project"] == name]
        if self.chance(0.75):
            subject["report"] = "$report:" + self.mostly(reports, list(self.model.reports), 0.93)
        else:
            good = [n for n, s in self.model.statements.items() if s["report"] in reports]
            chosen = self.mostly(good, list(self.model.statements) + ["NONE"], 0.9)
            subject["statement"] = "$statement:" + chosen
        if self.chance(0.04):
            subject.pop("report", None)
        return self.by("RecordReversal", "registry", subject)

    def some_batch(self):
        return self.mostly(self.model.batches, ["NONE.2023"], 0.97)

    def over_issuance(self):
        first = self.some_batch()
        row = self.model.batches.get(first)
        same = [
            n
            for n, b in self.model.batches.items()
            if row and b["programme"] == row["programme"] and n != first
        ]
        batches = [first] + self.random.sample(same, min(len(same), self.pick((0, 0, 1, 2))))
        if self.chance(0.05):
            batches.append(self.pick(list(self.model.batches)))
        left = sum(self.model._left_to_declare(b) for b in batches if b in self.model.batches)
        party = self.pick(("developer", "grower", "registry", "buyer"))
        if row and self.chance(0.7):
            party = self.model.projects[row["project"]]["developer"]
        deadline = self.pick((100, 400, 400, 1, 0))
        subject = {
            "batches": ["$batch:" + name for name in batches],
            "quantity": str(self.around(self.pick((max(1, left), 50)))),
            "party": "$party:" + party,
            "deadline": f"$time:{self.now + deadline}",
            "reason": "a factor was wrong",
            "digest": "$digest:finding",
        }
        return self.by("DeclareOverIssuance", "registry", subject)

    def invalidation(self):
        name = self.some_batch()
        subject = {"batch": "$batch:" + name, "reason": "fraud", "digest": "$digest:decision"}
        batch = self.model.batches.get(name)
        if batch and self.chance(0.85):
            subject["ranges"] = self._spans(name, batch["quantity"])
        return self.by("InvalidateBatch", "registry", subject)

    # At the edges of what is held, so that transfers and locks are cut.
    def _spans(self, name, quantity):
        spans, at = [], 1
        runs = [r for r in self.model.serials[name].runs if r[2][0] != "cancelled"]
        for _ in range(self.pick((1, 1, 2))):
            if not runs:
                break
            low, high, _ = self.pick(runs)
            first = self.pick((low, low + 1, max(1, high - 1), max(1, low - 1)))
            last = first + self.pick((0, 1, 9, 100, 1_000))
            if first >= at:
                spans.append((first, min(last, quantity)))
                at = spans[-1][1] + 1
        if self.chance(0.04) and spans:
            spans.append(spans[0])
        if self.chance(0.03):
            spans = [(quantity, quantity + 1)]
        return [{"first": str(f), "last": str(l)} for f, l in spans or [(1, 1)]]

    def release(self):
        names = [
            n
            for n, b in self.model.batches.items()
            if self.model.serials[n].in_state("buffer")
            and ("releaseShare" in self.model._integrity(b["programme"]) or self.chance(0.05))
        ]
        name = self.mostly(names, list(self.model.batches) + ["NONE.2023"])
        batch = self.model.batches.get(name)
        limit = 1
        if batch:
            limit = max(1, batch["buffer"] // 2 - batch["released"])
            if batch["issued_at"] is not None and self.chance(0.6):
                due = batch["issued_at"] + 300
                self.now = max(self.now, due + self.pick((-1, 0, 0, 0)))
        subject = {
            "batch": "$batch:" + name,
            "quantity": str(self.around(limit)),
            "reason": "ten years without fire",
        }
        return self.by("ReleaseBuffer", "registry", subject)

    def default(self):
        good = [n for n in self.open_obligations() if self.model.obligations[n]["cause"] == "reversal"]
        if self.lacks(good):
            return self.reversal()
        name = self.mostly(good, list(self.model.obligations) + ["NONE"])
        obligation = self.model.obligations.get(name)
        if obligation and self.chance(0.8):
            self.now = max(self.now, obligation["deadline"] + self.pick((0, 1, 1, 1)))
        subject = {"obligation": "$obligation:" + name, "reason": "nothing came"}
        return self.governed("DeclareDefault", subject)

    def compensation(self):
        return self._make_good("Cancel", "owed")

    def repay(self):
        owing = [n for n in self.open_obligations() if self.model.obligations[n]["to_pool"]]
        return self._make_good("RepayPool", "to_pool", owing)

    def _make_good(self, kind, part, names=None):
        names = self.open_obligations() if names is None else names
        if self.lacks(names):
            return self.default() if self.open_obligations() else self.over_issuance()
        name = self.mostly(names, list(self.model.obligations) + ["NONE"])
        obligation = self.model.obligations.get(name)
        if obligation is None and self.chance(0.9):
            return []
        party = obligation["party"] if obligation and self.chance(0.95) else self.pick(self.holders())
        limit = obligation[part] if obligation else 1
        legs = self._good_legs(party, obligation, limit)
        subject = {"obligation": "$obligation:" + name, "legs": legs}
        if kind == "Cancel":
            subject.update(kind="compensation", reason="made good")
        return self.by(kind, party, subject)

    # Of the programme, mostly; as much as is owed, or a little more.
    def _good_legs(self, party, obligation, limit):
        programme = obligation["programme"] if obligation else None
        held = [
            (batch, sum(last - first + 1 for first, last in serials.held(("active", party, ""))))
            for batch, serials in self.model.serials.items()
        ]
        held = [(batch, units) for batch, units in held if units]
        same = [h for h in held if self.model.batches[h[0]]["programme"] == programme]
        if not held:
            return [{"batch": "$batch:" + self.some_batch(), "quantity": "1"}]
        batch, units = self.mostly(same, held, 0.93)
        amount = self.pick((min(limit, units), min(limit, units), limit + 1, max(1, limit // 2)))
        legs = [{"batch": "$batch:" + batch, "quantity": str(max(1, amount))}]
        return legs + ([copy.deepcopy(legs[0])] if self.chance(0.03) else [])
