"""Tonnes that are lost or were never there: reversals, obligations, the pool (registry.md 7)."""

from model_base import STATUS_OUTCOME, decimal, floor, named, seconds, size, time, units_of, without
from model_serials import GONE, ISSUED_AND_HERE


class Integrity:
    # The pool.

    def _pool_of(self, programme, first_of=None):
        """Pool units [(batch, first, last)] in the order in which they pay: those of the project
        `first_of`, then the programme's, by vintage, creation, serial."""
        batches = [n for n, b in self.batches.items() if b["programme"] == programme]
        batches.sort(key=lambda n: (self.batches[n]["vintage"], self.batches[n]["order"]))
        if not self._holds("pool-by-vintage"):
            batches.sort(key=lambda n: self.batches[n]["order"])
        if first_of is not None and self._holds("own-pool-first"):
            batches.sort(key=lambda n: self.batches[n]["project"] != first_of)
        return [
            (name, first, last)
            for name in batches
            for first, last in self.serials[name].in_state("buffer")
        ]

    @staticmethod
    def _first_of(ranges, quantity):
        """The first `quantity` units of the ranges, or all there are."""
        taken = []
        for batch, first, last in ranges:
            if quantity == 0:
                break
            count = min(quantity, last - first + 1)
            taken.append((batch, first, first + count - 1))
            quantity -= count
        return taken

    # Obligations.

    def _open_obligation(self, label, party, programme, project, cause, batches, quantity, deadline):
        self.obligations[label] = {
            "party": party,
            "programme": programme,
            "project": project,
            "cause": cause,
            "batches": batches,
            "quantity": quantity,
            "owed": quantity,
            "to_pool": 0,
            "at": self.now,
            "deadline": deadline,
            "defaulted": False,
            "state": "open",
        }

    def _obligation_deadline(self, programme):
        return self.now + int(self._integrity(programme)["obligationSeconds"])

    def _obligation(self, text):
        name = named(text)
        self._rule("obligation-known", name not in self.obligations, "OBLIGATION_UNKNOWN")
        obligation = self.obligations[name]
        self._rule("obligation-open", obligation["state"] != "open", "OBLIGATION_CLOSED")
        return name, obligation

    def _own_obligation(self, act):
        name, obligation = self._obligation(act["subject"]["obligation"])
        # Who may hold no units has others make good for it.
        able = self._may_hold(obligation["party"]) or not self._holds("others-for-the-unable")
        closed = self.parties[obligation["party"]]["status"] == "closed"
        if closed and self._version() >= 4 and self._holds("others-for-the-closed"):
            able = False
        other = able and obligation["party"] != act["party"]
        self._rule("own-obligation", other, "OBLIGATION_NOT_YOURS")
        return name, obligation

    def _owes(self, party):
        return any(o["party"] == party and o["state"] == "open" for o in self.obligations.values())

    def _left_debts(self, name):
        """Open ones from this project, of developers that handed it on."""
        former = self.projects[name]["former"]
        for one in self.obligations.values():
            if one["state"] == "open" and one["project"] == name and one["party"] in former:
                yield one

    @staticmethod
    def _settle_obligation(obligation):
        if obligation["owed"] == 0 and obligation["to_pool"] == 0:
            obligation["state"] = "discharged"

    def _compensates(self, name, obligation, ranges):
        """Units that make an obligation good."""
        least = int(self._integrity(obligation["programme"])["compensationVintageFrom"])
        for batch in dict.fromkeys(batch for batch, _, _ in ranges):
            row = self.batches[batch]
            foreign = row["programme"] != obligation["programme"]
            self._rule("compensates-in-programme", foreign, "COMPENSATION_NOT_ACCEPTED")
            old = row["vintage"] < least
            self._rule("compensates-by-vintage", old, "COMPENSATION_NOT_ACCEPTED")
            self._rule("compensates-valid", row["invalidated"], "COMPENSATION_NOT_ACCEPTED")
            named_by = any(
                batch in other["batches"] and other["state"] == "open" and key != name
                for key, other in self.obligations.items()
            )
            self._rule("compensates-unburdened", named_by, "COMPENSATION_NOT_ACCEPTED")

    def _RecordReversal(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        name, project = self._project(subject["project"])
        self._check_basis(subject, name)
        quantity = int(subject["quantity"])
        issued = sum(b["quantity"] for b in self.batches.values() if b["project"] == name)
        too_large = quantity > issued - project["reversed"]
        self._rule("reversal-within-issued", too_large, "REVERSAL_TOO_LARGE")

        def effect():
            programme = project["programme"]
            paid = []
            if subject["kind"] == "unintentional" or not self._holds("intentional-not-pooled"):
                paid = self._first_of(self._pool_of(programme, name), quantity)
            self._place(paid, ("cancelled", "", "$reversal:" + act["label"]))
            left = quantity - units_of(paid)
            project["reversed"] += quantity
            self.reversals[act["label"]] = {"subject": subject, "paid": paid, "owed": left > 0}
            if left:
                deadline = self._obligation_deadline(programme)
                developer = project["developer"]
                self._open_obligation(
                    act["label"], developer, programme, name, "reversal", [], left, deadline
                )

        return effect

    def _check_basis(self, subject, project):
        both = ("report" in subject) == ("statement" in subject)
        self._rule("one-basis", both, "REVERSAL_BASIS_INVALID")
        if "statement" in subject:
            _, statement = self._statement(subject["statement"])
            report = statement["report"]
        else:
            report, _ = self._report(subject["report"])
        other = self.reports[report]["project"] != project
        self._rule("basis-of-project", other, "REVERSAL_BASIS_INVALID")

    def _DeclareOverIssuance(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        batches = [named(batch) for batch in subject["batches"]]
        for number, batch in enumerate(batches):
            self._rule("declares-known", batch not in self.batches, "BATCH_UNKNOWN")
            programmes = {self.batches[other]["programme"] for other in batches[: number + 1]}
            self._rule("declares-one-programme", len(programmes) > 1, "UNITS_MIXED")
            self._rule("declares-once", batch in batches[:number], "ITEM_REPEATED")
        party = self._party_named(subject["party"], "declares-on-known")
        status = self.parties[party]["status"]
        if status in ("applied", "closed"):
            self._rule("declares-on-living", True, STATUS_OUTCOME[status])
        deadline = seconds(subject["deadline"])
        self._rule("declared-deadline", deadline <= self.now, "DEADLINE_INVALID")
        quantity = int(subject["quantity"])
        left = {batch: self._left_to_declare(batch) for batch in batches}
        too_large = quantity > sum(left.values())
        self._rule("declares-what-is-left", too_large, "OVER_ISSUANCE_TOO_LARGE")

        def effect():
            rest = quantity
            for batch in batches:
                part = min(rest, left[batch])
                self.batches[batch]["declared"] += part
                rest -= part
            programme = self.batches[batches[0]]["programme"]
            projects = {self.batches[batch]["project"] for batch in batches}
            project = projects.pop() if len(projects) == 1 else None
            self._open_obligation(
                act["label"], party, programme, project, "over-issuance", batches, quantity, deadline
            )

        return effect

    def _left_to_declare(self, name):
        batch = self.batches[name]
        return max(0, batch["quantity"] - batch["declared"] - size(batch["invalidated"]))

    def _InvalidateBatch(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        name = named(subject["batch"])
        self._rule("invalidates-known", name not in self.batches, "BATCH_UNKNOWN")
        batch = self.batches[name]
        spans = [(1, batch["quantity"])]
        if "ranges" in subject:
            spans = [(int(r["first"]), int(r["last"])) for r in subject["ranges"]]
            self._check_spans(spans, batch["quantity"])
        before = without(spans, batch["invalidated"]) != sorted(spans)
        self._rule("invalidated-once", before, "INVALIDATED_ALREADY")
        return lambda: self._invalidate(act, name, batch, spans)

    def _check_spans(self, spans, quantity):
        end = 0
        for first, last in spans:
            apart = end < first <= last <= quantity
            self._rule("spans-ascend", not apart, "LEG_INVALID")
            end = last

    def _invalidate(self, act, name, batch, spans):
        ranges = [(name, first, last) for first, last in spans]
        self._end_claims(ranges)
        cancelled = gone = 0
        for first, last in spans:
            for low, high, place in self.serials[name].within(first, last):
                if place[0] in ISSUED_AND_HERE:
                    cancelled += high - low + 1
                    reference = "$invalidation:" + act["label"]
                    self.serials[name].move(low, high, ("cancelled", place[1], reference))
                elif place[0] in GONE:
                    gone += high - low + 1
        batch["invalidated"] = sorted(batch["invalidated"] + spans)
        batch["invalidations"].append(act["label"])
        self.invalidations[act["label"]] = {
            "batch": name,
            "spans": spans,
            "cancelled": cancelled,
            "gone": gone,
        }
        if gone:
            programme = batch["programme"]
            developer = batch["developer"]
            registry = self._integrity(programme)["liable"] == "registry"
            party = act["party"] if registry and self._holds("liable-by-policy") else developer
            deadline = self._obligation_deadline(programme)
            self._open_obligation(
                act["label"], party, programme, batch["project"], "invalidation", [name], gone, deadline
            )

    def _end_claims(self, ranges):
        """Pending transfers and locks that hold one of the serials end; what else they hold goes
        back to its holder."""
        for batch, first, last in ranges:
            for _, _, place in self.serials[batch].within(first, last):
                if place[0] == "pending":
                    transfer = self.transfers[named(place[2])]
                    self._settle(transfer, "ended", transfer["from"])
                if place[0] == "locked":
                    self._end_lock(self.locks[named(place[2])], "ended")

    def _ReleaseBuffer(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        name = named(subject["batch"])
        self._rule("releases-known", name not in self.batches, "BATCH_UNKNOWN")
        batch = self.batches[name]
        project = self.projects[batch["project"]]
        quantity = int(subject["quantity"])
        self._check_release(batch, project, quantity)
        free = [(name, f, l) for f, l in self.serials[name].in_state("buffer")]
        taken = self._first_of(free, quantity)
        self._rule("releases-pool-units", units_of(taken) < quantity, "UNITS_NOT_HELD")

        def effect():
            batch["released"] += quantity
            to = project["developer"]
            self._place(taken, ("active", to, ""))
            self._record_move(act, act["party"], to, taken, "released", subject["batch"])

        return effect

    def _check_release(self, batch, project, quantity):
        policy = self._integrity(batch["programme"])
        ruled = "releaseAfterSeconds" in policy and "releaseShare" in policy
        self._rule("release-in-policy", not ruled, "RELEASE_NOT_ALLOWED")
        issued = batch["issued_at"] if batch["issued_at"] is not None else self.ledger["since"]
        early = self.now < issued + int(policy["releaseAfterSeconds"])
        self._rule("release-in-time", early, "RELEASE_NOT_ALLOWED")
        most = floor(decimal(policy["releaseShare"]) * batch["buffer"])
        too_much = batch["released"] + quantity > most
        self._rule("release-share", too_much, "RELEASE_NOT_ALLOWED")
        ended = project["state"] in ("suspended", "withdrawn")
        self._rule("release-of-living", ended, "RELEASE_NOT_ALLOWED")
        developer = self.parties[project["developer"]]
        gone = developer["status"] == "closed" or "developer" not in developer["roles"]
        self._rule("release-to-developer", gone, "RELEASE_NOT_ALLOWED")
        owes = self._owes(project["developer"])
        self._rule("release-without-debts", owes, "RELEASE_NOT_ALLOWED")
        if self._version() >= 4:
            left = list(self._left_debts(batch["project"]))
            self._rule("release-without-left-debts", left, "RELEASE_NOT_ALLOWED")

    def _DeclareDefault(self, act):
        self._governance(act)
        _, obligation = self._obligation(act["subject"]["obligation"])
        early = self.now <= obligation["deadline"]
        self._rule("defaults-late", early, "OBLIGATION_NOT_OVERDUE")
        other = obligation["cause"] != "reversal"
        self._rule("defaults-reversal", other, "OBLIGATION_NOT_COVERED")
        self._rule("defaults-once", obligation["defaulted"], "OBLIGATION_NOT_COVERED")

        def effect():
            pool = self._pool_of(obligation["programme"], obligation["project"])
            paid = self._first_of(pool, obligation["owed"])
            reference = act["subject"]["obligation"]
            self._place(paid, ("cancelled", "", reference))
            obligation["owed"] -= units_of(paid)
            obligation["to_pool"] += units_of(paid)
            obligation["defaulted"] = True

        return effect

    def _RepayPool(self, act):
        self._mover(act)
        name, obligation = self._own_obligation(act)
        ranges = self._resolve(act["subject"]["legs"], act["party"])
        self._compensates(name, obligation, ranges)
        too_much = units_of(ranges) > obligation["to_pool"]
        self._rule("repays-what-is-owed", too_much, "OBLIGATION_EXCEEDED")

        def effect():
            self._place(ranges, ("buffer", "", ""))
            cause = act["subject"]["obligation"]
            self._record_move(act, act["party"], act["party"], ranges, "repaid", cause)
            obligation["to_pool"] -= units_of(ranges)
            self._settle_obligation(obligation)

        return effect

    # Rows.

    def _rows_obligation(self):
        return {name: self._obligation_row(row) for name, row in self.obligations.items()}

    @staticmethod
    def _obligation_row(obligation):
        row = {
            "party": f"$party:{obligation['party']}",
            "programme": f"$programme:{obligation['programme']}",
            "cause": obligation["cause"],
            "batches": [f"$batch:{name}" for name in obligation["batches"]],
            "quantity": str(obligation["quantity"]),
            "owed": str(obligation["owed"]),
            "owedToPool": str(obligation["to_pool"]),
            "openedAt": time(obligation["at"]),
            "deadline": time(obligation["deadline"]),
            "defaulted": obligation["defaulted"],
            "state": obligation["state"],
        }
        if obligation["project"]:
            row["project"] = f"$project:{obligation['project']}"
        return row

    def _rows_reversal(self):
        rows = {}
        for name, reversal in self.reversals.items():
            subject = reversal["subject"]
            row = rows[name] = {
                "project": subject["project"],
                "kind": subject["kind"],
                "quantity": subject["quantity"],
                "cancelled": self._told_ranges(reversal["paid"]),
            }
            if reversal["owed"]:
                row["obligation"] = f"$obligation:{name}"
        return rows

    def _rows_invalidation(self):
        rows = {}
        for name, one in self.invalidations.items():
            row = rows[name] = {
                "batch": f"$batch:{one['batch']}",
                "ranges": [[first, last] for first, last in one["spans"]],
                "cancelled": str(one["cancelled"]),
                "gone": str(one["gone"]),
            }
            if one["gone"]:
                row["obligation"] = f"$obligation:{name}"
        return rows
