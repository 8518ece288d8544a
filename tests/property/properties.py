"""The properties P1-P4, P9 and P10 on what the ledger itself answered; no model is asked.

A transcript is {"first": dump, "steps": [{"at", "act", "before", "after", "dump"}]}: roots and size
before an act, the answer and roots after it, the state of units after it.
"""

TERMINAL = ("retired", "cancelled", "exported", "converted")


def check_start(transcript):
    return check_dump(transcript["first"])


def check(transcript):
    """The first broken property, or None."""
    before = transcript["first"]
    seen = {}
    for number, step in enumerate(transcript["steps"]):
        broken = (
            check_dump(step["dump"])
            or terminal(before, step["dump"])
            or authority(before, step)
            or idempotent(step, seen)
            or refusal_is_nothing(step)
        )
        if broken:
            return f"act {number} ({step['act']['label']}): {broken}"
        before = step["dump"]
    return None


def check_dump(dump):
    return conservation(dump) or single_place(dump) or index_agrees(dump)


def sizes(dump, keep):
    """Units of the runs that `keep` names: key -> sum."""
    totals = {}
    for run in dump["runs"]:
        key = keep(run)
        if key is not None:
            totals[key] = totals.get(key, 0) + run[2] - run[1] + 1
    return totals


# P1: per batch, issued = the sum of all its places; holdings and pools say the same as the serials.
def conservation(dump):
    placed = sizes(dump, lambda run: run[0])
    issued = {batch: quantity for batch, _, quantity, _ in dump["batches"]}
    if placed != issued:
        return f"P1: issued {issued}, in all places {placed}"
    held = {}
    for holder, batch, *totals in dump["holdings"]:
        for state, units in zip(("active", "pending", "locked", "retired"), totals):
            if units < 0:
                return f"P1: {holder} holds {units} units"
            if units:
                held[(holder, batch, state)] = units
    by_serials = sizes(dump, lambda run: (run[4], run[0], run[3]) if run[4] else None)
    if held != by_serials:
        return f"P1: holdings {held}, serials {by_serials}"
    # Each programme of the prelude has one batch, and its code names both.
    pooled = sizes(dump, lambda run: run[0] if run[3] == "buffer" else None)
    if dict(dump["pools"]) != pooled:
        return f"P1: pools hold {dump['pools']}, serials {pooled}"
    return None


# P2: the runs of a batch follow one another from serial 1 without gap or overlap, and are maximal.
def single_place(dump):
    last_of, place_of = {}, {}
    for batch, first, last, *place in sorted(dump["runs"]):
        if first != last_of.get(batch, 0) + 1 or last < first:
            return f"P2: {batch} {first} to {last} follows serial {last_of.get(batch, 0)}"
        if place_of.get(batch) == place:
            return f"P2: two neighbouring runs of {batch} at {place}"
        last_of[batch], place_of[batch] = last, place
    return None


# The index that quantities are taken from names exactly the active runs.
def index_agrees(dump):
    active = sorted([run[4], run[0], run[1], run[2]] for run in dump["runs"] if run[3] == "active")
    if sorted(dump["activeRuns"]) != active:
        return f"P2: the index of active runs is {dump['activeRuns']}, the serials say {active}"
    return None


# P3: what is retired or cancelled stays where it is.
def terminal(before, after):
    places = {tuple(run) for run in after["runs"]}
    for run in before["runs"]:
        if run[3] in TERMINAL and tuple(run) not in places:
            return f"P3: {run} has changed"
    return None


def changes(before, after):
    """Serials that moved: [(batch, first, last, place before, place after)]."""
    moved = []
    for batch, first, last, *place in before["runs"]:
        for other, low, high, *now in after["runs"]:
            low, high = max(low, first), min(high, last)
            if other == batch and low <= high and now != place:
                moved.append((batch, low, high, place, now))
    return moved


# P4: every move follows from an entry signed by a key that is valid there and allowed to.
def authority(before, step):
    moved = changes(before, step["dump"])
    standing = list(standing_changes(before, step["dump"]))
    if not moved and not standing:
        return None
    act, answer = step["act"], step["after"]["answers"][0]
    if answer["outcome"] != "accepted" or answer["repeated"]:
        return "P4: a change without an entry"
    signer = signer_of(before, act)
    if signer is None:
        return f"P4: {act['key']} is no key in force of {act['party']}, yet something changed"
    for batch, first, last, place, now in moved:
        if not may_move(before, act, signer, place, now):
            return f"P4: {act['type']} by {signer} moved {batch} {first}-{last}: {place} to {now}"
    for party, kind in standing:
        if not may_change(act, signer, party, kind):
            return f"P4: {act['type']} by {signer}: {kind} of {party}"
    return None


def standing_changes(before, after):
    """What became of parties and keys: (party, kind of change)."""
    parties = {name: (status, roles) for name, status, roles in before["parties"]}
    for name, status, roles in after["parties"]:
        if name not in parties:
            yield name, "registration"
        elif parties[name] != (status, roles):
            yield name, "freezing" if status == "frozen" else "standing"
    keys = {name: tuple(rest) for name, *rest in before["keys"]}
    for name, party, purposes, revoked in after["keys"]:
        if name not in keys:
            yield party, "new key"
        elif keys[name] != (party, purposes, revoked):
            only_revoked = keys[name] == (party, purposes, False) and revoked
            yield party, "revoked key" if only_revoked else "another key"
    kept = {name for name, *_ in after["parties"] + after["keys"]}
    for name in set(parties) | set(keys):
        if name not in kept:
            yield name, "removal"


def may_change(act, signer, party, kind):
    """Own acts at once or at a second person's approval; those of registry and governance at theirs."""
    own = {
        "registration": "RegisterParty",
        "freezing": "FreezeSelf",
        "new key": "BindKey",
        "revoked key": "RevokeKey",
    }
    if act["type"] == "RegisterParty":
        return kind in ("registration", "new key") and act["label"] == party
    if act["type"] == "Approve":
        by_registry = kind in ("freezing", "standing") and signer == "registry"
        governed = ("freezing", "standing", "new key", "revoked key")
        second_person = kind in ("new key", "revoked key") and signer == party
        return by_registry or second_person or (kind in governed and signer == "governance")
    return act["type"] == own.get(kind) and signer == party


def signer_of(before, act):
    if act["party"] == "" and act["key"] in ("gov1", "gov2"):
        return "governance"
    if act["type"] == "RegisterParty" and act["party"] == "":
        return act["label"]
    for name, party, _, revoked in before["keys"]:
        if name == act["key"] and party == act["party"] and not revoked:
            return party
    return None


def may_move(before, act, signer, place, now):
    state, holder, reference = place
    if state == "active":
        # Only into a transfer or a retirement of its own, by the holder or its second person.
        kinds = {"pending": "Transfer", "retired": "Retire"}
        own = now[0] in kinds and now[1] == holder and signer == holder
        return own and act["type"] in (kinds[now[0]], "Approve")
    if state != "pending" or now[0] != "active":
        return False
    transfer = next(t for t in before["transfers"] if t[0] == reference)
    sender, recipient = transfer[1], transfer[2]
    if act["type"] == "AcceptTransfer":
        return signer == recipient == now[1]
    returners = {
        "RejectTransfer": (recipient,),
        "CancelTransfer": (sender, "registry"),
        "RevokeKey": (sender, "governance"),
        "Approve": (sender, "governance"),
        "LapseTransfer": (signer,),
    }
    return now[1] == sender and signer in returners.get(act["type"], ())


# P9: at most one entry per id; the same bytes again get the same receipt.
def idempotent(step, seen):
    act, answer = step["act"], step["after"]["answers"][0]
    if answer["outcome"] != "accepted":
        return None
    identity = (act["party"] or act["key"], act["uuid"])
    receipt = (answer["index"], answer["leaf"], answer["recordedAt"])
    if not answer["repeated"]:
        if identity in seen:
            return f"P9: a second entry for {identity}"
        seen[identity] = receipt
    elif seen.get(identity) != receipt:
        return f"P9: first {seen.get(identity)}, now {receipt}"
    elif step["before"] and not same_roots(step):
        return "P9: a repeat changed the ledger"
    return None


def same_roots(step):
    return all(step["before"][name] == step["after"][name] for name in ROOTS)


ROOTS = ("size", "logRoot", "stateRoot")


# P10: a refusal changes nothing; an act that is taken becomes one entry and the seal behind it.
def refusal_is_nothing(step):
    answer = step["after"]["answers"][0]
    if answer["outcome"] != "accepted":
        return None if same_roots(step) else f"P10: {answer['outcome']} changed the ledger"
    if not answer["repeated"] and step["after"]["size"] != step["before"]["size"] + 2:
        return "P10: an accepted act is one entry and one seal"
    return None
