"""The properties P1-P4, P9 and P10 on what the ledger itself answered; no model is asked.

A transcript is {"first": Rows, "steps": [{"at", "act", "before", "after", "rows"}]}: roots and size
before an act, the answer and roots after it, all rows after it (ledger_rows.py).
"""

import authority

TERMINAL = ("retired", "cancelled", "exported", "converted")
HELD = ("active", "pending", "locked", "retired")


def check(transcript):
    """The first broken property, or None."""
    before = transcript["first"]
    seen = {}
    last = None
    for number, step in enumerate(transcript["steps"]):
        rows = step["rows"]
        broken = None
        if rows is not before:
            changed = changed_keys(before, rows)
            broken = (
                check_rows(rows)
                or terminal(before, rows)
                or obligations(before, rows, step)
                or authority.check(before, step, changed)
            )
        broken = broken or idempotent(step, seen) or refusal_is_nothing(step) or order(step, last)
        if broken:
            return f"act {number} ({step['act']['label']}, {step['act']['type']}): {broken}"
        before = rows
        last = step
    return None


def changed_keys(before, after):
    old = before.by_key
    keys = [k for k, v in after.by_key.items() if old.get(k) is not v and old.get(k) != v]
    return keys + [key for key in before.by_key if key not in after.by_key]


def check_rows(rows):
    return conservation(rows) or single_place(rows) or indexes_agree(rows)


def runs_of(rows):
    """[(batch, first, last, state, holder, reference)], in order."""
    return sorted(
        (
            row["batch"],
            int(row["first"]),
            int(row["last"]),
            row["state"],
            row.get("holder", ""),
            row.get("reference", ""),
        )
        for row in rows.of(0x0E)
    )


def sizes(runs, keep):
    """Units of the runs that `keep` names: key -> sum."""
    totals = {}
    for run in runs:
        key = keep(run)
        if key is not None:
            totals[key] = totals.get(key, 0) + run[2] - run[1] + 1
    return totals


# P1: per batch and programme, issued = the sum of all places; holdings and pools say the same as
# the serials.
def conservation(rows):
    runs = runs_of(rows)
    batches = {row["id"]: row for row in rows.of(0x0D)}
    placed = sizes(runs, lambda run: run[0])
    issued = {name: int(row["quantity"]) for name, row in batches.items()}
    if placed != issued:
        return f"P1: issued {issued}, in all places {placed}"
    held = {}
    for row in rows.of(0x0F):
        for state in HELD:
            units = int(row[state])
            if units < 0:
                return f"P1: {row['holder']} holds {units} units"
            if units:
                held[(row["holder"], row["batch"], state)] = units
    own = [run for run in runs if run[3] in HELD]
    by_serials = sizes(own, lambda run: (run[4], run[0], run[3]))
    if held != by_serials:
        return f"P1: holdings {held}, serials {by_serials}"
    pools = {row["programme"]: int(row["units"]) for row in rows.of(0x12) if row["units"] != "0"}
    in_pool = [run for run in runs if run[3] == "buffer"]
    pooled = sizes(in_pool, lambda run: batches[run[0]]["programme"])
    if pools != pooled:
        return f"P1: pools hold {pools}, serials {pooled}"
    return None


# P2: the runs of a batch follow one another from serial 1 without gap or overlap, and are maximal.
def single_place(rows):
    last_of, place_of = {}, {}
    for batch, first, last, *place in runs_of(rows):
        if first != last_of.get(batch, 0) + 1 or last < first:
            return f"P2: {batch} {first} to {last} follows serial {last_of.get(batch, 0)}"
        if place_of.get(batch) == place:
            return f"P2: two neighbouring runs of {batch} at {place}"
        last_of[batch], place_of[batch] = last, place
    return None


# What the rules read beside the rows says what the rows say.
def indexes_agree(rows):
    given = rows.indexes()
    for name, wanted in indexes_of(rows).items():
        if sorted(given[name]) != sorted(wanted):
            return f"P2: the index of {name} is {sorted(given[name])}, the rows say {sorted(wanted)}"
    return None


def indexes_of(rows):
    version = rows.of(0x01)[0]["rulesVersion"] if rows.of(0x01) else "1"
    pending = [row for row in rows.of(0x10) if row["state"] == "pending"]
    waiting = [row for row in rows.of(0x04) if row["state"] == "open"]
    owed = [row for row in rows.of(0x21) if row["state"] == "open"]
    requests = [row for row in rows.of(0x1F) if row["kind"] == "FAR" and "closed" not in row]
    counting = [row for row in rows.of(0x0A) if row["state"] in ("live", "issued")]
    reports = {row["id"]: row["project"] for row in counting}
    wanted = {
        "active_runs": [[r[4], r[0], r[1], r[2]] for r in runs_of(rows) if r[3] == "active"],
        "open_proposals": [[row["signer"], row["id"]] for row in waiting],
        "pending_transfers": [[row["signer"], row["id"]] for row in pending],
        "party_obligations": [[row["party"], row["id"]] for row in owed],
        "batch_obligations": [[batch, row["id"]] for row in owed for batch in row["batches"]],
        "batch_labels": labelled_batches(rows),
        "custodian_locks": [
            [row["custodian"], row["id"]] for row in rows.of(0x24) if row["state"] == "in-force"
        ],
        "project_fars": [
            [reports[row["report"]], row["id"]] for row in requests if row["report"] in reports
        ],
    }
    if version != "1":
        wanted["project_batches"] = [[row["project"], row["id"]] for row in rows.of(0x0D)]
    return wanted


def labelled_batches(rows):
    pairs = {
        (part["batch"], row["id"]) for row in rows.of(0x28) for part in row["label"]["serials"]
    }
    return [list(pair) for pair in pairs]


# P3: what is retired, cancelled, exported or converted stays where it is.
def terminal(before, after):
    places = {run[:3]: run[3:] for run in runs_of(after)}
    for run in runs_of(before):
        if run[3] in TERMINAL and places.get(run[:3]) != run[3:]:
            return f"P3: {run} has changed"
    return None


# What is owed, and to whom, changes only by what was given for it.
def obligations(before, after, step):
    old = {row["id"]: row for row in before.of(0x21)}
    for row in after.of(0x21):
        quantity, owed, to_pool = (int(row[m]) for m in ("quantity", "owed", "owedToPool"))
        was = old.get(row["id"])
        if was is None:
            if (owed, to_pool, row["state"]) != (quantity, 0, "open"):
                return f"P1: {row['id']} begins with {owed} and {to_pool} of {quantity}"
            continue
        if (row["state"] == "discharged") != (owed == 0 and to_pool == 0):
            return f"P1: {row['id']} is {row['state']} with {owed} and {to_pool} left"
        if row == was:
            continue
        given = given_for(row["id"], before, after, step)
        less = int(was["owed"]) + int(was["owedToPool"]) - owed - to_pool
        if less != given or was["state"] != "open":
            return f"P1: {row['id']} fell by {less}, {given} units were given for it"
        if quantity != int(was["quantity"]):
            return f"P1: {row['id']} was of {was['quantity']}, is of {quantity}"
    return None


def given_for(name, before, after, step):
    """Units that this act cancelled for the obligation, or gave to the pool for it."""
    known = {row["id"] for row in before.of(0x23)}
    cancelled = sum(
        int(row["quantity"])
        for row in after.of(0x23)
        if row["id"] not in known and row.get("obligation") == name
    )
    kind, subject = authority.effective_act(before, step)[:2]
    if kind == "RepayPool" and subject["obligation"] == name:
        return cancelled + pool_units(after) - pool_units(before)
    return cancelled


def pool_units(rows):
    return sum(int(row["units"]) for row in rows.of(0x12))


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
    elif seen.get(identity, receipt) != receipt:
        return f"P9: first {seen.get(identity)}, now {receipt}"
    elif not same_roots(step):
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


# Entries stand in the order in which they were taken, and time never runs back.
def order(step, last):
    answer = step["after"]["answers"][0]
    if answer["outcome"] != "accepted" or answer["repeated"]:
        return None
    if answer["index"] != step["before"]["size"]:
        return f"P10: entry {answer['index']} in a log of {step['before']['size']}"
    if last is not None and last["at"] > step["at"]:
        return "P10: time ran back"
    return None


