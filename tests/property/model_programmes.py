"""Programmes and their policies, methodologies and factor tables (domain.md 2, registry.md 4)."""

import standards
from model_base import day_number, decimal, named, time

DAY = 86_400
LIFECYCLE = {
    "commentSeconds": "0",
    "grievanceSeconds": str(30 * DAY),
    "creditingYearsMax": "0",
    "renewalsMax": "0",
    "pointRadius": "0",
    "reviewRequired": False,
    "signedEvidence": [],
}
INTEGRITY = {
    "obligationSeconds": str(180 * DAY),
    "compensationVintageFrom": "1990",
    "liable": "developer",
}


class Programmes:
    def _policy(self, programme):
        """In force now: the last version that holds already."""
        versions = self.programmes[programme]["policies"]
        held = [v for v in versions if v["from"] is None or self.now >= v["from"]]
        if not self._holds("amended-policy-waits"):
            held = versions
        return held[-1]["policy"]

    def _lifecycle(self, programme):
        return self._policy(programme).get("lifecycle", LIFECYCLE)

    def _integrity(self, programme):
        return self._policy(programme).get("integrity", INTEGRITY)

    def _check_policy(self, policy):
        acts = [rule["act"] for rule in policy["approvals"]]
        self._rule("policy-acts-once", len(set(acts)) < len(acts), "ITEM_REPEATED")
        rate, margin = decimal(policy["bufferRate"]), decimal(policy["capacityMargin"])
        self._rule("buffer-rate-a-share", rate is None or not 0 <= rate <= 1, "DECIMAL_INVALID")
        self._rule("margin-positive", margin is None or margin < 0, "DECIMAL_INVALID")
        if "releaseShare" in policy.get("integrity", {}):
            release = decimal(policy["integrity"]["releaseShare"])
            outside = release is None or not 0 <= release <= 1
            self._rule("release-share-a-share", outside, "DECIMAL_INVALID")

    def _RegisterProgramme(self, act):
        self._governance(act)
        subject = act["subject"]
        self._check_name(subject["name"])
        self._check_policy(subject["policy"])
        taken = ("programme", subject["code"]) in self.codes
        self._rule("programme-code-once", taken, "CODE_TAKEN")

        def effect():
            self.codes[("programme", subject["code"])] = act["label"]
            self.programmes[act["label"]] = {
                "code": subject["code"],
                "name": subject["name"],
                "unit": subject["unit"],
                "policies": [{"from": None, "policy": subject["policy"]}],
            }

        return effect

    def _AmendProgramme(self, act):
        self._governance(act)
        subject = act["subject"]
        name = named(subject["programme"])
        self._rule("amended-programme-known", name not in self.programmes, "PROGRAMME_UNKNOWN")
        if "name" in subject:
            self._check_name(subject["name"])
        self._check_policy(subject["policy"])

        def effect():
            programme = self.programmes[name]
            if "name" in subject:
                programme["name"] = subject["name"]
            programme["policies"].append(
                {"from": self.now + self._delay("activationSeconds"), "policy": subject["policy"]}
            )

        return effect

    # Standards.

    def _RegisterMethodology(self, act):
        self._signer(act, "initiate", "standard")
        return self._register_standard(act, "METHODOLOGY_INVALID", standards.holds, False)

    def _RegisterFactorTable(self, act):
        self._signer(act, "initiate", "standard", "authority")
        return self._register_standard(act, "TABLE_INVALID", standards.table_holds, True)

    def _register_standard(self, act, invalid, holds, is_table):
        document = act["subject"]["document"]
        known = any(s["document"] == document for s in self.standards.values())
        self._rule("standard-holds", not holds(document), invalid)
        self._rule("standard-once", known, "STANDARD_KNOWN")

        def effect():
            self.standards[act["label"]] = {
                "document": document,
                "is_table": is_table,
                "party": act["party"],
                "at": self.now,
                "active": False,
                "last_end": None,
            }

        return effect

    def _ActivateMethodology(self, act):
        governance = self._by_governance(act)
        if not governance:
            self._signer(act, "initiate", "standard")
        standard = self._standard(act["subject"]["digest"])
        self._rule("activated-once", standard["active"], "ACTIVATED_ALREADY")
        own = not governance and standard["party"] == act["party"]
        self._rule("another-activates", own, "ACTIVATOR_IS_REGISTRANT")
        made_up = standard["document"].get("confidence") == "constructed"
        self._rule("no-constructed-tables", made_up, "TABLE_CONSTRUCTED")
        early = self.now < standard["at"] + self._delay("activationSeconds")
        self._rule("review-window", early, "ACTIVATION_TOO_EARLY")

        def effect():
            standard["active"] = True

        return effect

    def _standard(self, digest):
        name = named(digest)
        self._rule("standard-known", name not in self.standards, "STANDARD_UNKNOWN")
        return self.standards[name]

    def _RetireMethodology(self, act):
        governance = self._by_governance(act)
        if not governance:
            self._signer(act)
        standard = self._standard(act["subject"]["digest"])
        self._rule("tables-do-not-retire", standard["is_table"], "STANDARD_UNKNOWN")
        if not governance:
            other = standard["party"] != act["party"]
            self._rule("registrant-retires", other, "KEY_NOT_OF_PARTY")
        self._rule("retired-once", standard["last_end"] is not None, "METHODOLOGY_RETIRED")

        def effect():
            standard["last_end"] = day_number(act["subject"]["lastPeriodEnd"])

        return effect

    def _crediting_methodology(self, digest, first_day):
        """One that a project may be credited under from this day on."""
        self._not_retired(self._crediting_standard(digest), first_day)

    def _crediting_standard(self, digest):
        standard = self._standard(digest)
        self._rule("tables-credit-nothing", standard["is_table"], "STANDARD_UNKNOWN")
        self._rule("methodology-active", not standard["active"], "METHODOLOGY_NOT_ACTIVE")
        nothing = not standards.credits_something(standard["document"])
        self._rule("no-inventories", nothing, "METHODOLOGY_CREDITS_NOTHING")
        return standard

    def _not_retired(self, standard, first_day):
        late = standard["last_end"] is not None and first_day >= standard["last_end"]
        self._rule("retired-for-projects", late, "METHODOLOGY_RETIRED")

    def _rows_programme(self):
        return {
            name: {
                "code": programme["code"],
                "name": programme["name"],
                "unit": programme["unit"],
                "policies": [
                    [v["policy"], time(v["from"]) if v["from"] is not None else None]
                    for v in programme["policies"]
                ],
            }
            for name, programme in self.programmes.items()
        }

    def _rows_standard(self):
        rows = {}
        for name, standard in self.standards.items():
            rows[name] = {
                "isTable": standard["is_table"],
                "party": f"$party:{standard['party']}",
                "registeredAt": time(standard["at"]),
                "active": standard["active"],
                "lastPeriodEnd": standard["last_end"],
            }
        return rows

    def _rows_code(self):
        return {f"{space} {code}": target for (space, code), target in self.codes.items()}
