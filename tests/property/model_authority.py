"""Who signs: keys, parties and their sub-accounts, governance seats (domain.md 1, registry.md)."""

from model_base import STATUS_OUTCOME, named

# Who holds no units.
NEVER_HOLDS = {"vvb", "registry"}


class Authority:
    def _seats(self):
        """Governance seats in force: key -> person."""
        return self.ledger["seats"]

    def _by_governance(self, act):
        return act["party"] == "" and act["key"] in self._seats()

    def _governance(self, act):
        self._rule("governance-signs", not self._by_governance(act), "GOVERNANCE_KEY_REQUIRED")

    def _delay(self, name):
        return self.ledger["delays"][name]

    # The account an act is for, and the party whose keys sign for it.
    def _owner(self, party):
        return (self.parties[party]["owner"] if party in self.parties else None) or party

    def _key(self, act):
        """The signing key, bound to the party and in force."""
        key = self.keys.get(act["key"])
        self._rule("key-known", key is None, "KEY_UNKNOWN")
        ours = bool(act["party"]) and key["party"] == self._owner(act["party"])
        self._rule("own-key", not ours, "KEY_NOT_OF_PARTY")
        self._rule("revoked-key", key["revoked"] is not None, "KEY_REVOKED")
        usable = key["usable_from"] is None or self.now >= key["usable_from"]
        self._rule("recovered-key-waits", not usable, "KEY_TOO_NEW")
        return key

    def _signer(self, act, purpose="initiate", *roles):
        """The key of an admitted party with one of the roles (any, where none is named)."""
        key = self._key(act)
        self._rule("purpose", purpose not in key["purposes"], "KEY_PURPOSE_MISSING")
        self._check_status(act["party"])
        if roles:
            missing = not self._roles(act["party"]) & set(roles)
            self._rule("role", missing, "ROLE_MISSING")
        return key

    def _check_status(self, name, rule="frozen-signer"):
        """The owner's status is named before the sub-account's."""
        for party in dict.fromkeys((self._owner(name), name)):
            status = self.parties[party]["status"]
            if status != "admitted":
                self._rule(rule, True, STATUS_OUTCOME[status])

    def _admitted(self, name):
        return all(
            self.parties[party]["status"] == "admitted" for party in (self._owner(name), name)
        )

    def _roles(self, name):
        return self.parties[self._owner(name)]["roles"]

    def _mover(self, act):
        """Signer of an act that takes units out of an account."""
        key = self._signer(act)
        self._season(key, "new-key-waits")
        return key

    def _season(self, key, rule):
        """A key that its own party added moves units only after the ledger's delay."""
        if key["bound_at"] is not None:
            early = self.now < key["bound_at"] + self._delay("newKeySeconds")
            self._rule(rule, early, "KEY_TOO_NEW")

    def _registry_or_governance(self, act):
        if not self._by_governance(act):
            self._signer(act, "initiate", "registry")

    def _not_by_account(self, act, rule="owners-alone"):
        self._rule(rule, self.parties[act["party"]]["owner"] is not None, "ACCOUNT_NESTED")

    def _in_person(self, act, purpose, *roles):
        """A signer that is no sub-account: what concerns projects is the owner's alone."""
        key = self._signer(act, purpose, *roles)
        self._not_by_account(act)
        return key

    def _may_hold(self, name):
        return not self._roles(name) & NEVER_HOLDS

    def _may_receive(self, name):
        return self._admitted(name) and self._may_hold(name)

    def _affiliated(self, a, b):
        """Declared by either of the two."""
        return b in self.parties[a]["affiliates"] or a in self.parties[b]["affiliates"]

    def _bind(self, name, party, person, purposes, self_added=False, usable_from=None):
        self.keys[name] = {
            "party": party,
            "person": person,
            "purposes": list(purposes),
            "bound_at": self.now if self_added else None,
            "since": self.now,
            "usable_from": usable_from,
            "by_governance": False,
            "revoked": None,
        }
        self.parties[party]["keys"].append(name)

    def _check_new_key(self, name):
        known = name in self.keys or name in self.ledger["ever_seated"]
        self._rule("one-key-one-party", known, "KEY_ALREADY_BOUND")

    def _party_named(self, text, rule="party-known"):
        name = named(text)
        self._rule(rule, name not in self.parties, "PARTY_UNKNOWN")
        return name
