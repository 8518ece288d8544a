"""How often each act was accepted and each outcome answered, and which never were."""

import collections
import pathlib
import re

from comparison import verdict
from reference_model import ReferenceModel

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Outcomes of rules have numbers from 190 on; these stand below, because decoders give them too.
FORM_OUTCOMES = (
    "FIELD_MISSING",
    "INTEGER_OUT_OF_RANGE",
    "DECIMAL_INVALID",
    "NAME_MISSING",
    "LEG_INVALID",
    "ITEM_REPEATED",
    "PERIOD_INVALID",
    "SIGNATURE_INVALID",
)
FIRST_RULE, LAST_RULE = 190, 449
# What no program can be answered here, each with its reason.
OUT_OF_REACH = {
    "BLOB_MISSING": "answered before an act is ordered, never by a rule",
    "BOUNDARY_TOO_WIDE": "takes more projects in one place than a program has acts",
    "AMOUNT_OVERFLOW": "the small methodology yields too little",
}


def count(transcript):
    counts = collections.Counter(programs=1, acts=len(transcript["steps"]))
    for step in transcript["steps"]:
        answer = step["after"]["answers"][0]
        name = verdict(answer)
        counts["outcome " + name] += 1
        counts["answer " + step["act"]["type"] + " " + name] += 1
        if name == "accepted":
            counts["act " + step["act"]["type"]] += 1
        for _, outcome in answer.get("refusedRows", []):
            counts["outcome " + outcome] += 1
            counts["answer ImportSerials " + outcome] += 1
    return counts


def tell(counts):
    for part in ("act ", "outcome "):
        print(part.strip() + "s:")
        found = {n[len(part) :]: c for n, c in counts.items() if n.startswith(part)}
        for name in sorted(found, key=lambda name: -found[name]):
            print(f"{found[name]:8} {name}")
    print(f"{counts['acts']} acts")


def all_acts():
    rules = [n[1:] for n in dir(ReferenceModel) if n[:1] == "_" and n[1:2].isupper()]
    return sorted(["Genesis"] + rules)


def all_outcomes():
    """Those that a rule can give to an act."""
    text = (ROOT / "ledger/model/outcomes.inc").read_text(encoding="utf-8")
    named = re.findall(r"^MRV_OUTCOME\((\d+), (\w+),", text, re.MULTILINE)
    found = [name for number, name in named if FIRST_RULE <= int(number) <= LAST_RULE]
    return [name for name in list(FORM_OUTCOMES) + found if name not in OUT_OF_REACH]


def missing(counts):
    """How many acts were never accepted, and outcomes never answered."""
    acts = [name for name in all_acts() if not counts["act " + name]]
    outcomes = [name for name in all_outcomes() if not counts["outcome " + name]]
    for name in acts:
        print(f"NEVER accepted: {name}")
    for name in outcomes:
        print(f"NEVER answered: {name}")
    return len(acts) + len(outcomes)


def unlisted(counts, listed):
    """How many answers the page of precedence does not have for their act."""
    # An Approve is answered for the act that it would complete, too.
    everywhere = set().union(*listed.values())
    strangers = 0
    for name in sorted(counts):
        if not name.startswith("answer "):
            continue
        _, act, outcome = name.split()
        known = everywhere if act == "Approve" else listed[act]
        if outcome not in known | {"accepted", "repeated"}:
            print(f"NOT in schemas/spec/precedence.md: {outcome} of {act}")
            strangers += 1
    return strangers
