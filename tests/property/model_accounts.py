"""Account policies and sub-accounts (registry.md 3)."""

from model_base import named, time


class Accounts:
    def _policy_of_account(self, name):
        return self.account_policies.get(name)

    def _four_eyes(self, name):
        policy = self._policy_of_account(name)
        if policy is None:
            return False
        waiting = policy["four_eyes_until"] is not None and self.now < policy["four_eyes_until"]
        return policy["four_eyes"] or (waiting and self._holds("four-eyes-off-waits"))

    def _auto_accepts(self, name):
        policy = self._policy_of_account(name)
        if policy is None or not policy["auto_accept"]:
            return False
        return self.now >= policy["auto_accept_from"] or not self._holds("auto-accept-waits")

    def _trusts(self, name, other):
        policy = self._policy_of_account(name)
        if policy is None or other not in policy["trusted"]:
            return False
        return self.now >= policy["trusted"][other] or not self._holds("trust-waits")

    def _SetAccountPolicy(self, act):
        self._signer(act)
        subject = act["subject"]
        trusted = [named(party) for party in subject["trusted"]]
        for number, party in enumerate(trusted):
            self._rule("trusted-known", party not in self.parties, "PARTY_UNKNOWN")
            self._rule("trusted-once", party in trusted[:number], "ITEM_REPEATED")
            self._rule("trust-not-oneself", party == act["party"], "RECIPIENT_IS_SENDER")
        return lambda: self._change_policy(act["party"], subject, trusted)

    def _change_policy(self, name, subject, trusted):
        later = self.now + self._delay("newCounterpartySeconds")
        before = self._policy_of_account(name) or {
            "four_eyes": False,
            "four_eyes_until": None,
            "auto_accept": False,
            "auto_accept_from": None,
            "trusted": {},
            "versions": 0,
        }
        until = None
        if not subject["fourEyes"]:
            until = later if before["four_eyes"] else before["four_eyes_until"]
        accepts_from = None
        if subject["autoAccept"]:
            accepts_from = before["auto_accept_from"] if before["auto_accept"] else later
        self.account_policies[name] = {
            "four_eyes": subject["fourEyes"],
            "four_eyes_until": until,
            "auto_accept": subject["autoAccept"],
            "auto_accept_from": accepts_from,
            "trusted": {party: before["trusted"].get(party, later) for party in trusted},
            "versions": before["versions"] + 1,
        }

    def _OpenAccount(self, act):
        self._signer(act)
        self._not_by_account(act, "no-account-of-an-account")
        owner = self.parties[act["party"]]
        self._check_name_of(owner["kind"], act["subject"])

        def effect():
            self._new_party(act["label"], act["subject"], "admitted", [], act["party"])
            self.parties[act["label"]]["country"] = owner["country"]

        return effect

    def _rows_account_policy(self):
        rows = {}
        for name, policy in self.account_policies.items():
            row = rows[name] = {
                "fourEyes": policy["four_eyes"],
                "autoAccept": policy["auto_accept"],
                "versions": policy["versions"],
                "trusted": sorted(
                    [f"$party:{party}", time(since)] for party, since in policy["trusted"].items()
                ),
            }
            if policy["four_eyes_until"] is not None and self.now < policy["four_eyes_until"]:
                row["fourEyesUntil"] = time(policy["four_eyes_until"])
            if policy["auto_accept_from"] is not None:
                row["autoAcceptFrom"] = time(policy["auto_accept_from"])
        return rows
