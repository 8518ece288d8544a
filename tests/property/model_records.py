"""Records that move no unit: evidence deposits, foreign history (domain.md 9 and 10)."""

import datetime
import re

from model_base import Refused, day_text, named, refuse_if

NUMBER = "(?:0|[1-9][0-9]{0,37})"
FIRST, LAST = f"(?P<first>{NUMBER})", f"(?P<last>{NUMBER})"
# Each form with its groups `first`, `last` (where there is one) and those that make the prefix.
SERIALS = {
    "acr-car-art": rf"(?P<a>[0-9A-Z](?:[0-9A-Z-]*[0-9A-Z])?)-{FIRST}(?: to {LAST})?",
    "verra-vcu": rf"(?P<a>[0-9A-Z]+)-{FIRST}-{LAST}-(?P<b>(?:VCS-)?VCU(?:-[0-9A-Z]+){{8}})",
    "gold-standard": rf"(?P<a>GS1(?:-[0-9A-Z]+){{6}})-{FIRST}-{LAST}",
    "cercarbono": rf"(?P<a>[0-9A-Z_]+) {FIRST} {LAST}",
    "puro": rf"(?P<a>PURO_[0-9A-Za-z_+-]*)_{FIRST}-{LAST}",
    "isometric": rf"(?P<a>ISO(?:-[0-9A-Z]+){{5}})-{FIRST}-{LAST}",
    "cdm-cer": rf"(?P<a>[A-Z]{{2}}-5)-{FIRST}-(?P<rest>(?:[0-9]+-){{3}}[0-9]+)"
    rf"(?: - (?P=a)-{LAST}-(?P=rest))?",
}
ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
US_SHORT = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})\Z")
TERMINAL = ("retired", "cancelled")


class Records:
    def _DepositEvidence(self, act):
        self._signer(act)

        def effect():
            self.deposits[act["label"]] = {"party": act["party"], "subject": act["subject"]}

        return effect

    def _OpenImport(self, act):
        self._signer(act, "initiate", "registry")
        subject = act["subject"]
        listed = subject["registry"] in self.ledger["foreign"]
        own = subject["registry"] == self.ledger["code"]
        self._rule("imports-listed", own or not listed, "FOREIGN_REGISTRY_UNKNOWN")
        digest = subject["fileDigest"]
        again = any(one["subject"]["fileDigest"] == digest for one in self.imports.values())
        self._rule("imports-once", again, "IMPORT_REPEATED")

        def effect():
            self.imports[act["label"]] = {"subject": subject, "taken": set()}

        return effect

    def _ImportSerials(self, act):
        self._signer(act, "initiate", "registry")
        name = named(act["subject"]["import"])
        self._rule("import-known", name not in self.imports, "IMPORT_UNKNOWN")
        opened = self.imports[name]
        # Each row sees the rows before it; what is refused changes nothing.
        before = self._import_state(opened)
        answers = []
        for row in act["subject"]["rows"]:
            try:
                self._import_row(opened, row)
            except Refused as refused:
                answers.append([int(row["row"]), refused.outcome])
        after = self._import_state(opened)
        self._restore_import(opened, before)
        self.refused_rows = answers
        refuse_if(len(answers) == len(act["subject"]["rows"]), "IMPORT_ALL_REFUSED")
        return lambda: self._restore_import(opened, after)

    def _import_state(self, opened):
        totals = {key: list(value) for key, value in self.foreign_totals.items()}
        return set(opened["taken"]), list(self.foreign), totals, dict(self.foreign_terminal)

    def _restore_import(self, opened, state):
        taken, foreign, totals, terminal = state
        opened["taken"], self.foreign = set(taken), list(foreign)
        self.foreign_totals = {key: list(value) for key, value in totals.items()}
        self.foreign_terminal = dict(terminal)

    def _import_row(self, opened, row):
        subject, number = opened["subject"], int(row["row"])
        self._rule("row-in-file", number > int(subject["rowCount"]), "ROW_OUTSIDE_FILE")
        date = row_day(row["date"], subject["dateFormat"])
        self._rule("row-dated", date is None, "ROW_DATE_INVALID")
        total = row["event"] == "issued-total"
        self._rule("row-form", total == ("serial" in row), "ROW_FORM_INVALID")
        place = (subject["registry"], row["project"], row["vintage"])
        quantity = int(row["quantity"])
        if total:
            self._import_total(opened, number, place, (date, quantity))
            return
        found = parsed(subject["grammar"], row["serial"])
        self._rule("serial-parses", not found, "SERIAL_UNPARSABLE")
        prefix, first, last = found
        self._rule("range-is-quantity", last - first + 1 != quantity, "RANGE_QUANTITY_MISMATCH")
        terminal = row["event"] in TERMINAL
        layer = (subject["registry"], prefix, terminal)
        self._check_layer(layer, first, last)
        if terminal:
            issued = sum(q for _, q in self.foreign_totals.get(place, []))
            after = self.foreign_terminal.get(place, 0) + quantity
            above = place in self.foreign_totals and after > issued
            self._rule("within-issued-totals", above, "ISSUED_TOTAL_EXCEEDED")
        self._take_row(opened, number)
        if terminal:
            self.foreign_terminal[place] = self.foreign_terminal.get(place, 0) + quantity
        self.foreign.append((layer, first, last, row["event"], number))

    def _check_layer(self, layer, first, last):
        earlier = [(f, l) for other, f, l, _, _ in self.foreign if other == layer]
        inside = layer[2] and any(f <= first and last <= l for f, l in earlier)
        self._rule("not-terminal-already", inside, "SERIAL_ALREADY_TERMINAL")
        met = any(f <= last and first <= l for f, l in earlier)
        self._rule("not-overlapping", met, "SERIAL_OVERLAP")

    def _import_total(self, opened, number, place, total):
        again = total in self.foreign_totals.get(place, [])
        self._rule("total-once", again, "TOTAL_REPEATED")
        self._take_row(opened, number)
        self.foreign_totals.setdefault(place, []).append(total)

    def _take_row(self, opened, number):
        self._rule("row-once", number in opened["taken"], "ROW_REPEATED")
        opened["taken"].add(number)

    def _rows_deposit(self):
        return {
            name: {"party": f"$party:{one['party']}", **one["subject"]}
            for name, one in self.deposits.items()
        }

    def _rows_import(self):
        return {
            name: {
                **one["subject"],
                "taken": sorted(one["taken"]),
                "accepted": str(len(one["taken"])),
            }
            for name, one in self.imports.items()
        }

    def _rows_foreign_serial(self):
        return {
            f"{registry} {prefix} {terminal} {first}": [str(last), event, number]
            for (registry, prefix, terminal), first, last, event, number in self.foreign
        }

    def _rows_foreign_total(self):
        rows = {}
        for key in set(self.foreign_totals) | set(self.foreign_terminal):
            rows[" ".join(key)] = {
                "totals": [[day_text(d), str(q)] for d, q in self.foreign_totals.get(key, [])],
                "terminal": str(self.foreign_terminal.get(key, 0)),
            }
        return rows


def parsed(grammar, text):
    """(prefix, first, last), or nothing."""
    found = re.fullmatch(SERIALS[grammar], text)
    if not found:
        return None
    first, last = int(found["first"]), int(found["last"] or found["first"])
    prefix = "-".join(found[name] for name in ("a", "b") if name in found.groupdict())
    if grammar != "isometric":
        return prefix, first, last
    return (prefix, first, last - 1) if first < last else None


def row_day(text, form):
    """The day number, or nothing."""
    try:
        if form == "iso":
            found = ISO.match(text) and datetime.date.fromisoformat(text)
        else:
            match = US_SHORT.match(text)
            month, day, year = (int(part) for part in match.groups())
            if len(match[3]) == 2:
                year += 2000 if year < 70 else 1900
            found = datetime.date(year, month, day)
        return (found - datetime.date(1970, 1, 1)).days
    except (ValueError, TypeError, AttributeError):
        return None
