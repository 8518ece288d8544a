"""Units in custody, and units that leave for other registries and schemes (registry.md 8)."""

from model_base import is_blank, named, seconds, time


class Locks:
    def _keeps_lock(self, party):
        return any(
            lock["custodian"] == party and lock["state"] == "in-force"
            for lock in self.locks.values()
        )

    def _Lock(self, act):
        self._mover(act)
        subject = act["subject"]
        custodian = named(subject["custodian"])
        self._rule("custodian-known", custodian not in self.parties, "PARTY_UNKNOWN")
        own = self._owner(custodian) == self._owner(act["party"])
        self._rule("custodian-is-another", own, "CUSTODIAN_NOT_ALLOWED")
        fit = self._admitted(custodian) and "custodian" in self._roles(custodian)
        self._rule("custodian-fit", not fit, "CUSTODIAN_NOT_ALLOWED")
        pledgee = named(subject["pledgee"]) if "pledgee" in subject else None
        if pledgee is not None:
            self._rule("pledgee-known", pledgee not in self.parties, "PARTY_UNKNOWN")
            near = pledgee in (act["party"], custodian)
            self._rule("pledgee-is-third", near, "RECIPIENT_NOT_ADMITTED")
            fit = self._may_receive(pledgee)
            self._rule("pledgee-may-receive", not fit, "RECIPIENT_NOT_ADMITTED")
        until = seconds(subject["until"]) if "until" in subject else None
        past = until is not None and until <= self.now
        self._rule("lock-ends-later", past, "DEADLINE_INVALID")
        ranges = self._resolve(subject["legs"], act["party"])
        if pledgee is not None:
            bound = not self._transferable(ranges)
            self._rule("pledge-transferable", bound, "PROGRAMME_NOT_TRANSFERABLE")

        def effect():
            self.locks[act["label"]] = {
                "holder": act["party"],
                "custodian": custodian,
                "pledgee": pledgee,
                "ranges": ranges,
                "until": until,
                "state": "in-force",
            }
            self._place(ranges, ("locked", act["party"], "$lock:" + act["label"]))

        return effect

    def _lock(self, text):
        name = named(text)
        self._rule("lock-known", name not in self.locks, "LOCK_UNKNOWN")
        return name, self.locks[name]

    def _lock_in_force(self, lock, rule):
        self._rule(rule, lock["state"] != "in-force", "LOCK_ENDED")

    def _end_lock(self, lock, state, place=None):
        if lock["state"] == "in-force":
            self._place(lock["ranges"], place or ("active", lock["holder"], ""))
        lock["state"] = state

    def _Unlock(self, act):
        key = self._signer(act)
        subject = act["subject"]
        name, lock = self._lock(subject["lock"])
        if act["party"] != lock["custodian"]:
            over = lock["until"] is not None and self.now > lock["until"]
            holder = act["party"] == lock["holder"] and subject["to"] == "holder"
            self._rule("unlocks-by-right", not holder, "LOCK_NOT_YOURS")
            self._rule("unlocks-in-time", not over, "LOCK_NOT_YOURS")
        self._lock_in_force(lock, "unlocks-once")
        if subject["to"] == "pledgee":
            if self._version() >= 4:
                self._season(key, "new-key-waits-to-deliver")
            self._rule("pledgee-named", lock["pledgee"] is None, "LOCK_NOT_YOURS")
            fit = self._may_receive(lock["pledgee"])
            self._rule("pledgee-still-admitted", not fit, "RECIPIENT_NOT_ADMITTED")
            bound = not self._transferable(lock["ranges"])
            self._rule("delivery-transferable", bound, "PROGRAMME_NOT_TRANSFERABLE")

        def effect():
            if subject["to"] == "holder":
                self._end_lock(lock, "released")
                return
            self._end_lock(lock, "delivered", ("active", lock["pledgee"], ""))
            self._record_move(
                act,
                lock["holder"],
                lock["pledgee"],
                lock["ranges"],
                "delivered",
                "$lock:" + name,
            )

        return effect

    def _is_used(self, given, receipt):
        """From version 4 on whatever the spelling."""
        if self._version() >= 4 and self._holds("receipt-in-any-spelling"):
            return receipt in self.receipts or given in self.receipts
        return given in self.receipts

    def _Export(self, act):
        self._mover(act)
        subject = act["subject"]
        _, lock = self._lock(subject["lock"])
        self._rule("exports-own", lock["holder"] != act["party"], "LOCK_NOT_YOURS")
        self._lock_in_force(lock, "exports-once")
        registry = subject["registry"]
        listed = registry in self.ledger["foreign"] and registry != self.ledger["code"]
        self._rule("exports-to-listed", not listed, "FOREIGN_REGISTRY_UNKNOWN")
        given = "export " + subject["registry"], subject["receipt"]
        receipt = "export " + folded(subject["registry"]), folded(subject["receipt"])
        self._rule("receipt-once", self._is_used(given, receipt), "RECEIPT_REUSED")
        blank = self._version() >= 4 and is_blank(subject["receipt"])
        self._rule("receipt-says-something", blank, "FIELD_MISSING")

        def effect():
            label = act["label"]
            self.receipts.add(receipt if self._version() >= 4 else given)
            self.exports[label] = {
                "holder": act["party"],
                "subject": subject,
                "ranges": lock["ranges"],
            }
            self._end_lock(lock, "exported", ("exported", act["party"], "$export:" + label))

        return effect

    def _Convert(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        holder = self._party_named(subject["holder"], "converts-of-known")
        given = "convert " + subject["scheme"], subject["reference"]
        receipt = "convert " + folded(subject["scheme"]), folded(subject["reference"])
        self._rule("reference-once", self._is_used(given, receipt), "RECEIPT_REUSED")
        blank = self._version() >= 4 and is_blank(subject["reference"])
        self._rule("reference-says-something", blank, "FIELD_MISSING")
        ranges = self._resolve(subject["legs"], holder)

        def effect():
            label = act["label"]
            self.receipts.add(receipt if self._version() >= 4 else given)
            self.conversions[label] = {"holder": holder, "subject": subject, "ranges": ranges}
            self._place(ranges, ("converted", holder, "$conversion:" + label))

        return effect

    # Rows.

    def _rows_lock(self):
        rows = {}
        for name, lock in self.locks.items():
            row = rows[name] = {
                "holder": f"$party:{lock['holder']}",
                "custodian": f"$party:{lock['custodian']}",
                "serials": self._told_ranges(lock["ranges"]),
                "state": lock["state"],
            }
            if lock["pledgee"]:
                row["pledgee"] = f"$party:{lock['pledgee']}"
            if lock["until"] is not None:
                row["until"] = time(lock["until"])
        return rows

    def _rows_export(self):
        return {
            name: {
                "holder": f"$party:{one['holder']}",
                **one["subject"],
                "serials": self._told_ranges(one["ranges"]),
            }
            for name, one in self.exports.items()
        }

    def _rows_conversion(self):
        return {
            name: {
                "holder": f"$party:{one['holder']}",
                "scheme": one["subject"]["scheme"],
                "reference": one["subject"]["reference"],
                "serials": self._told_ranges(one["ranges"]),
            }
            for name, one in self.conversions.items()
        }

    def _rows_receipt(self):
        return {f"{space} {receipt}": True for space, receipt in self.receipts}


def folded(text):
    """Upper case where it is ASCII; no blanks at the ends and one for many."""
    words = " ".join(word for word in text.split(" ") if word)
    return "".join(letter.upper() if letter.isascii() else letter for letter in words)
