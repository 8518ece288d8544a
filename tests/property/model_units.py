"""Units in accounts: transfers, retirements, cancellations (domain.md 6 and 7, registry.md 8)."""

from model_base import is_blank, named, normal, seconds, time, units_of, without
from model_serials import LIVE


class Units:
    def _holds_units(self, name):
        return any(
            place[0] in LIVE and place[1] == name
            for serials in self.serials.values()
            for _, _, place in serials.runs
        )

    # What legs name.

    def _resolve(self, legs, holder, states=("active",)):
        """The serials that the legs name, in order: [(batch, first, last)]. A range may lie on
        runs of any of the states; a quantity takes active ones."""
        taken = []
        for leg in legs:
            ranged = "first" in leg and "last" in leg and "quantity" not in leg
            counted = "first" not in leg and "last" not in leg and "quantity" in leg
            self._rule("leg-form", not ranged and not counted, "LEG_INVALID")
            batch = named(leg["batch"])
            self._rule("leg-batch-known", batch not in self.serials, "BATCH_UNKNOWN")
            own = self._available(batch, holder, states if ranged else ("active",))
            before = [(first, last) for name, first, last in taken if name == batch]
            free = without(own, before) if self._holds("legs-see-earlier-legs") else own
            parts = self._by_range(leg, free) if ranged else self._by_count(leg, free)
            taken += [(batch, first, last) for first, last in parts]
        return taken

    def _available(self, batch, holder, states):
        wanted = set(states)
        if not self._holds("pending-is-taken"):
            wanted.add("pending")
        if not self._holds("locked-is-taken"):
            wanted.add("locked")
        if not self._holds("retired-is-final"):
            wanted.add("retired")
        if not self._holds("cancelled-is-final"):
            wanted.add("cancelled")
        if not self._holds("exported-is-final"):
            wanted.update(("exported", "converted"))
        spans = []
        for first, last, (state, owner, _) in self.serials[batch].runs:
            ours = owner == holder or (state == "active" and not self._holds("own-units"))
            if (state in wanted and ours) or (
                state == "buffer" and not self._holds("buffer-is-kept")
            ):
                spans.append((first, last))
        return sorted(spans)

    def _by_range(self, leg, free):
        first, last = int(leg["first"]), int(leg["last"])
        self._rule("leg-ascends", last < first, "LEG_INVALID")
        held = without([(first, last)], free) == []
        self._rule("range-held", not held, "UNITS_NOT_HELD")
        return [(first, last)]

    def _by_count(self, leg, free):
        left = int(leg["quantity"])
        self._rule("leg-of-something", left == 0, "LEG_INVALID")
        parts = []
        for first, last in free if self._holds("lowest-first") else reversed(free):
            if left == 0:
                break
            size = min(left, last - first + 1)
            parts.append((first, first + size - 1))
            left -= size
        self._rule("count-held", left > 0, "UNITS_NOT_HELD")
        return parts

    def _place(self, ranges, place):
        for batch, first, last in ranges:
            self.serials[batch].move(first, last, place)

    # Transfers: each method checks and answers the effect.

    def _check_recipient(self, to):
        self._rule("recipient-known", to not in self.parties, "PARTY_UNKNOWN")
        self._rule("recipient-admitted", not self._admitted(to), "RECIPIENT_NOT_ADMITTED")
        self._rule("recipient-may-hold", not self._may_hold(to), "RECIPIENT_NOT_ADMITTED")

    def _Transfer(self, act):
        self._mover(act)
        subject = act["subject"]
        to = named(subject["to"])
        self._rule("sends-to-another", to == act["party"], "RECIPIENT_IS_SENDER")
        self._check_recipient(to)
        expires = seconds(subject["expires"])
        self._rule("expires-later", expires <= self.now, "TRANSFER_EXPIRY_INVALID")
        ranges = self._resolve(subject["legs"], act["party"])
        bound = not self._transferable(ranges)
        self._rule("transferable", bound, "PROGRAMME_NOT_TRANSFERABLE")

        def effect():
            transfer = self._new_transfer(act, act["party"], to, ranges, expires)
            self._place(ranges, ("pending", act["party"], "$transfer:" + act["label"]))
            trusted = self._trusts(act["party"], to) and self._auto_accepts(to)
            if trusted and self._holds("settles-at-once"):
                self._settle(transfer, "settled", to)

        return effect

    def _transferable(self, ranges):
        programmes = {self.batches[batch]["programme"] for batch, _, _ in ranges}
        return all(self._policy(programme)["transferable"] for programme in programmes)

    def _new_transfer(self, act, sender, to, ranges, expires, kind=None, cause=None):
        transfer = self.transfers[act["label"]] = {
            "from": sender,
            "to": to,
            "key": act["key"],
            "ranges": ranges,
            "at": self.now,
            "expires": expires,
            "state": "pending",
            "kind": kind,
            "cause": cause,
        }
        return transfer

    def _record_move(self, act, sender, to, ranges, kind, cause=None):
        """A change of holder that is not the holder's own transfer."""
        transfer = self._new_transfer(act, sender, to, ranges, self.now, kind, cause)
        transfer["state"] = "settled"

    def _transfer(self, text):
        name = named(text)
        self._rule("transfer-known", name not in self.transfers, "TRANSFER_UNKNOWN")
        return name, self.transfers[name]

    def _pending(self, act):
        _, transfer = self._transfer(act["subject"]["transfer"])
        self._rule("settled-once", transfer["state"] != "pending", "TRANSFER_SETTLED")
        return transfer

    def _settle(self, transfer, state, owner):
        if transfer["state"] == "pending":
            self._place(transfer["ranges"], ("active", owner, ""))
        transfer["state"] = state

    def _AcceptTransfer(self, act):
        self._signer(act)
        transfer = self._pending(act)
        self._rule("only-recipient", transfer["to"] != act["party"], "TRANSFER_NOT_YOURS")
        self._rule("late-acceptance", self.now > transfer["expires"], "TRANSFER_EXPIRED")
        self._check_status(transfer["from"], "frozen-sender")
        holds = self._may_hold(act["party"])
        self._rule("accepter-may-hold", not holds, "RECIPIENT_NOT_ADMITTED")
        if self._version() >= 4:
            bound = not self._transferable(transfer["ranges"])
            self._rule("delivers-transferable", bound, "PROGRAMME_NOT_TRANSFERABLE")
        waited = self.now >= transfer["at"] + self._delay("newCounterpartySeconds")
        trusted = self._trusts(transfer["from"], act["party"]) and self._holds("trust-is-at-once")
        self._rule("delivery-waits", not waited and not trusted, "TRANSFER_DELAYED")
        return lambda: self._settle(transfer, "settled", transfer["to"])

    def _RejectTransfer(self, act):
        self._signer(act)
        transfer = self._pending(act)
        self._rule("only-recipient-rejects", transfer["to"] != act["party"], "TRANSFER_NOT_YOURS")
        return lambda: self._settle(transfer, "rejected", transfer["from"])

    def _CancelTransfer(self, act):
        self._signer(act)
        transfer = self._pending(act)
        sender = transfer["from"]
        if sender != act["party"]:
            frozen = "frozen" in [
                self.parties[party]["status"] for party in (sender, self._owner(sender))
            ]
            registry = "registry" in self._roles(act["party"])
            self._rule("only-sender-cancels", not frozen or not registry, "TRANSFER_NOT_YOURS")
        return lambda: self._settle(transfer, "cancelled", sender)

    def _LapseTransfer(self, act):
        self._signer(act)
        transfer = self._pending(act)
        self._rule("early-lapse", self.now <= transfer["expires"], "TRANSFER_NOT_EXPIRED")
        return lambda: self._settle(transfer, "lapsed", transfer["from"])

    # By order of a court, and undone.

    def _OrderTransfer(self, act):
        self._governance(act)
        subject = act["subject"]
        sender, to = self._party_named(subject["from"], "order-from-known"), named(subject["to"])
        self._rule("orders-to-another", sender == to, "RECIPIENT_IS_SENDER")
        self._rule("order-to-known", to not in self.parties, "PARTY_UNKNOWN")
        self._rule("order-to-may-receive", not self._may_receive(to), "RECIPIENT_NOT_ADMITTED")
        ranges = self._resolve(subject["legs"], sender, LIVE)

        def effect():
            self._end_claims(ranges)
            self._place(ranges, ("active", to, ""))
            self._record_move(act, sender, to, ranges, "ordered", subject["orderDigest"])

        return effect

    def _ReverseTransfer(self, act):
        self._governance(act)
        name, transfer = self._transfer(act["subject"]["transfer"])
        unsettled = transfer["state"] != "settled"
        self._rule("reverses-settled", unsettled, "TRANSFER_NOT_SETTLED")
        if self._version() >= 4:
            pool = transfer["kind"] in ("released", "repaid")
            self._rule("pool-has-no-account", pool, "RECIPIENT_NOT_ADMITTED")
        sender = transfer["from"]
        closed = self.parties[sender]["status"] == "closed"
        self._rule("sender-is-open", closed, "RECIPIENT_NOT_ADMITTED")
        self._rule("sender-may-hold", not self._may_hold(sender), "RECIPIENT_NOT_ADMITTED")
        for batch, first, last in transfer["ranges"]:
            own = self.serials[batch].held(("active", transfer["to"], ""))
            gone = without([(first, last)], own) != []
            self._rule("reverses-what-is-there", gone, "UNITS_NOT_HELD")

        def effect():
            transfer["state"] = "reversed"
            self._place(transfer["ranges"], ("active", transfer["from"], ""))
            self._record_move(
                act,
                transfer["to"],
                transfer["from"],
                transfer["ranges"],
                "reversed",
                "$transfer:" + name,
            )

        return effect

    # Units that leave.

    def _Retire(self, act):
        self._mover(act)
        subject = act["subject"]
        self._check_beneficiary(subject.get("beneficiary", {}))
        claimed = subject.get("claimPeriod")
        backwards = claimed and claimed["to"] <= claimed["from"]
        self._rule("claim-period", backwards, "PERIOD_INVALID")
        labelled = subject["purpose"] in ("corsia", "article6")
        if self._version() < 2:
            self._rule("no-labels-yet", labelled, "LABEL_REQUIRED")
        ranges = self._resolve(subject["legs"], act["party"])
        if labelled:
            covered = self._labelled(ranges, subject["purpose"])
            self._rule("purpose-needs-label", not covered, "LABEL_REQUIRED")
        self._one_unit(ranges)

        def effect():
            label = act["label"]
            self.retirements[label] = {
                "holder": act["party"],
                "ranges": ranges,
                "subject": subject,
            }
            self._place(ranges, ("retired", act["party"], "$retirement:" + label))

        return effect

    def _one_unit(self, ranges):
        units = {self.programmes[self.batches[b]["programme"]]["unit"] for b, _, _ in ranges}
        self._rule("one-unit", len(units) > 1, "UNITS_MIXED")

    def _check_beneficiary(self, beneficiary):
        named_once = ("organisation" in beneficiary) != ("commitment" in beneficiary)
        self._rule("beneficiary", not named_once, "BENEFICIARY_MISSING")
        if self._version() >= 4:
            name = beneficiary.get("organisation", {}).get("name", "-")
            nobody = is_blank(name) or set(beneficiary.get("commitment", "1")) == {"0"}
            self._rule("beneficiary-is-somebody", nobody, "BENEFICIARY_MISSING")

    def _Cancel(self, act):
        subject = act["subject"]
        kind = subject["kind"]
        governance = kind == "administrative"
        if governance:
            self._governance(act)
        else:
            self._mover(act)
        written = kind in ("reversal", "invalidation")
        self._rule("cancellation-kind", written, "CANCELLATION_KIND_INVALID")
        obliged = ("obligation" in subject) != (kind == "compensation")
        self._rule("compensation-names-obligation", obliged, "CANCELLATION_KIND_INVALID")
        held = ("holder" in subject) != (kind == "administrative")
        self._rule("administrative-names-holder", held, "CANCELLATION_KIND_INVALID")
        holder = act["party"]
        if governance:
            holder = self._party_named(subject["holder"], "cancels-of-known")
        if kind == "compensation":
            name, obligation = self._own_obligation(act)
        ranges = self._resolve(subject["legs"], holder)
        self._one_unit(ranges)
        if kind == "compensation":
            self._compensates(name, obligation, ranges)
            too_much = units_of(ranges) > obligation["owed"]
            self._rule("cancels-what-is-owed", too_much, "OBLIGATION_EXCEEDED")

        def effect():
            label = act["label"]
            self.cancellations[label] = {"holder": holder, "ranges": ranges, "subject": subject}
            self._place(ranges, ("cancelled", holder, "$cancellation:" + label))
            if kind == "compensation":
                obligation["owed"] -= units_of(ranges)
                self._settle_obligation(obligation)

        return effect

    # Rows.

    @staticmethod
    def _told_ranges(ranges):
        return [[f"$batch:{batch}", first, last] for batch, first, last in normal(ranges)]

    def _rows_serial(self):
        return {
            f"{batch} {first}": [last, state, holder, reference]
            for batch, serials in self.serials.items()
            for first, last, (state, holder, reference) in serials.runs
        }

    def _rows_holding(self):
        totals = {}
        for batch, serials in self.serials.items():
            for first, last, (state, holder, _) in serials.runs:
                if holder and state in ("active", "pending", "locked", "retired"):
                    row = totals.setdefault(f"{holder} {batch}", {})
                    row[state] = row.get(state, 0) + last - first + 1
        return totals

    def _rows_transfer(self):
        rows = {}
        for name, transfer in self.transfers.items():
            row = rows[name] = {
                "from": f"$party:{transfer['from']}",
                "to": f"$party:{transfer['to']}",
                "signer": f"$key:{transfer['key']}",
                "serials": self._told_ranges(transfer["ranges"]),
                "proposedAt": time(transfer["at"]),
                "state": transfer["state"],
            }
            if transfer["kind"]:
                row["kind"] = transfer["kind"]
            else:
                row["expires"] = time(transfer["expires"])
            if transfer["cause"]:
                row["cause"] = transfer["cause"]
        return rows

    def _rows_retirement(self):
        rows = {}
        for name, retirement in self.retirements.items():
            subject = retirement["subject"]
            row = rows[name] = {
                "holder": f"$party:{retirement['holder']}",
                "serials": self._told_ranges(retirement["ranges"]),
                "quantity": str(units_of(retirement["ranges"])),
            }
            for member in ("beneficiary", "purpose", "claimPeriod", "statement", "inventory"):
                if member in subject:
                    row[member] = subject[member]
        return rows

    def _rows_cancellation(self):
        rows = {}
        for name, one in self.cancellations.items():
            row = rows[name] = {
                "holder": f"$party:{one['holder']}",
                "kind": one["subject"]["kind"],
                "serials": self._told_ranges(one["ranges"]),
                "quantity": str(units_of(one["ranges"])),
            }
            if "obligation" in one["subject"]:
                row["obligation"] = one["subject"]["obligation"]
        return rows
