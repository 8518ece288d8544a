"""Random acts about programmes, methodologies and tables."""

import copy

import standards
import worlds

OPINIONS = (["unmodified"], ["unmodified"], ["unmodified", "modified"], ["unmodified", "adverse"])


class ProgrammeActs:
    KINDS = {
        "amend_programme": 6,
        "register_programme": 2,
        "register_standard": 3,
        "activate_standard": 3,
        "retire_methodology": 2,
    }

    def amend_programme(self):
        name = self.mostly(self.model.programmes, ["NONE"], 0.97)
        if name in self.model.programmes:
            policy = copy.deepcopy(self.model.programmes[name]["policies"][-1]["policy"])
        else:
            policy = worlds.policy(2)
        subject = {"programme": "$programme:" + name, "policy": self._changed(policy)}
        if self.chance(0.2):
            subject["name"] = {"en": "Renamed"} if self.chance(0.8) else {}
        return self.governed("AmendProgramme", subject)

    def register_programme(self):
        self.count += 1
        code = f"P{self.count}" if self.chance(0.85) else "CCS"
        subject = {
            "code": code,
            "name": {"en": code} if self.chance(0.95) else {},
            "unit": self.pick(("t", "kg", "g")),
            "policy": self._changed(worlds.policy(self._version_known())),
        }
        return self.governed("RegisterProgramme", subject, label=code if code != "CCS" else None)

    def _version_known(self):
        return 2 if self.chance(0.9) else self.model.ledger["version"]

    def _changed(self, policy):
        for _ in range(self.pick((0, 1, 1, 2))):
            change = self.pick(self._POLICY_CHANGES)
            getattr(self, change)(policy)
        if self.chance(0.08):
            self._break(policy)
        return policy

    _POLICY_CHANGES = (
        "_change_approvals",
        "_change_approvals",
        "_change_lifecycle",
        "_change_integrity",
        "_change_verification",
    )

    def _change_approvals(self, policy):
        act = self.pick(
            "transfer retire cancel lock unlock export convert accept-transfer issue-credits "
            "record-reversal release-buffer invalidate-batch declare-over-issuance repay-pool label "
            "submit-monitoring-report withdraw-report validate-project submit-project amend-project "
            "suspend-project complete-project transfer-project accept-project list-project "
            "annotate-retirement withdraw-statement submit-verification-statement unlabel "
            "renew-crediting-period accept-amendment resume-project withdraw-project".split()
        )
        rules = [rule for rule in policy["approvals"] if rule["act"] != act]
        policy["approvals"] = rules + [{"act": act, "approvals": self.pick(("0", "1", "1", "2"))}]

    def _change_lifecycle(self, policy):
        lifecycle = policy.setdefault("lifecycle", dict(worlds.LIFECYCLE))
        name, values = self.pick(
            (
                ("commentSeconds", ("0", "100")),
                ("creditingYearsMax", ("0", "6", "7", "12")),
                ("renewalsMax", ("0", "1")),
                ("pointRadius", ("0", "1000000")),
                ("reviewRequired", (True, False)),
                ("signedEvidence", ([], ["meter-data"])),
                ("grievanceSeconds", ("0", "500")),
            )
        )
        lifecycle[name] = self.pick(values)

    def _change_integrity(self, policy):
        integrity = policy.setdefault("integrity", dict(worlds.INTEGRITY))
        name, values = self.pick(
            (
                ("obligationSeconds", ("0", "100", "400")),
                ("compensationVintageFrom", ("1990", "2023", "2024", "2025")),
                ("liable", ("developer", "registry")),
                ("releaseAfterSeconds", ("0", "300")),
                ("releaseShare", ("0", "0.25", "0.5", "1")),
            )
        )
        integrity[name] = self.pick(values)

    def _change_verification(self, policy):
        name, values = self.pick(
            (
                ("statementsMin", ("1", "1", "2")),
                ("consecutivePeriodsMax", ("0", "1", "2")),
                ("acceptedOpinions", OPINIONS),
                ("validatorMayVerify", (True, False)),
                ("gapsAllowed", (True, False)),
                ("transferable", (True, True, False)),
                ("bufferRate", ("0", "0.05", "0.123", "1")),
                ("capacityMargin", ("1", "1.1", "5")),
                ("exclusiveEvidence", (["meter-data"], ["survey"], [])),
                ("requiredDocuments", ([], ["design"])),
            )
        )
        policy[name] = self.pick(values)

    def _break(self, policy):
        fault = self.pick(("rate", "margin", "twice", "share"))
        if fault == "rate":
            policy["bufferRate"] = self.pick(("1.01", "-0.1"))
        elif fault == "margin":
            policy["capacityMargin"] = "-1"
        elif fault == "twice":
            policy["approvals"].append(dict(policy["approvals"][0]))
        else:
            self._change_integrity(policy)
            policy["integrity"]["releaseShare"] = self.pick(("1.5", "-0.5"))

    # Standards.

    def register_standard(self):
        self.count += 1
        name = f"m{self.count}"
        if self.chance(0.4):
            rows = None
            if self.chance(0.1):
                rows = [{"keys": ["all"], "value": "1"}, {"keys": ["all"], "value": "2"}]
            document = standards.table(name, self.pick(("1.5", "2")), rows=rows)
            if self.chance(0.1):
                document["validity"]["to"] = document["validity"]["from"]
            if self.chance(0.15):
                document["confidence"] = "constructed"
            party = self.pick(("standard", "reviewer", "authority"))
            return self.by("RegisterFactorTable", party, {"document": document}, label=name)
        document = standards.methodology(
            name,
            base=self.chance(0.3),
            factor=self.chance(0.2),
            inventory=self.chance(0.1),
            wrong=self.chance(0.1),
        )
        if self.chance(0.08):
            document = standards.methodology("linear")
        party = self.pick(("standard", "standard", "reviewer", "authority"))
        return self.by("RegisterMethodology", party, {"document": document}, label=name)

    def activate_standard(self):
        waiting = [
            n
            for n, s in self.model.standards.items()
            if not s["active"] and (n != "factor-invented" or self.chance(0.1))
        ]
        if self.lacks(waiting):
            return self.register_standard()
        name = self.mostly(waiting, list(self.model.standards) + ["NONE"])
        standard = self.model.standards.get(name)
        if standard and self.chance(0.6):
            self.now = max(self.now, standard["at"] + 100 - (1 if self.chance(0.15) else 0))
        subject = {"digest": "$standard:" + name}
        if self.chance(0.2):
            return self.governed("ActivateMethodology", subject)
        party = self.pick(("standard", "reviewer", "reviewer"))
        return self.by("ActivateMethodology", party, subject)

    def retire_methodology(self):
        mine = [n for n, s in self.model.standards.items() if not s["is_table"]]
        name = self.mostly(mine, list(self.model.standards) + ["NONE"])
        last = self.pick(("2024-01-01", "2025-01-01", "2026-07-01", "2027-01-01", "2030-01-01"))
        subject = {"digest": "$standard:" + name, "lastPeriodEnd": last}
        if self.chance(0.2):
            return self.governed("RetireMethodology", subject)
        standard = self.model.standards.get(name)
        party = standard["party"] if standard and self.chance(0.9) else "reviewer"
        return self.by("RetireMethodology", party, subject)
