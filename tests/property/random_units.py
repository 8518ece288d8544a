"""Random acts on units in accounts: transfers, retirements, locks, labels, orders."""

import copy

LIFE_OF_TRANSFER = (1, 300, 301, 600, 1_200, 1_200, 3_000, 3_000)


class UnitActs:
    KINDS = {
        "transfer": 24,
        "on_transfer": 24,
        "retire": 9,
        "cancel": 5,
        "order_transfer": 4,
        "reverse_transfer": 3,
        "approve_something": 6,
    }
    LOCK_KINDS = {
        "lock": 12,
        "unlock": 8,
        "export": 6,
        "convert": 5,
        "transfer": 4,
        "approve_something": 3,
    }
    LABEL_KINDS = {"label": 10, "unlabel": 4, "labelled_retirement": 8, "annotate": 5, "retire": 3}

    def holder(self):
        live = [name for name in self.holders() if self._live_units(name)]
        return self.mostly(live, self.holders())

    def _live_units(self, name):
        return any(s.held(("active", name, "")) for s in self.model.serials.values())

    # Legs.

    def legs(self, holder, states=("active",)):
        legs = [self.leg(holder, states) for _ in range(self.pick((1, 1, 1, 2, 3)))]
        if self.chance(0.08):
            legs.append(copy.deepcopy(self.pick(legs)))
        return legs

    def leg(self, holder, states=("active",)):
        if self.chance(0.02):
            return {"batch": "$batch:NONE.2023", "quantity": "1"}
        held = [
            name
            for name, serials in self.model.serials.items()
            if any(p[0] in states and p[1] == holder for _, _, p in serials.runs)
        ]
        batch = self.mostly(held, self.model.serials, 0.92)
        make = self._range_leg if self.chance(0.6) else self._count_leg
        leg = {"batch": "$batch:" + batch, **make(batch, holder, states)}
        if self.chance(0.015):
            leg["quantity"] = "1"
        return leg

    # Serials at the edges of runs, own and foreign, and one beside them.
    def _range_leg(self, batch, holder, states):
        serials = self.model.serials[batch]
        own = [(f, l) for f, l, p in serials.runs if p[0] in states and p[1] == holder]
        if own and self.chance(0.88):
            low, high = self.pick(own)
        else:
            low, high, _ = self.pick(serials.runs)
        middle = min(high, low + self.pick((0, 1, 9, 100, 1_000)))
        edges = (low, low, low + 1, middle, middle, high, high - 1)
        first, last = sorted((self.pick(edges), self.pick(edges)))
        if self.chance(0.08):
            last += 1
        if self.chance(0.05):
            first -= 1
        if self.chance(0.02):
            first, last = last, first
        return {"first": str(max(first, 1)), "last": str(max(last, 1))}

    def _count_leg(self, batch, holder, states):
        own = self.model.serials[batch].held(("active", holder, ""))
        total = sum(last - first + 1 for first, last in own)
        some = self.pick((1, 2, 10, 500, 5_000, max(1, total // 2)))
        edges = (some, total, total + 1, own[0][1] - own[0][0] + 2 if own else 1, 0)
        return {"quantity": str(self.random.choices(edges, (15, 1.5, 1, 2, 0.3))[0])}

    # Transfers.

    def transfer(self):
        holder = self.holder()
        others = [name for name in self.holders() if name != holder]
        policy = self.model.account_policies.get(holder)
        if policy and policy["trusted"] and self.chance(0.6):
            others = list(policy["trusted"])
        to = self.pick(others)
        if self.chance(0.06):
            to = self.pick((holder, "vvb1", "registry", "NONE"))
        expires = self.now + self.pick(LIFE_OF_TRANSFER)
        if self.chance(0.03):
            expires = self.now - self.pick((0, 1))
        subject = {
            "legs": self.legs(holder),
            "to": "$party:" + to,
            "expires": f"$time:{expires}",
        }
        return self.by("Transfer", holder, subject)

    # What becomes of a transfer: by the right party and the wrong one, too early, too late, twice.
    def on_transfer(self):
        pending = [l for l, t in self.model.transfers.items() if t["state"] == "pending"]
        if self.lacks(pending):
            return self.transfer()
        label = self.mostly(pending, list(self.model.transfers) + ["NONE"], 0.9)
        transfer = self.model.transfers.get(label)
        if transfer is None:
            return self.by("AcceptTransfer", "buyer", {"transfer": "$transfer:" + label})
        overdue = transfer["expires"] < self.now
        kind, party = self.random.choices(
            (
                ("AcceptTransfer", transfer["to"]),
                ("RejectTransfer", transfer["to"]),
                ("CancelTransfer", transfer["from"]),
                ("LapseTransfer", self.anyone()),
                ("CancelTransfer", "registry"),
            ),
            (10, 10, 12, 55, 5) if overdue else (55, 10, 12, 15, 5),
        )[0]
        if kind == "AcceptTransfer" and self.chance(0.7):
            turn = self.pick((-1, 0, 0, 0, 1)) + transfer["at"]
            self.now = max(self.now, turn + 300)
        if kind == "LapseTransfer" and self.chance(0.6):
            self.now = max(self.now, transfer["expires"] + self.pick((0, 1, 1)))
        if self.chance(0.08):
            party = self.anyone()
        subject = {"transfer": "$transfer:" + label}
        if kind in ("RejectTransfer", "CancelTransfer"):
            subject["reason"] = "no"
        return self.by(kind, party, subject)

    def order_transfer(self):
        sender = self.holder()
        live = ("active", "pending", "locked")
        to = self.pick([name for name in self.holders() if name != sender])
        if self.chance(0.06):
            to = self.pick((sender, "vvb1", "NONE"))
        subject = {
            "from": "$party:" + (sender if self.chance(0.97) else "NONE"),
            "to": "$party:" + to,
            "legs": self.legs(sender, live),
            "orderDigest": "$digest:order",
            "reason": "a court's order",
        }
        return self.governed("OrderTransfer", subject)

    def reverse_transfer(self):
        done = [l for l, t in self.model.transfers.items() if t["state"] == "settled"]
        if self.lacks(done):
            return self.on_transfer()
        label = self.mostly(done, list(self.model.transfers) + ["NONE"], 0.9)
        subject = {
            "transfer": "$transfer:" + label,
            "orderDigest": "$digest:order",
            "reason": "sent in error",
        }
        return self.governed("ReverseTransfer", subject)

    # Units that leave.

    def beneficiary(self):
        organisation = {"organisation": {"name": "Green Bridge", "country": "CN"}}
        if self.chance(0.9):
            return organisation
        return self.pick(
            ({}, {"commitment": "$digest:someone"}, {"commitment": "$digest:x", **organisation})
        )

    def retire(self):
        holder = self.holder()
        subject = {
            "legs": self.legs(holder),
            "beneficiary": self.beneficiary(),
            "purpose": "voluntary",
        }
        if self.chance(0.04):
            del subject["beneficiary"]
        if self.chance(0.15):
            subject["purpose"] = self.pick(("corsia", "article6", "compliance", "event"))
        if self.chance(0.05):
            last = self.pick(("2022-12-31", "2023-01-01", "2024-01-01", "2024-01-01"))
            subject["claimPeriod"] = {"from": "2023-01-01", "to": last}
        return self.by("Retire", holder, subject)

    def cancel(self):
        holder = self.holder()
        kind = self.pick(("voluntary", "mitigation"))
        subject = {"kind": kind, "legs": self.legs(holder), "reason": "no claim"}
        if self.chance(0.25):
            subject.update(kind="administrative", holder="$party:" + holder)
            if self.chance(0.08):
                del subject["holder"]
            return self.governed("Cancel", subject)
        if self.chance(0.12):
            subject["kind"] = self.pick(("compensation", "administrative", "reversal", "invalidation"))
        if self.chance(0.05):
            subject[self.pick(("holder", "obligation"))] = "$party:" + holder
            if "obligation" in subject:
                subject["obligation"] = "$obligation:NONE"
        return self.by("Cancel", holder, subject)

    # Locks.

    def lock(self):
        holder = self.holder()
        custodian = self.pick(("custodian", "custodian", "vault"))
        if self.chance(0.06):
            custodian = self.pick((holder, "buyer", "NONE"))
        subject = {
            "legs": self.legs(holder),
            "custodian": "$party:" + custodian,
            "reason": "a loan",
        }
        if self.chance(0.5):
            subject["pledgee"] = "$party:" + self.pick(self.holders() + ["vvb1", "NONE"])
        if self.chance(0.6):
            subject["until"] = self.later(100, 300, 600, 600, 1, 0)
        return self.by("Lock", holder, subject)

    def locks_in_force(self):
        return [n for n, lock in self.model.locks.items() if lock["state"] == "in-force"]

    def any_lock(self):
        return self.mostly(self.locks_in_force(), list(self.model.locks) + ["NONE"], 0.9)

    def unlock(self):
        if self.lacks(self.locks_in_force()):
            return self.lock()
        name = self.any_lock()
        lock = self.model.locks.get(name)
        party = self.pick(("custodian", "buyer"))
        if lock:
            party = self.pick((lock["custodian"], lock["custodian"], lock["holder"]))
            if lock["until"] is not None and party == lock["holder"]:
                self.now = max(self.now, lock["until"] + self.pick((0, 1, 1)))
        to = "pledgee" if lock and lock["pledgee"] and self.chance(0.6) else "holder"
        if self.chance(0.06):
            to = "pledgee"
        subject = {"lock": "$lock:" + name, "to": to, "reason": "paid"}
        return self.by("Unlock", party, subject)

    def _reference(self):
        return f"x{self.count}" if self.chance(0.8) else self.pick(("x1", "x1", "X1", " x1 ", " "))

    def export(self):
        if self.lacks(self.locks_in_force()):
            return self.lock()
        name = self.any_lock()
        lock = self.model.locks.get(name)
        self.count += 1
        subject = {
            "lock": "$lock:" + name,
            "registry": self.pick(("ACR", "ACR", "CAR", "CAR", "VERRA")),
            "receipt": self._reference(),
        }
        return self.by("Export", lock["holder"] if lock else "buyer", subject)

    def convert(self):
        holder = self.holder()
        self.count += 1
        subject = {
            "holder": "$party:" + (holder if self.chance(0.97) else "NONE"),
            "legs": self.legs(holder),
            "scheme": self.pick(("ETS", "ETS", "CORSIA")),
            "reference": self._reference(),
        }
        return self.by("Convert", "registry", subject)

    # Labels.

    def labelled_parts(self):
        parts = []
        for _ in range(self.pick((1, 1, 2))):
            batch = self.mostly(self.model.batches, ["NONE.2023"], 0.98)
            quantity = self.model.batches[batch]["quantity"] if batch in self.model.batches else 1
            first = self.pick((1, 1, 1, 2, 100))
            last = self.pick((quantity, quantity, first, first + 500, quantity + 1))
            if self.chance(0.7):
                last = min(last, quantity)
            parts.append({"batch": "$batch:" + batch, "first": str(first), "last": str(last)})
        return parts

    def label(self):
        kinds = {
            "corsia": {"phase": "first"},
            "ccp": None,
            "article6": {"party": "CN", "uses": ["ndc"], "letterDigest": "$digest:letter"},
            "adjustment": {"party": "CN", "status": "promised", "deadline": "2030-01-01"},
            "sdg": {"goals": self.pick((["13"], ["1", "13"], ["13", "13"], ["18"]))},
            "activity": {"effect": "removal", "nature": "technical"},
            "durability": {"years": "100"},
        }
        kind = self.pick(("corsia", "corsia", "article6", "article6") + tuple(kinds))
        subject = {
            "kind": kind,
            "serials": self.labelled_parts(),
            "from": f"$time:{self.now + self.pick((-100, -100, 0, 0, 1, 100))}",
        }
        if kinds[kind] is not None:
            subject[kind] = kinds[kind]
        if self.chance(0.4):
            subject["until"] = f"$time:{self.now + self.pick((600, 100, 1, 0, -100))}"
        if self.chance(0.05):
            subject["durability"] = kinds["durability"]
        if self.chance(0.03):
            subject.pop(kind, None)
        return self.by("Label", self.pick(("authority", "standard", "authority")), subject)

    def unlabel(self):
        good = [n for n, label in self.model.labels.items() if not label["ended"]]
        if self.lacks(good):
            return self.label()
        name = self.mostly(good, list(self.model.labels) + ["NONE"])
        subject = {"label": "$label:" + name, "reason": "revoked"}
        if self.chance(0.2):
            return self.governed("Unlabel", subject)
        label = self.model.labels.get(name)
        party = label["party"] if label and self.chance(0.92) else self.pick(("authority", "standard"))
        return self.by("Unlabel", party, subject)

    def labelled_retirement(self):
        wanted = {}
        for label in self.model.labels.values():
            if label["act"]["kind"] in ("corsia", "article6"):
                for part in label["act"]["serials"]:
                    wanted.setdefault(label["act"]["kind"], []).append(part)
        if not wanted:
            return self.label()
        purpose = self.pick(list(wanted))
        part = self.pick(wanted[purpose])
        batch = part["batch"].split(":")[1]
        low, high = int(part["first"]), int(part["last"])
        spots = [
            (max(f, low), min(l, high), p[1])
            for f, l, p in self.model.serials.get(batch).runs
            if p[0] == "active" and f <= high and low <= l
        ]
        if not spots:
            return []
        first, last, holder = self.pick(spots)
        last = self.pick((last, min(last, first + 5), last + 1))
        leg = {"batch": part["batch"], "first": str(first), "last": str(last)}
        subject = {"legs": [leg], "beneficiary": self.beneficiary(), "purpose": purpose}
        return self.by("Retire", holder, subject)

    def annotate(self):
        if self.lacks(self.model.retirements):
            return self.retire()
        name = self.mostly(self.model.retirements, ["NONE"], 0.95)
        retirement = self.model.retirements.get(name)
        subject = {"retirement": "$retirement:" + name, "note": "the embargo is over"}
        party = retirement["holder"] if retirement else "buyer"
        if self.chance(0.5):
            party = "registry"
            if self.chance(0.8):
                subject["beneficiary"] = self.beneficiary()
                subject["digest"] = "$digest:request"
                if self.chance(0.1):
                    del subject["digest"]
        elif self.chance(0.1):
            subject["beneficiary"] = self.beneficiary()
        if self.chance(0.06):
            party = self.anyone()
        return self.by("AnnotateRetirement", party, subject)
