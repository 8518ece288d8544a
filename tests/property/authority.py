"""P4: every change follows from an entry signed by a key in force that was allowed to make it.

Asked of the ledger's own rows before and after the act: who signed, what the act is (for an Approve
the act that it completes), and whether that act, by that party, may do what was done.
"""


GOVERNANCE = "governance"


def check(before, step, changed):
    answer = step["after"]["answers"][0]
    if answer["outcome"] != "accepted" or answer["repeated"]:
        return "P4: a change without an entry" if changed else None
    if not before.of(0x01):
        return None  # Genesis itself
    kind, _, party = effective_act(before, step)
    signer = signer_of(before, step)
    if signer is None:
        act = step["act"]
        return f"P4: {act['key']} is no key in force of {act['party']}, yet something changed"
    for fault in (
        moved_units(before, step, kind, party),
        changed_standing(before, step, kind, party, changed),
        changed_projects(before, step, kind, changed),
    ):
        if fault:
            return f"P4: {kind} by {party}, signed by {signer}: {fault}"
    return None


# What was done and for whom.


def effective_act(before, step):
    """(type, subject, party): of an Approve that completes a proposal, those of the proposal."""
    act = step["act"]
    if act["type"] == "Approve":
        proposal = row_of(before, 0x04, act["subject"]["proposal"])
        settled = row_of(step["rows"], 0x04, act["subject"]["proposal"])
        if proposal is not None and settled is not None and settled["state"] == "approved":
            document = proposal["document"]
            party = proposal.get("party", GOVERNANCE)
            return document["type"][1], document["credentialSubject"], party
    party = "$party:" + act["party"] if act["party"] else GOVERNANCE
    return act["type"], act["subject"], party


def row_of(rows, tag, name):
    return next((row for row in rows.of(tag) if row.get("id") == name), None)


def owner_of(rows, party):
    row = row_of(rows, 0x02, party)
    return row.get("owner", party) if row else party


def signer_of(before, step):
    """Who stands behind the key; nothing where it is not in force for the act's party."""
    act = step["act"]
    key = "$key:" + act["key"]
    ledger = before.of(0x01)[0]
    seats = [s["key"] for s in ledger["governance"] if "until" not in s["inForce"]]
    if act["party"] == "":
        if key in seats:
            return GOVERNANCE
        return key if act["type"] == "RegisterParty" else None
    for row in before.of(0x03):
        if row["key"] == key and "until" not in row["bound"]:
            if row["party"] == owner_of(before, "$party:" + act["party"]):
                return row["party"]
    return None


# Units.


def moves(before, after):
    """Serials that moved: [(batch, first, last, place before, place after)]."""
    old, new = runs_by_batch(before), runs_by_batch(after)
    moved = []
    for batch in new:
        if batch not in old:
            moved += [(batch, f, l, None, place) for f, l, *place in new[batch]]
            continue
        if old[batch] == new[batch]:
            continue
        for first, last, *place in old[batch]:
            for low, high, *now in new[batch]:
                low, high = max(low, first), min(high, last)
                if low <= high and now != place:
                    moved.append((batch, low, high, place, now))
    return moved


def runs_by_batch(rows):
    found = {}
    for row in rows.of(0x0E):
        run = (
            int(row["first"]),
            int(row["last"]),
            row["state"],
            row.get("holder", ""),
            row.get("reference", ""),
        )
        found.setdefault(row["batch"], []).append(run)
    return {batch: sorted(runs) for batch, runs in found.items()}


def moved_units(before, step, kind, party):
    roles = roles_of(before, party)
    for batch, first, last, place, now in moves(before, step["rows"]):
        if not may_move(before, kind, party, roles, place, now):
            return f"{batch} {first}-{last} moved from {place} to {now}"
    return None


def roles_of(rows, party):
    row = row_of(rows, 0x02, owner_of(rows, party)) if party != GOVERNANCE else None
    return row["standings"][-1]["roles"] if row else []


def may_move(before, kind, party, roles, place, now):
    if place is None:
        return kind == "IssueCredits" and "registry" in roles
    state, holder, reference = place
    to_state, to_holder, _ = now
    if kind in ("InvalidateBatch", "RecordReversal", "ReleaseBuffer", "Convert"):
        return "registry" in roles and (state, to_state) in BY_REGISTRY[kind]
    if kind in ("OrderTransfer", "ReverseTransfer", "DeclareDefault"):
        return party == GOVERNANCE and (state, to_state) in BY_GOVERNANCE[kind]
    if kind == "Cancel" and party == GOVERNANCE:
        return (state, to_state, to_holder) == ("active", "cancelled", holder)
    if state == "active":
        own = holder == party and (to_holder in (party, "") or kind == "Transfer")
        return own and (kind, to_state) in OF_OWN_UNITS
    if state == "pending":
        return may_settle(before, kind, party, roles, reference, now)
    if state == "locked":
        return may_unlock(before, kind, party, reference, now)
    return False


BY_REGISTRY = {
    "InvalidateBatch": {
        ("active", "cancelled"),
        ("pending", "cancelled"),
        ("locked", "cancelled"),
        ("buffer", "cancelled"),
        ("pending", "active"),
        ("locked", "active"),
    },
    "RecordReversal": {("buffer", "cancelled")},
    "ReleaseBuffer": {("buffer", "active")},
    "Convert": {("active", "converted")},
}
BY_GOVERNANCE = {
    "OrderTransfer": {("active", "active"), ("pending", "active"), ("locked", "active")},
    "ReverseTransfer": {("active", "active")},
    "DeclareDefault": {("buffer", "cancelled")},
}
# By the holder alone, with whom the policies ask to approve.
OF_OWN_UNITS = {
    ("Transfer", "pending"),
    ("Transfer", "active"),
    ("Retire", "retired"),
    ("Cancel", "cancelled"),
    ("Lock", "locked"),
    ("RepayPool", "buffer"),
}


def may_settle(before, kind, party, roles, reference, now):
    transfer = row_of(before, 0x10, reference)
    sender, recipient = transfer["from"], transfer["to"]
    if now[0] != "active":
        return False
    if kind == "AcceptTransfer":
        return party == recipient == now[1]
    if now[1] != sender:
        return False
    return (
        kind == "LapseTransfer"
        or (kind == "RejectTransfer" and party == recipient)
        or (kind == "CancelTransfer" and (party == sender or "registry" in roles))
        or (kind == "RevokeKey" and party in (owner_of(before, sender), GOVERNANCE))
    )


def may_unlock(before, kind, party, reference, now):
    lock = row_of(before, 0x24, reference)
    if kind == "Export":
        return party == lock["holder"] and now[0] == "exported"
    if kind != "Unlock" or now[0] != "active":
        return False
    if party == lock["custodian"]:
        return now[1] in (lock["holder"], lock.get("pledgee"))
    return party == lock["holder"] == now[1]


# Parties, keys, governance.

STANDING = {
    0x02: {
        "RegisterParty",
        "OpenAccount",
        "AdmitParty",
        "SetPartyStatus",
        "AmendParty",
        "FreezeSelf",
        "BindKey",
    },
    0x03: {"RegisterParty", "BindKey", "RevokeKey"},
    0x05: {"AccreditVvb"},
    0x06: {"RegisterProgramme", "AmendProgramme"},
    0x1A: {"SetAccountPolicy"},
    0x1B: {"RemoveBlob"},
}
LEDGER = {"ActivateRules", "ChangeGovernance", "SucceedLogKey", "Approve"}


def changed_standing(before, step, kind, party, changed):
    for tag, key in changed:
        if tag == 0x01 and kind not in LEDGER:
            return "the ledger's own row changed"
        if tag in STANDING and kind not in STANDING[tag]:
            return f"a row of kind {tag:#x} changed"
        if tag in (0x02, 0x03, 0x1A):
            row, old = step["rows"].by_key.get((tag, key)), before.by_key.get((tag, key))
            fault = not_theirs(before, kind, party, row, old)
            if tag == 0x03 and old is not None and "until" in old["bound"]:
                fault = "a key that had ended changed"
            if fault:
                return fault
        if tag in (0x06, 0x1B) and party != GOVERNANCE:
            return f"a row of kind {tag:#x} changed without governance"
    return None


def not_theirs(before, kind, party, row, old):
    """Own rows by oneself; others' by registry or governance."""
    if row is None:
        return "a party, key or policy is gone"
    whose = row.get("owner", row["id"]) if "standings" in row else row["party"]
    mine = party != GOVERNANCE and owner_of(before, party) == whose
    if kind == "RegisterParty":
        return None if old is None else "a registration changed what was there"
    if kind == "AmendParty":
        merged = old is not None and set(old["affiliates"]) < set(row["affiliates"])
        roles = roles_of(before, party)
        return None if mine or merged or "registry" in roles else f"{whose} was amended"
    if kind in ("AdmitParty", "SetPartyStatus"):
        registry = "registry" in roles_of(before, party)
        return None if registry or party == GOVERNANCE else f"{whose} was judged"
    own_only = ("SetAccountPolicy", "OpenAccount", "FreezeSelf")
    if mine or (party == GOVERNANCE and kind not in own_only):
        return None
    # A policy is the account's own, which may be a sub-account.
    return None if row.get("party") == party else f"{kind} for {whose}"


# Projects.

DEVELOPER_CHANGES = {"AcceptProject"}
STATE_CHANGES = {
    "SubmitProject": {"submitted"},
    "ValidateProject": {"validated", "rejected"},
    "RegisterProject": {"registered"},
    "AmendProject": {"submitted"},
    "SuspendProject": {"suspended"},
    "ResumeProject": {"registered"},
    "CompleteProject": {"completed"},
    "WithdrawProject": {"withdrawn"},
}


def changed_projects(before, step, kind, changed):
    for tag, key in changed:
        if tag != 0x09:
            continue
        row, old = step["rows"].by_key.get((tag, key)), before.by_key.get((tag, key))
        if row is None:
            return "a project is gone"
        if old is None:
            if kind != "SubmitProject":
                return "a project came from nothing"
            continue
        if row["developer"] != old["developer"] and kind not in DEVELOPER_CHANGES:
            return f"{row['id']} changed hands"
        if row["state"] != old["state"] and row["state"] not in STATE_CHANGES.get(kind, ()):
            return f"{row['id']} became {row['state']}"
    return None


