#!/usr/bin/env python3
"""Looks for short programs that feel each rule of the model: without it the answers differ.

    find_felt.py [--programs N] [--seed S]   writes programs/felt-*.jsonl, one program for each rule

The reference model alone answers here (it stands for the ledger, with which it must agree), so the
search is quick. A program is cut down while the rule is still felt. Rules that have a program keep
it; run again with other seeds until none is missing.
"""

import argparse
import json
import pathlib

import fixed_order
import random_program
import self_test
from comparison import Comparison, left_out
from property_test import read_programs

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"


# What a model without one of its rules may stumble over: the rule kept it out.
STUMBLES = (KeyError, IndexError, TypeError, ValueError, AttributeError)


def fired_rules(comparison, program):
    """The rules that the program's acts were asked about."""
    model = comparison.new_model(program["world"])
    for step in program["steps"]:
        model.judge(step["act"], step["at"])
    return model.fired


def answer_of(model, step):
    return model.judge(step["act"], step["at"]), model.refused_rows


def felt_after(comparison, program, rule):
    """After how many steps a model without the rule shows it; nothing where it never does."""
    model = comparison.new_model(program["world"])
    without = comparison.new_model(program["world"], {rule})
    for number, step in enumerate(program["steps"]):
        answer = answer_of(model, step)
        try:
            if answer_of(without, step) != answer:
                return number + 1
        except STUMBLES:
            return number + 1
    try:
        return len(program["steps"]) if model.rows() != without.rows() else None
    except STUMBLES:
        return len(program["steps"])


def shortened(comparison, program, rule, needed):
    steps = program["steps"][:needed]
    size = len(steps) // 2
    while size >= 1:
        at = 0
        while at < len(steps):
            shorter = left_out(steps, at, size)
            needed = felt_after(comparison, {**program, "steps": shorter}, rule)
            if needed:
                steps = shorter[:needed]
            else:
                at += size
        size //= 2
    return {**program, "steps": steps, "felt": rule}


def kept():
    """{rule: program} of the files that are there."""
    found = {}
    for path in sorted(PROGRAMS.glob("felt-*.jsonl")):
        for _, program in read_programs(path):
            found[program["felt"]] = program
    return found


def felt_by_hand(comparison):
    """Rules that a program of the folder feels which was written for a purpose of its own."""
    felt = set()
    for path in sorted(PROGRAMS.glob("*.jsonl")):
        for _, program in read_programs(path):
            if "felt" not in program:
                fired = fired_rules(comparison, program)
                felt |= {rule for rule in fired if felt_after(comparison, program, rule)}
    return felt


def family_of(rule):
    """The file of the model in which the rule stands."""
    for path in sorted(HERE.glob("model_*.py")):
        if f'"{rule}"' in path.read_text(encoding="utf-8"):
            return path.stem.removeprefix("model_")
    return "reference"


def write(found):
    files = {}
    for rule in sorted(found):
        files.setdefault(family_of(rule), []).append(found[rule])
    for family, programs in files.items():
        with open(PROGRAMS / f"felt-{family}.jsonl", "w", encoding="utf-8") as out:
            for program in programs:
                out.write(json.dumps({"world": program["world"], "felt": program["felt"]}) + "\n")
                for step in program["steps"]:
                    out.write(json.dumps(step) + "\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--programs", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    comparison = Comparison(None)
    maker = random_program.Maker(comparison)
    wanted = [rule for rule in self_test.rules() if rule not in self_test.UNFELT]
    found = {rule: p for rule, p in kept().items() if felt_after(comparison, p, rule)}
    by_hand = felt_by_hand(comparison)
    wanted = [rule for rule in wanted if rule not in by_hand]
    for seed in range(given.seed, given.seed + given.programs):
        missing = {rule for rule in wanted if rule not in found}
        if not missing:
            break
        program = maker.program(seed, 100)
        for rule in missing & fired_rules(comparison, program):
            needed = felt_after(comparison, program, rule)
            if needed:
                found[rule] = shortened(comparison, program, rule, needed)
    write({rule: program for rule, program in found.items() if rule in wanted})
    missing = [rule for rule in wanted if rule not in found]
    print(f"{len(found)} rules are felt, {len(missing)} are not: {' '.join(missing)}")


if __name__ == "__main__":
    fixed_order.pin()
    main()
