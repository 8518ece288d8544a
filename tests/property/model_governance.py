"""Genesis and what governance changes: rules, seats, the log's key, blobs (registry.md 1, 3)."""

import re

from model_base import named, refuse_if

SEATS_MAX = 32


class Governance:
    # Entry 0. Until the threshold of seats stands behind it, nothing else is taken.

    def _found(self, act):
        subject = act["subject"]
        self._check_span(act, int(subject["validitySecondsMax"]))
        seats = {named(seat["key"]): named(seat["person"]) for seat in subject["governance"]}
        repeated = len(seats) != len(subject["governance"]) or len(set(seats.values())) < len(seats)
        self._rule("seats-once", repeated, "ITEM_REPEATED")
        wide = int(subject["threshold"]) > len(seats)
        self._rule("threshold-in-seats", wide, "INTEGER_OUT_OF_RANGE")
        stranger = act["party"] != "" or act["key"] not in seats
        self._rule("founder-is-seated", stranger, "GOVERNANCE_KEY_REQUIRED")

        def effect():
            self.ledger = {
                "genesis": act["label"],
                "origin": subject["origin"],
                "code": subject["registryCode"],
                "threshold": int(subject["threshold"]),
                "seats": seats,
                "ever_seated": set(seats),
                "former_seats": 0,
                "foreign": list(subject["foreignRegistries"]),
                "delays": {name: int(value) for name, value in subject["delays"].items()},
                "validity": int(subject["validitySecondsMax"]),
                "version": int(subject["rulesVersion"]),
                "founded_under": int(subject["rulesVersion"]),
                "since": None,
                "founders": [act["key"]],
                "first_log_key": subject["logVkey"],
                "log_keys": [],
            }
            self.founded = self.ledger["threshold"] == 1

        return effect

    def _stand_behind_genesis(self, act):
        """An Approve before the founding."""
        subject = act["subject"]
        self._rule(
            "only-genesis-to-approve",
            named(subject["proposal"]) != self.ledger["genesis"],
            "NOT_FOUNDED",
        )
        self._rule(
            "founding-digest",
            named(subject["digest"]) != self.ledger["genesis"],
            "PROPOSAL_DIGEST_DIFFERS",
        )
        self._governance(act)
        again = act["key"] in self.ledger["founders"]
        self._rule("founder-once", again, "APPROVED_ALREADY")
        refuse_if(subject["decision"] == "reject", "APPROVER_NOT_ALLOWED")

        def effect():
            self.ledger["founders"].append(act["key"])
            self.founded = len(self.ledger["founders"]) >= self.ledger["threshold"]

        return effect

    def _ActivateRules(self, act):
        self._governance(act)
        version = int(act["subject"]["version"])
        self._rule("rules-go-up", version <= self.ledger["version"], "RULES_NOT_NEWER")

        def effect():
            if self.ledger["version"] < 2:
                self.ledger["since"] = self.now
            self.ledger["version"] = version

        return effect

    def _ChangeGovernance(self, act):
        self._governance(act)
        subject = act["subject"]
        added = [(named(seat["key"]), named(seat["person"])) for seat in subject["add"]]
        removed = [named(key) for key in subject["remove"]]
        keys = [key for key, _ in added]
        repeated = len(set(keys)) < len(keys) or len(set(removed)) < len(removed)
        self._rule("seat-lists-once", repeated, "ITEM_REPEATED")
        seats = self._seats()
        unknown = any(key not in seats for key in removed)
        self._rule("seat-in-force", unknown, "SEAT_UNKNOWN")
        for key in keys:
            known = key in self.keys or key in self.ledger["ever_seated"]
            self._rule("new-seat-key", known, "KEY_ALREADY_BOUND")
        after = {key: person for key, person in seats.items() if key not in removed}
        after.update(added)
        twice = len(set(after.values())) < len(after)
        self._rule("person-sits-once", twice, "ITEM_REPEATED")
        self._rule("seats-at-most", len(after) > SEATS_MAX, "LIST_TOO_LONG")
        threshold = int(subject["threshold"])
        outside = not 1 <= threshold <= len(after)
        self._rule("threshold-fits", outside, "INTEGER_OUT_OF_RANGE")

        def effect():
            self.ledger["seats"] = after
            self.ledger["ever_seated"].update(keys)
            self.ledger["former_seats"] += len(removed)
            self.ledger["threshold"] = threshold

        return effect

    def _SucceedLogKey(self, act):
        self._governance(act)
        vkey = act["subject"]["vkey"]
        formed = re.match(r"\$vkey:[^@]+\Z", vkey)
        known = vkey in self._log_keys()
        self._rule("log-key-is-new", known, "LOG_KEY_INVALID")
        self._rule("log-key-formed", not formed, "LOG_KEY_INVALID")
        return lambda: self.ledger["log_keys"].append(vkey)

    def _log_keys(self):
        """Those announced; that of a Genesis of version 1 the state does not know."""
        first = [self.ledger["first_log_key"]] if self.ledger["founded_under"] > 1 else []
        return first + self.ledger["log_keys"]

    def _RemoveBlob(self, act):
        self._governance(act)
        digest = act["subject"]["digest"]
        self._rule("blob-removed-once", digest in self.removed_blobs, "BLOB_REMOVED")
        self._rule("boundaries-stay", digest in self.judged_boundaries, "BLOB_NEEDED")

        def effect():
            self.removed_blobs[digest] = act["subject"]["reason"]

        return effect

    def _rows_ledger(self):
        row = {
            "origin": self.ledger["origin"],
            "registryCode": self.ledger["code"],
            "threshold": str(self.ledger["threshold"]),
            "seats": {f"$key:{k}": f"$person:{p}" for k, p in self._seats().items()},
            "formerSeats": self.ledger["former_seats"],
            "rulesVersion": str(self.ledger["version"]),
            "founders": [f"$key:{key}" for key in self.ledger["founders"]],
            "founded": self.founded,
            "logKeys": self.ledger["log_keys"],
        }
        if self.ledger["since"] is not None:
            row["rulesSince"] = f"$time:{self.ledger['since']}"
        return {"ledger": row}

    def _rows_removed(self):
        return {digest: reason for digest, reason in self.removed_blobs.items()}
