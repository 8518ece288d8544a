"""What a scenario says holds after an act (`so …`), asked of all rows: {kind: {name: row}}."""

import re

from sentences import batch_name, number

CLAIMS = []


def claim(pattern):
    """Registers a claim; WORD stands for one word, NUMBER for a number."""
    for word, expression in (("WORD", r"[^\s,]+"), ("NUMBER", r"[\d,]+")):
        pattern = re.sub(
            rf"<(\w+):{word}>", lambda found, e=expression: f"(?P<{found[1]}>{e})", pattern
        )

    def register(function):
        CLAIMS.append((re.compile(pattern + r"\Z"), function))
        return function

    return register


@claim(r"<who:WORD> holds <units:NUMBER> (?P<state>active|pending|locked|retired) units of <of:WORD>")
def holds(rows, who, units, state, of):
    held = rows["holding"].get(f"{who} {batch_name(of)}", {})
    return held.get(state, 0) == int(number(units))


@claim(
    r"serials? <first:NUMBER>(?: to <last:NUMBER>)? of <of:WORD> (?:is|are) <state:WORD>"
    r"(?: by <reference:WORD>)?(?: of <holder:WORD>)?"
)
def serials(rows, first, last, of, state, reference, holder):
    low, high = int(number(first)), int(number(last or first))
    found = []
    for name, (end, *place) in rows["serial"].items():
        run_batch, start = name.split(" ")
        if run_batch == batch_name(of) and int(start) <= high and low <= end:
            found.append(place)
    return bool(found) and all(
        place[0] == state
        and (reference is None or place[2].endswith(":" + reference))
        and (holder is None or place[1] == holder)
        for place in found
    )


@claim(r"the pool of <programme:WORD> holds <units:NUMBER> units")
def pool(rows, programme, units):
    return rows["pool"].get("P-" + programme, "0") == number(units)


@claim(r"<units:NUMBER> units of <of:WORD> were issued")
def issued(rows, units, of):
    return rows["batch"].get(batch_name(of), {}).get("quantity") == number(units)


@claim(r"no units of <of:WORD> were issued")
def not_issued(rows, of):
    return batch_name(of) not in rows["batch"]


@claim(r"<units:NUMBER> units are owed(?P<pool> to the pool)? for <name:WORD>(?: by <who:WORD>)?")
def owed(rows, units, pool, name, who):
    found = rows["obligation"].get(name, {})
    right = found.get("owedToPool" if pool else "owed") == number(units)
    return right and (who is None or found["party"] == "$party:" + who)


KINDS = "obligation|transfer|report|project|lock|proposal"


@claim(rf"the (?P<kind>{KINDS}) <name:WORD> is <state:WORD>")
def state(rows, kind, name, state):
    return rows[kind].get(name, {}).get("state") == state


@claim(rf"there is no (?P<kind>{KINDS}|retirement) <name:WORD>")
def nothing(rows, kind, name):
    return name not in rows[kind]


@claim(r"the party <name:WORD> is <state:WORD>")
def standing(rows, name, state):
    return rows["party"].get(name, {}).get("status") == state


@claim(r"the key <name:WORD> is (?P<state>in-force|revoked)")
def key(rows, name, state):
    found = rows["key"].get(name)
    return found is not None and found["ended"] == (state == "revoked")


@claim(r'the retirement <name:WORD> names <units:NUMBER> units for "(?P<who>[^"]*)"')
def retirement(rows, name, units, who):
    found = rows["retirement"].get(name)
    right = found is not None and found["quantity"] == number(units)
    return right and found["beneficiary"]["organisation"]["name"] == who


@claim(r"the transfer <name:WORD> was signed with <key:WORD>")
def on_record(rows, name, key):
    return rows["transfer"].get(name, {}).get("signer") == "$key:" + key


def holds_now(rows, text):
    for pattern, function in CLAIMS:
        found = pattern.match(text)
        if found:
            return function(rows, **found.groupdict())
    raise ValueError(f"not a claim: {text}")
