"""Random acts that only record: evidence deposits, foreign history."""


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
            "grammar": "acr-car-art",
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
        form = self.model.imports[name]["subject"]["dateFormat"]
        rows = [self._row(form) for _ in range(self.pick((1, 2, 3, 5)))]
        subject = {"import": "$import:" + name, "rows": rows}
        return self.by("ImportSerials", "registry", subject)

    def _row(self, form):
        first = self.random.randint(1, 40) * 5
        quantity = self.pick((1, 5, 10, 20))
        dates = {"iso": "2020-01-15", "us-short": "1/15/20"}
        event = self.pick(("issued", "retired", "retired", "cancelled", "issued-total"))
        row = {
            "row": str(self.random.randint(1, 51)),
            "serial": f"{self.pick(('P-1', 'P-2'))}-{first} to {first + quantity - 1}",
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
            row["serial"] = self.pick(("P-1-10", "P-1-7 to x", "5 to 7"))
        return row
