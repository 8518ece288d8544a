#!/usr/bin/env python3
"""Looks for short programs that feel each rule of the model: without it the answers differ.

    find_felt.py [--programs N] [--seed S]   writes programs/felt-*.jsonl, one program for each rule

The reference model alone answers here (it stands for the ledger, with which it must agree), so the
search is quick. A program is cut down while the rule is still felt. Rules that have a program keep
it; run again with other seeds until none is missing.
"""

import argparse
import copy
import json
import pathlib

import random_program
import self_test
from comparison import Comparison, left_out
from property_test import read_programs

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = HERE / "programs"


def answers(comparison, program, off=()):
    """What a model says to each act, and the rules that it was asked about."""
    model = comparison.new_model(program["world"], off)
    given = []
    for step in program["steps"]:
        given.append(model.judge(copy.deepcopy(step["act"]), step["at"]))
    return given, model


def feels(comparison, program, rule):
    given, model = answers(comparison, program)
    try:
        other, without = answers(comparison, program, {rule})
        return given != other or model.rows() != without.rows()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return True


def shortened(comparison, program, rule):
    steps = program["steps"]
    size = len(steps) // 2
    while size >= 1:
        at = 0
        while at < len(steps):
            shorter = left_out(steps, at, size)
            if shorter and feels(comparison, {**program, "steps": shorter}, rule):
                steps = shorter
            else:
                at += size
        size //= 2
    return {**program, "steps": steps}


def kept():
    """{rule: program} of the files that are there."""
    found = {}
    for path in sorted(PROGRAMS.glob("felt-*.jsonl")):
        for _, program in read_programs(path):
            found[program["felt"]] = program
    return found


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
    found = {rule: p for rule, p in kept().items() if feels(comparison, p, rule)}
    wanted = [rule for rule in self_test.rules() if rule not in self_test.UNFELT]
    for seed in range(given.seed, given.seed + given.programs):
        missing = [rule for rule in wanted if rule not in found]
        if not missing:
            break
        program = maker.program(seed, 100)
        _, model = answers(comparison, program)
        for rule in missing:
            if rule in model.fired and feels(comparison, program, rule):
                found[rule] = {**shortened(comparison, program, rule), "felt": rule}
    write({rule: program for rule, program in found.items() if rule in wanted})
    missing = [rule for rule in wanted if rule not in found]
    print(f"{len(found)} rules are felt, {len(missing)} are not: {' '.join(missing)}")


if __name__ == "__main__":
    main()
