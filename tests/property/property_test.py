#!/usr/bin/env python3
"""Properties of the rules over random programs of acts (reliability: P1-P4, P9, P10).

Each program runs through act-runner, which is the ledger's own commit sequence over a store in
memory, and through the reference model. After every act the verdict and the whole state of units
must agree, and the properties must hold of the ledger's answers by themselves. Then the same
program runs once more in larger batches and must come to the same.

    property_test.py --runner BIN [--programs N] [--acts M] [--seed S]
    property_test.py --runner BIN --program FILE      one program again, as a failure printed it
    property_test.py --runner BIN --self-test ...     and every rule switched off must be noticed

The programs of the folder programs/ are part of every run: what once failed, and turns that chance
seldom finds. A failing program is cut down to the acts that matter and printed.
"""

import argparse
import copy
import itertools
import json
import pathlib
import subprocess
import sys

import properties
import random_program
import reference_model
import self_test

AHEAD = 8
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

CAST = {
    "registry": ["registry"],
    "standard": ["standard"],
    "reviewer": ["standard"],
    "developer": ["developer"],
    "vvb1": ["vvb"],
    "vvb2": ["vvb"],
    "buyer": ["buyer"],
    "broker": ["buyer"],
    "trader": ["buyer"],
}
# What the prelude issues: the claim, and 5 % of it, rounded up, to the pool.
ISSUED = 146763
BUFFER = -(-ISSUED * 5 // 100)
BATCHES = {
    "CCS": ("developer", ISSUED, BUFFER, 0, True),
    "TWO": ("developer", ISSUED, BUFFER, 1, True),
    "THREE": ("developer", ISSUED, BUFFER, 2, True),
    "BOUND": ("developer", ISSUED, BUFFER, 0, False),
}


def new_model(off=()):
    return reference_model.ReferenceModel(CAST, BATCHES, off)


class RunnerStopped(Exception):
    """act-runner ended: a failed assertion, a sanitizer's finding, a broken commit sequence."""


class Runner:
    def __init__(self, program):
        self.program = program
        self.process = None

    def ask(self, command):
        return self.ask_all([command])[0]

    def ask_all(self, commands):
        """The answers, in order. A few commands go ahead of them: fewer than fill a pipe."""
        if self.process is None:
            self.process = subprocess.Popen(
                [self.program, str(ROOT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        answers, sent = [], 0
        while len(answers) < len(commands):
            try:
                while sent < min(len(commands), len(answers) + AHEAD):
                    self.process.stdin.write(json.dumps(commands[sent]) + "\n")
                    sent += 1
                self.process.stdin.flush()
                line = self.process.stdout.readline()
            except BrokenPipeError:
                line = ""
            if not line:
                code = self.process.wait()
                self.process = None
                raise RunnerStopped(f"act-runner ended with {code}")
            answers.append(json.loads(line))
        return answers

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None


def run_one_by_one(runner, program):
    """The transcript: what the ledger answered to each act, and the state after it."""
    acts = [
        {"do": "submit", "at": step["at"], "acts": [step["act"]], "dump": True} for step in program
    ]
    before, first, *results = runner.ask_all([{"do": "reset"}, {"do": "dump"}] + acts)
    steps = []
    dump = first
    for step, after in zip(program, results):
        dump = after.pop("dump", dump)
        steps.append({**step, "before": before, "after": after, "dump": dump})
        before = after
    return {"first": first, "steps": steps}


def verdict(answer):
    return "repeated" if answer.get("repeated") else answer["outcome"]


def judge(transcript, off=()):
    """The first disagreement of ledger and model, or a broken property; None where all is well."""
    model = new_model(off)
    broken = compare_state(transcript["first"], model) or properties.check_start(transcript)
    if broken:
        return "at the start: " + broken
    for number, step in enumerate(transcript["steps"]):
        act, answer = step["act"], step["after"]["answers"][0]
        expected = model.judge(copy.deepcopy(act), step["at"])
        given = verdict(answer)
        where = f"act {number} ({act['label']}, {act['type']} by {act['party'] or act['key']}): "
        if given != expected:
            return where + f"the ledger says {given}, the model {expected}"
        broken = compare_state(step["dump"], model)
        if broken:
            return where + broken
    return None


def compare_state(dump, model):
    given, expected = state_of(dump), model.state()
    for part, wanted in expected.items():
        if given[part] != wanted:
            return f"{part} differ: {difference(given[part], wanted)}"
    return None


def difference(given, wanted):
    if isinstance(wanted, dict):
        given, wanted = given.items(), wanted.items()
    only_given = [item for item in given if item not in wanted]
    only_wanted = [item for item in wanted if item not in given]
    return f"only the ledger has {only_given[:4]}, only the model {only_wanted[:4]}"


def ranges_of(listed):
    return reference_model.normal([tuple(item) for item in listed])


def state_of(dump):
    holdings = {}
    for holder, batch, *totals in dump["holdings"]:
        for state, units in zip(("active", "pending", "locked", "retired"), totals):
            if units:
                holdings[(holder, batch, state)] = units
    return {
        "runs": sorted(tuple(run) for run in dump["runs"]),
        "holdings": holdings,
        "transfers": {t[0]: (t[1], t[2], t[3], ranges_of(t[4])) for t in dump["transfers"]},
        "retirements": {r[0]: (r[1], ranges_of(r[3])) for r in dump["retirements"]},
        "proposals": {
            name: (state, count)
            for name, state, count in dump["proposals"]
            if name[0] == "a" and name[1:].isdigit()
        },
        "parties": {name: (status, tuple(sorted(r))) for name, status, r in dump["parties"]},
        "keys": {
            name: (party, tuple(sorted(purposes)), revoked)
            for name, party, purposes, revoked in dump["keys"]
        },
    }


def run_in_batches(runner, program, transcript):
    """P10: the same acts, those of one second in one batch, come to the same."""
    batches = [
        {"do": "submit", "at": at, "acts": [step["act"] for step in steps]}
        for at, steps in itertools.groupby(program, key=lambda step: step["at"])
    ]
    _, *results, dump = runner.ask_all([{"do": "reset"}] + batches + [{"do": "dump"}])
    given = [answer for result in results for answer in result["answers"]]
    for number, (together, step) in enumerate(zip(given, transcript["steps"])):
        alone = step["after"]["answers"][0]
        if verdict(together) != verdict(alone):
            return f"act {number}: {verdict(together)} in a batch, {verdict(alone)} alone"
    if dump != transcript["steps"][-1]["dump"]:
        return "batches lead to another state"
    return None


def fault_of(runner, program):
    """What is wrong with this program's run, and its transcript where there is one."""
    try:
        transcript = run_one_by_one(runner, program)
        fault = judge(transcript) or properties.check(transcript)
        return fault or run_in_batches(runner, program, transcript), transcript
    except RunnerStopped as stopped:
        return str(stopped), None


def shrunk(runner, program):
    """Leaves out acts, many at once and then one by one, while some fault remains."""
    size = len(program) // 2
    while size >= 1:
        at = 0
        while at < len(program):
            shorter = program[:at] + program[at + size :]
            if shorter and fault_of(runner, shorter)[0]:
                program = shorter
            else:
                at += size
        size //= 2
    return program


def report(runner, program, name):
    shorter = shrunk(runner, program)
    fault, _ = fault_of(runner, shorter)
    print(f"FAILED: {name}, {len(shorter)} of {len(program)} acts needed: {fault}")
    print("Run it again with --program FILE, FILE being:")
    for step in shorter:
        print(json.dumps(step))
    sys.stdout.flush()


def read_program(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def count_outcomes(transcripts):
    counts = {}
    for transcript in transcripts:
        for step in transcript["steps"]:
            name = verdict(step["after"]["answers"][0])
            counts[name] = counts.get(name, 0) + 1
    return counts


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--runner", required=True, help="the program act-runner")
    arguments.add_argument("--programs", type=int, default=16, help="how many random programs")
    arguments.add_argument("--acts", type=int, default=60, help="acts of each")
    arguments.add_argument("--seed", type=int, default=1, help="of the first program")
    arguments.add_argument("--program", help="a file: run this program alone")
    arguments.add_argument("--self-test", action="store_true")
    return arguments.parse_args()


def programs_of(given):
    """Names and programs, one after the other."""
    if given.program:
        yield given.program, read_program(given.program)
        return
    for path in sorted((HERE / "programs").glob("*.jsonl")):
        yield path.name, read_program(path)
    for seed in range(given.seed, given.seed + given.programs):
        generator = random_program.Generator(seed, new_model())
        yield f"seed {seed}", generator.program(given.acts)


def main():
    given = read_arguments()
    runner = Runner(given.runner)
    transcripts = []
    failed = 0
    try:
        for name, program in programs_of(given):
            fault, transcript = fault_of(runner, program)
            if fault:
                failed += 1
                report(runner, program, name)
            else:
                transcripts.append(transcript)
    finally:
        runner.close()
    counts = count_outcomes(transcripts)
    for outcome in sorted(counts, key=lambda name: -counts[name]):
        print(f"{counts[outcome]:6} {outcome}")
    if given.self_test and not failed:
        failed += self_test.run(transcripts, judge)
    print(f"{len(transcripts)} programs passed, {failed} failed")
    return 1 if failed or not transcripts else 0


if __name__ == "__main__":
    sys.exit(main())
