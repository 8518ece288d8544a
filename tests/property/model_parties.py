"""Parties and their keys (domain.md 1, registry.md 3)."""

from model_base import STATUS_OUTCOME, Refused, named, refuse_if, seconds, time
from model_authority import NEVER_HOLDS

GOVERNED_ROLES = {"registry", "accreditor", "authority", "standard", "custodian", "auditor"}


class Parties:
    def _check_roles(self, roles):
        refuse_if(len(set(roles)) != len(roles), "ITEM_REPEATED")
        refuse_if("vvb" in roles and set(roles) - {"vvb", "auditor"}, "ROLES_CONFLICT")
        refuse_if("registry" in roles and set(roles) & {"developer", "buyer"}, "ROLES_CONFLICT")

    def _check_name(self, name):
        self._rule("name-given", not name.get("en") and not name.get("zh"), "NAME_MISSING")

    def _check_name_of(self, kind, subject):
        """Natural persons have no name and no number here; all others have a name."""
        if kind == "natural-person":
            given = subject.get("name") or "lei" in subject or "uscc" in subject
            self._rule("persons-unnamed", given, "PERSON_NAMED")
        elif "name" in subject:
            self._check_name(subject["name"])

    def _RegisterParty(self, act):
        subject = act["subject"]
        declared = subject["key"]
        refuse_if(named(declared["key"]) != act["key"] or act["party"], "KEY_NOT_OF_PARTY")
        self._rule("accounts-are-opened", subject["kind"] == "account", "ACCOUNT_NESTED")
        self._check_name_of(subject["kind"], subject)
        self._check_new_key(act["key"])
        purposes = declared["purposes"]
        refuse_if("initiate" not in purposes, "KEY_PURPOSE_MISSING")
        self._rule("purposes-once", len(set(purposes)) < len(purposes), "ITEM_REPEATED")
        self._check_roles(subject["roles"])
        affiliates = [named(party) for party in subject["affiliates"]]
        self._check_affiliates(affiliates)

        def effect():
            self._new_party(act["label"], subject, "applied", [], None)
            self.parties[act["label"]]["affiliates"] = affiliates
            self.parties[act["label"]]["wanted"] = subject["roles"]
            self._bind(act["key"], act["label"], named(declared["person"]), purposes)

        return effect

    def _check_affiliates(self, affiliates):
        for party in affiliates:
            self._rule("affiliate-known", party not in self.parties, "AFFILIATE_UNKNOWN")
            account = self.parties[party]["owner"] is not None
            self._rule("affiliate-no-account", account, "AFFILIATE_UNKNOWN")

    def _new_party(self, name, subject, status, roles, owner):
        self.parties[name] = {
            "status": status,
            "roles": set(roles),
            "standings": 1,
            "kind": subject.get("kind", "account"),
            "name": subject["name"],
            "country": subject.get("country"),
            "lei": subject.get("lei"),
            "uscc": subject.get("uscc"),
            "affiliates": [],
            "affiliations": [],
            "wanted": [],
            "keys": [],
            "owner": owner,
            "merged": None,
        }

    def _set_standing(self, name, status, roles=None):
        party = self.parties[name]
        party["status"] = status
        if roles is not None:
            party["roles"] = set(roles)
        party["standings"] += 1

    def _AdmitParty(self, act):
        self._registry_or_governance(act)
        name = self._party_named(act["subject"]["party"])
        self._rule("account-not-admitted", self.parties[name]["owner"] is not None, "ACCOUNT_NESTED")
        roles = act["subject"]["roles"]
        self._check_roles(roles)
        if not self._by_governance(act):
            self._rule("governed-roles", set(roles) & GOVERNED_ROLES, "ROLE_NEEDS_GOVERNANCE")
        status = self.parties[name]["status"]
        if status not in ("applied", "admitted"):
            raise Refused(STATUS_OUTCOME[status])
        if set(roles) & NEVER_HOLDS:
            holds = any(self._holds_units(account) for account in self._accounts_of(name))
            self._rule("roles-without-units", holds, "PARTY_NOT_EMPTY")
        return lambda: self._set_standing(name, "admitted", roles)

    def _accounts_of(self, name):
        return [other for other in self.parties if self._owner(other) == name]

    def _SetPartyStatus(self, act):
        self._registry_or_governance(act)
        name, wanted = self._party_named(act["subject"]["party"]), act["subject"]["status"]
        status = self.parties[name]["status"]
        refuse_if(status == wanted, "STATUS_UNCHANGED")
        refuse_if(status == "closed", "PARTY_CLOSED")
        refuse_if("applied" in (status, wanted), "PARTY_NOT_ADMITTED")
        if wanted == "closed":
            accounts = [n for n in self.parties if self.parties[n]["owner"] == name]
            self._rule("closed-is-empty", self._holds_units(name), "PARTY_NOT_EMPTY")
            self._rule("closed-owes-nothing", self._owes(name), "PARTY_NOT_EMPTY")
            self._rule("closed-keeps-no-lock", self._keeps_lock(name), "PARTY_NOT_EMPTY")
            live = any(self.parties[account]["status"] != "closed" for account in accounts)
            self._rule("closed-has-no-accounts", live, "PARTY_NOT_EMPTY")
        return lambda: self._set_standing(name, wanted)

    def _AccreditVvb(self, act):
        self._signer(act, "initiate", "registry", "accreditor")
        subject = act["subject"]
        name = self._party_named(subject["party"])
        account = self.parties[name]["owner"] is not None
        self._rule("account-not-accredited", account, "ACCOUNT_NESTED")
        self._rule("accredits-vvb", "vvb" not in self._roles(name), "ROLE_MISSING")
        first, end = seconds(subject["from"]), seconds(subject["until"])
        self._rule("accredited-for-a-time", end <= first, "PERIOD_INVALID")

        def effect():
            self.accreditations.setdefault(name, []).append(subject)

        return effect

    # Keys.

    def _BindKey(self, act):
        governance = self._by_governance(act)
        subject = act["subject"]
        name, declared = named(subject["party"]), subject["key"]
        if not governance:
            self._signer(act)
            refuse_if(act["party"] != name, "KEY_NOT_OF_PARTY")
        self._party_named(subject["party"])
        self._rule("account-has-no-keys", self.parties[name]["owner"] is not None, "ACCOUNT_NESTED")
        refuse_if(self.parties[name]["status"] == "closed", "PARTY_CLOSED")
        key, purposes = named(declared["key"]), declared["purposes"]
        self._check_new_key(key)
        self._rule("purposes-once", len(set(purposes)) < len(purposes), "ITEM_REPEATED")
        wait = self._delay("recoverySeconds") if governance else 0

        def effect():
            usable_from = self.now + wait if wait and self._holds("recovery-waits") else None
            self._bind(key, name, named(declared["person"]), purposes, not governance, usable_from)
            self.keys[key]["by_governance"] = governance
            if wait and self._holds("recovery-freezes"):
                if self.parties[name]["status"] in ("admitted", "suspended"):
                    self._set_standing(name, "frozen")

        return effect

    def _RevokeKey(self, act):
        name = named(act["subject"]["key"])
        governance = self._by_governance(act)
        if not governance:
            signer = self._key(act)
        target = self.keys.get(name)
        self._rule("revokes-known-key", target is None, "KEY_UNKNOWN")
        if not governance:
            refuse_if(act["party"] != target["party"], "KEY_NOT_OF_PARTY")
            initiates = name == act["key"] or "initiate" in signer["purposes"]
            self._rule("initiating-keys-end-others", not initiates, "KEY_PURPOSE_MISSING")
            outranked = target["usable_from"] is not None and signer["usable_from"] is None
            self._rule("recovered-key-stays", outranked, "GOVERNANCE_KEY_REQUIRED")
        refuse_if(target["revoked"], "KEY_REVOKED")
        if not governance:
            self._rule("last-key", self._is_last(name, target), "LAST_KEY")

        def effect():
            target["revoked"] = act["subject"]["reason"]
            if act["subject"]["reason"] == "compromised" and self._holds("compromised-key"):
                self._end_all_of(name)

        return effect

    def _is_last(self, name, target):
        others = [
            key
            for other, key in self.keys.items()
            if other != name and key["party"] == target["party"] and not key["revoked"]
        ]
        return "initiate" in target["purposes"] and all(
            "initiate" not in key["purposes"] for key in others
        )

    def _end_all_of(self, key):
        for proposal in self.proposals.values():
            if proposal["state"] == "open" and proposal["act"]["key"] == key:
                proposal["state"] = "revoked"
        for transfer in self.transfers.values():
            if transfer["state"] == "pending" and transfer["key"] == key:
                self._settle(transfer, "revoked", transfer["from"])

    def _FreezeSelf(self, act):
        self._key(act)
        party = self.parties[act["party"]]
        refuse_if(party["status"] == "frozen", "STATUS_UNCHANGED")
        refuse_if(party["status"] == "closed", "PARTY_CLOSED")
        refuse_if(party["status"] == "applied", "PARTY_NOT_ADMITTED")
        return lambda: self._set_standing(act["party"], "frozen")

    # Changes of what is known about a party.

    def _AmendParty(self, act):
        self._signer(act)
        by_registry = "registry" in self._roles(act["party"])
        subject = act["subject"]
        name = self._party_named(subject["party"])
        party = self.parties[name]
        self._rule("amends-itself", not by_registry and name != act["party"], "KEY_NOT_OF_PARTY")
        if party["owner"] is not None:
            others = set(subject) - {"party", "name", "kycDigest"}
            self._rule("accounts-have-a-name-only", others, "ACCOUNT_NESTED")
        affiliates = [named(other) for other in subject.get("affiliates", [])]
        if by_registry:
            self._rule("amendment-has-digest", "kycDigest" not in subject, "FIELD_MISSING")
            self._check_name_of(self.parties[self._owner(name)]["kind"], subject)
        else:
            self._check_own_amendment(subject, party, affiliates)
        self._check_affiliates(affiliates)
        into = named(subject["mergedInto"]) if "mergedInto" in subject else None
        if into is not None:
            self._check_merger(name, into)
        return lambda: self._amend_party(name, subject, affiliates, into)

    def _check_own_amendment(self, subject, party, affiliates):
        others = set(subject) - {"party", "affiliates"}
        self._rule("own-amendment-is-affiliates", others, "AMENDMENT_NEEDS_REGISTRY")
        fewer = not set(affiliates) > set(party["affiliates"])
        self._rule("affiliates-only-grow", fewer, "AMENDMENT_NEEDS_REGISTRY")

    def _check_merger(self, name, into):
        self._rule("merged-into-known", into not in self.parties, "PARTY_UNKNOWN")
        self._rule("merged-into-another", into == name, "ITEM_REPEATED")
        account = self.parties[into]["owner"] is not None
        self._rule("merged-into-no-account", account, "ACCOUNT_NESTED")
        self._check_status(into, "merged-into-admitted")

    def _amend_party(self, name, subject, affiliates, into):
        party = self.parties[name]
        for member in ("name", "country", "lei", "uscc"):
            if member in subject:
                party[member] = subject[member]
        if "affiliates" in subject:
            self._set_affiliates(party, affiliates)
        if into is not None:
            party["merged"] = into
            if self._holds("merged-are-affiliates"):
                for a, b in ((name, into), (into, name)):
                    known = self.parties[a]["affiliates"]
                    if b not in known:
                        self._set_affiliates(self.parties[a], [*known, b])

    def _set_affiliates(self, party, affiliates):
        """What ends and what begins is kept, [who, has it ended], from version 5 on."""
        before, party["affiliates"] = party["affiliates"], affiliates
        if self._version() < 5 or not self._holds("affiliations-are-kept"):
            return
        kept = party["affiliations"]
        for name in before:
            if name not in affiliates:
                if [name, False] not in kept:
                    kept.append([name, False])
                kept[kept.index([name, False])] = [name, True]
        for name in affiliates:
            if name not in before and [name, False] not in kept:
                kept.append([name, False])

    # Rows.

    def _rows_party(self):
        return {name: self._party_row(party) for name, party in self.parties.items()}

    def _party_row(self, party):
        row = {
            "name": party["name"],
            "kind": party["kind"],
            "country": party["country"],
            "affiliates": sorted(f"$party:{name}" for name in party["affiliates"]),
            "affiliations": [[f"$party:{name}", ended] for name, ended in party["affiliations"]],
            "status": party["status"],
            "roles": sorted(party["roles"]),
            "standings": party["standings"],
            "wanted": sorted(party["wanted"]),
            "keys": [f"$key:{name}" for name in party["keys"]],
        }
        if party["owner"]:
            row["owner"] = f"$party:{party['owner']}"
        if party["merged"]:
            row["mergedInto"] = f"$party:{party['merged']}"
        for member in ("lei", "uscc"):
            if party[member]:
                row[member] = party[member]
        return row

    def _rows_key(self):
        rows = {}
        for name, key in self.keys.items():
            row = rows[name] = {
                "party": f"$party:{key['party']}",
                "person": f"$person:{key['person']}",
                "purposes": sorted(key["purposes"]),
                "ended": key["revoked"] is not None,
                "boundAt": time(key["since"]),
                "selfAdded": key["bound_at"] is not None,
            }
            if key["usable_from"] is not None:
                row["usableFrom"] = time(key["usable_from"])
            if key["revoked"]:
                row["revokedFor"] = key["revoked"]
        return rows

    def _rows_accreditation(self):
        return {
            name: [{**{m: s[m] for m in ("scopes", "from", "until")}} for s in given]
            for name, given in self.accreditations.items()
        }
