#!/usr/bin/env python3
"""Which of several outcomes an act is answered: the order, act by act, in schemas/spec/precedence.md.

    precedence.py            fails unless the page says what the reference model does
    precedence.py --write    writes the page

The order is taken from the rules of the reference model as they are asked, in the kept programs and
in random ones of fixed seeds. That the ledger asks in the same order is what property_test.py finds
out: its programs hold acts with several faults, and for each rule one that is felt when the rule is
switched off, so that the next one answers.
"""

import collections
import pathlib
import re
import sys

import fixed_order
import model_base
import reference_model
import worlds
from coverage import FIRST_RULE, LAST_RULE

LATEST = max(worlds.VERSIONS.values())
HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "schemas" / "spec" / "precedence.md"
TABLE = HERE.parents[1] / "ledger" / "model" / "outcomes.inc"
RANDOM_PROGRAMS = 500
# Asked of every act before its own rules.
ENVELOPE = (
    ("NOT_IN_RULES",),
    ("ALREADY_FOUNDED", "NOT_FOUNDED"),
    ("WRONG_REGISTRY",),
    ("NOT_FOUNDED",),
    ("EXPIRED",),
    ("VALIDITY_TOO_LONG",),
)

# Asked of nearly every act's signer, before the status of the party.
SIGNER = ("KEY_UNKNOWN", "KEY_NOT_OF_PARTY", "KEY_REVOKED", "KEY_TOO_NEW", "KEY_PURPOSE_MISSING")
STATUS = "PARTY_…"
STATUSES = {"PARTY_NOT_ADMITTED", "PARTY_SUSPENDED", "PARTY_FROZEN", "PARTY_CLOSED"}

HEAD = """# Which outcome an act is answered

An act may be wrong in several ways; it is answered the first outcome that applies. The order is:

1. **The text**, numbers 100 to 113, and **its form**, 120 to 146: size, JSON, members in the order of their description. All of a
   text is judged before its form.
2. **The proof**, 150 to 162: its members, the signature, and last whether the key is the issuer's (`PROOF_KEY_MISMATCH`).
3. **A repeated act**: the bytes of an accepted act get the answer that they got before, others under its id `ID_REUSED`.
4. **The envelope**: {envelope}.
5. **The act's own rules**, in the order below. *signer* stands for {signer}. `PARTY_…` is the one of
   `PARTY_NOT_ADMITTED`, `PARTY_SUSPENDED`, `PARTY_FROZEN` and `PARTY_CLOSED` that the party is. Outcomes in braces are asked item
   by item or in either order, as the act's section in [registry.md](registry.md) says.
6. **What would be written**: `RECORD_LIMIT_REACHED` by every act whose rows would outgrow what a row may hold, and
   `RESULT_TOO_LARGE` by a report whose result would.
7. **Approvals**: an act that passes all of these and needs more persons becomes a proposal.

The other numbers from 500 on are answers of the service, not of the rules; `BLOB_MISSING` is answered before an act is ordered.

The table is written by `tests/property/precedence.py` from the reference model under the latest version of the rules, and the test
`precedence` fails where they differ. The stages before it are written by hand; `tests/state/precedence_test.cpp` holds one outcome of
each against the next.
Limits that no program there comes to are not in it: `AMOUNT_OVERFLOW`, `BOUNDARY_TOO_WIDE` and most `LIST_TOO_LONG`.

| act | outcomes, first to last |
|---|---|
"""


class Recorder:
    """The outcomes that the rules asked for, in order, of the act or import row being judged."""

    def __init__(self):
        self.asked = None
        self.orders = collections.defaultdict(set)  # act -> {orders}

    def of(self, name, judge):
        before, self.asked = self.asked, []
        try:
            return judge()
        finally:
            order = [asked for asked in dict.fromkeys(self.asked) if asked[0] not in HEADS]
            self.orders[name].add(tuple(order))
            self.asked = before

    def ask(self, outcome, where):
        """`where`: which question it is; an act may be asked for one outcome in several places."""
        if self.asked is not None:
            self.asked.append((outcome, where))

    def ask_once(self, outcome, where, judge):
        """What is asked meanwhile is but this one outcome."""
        self.ask(outcome, where)
        before, self.asked = self.asked, None
        try:
            judge()
        finally:
            self.asked = before


HEADS = {outcome for stage in ENVELOPE for outcome in stage} | {"ID_REUSED", "SIGNATURE_INVALID"}
RECORDER = Recorder()


def place_of(frame):
    return frame.f_code.co_filename, frame.f_lineno


def listen():
    """Every question of the rules is told to the recorder."""
    plain_refuse, model = model_base.refuse_if, reference_model.ReferenceModel
    plain_rule, plain_judge, plain_row = model._rule, model.judge, model._import_row
    plain_effect, plain_status = model._effect_of, model._check_status

    def refuse_if(broken, outcome):
        RECORDER.ask(outcome, place_of(sys._getframe(1)))
        plain_refuse(broken, outcome)

    def rule(self, name, broken, outcome):
        RECORDER.ask(outcome, name)
        plain_rule(self, name, broken, outcome)

    def check_status(self, *party):
        where = place_of(sys._getframe(1))
        RECORDER.ask_once(STATUS, where, lambda: plain_status(self, *party))

    def effect_of(self, act):
        # A proposal that is approved, or an import's row, is asked its own rules.
        if self._version() < LATEST:
            return plain_effect(self, act)
        return RECORDER.of(act["type"], lambda: plain_effect(self, act))

    def judge(self, act, now):
        if act["type"] == "Genesis":
            return RECORDER.of("Genesis", lambda: plain_judge(self, act, now))
        return plain_judge(self, act, now)

    def row(self, opened, told):
        return RECORDER.of("ImportSerials, row", lambda: plain_row(self, opened, told))

    model._rule, model._effect_of, model._check_status = rule, effect_of, check_status
    model.judge, model._import_row = judge, row
    for module in list(sys.modules.values()):
        if getattr(module, "refuse_if", None) is plain_refuse:
            module.refuse_if = refuse_if


def run_programs():
    # They import this module, to compare answers with the page.
    from comparison import Comparison
    from property_test import read_programs
    from random_program import Maker

    comparison = Comparison(None)
    for path in sorted((HERE / "programs").glob("*.jsonl")):
        for _, program in read_programs(path):
            model = comparison.new_model(program["world"])
            for step in program["steps"]:
                model.judge(step["act"], step["at"])
    maker = Maker(comparison)
    for seed in range(RANDOM_PROGRAMS):
        maker.program(seed, 100)


def groups_of(orders, numbers):
    """Questions in order, those asked in both orders together: [(outcome, ...)]."""
    after = collections.defaultdict(set)
    for order in orders:
        for place, asked in enumerate(order):
            after[asked] |= set(order[place + 1 :])
    # Whom each comes before, through others, too.
    for middle in list(after):
        for asked in list(after):
            if middle in after[asked]:
                after[asked] |= after[middle]
    left, groups = set(after), []
    while left:
        # Nothing left comes before these, but what they come before themselves.
        first = [a for a in left if all(b in after[a] for b in left if b != a and a in after[b])]
        # What no program passes stands where it was met, behind what was asked before it.
        best = min(first, key=lambda a: (bool(after[a] - {a}), numbers[a[0]], str(a[1])))
        group = [best] + [b for b in left if b != best and b in after[best] and best in after[b]]
        outcomes = {asked[0] for asked in group}
        groups.append(tuple(sorted(outcomes, key=numbers.get)))
        left -= set(group)
    return [group for group, before in zip(groups, [None] + groups) if group != before]


def told(groups):
    return " · ".join(
        f"`{group[0]}`" if len(group) == 1 else "{" + ", ".join(f"`{one}`" for one in group) + "}"
        for group in groups
    )


def outcome_numbers():
    found = re.findall(r"^MRV_OUTCOME\((\d+), (\w+),", TABLE.read_text(encoding="utf-8"), re.M)
    return {name: int(number) for number, name in found}


def page():
    numbers = outcome_numbers()
    numbers[STATUS] = numbers["PARTY_NOT_ADMITTED"]
    listen()
    run_programs()
    rows = []
    for act, orders in sorted(RECORDER.orders.items()):
        order = told(groups_of(orders, numbers)).replace(told([(one,) for one in SIGNER]), "*signer*")
        name = f"each row of `{act.split(',')[0]}`" if "," in act else f"`{act}`"
        rows.append(f"| {name} | {order} |\n")
    head = HEAD.format(envelope=told(ENVELOPE), signer=told([(one,) for one in SIGNER]))
    return head + "".join(rows)


def listed():
    """What the page says that each act is answered: {act: {outcome}}."""
    acts = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        found = re.match(r"\| (?:each row of )?`(\w+)` \| (.*) \|$", line)
        if found:
            acts.setdefault(found[1], set()).update(re.findall(r"`(\w+)`", found[2]))
    always = HEADS | set(SIGNER) | STATUSES
    return {act: outcomes | always for act, outcomes in acts.items()}


def main():
    text = page()
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    kept = PAGE.read_text(encoding="utf-8")
    for line in sorted(set(text.splitlines()) ^ set(kept.splitlines())):
        print(("the model: " if line in text else "the page:  ") + line)
    absent = [
        name
        for name, number in outcome_numbers().items()
        if FIRST_RULE <= number <= LAST_RULE and f"`{name}`" not in kept
    ]
    print("".join(f"on no line of the page: {name}\n" for name in absent), end="")
    return 0 if text == kept and not absent else 1


if __name__ == "__main__":
    fixed_order.pin()
    sys.exit(main())
