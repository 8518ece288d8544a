#!/usr/bin/env python3
"""Properties of the rules over random programs of acts (reliability: P1-P4, P9, P10).

Each program runs through act-runner, which is the ledger's own commit sequence over a store in
memory, and through the reference model. After every act the verdict and every row that the act
changed must agree, now and then and at the end all rows, and the properties must hold of the
ledger's answers by themselves. Then the same program runs once more in larger batches and must come
to the same.

    property_test.py --runner BIN [--programs N] [--acts M] [--seed S] [--families LIST] [--jobs J]
    property_test.py --runner BIN --program FILE      one program again, as a failure printed it
    property_test.py --runner BIN --self-test ...     and every rule switched off must be noticed
    property_test.py --runner BIN --coverage ...      and every act and outcome must have occurred

The programs of the folder programs/ are part of every run: what once failed, turns that chance
seldom finds, and for each rule a program that feels it. A failing program is cut down to the acts
that matter and printed. Families (random_program.py) are there for rules that are being written.
"""

import argparse
import collections
import json
import multiprocessing
import pathlib
import sys
import traceback

import coverage
import fixed_order
import precedence
import random_program
import self_test
from act_runner import Runner
from comparison import Comparison

HERE = pathlib.Path(__file__).resolve().parent


# Of random programs, for the self test: they are large.
TRANSCRIPTS_KEPT = 40


def report(comparison, program, name):
    shorter = comparison.shrunk(program)
    fault, _ = comparison.fault_of(shorter)
    print(f"FAILED: {name}, {len(shorter['steps'])} of {len(program['steps'])} acts needed: {fault}")
    print("Run it again with --program FILE, FILE being:")
    print(json.dumps({"world": program["world"]}))
    for step in shorter["steps"]:
        print(json.dumps(step))
    sys.stdout.flush()


def read_programs(path):
    """(name, program): a line that names a world begins a program, its steps follow."""
    programs = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            if "world" in value:
                programs.append({**value, "steps": [], "kept": True})
            else:
                programs[-1]["steps"].append(value)
    name = pathlib.Path(path).name
    return [(f"{name} {number + 1}", program) for number, program in enumerate(programs)]


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--runner", required=True, help="the program act-runner")
    arguments.add_argument("--programs", type=int, default=16, help="how many random programs")
    arguments.add_argument("--acts", type=int, default=100, help="acts of each")
    arguments.add_argument("--seed", type=int, default=1, help="of the first program")
    arguments.add_argument("--families", default="", help="comma-separated; all where not given")
    arguments.add_argument("--jobs", type=int, default=1, help="programs side by side")
    arguments.add_argument("--program", help="a file: run its programs alone")
    arguments.add_argument("--failures", type=int, default=3, help="how many are cut down and told")
    arguments.add_argument("--self-test", action="store_true")
    arguments.add_argument("--coverage", action="store_true")
    return arguments.parse_args()


def run_share(share):
    """The programs of one process: (how many failed, what was answered, what was unnoticed)."""
    given, number = share
    comparison = Comparison(Runner(given.runner))
    maker = random_program.Maker(comparison, [f for f in given.families.split(",") if f])
    counts, failed, kept, room = collections.Counter(), 0, [], TRANSCRIPTS_KEPT
    try:
        for name, program in programs_of(given, number, maker):
            if program is None:
                failed += 1
                continue
            fault, transcript = comparison.fault_of(program)
            if fault:
                failed += 1
                if failed <= given.failures:
                    report(comparison, program, name)
                continue
            counts.update(coverage.count(transcript))
            if given.self_test and (program["kept"] or room):
                kept.append(transcript)
                room -= not program["kept"]
        unnoticed = self_test.run(comparison, kept) if given.self_test and not failed else None
    finally:
        comparison.runner.close()
    return failed, counts, unnoticed


def programs_of(given, number, maker):
    """Every so many-th of all programs, so that the processes share them."""
    if given.program:
        yield from read_programs(given.program)
        return
    kept = [p for path in sorted((HERE / "programs").glob("*.jsonl")) for p in read_programs(path)]
    yield from kept[number :: given.jobs]
    for seed in range(given.seed + number, given.seed + given.programs, given.jobs):
        yield f"seed {seed}", made(maker, seed, given.acts)


def made(maker, seed, acts):
    """The program; nothing where the generator itself fails, which costs one seed and not the run."""
    try:
        return maker.program(seed, acts)
    except Exception:  # whatever it is, it is told
        print(f"FAILED: no program comes of seed {seed}: {traceback.format_exc()}")
        return None


def main():
    given = read_arguments()
    shares = [(given, number) for number in range(1 if given.program else given.jobs)]
    if len(shares) == 1:
        results = [run_share(shares[0])]
    else:
        with multiprocessing.Pool(given.jobs) as pool:
            results = pool.map(run_share, shares, chunksize=1)
    failed = sum(result[0] for result in results)
    counts = sum((result[1] for result in results), collections.Counter())
    coverage.tell(counts)
    failed += coverage.unlisted(counts, precedence.listed())
    if given.coverage:
        failed += coverage.missing(counts)
    if given.self_test and not failed:
        failed += self_test.tell([result[2] for result in results])
    print(f"{counts['programs']} programs passed, {failed} failed")
    return 1 if failed or not counts["programs"] else 0


if __name__ == "__main__":
    fixed_order.pin()
    sys.exit(main())
