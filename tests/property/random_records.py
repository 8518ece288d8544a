"""Random acts that only record: evidence deposits, foreign history."""

# How each registry prints a range, with two prefixes in turn.
SERIALS = {
    "acr-car-art": "P-{p}-{first} to {last}",
    "verra-vcu": "{p}-{first}-{last}-VCS-VCU-262-VER-CN-14-1340-01012020-31122020-0",
    "gold-standard": "GS1-1-KE-GS11603-16-2025-{p}-{first}-{last}",
    "cercarbono": "CDC_{p}_1_1_321_14_1_2019 {first} {last}",
    "puro": "PURO_PR_CORC100+_US_517437_2025_59a44376-{p}_{first}-{last}",
    "isometric": "ISO-1-VAULT-USA-01P{p}-2026-{first}-{after}",
    "cdm-cer": "BR-5-{first}-1-1-0-{p} - BR-5-{last}-1-1-0-{p}",
}
# What is nearly right, of every grammar.
UNREADABLE = (
    "P-1-10",
    "P-1-7 to x",
    "5 to 7",
    "1-2-3-VCS-VCU-4",
    "240-5-9-VCU-003-APX-IN-1-101-01042006-18032007-0",
    "GS1-1-KE-GS11603-16-2025-1-05-9",
    "CDC_1_1_1_321_14_1_2019",
    "PURO_1-2",
    "ISO-1-VAULT-USA-01P1-2026-5-5",
    "BR-5-10-1-1-0-8",
    "BR-5-10-1-1-0-8 - BR-5-14-1-1-0-9",
)


class RecordActs:
    KINDS = {"deposit": 3, "open_import": 3, "import_rows": 9}

    def deposit(self):
        self.count += 1
        digests = [{"sha256": f"$digest:d{self.count}"}]
        subject = {"digests": digests, "category": "calibration", "title": "Meter"}
        return self.by("DepositEvidence", self.anyone(), subject)

    def open_import(self):
        self.count += 1
        subject = {
            "registry": self.pick(("ACR", "ACR", "CAR", "TEST", "VERRA")),
            "grammar": self.pick(("acr-car-art", "acr-car-art", *SERIALS)),
            "fileDigest": f"$digest:file{self.count}",
            "rowCount": "50",
            "dateFormat": self.pick(("iso", "us-short")),
        }
        if self.model.imports and self.chance(0.15):
            known = self.pick(self.model.imports.values())
            subject["fileDigest"] = known["subject"]["fileDigest"]
        return self.by("OpenImport", "registry", subject, label=f"i{self.count}")

    def import_rows(self):
        name = self.mostly(self.model.imports, ["NONE"], 0.97)
        if name not in self.model.imports:
            return self.open_import()
        opened = self.model.imports[name]["subject"]
        rows = [self._row(opened["dateFormat"], opened["grammar"]) for _ in range(self.pick((1, 2, 3, 5)))]
        subject = {"import": "$import:" + name, "rows": rows}
        return self.by("ImportSerials", "registry", subject)

    def _row(self, form, grammar):
        first = self.random.randint(1, 40) * 5
        quantity = self.pick((1, 5, 10, 20))
        if self.chance(0.03):
            grammar = self.pick(SERIALS)
        last = first + quantity - 1
        place = {"p": self.pick((1, 2)), "first": first, "last": last, "after": last + 1}
        dates = {"iso": "2020-01-15", "us-short": "1/15/20"}
        event = self.pick(("issued", "retired", "retired", "cancelled", "issued-total"))
        row = {
            "row": str(self.random.randint(1, 51)),
            "serial": SERIALS[grammar].format(**place),
            "quantity": str(quantity if self.chance(0.94) else quantity + 1),
            "event": event,
            "date": dates[form] if self.chance(0.95) else self.pick(("2020-02-30", "13/1/20")),
            "project": self.pick(("A", "B")),
            "vintage": "2019",
            "rowDigest": "$digest:row",
        }
        if event == "issued-total":
            row["quantity"] = self.pick(("20", "50", "100"))
            if self.chance(0.95):
                del row["serial"]
        elif self.chance(0.03):
            row["serial"] = self.pick(UNREADABLE)
        return row
