"""Labels on serials, notes on retirements (domain.md 8 and 12, registry.md 8)."""

from model_base import named, seconds, without

PART_OF_KIND = {
    "corsia": "corsia",
    "ccp": None,
    "article6": "article6",
    "adjustment": "adjustment",
    "sdg": "sdg",
    "activity": "activity",
    "durability": "durability",
}


class Labels:
    def _Label(self, act):
        self._signer(act, "initiate", "authority", "standard")
        subject = act["subject"]
        wanted = {PART_OF_KIND[subject["kind"]]} - {None}
        given = set(PART_OF_KIND) & set(subject)
        self._rule("label-part", given != wanted, "LABEL_INVALID")
        if "sdg" in subject:
            goals = subject["sdg"]["goals"]
            named_so = {str(number) for number in range(1, 18)}
            self._rule("goals-exist", set(goals) - named_so, "LABEL_INVALID")
            self._rule("goals-once", len(set(goals)) < len(goals), "LABEL_INVALID")
        if "article6" in subject:
            uses = subject["article6"]["uses"]
            self._rule("uses-once", len(set(uses)) < len(uses), "LABEL_INVALID")
        if "until" in subject:
            short = seconds(subject["until"]) <= seconds(subject["from"])
            self._rule("label-lasts", short, "PERIOD_INVALID")
        for part in subject["serials"]:
            self._check_labelled(part)

        def effect():
            self.labels[act["label"]] = {"act": subject, "party": act["party"], "ended": False}

        return effect

    def _check_labelled(self, part):
        batch = named(part["batch"])
        self._rule("labels-known", batch not in self.batches, "BATCH_UNKNOWN")
        first, last = int(part["first"]), int(part["last"])
        inside = first <= last <= self.batches[batch]["quantity"]
        self._rule("labels-inside", not inside, "LEG_INVALID")

    def _Unlabel(self, act):
        governance = self._by_governance(act)
        if not governance:
            self._signer(act)
        name = named(act["subject"]["label"])
        self._rule("unlabels-known", name not in self.labels, "LABEL_UNKNOWN")
        label = self.labels[name]
        other = not governance and label["party"] != act["party"]
        self._rule("unlabels-own", other, "LABEL_NOT_YOURS")
        self._rule("unlabels-once", label["ended"], "LABEL_ENDED")

        def effect():
            label["ended"] = True

        return effect

    def _labelled(self, ranges, kind):
        """Whether every serial carries a label of the kind in force."""
        covered = {}
        for label in self.labels.values():
            subject = label["act"]
            if subject["kind"] != kind or not self._label_in_force(label):
                continue
            for part in subject["serials"]:
                span = (int(part["first"]), int(part["last"]))
                covered.setdefault(named(part["batch"]), []).append(span)
        return all(
            without([(first, last)], covered.get(batch, [])) == [] for batch, first, last in ranges
        )

    def _label_in_force(self, label):
        if label["ended"] and self._holds("ended-labels-end"):
            return False
        subject = label["act"]
        if self.now < seconds(subject["from"]) and self._holds("labels-begin"):
            return False
        if "until" not in subject or not self._holds("labels-run-out"):
            return True
        return self.now < seconds(subject["until"])

    def _AnnotateRetirement(self, act):
        self._signer(act)
        subject = act["subject"]
        name = named(subject["retirement"])
        self._rule("annotates-known", name not in self.retirements, "RETIREMENT_UNKNOWN")
        registry = "registry" in self._roles(act["party"])
        other = not registry and self.retirements[name]["holder"] != act["party"]
        self._rule("annotates-own", other, "KEY_NOT_OF_PARTY")
        if "beneficiary" in subject:
            self._rule("registry-corrects", not registry, "KEY_NOT_OF_PARTY")
            self._rule("correction-has-digest", "digest" not in subject, "FIELD_MISSING")
            self._check_beneficiary(subject["beneficiary"])

        def effect():
            self.annotations[act["label"]] = {"party": act["party"], "subject": subject}

        return effect

    def _rows_label(self):
        return {
            name: {"party": f"$party:{label['party']}", "ended": label["ended"], **label["act"]}
            for name, label in self.labels.items()
        }

    def _rows_annotation(self):
        return {
            name: {"party": f"$party:{one['party']}", **one["subject"]}
            for name, one in self.annotations.items()
        }
