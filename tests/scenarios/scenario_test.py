#!/usr/bin/env python3
"""Scenarios in plain words, run on the ledger and on the reference model (README.md).

    scenario_test.py --runner BIN [FILE…]     all files of this folder where none is named
    scenario_test.py --runner BIN --self-test every expectation, changed, must be noticed
    scenario_test.py --model [FILE…]          the reference model alone answers
"""

import argparse
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "property"))

from act_runner import Runner  # noqa: E402
from ledger_on_trial import Disagreement, LedgerOnTrial, ModelOnTrial  # noqa: E402
from scenario import Scenario, ScenarioError  # noqa: E402


def read_arguments():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--runner", help="the program act-runner")
    arguments.add_argument("--model", action="store_true")
    arguments.add_argument("--self-test", action="store_true")
    arguments.add_argument("files", nargs="*")
    return arguments.parse_args()


def faults_of(trial, text):
    """Lines of the scenario that did not come true."""
    try:
        return Scenario(text).run(trial)
    except (ScenarioError, Disagreement) as error:
        return [str(error)]


# Each expectation turned into another one.
def mutants(text):
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for changed in changed_lines(line):
            yield number + 1, "\n".join(lines[:number] + [changed] + lines[number + 1 :])


def changed_lines(line):
    answer = re.match(r"(\s*-> )(.*)", line)
    if answer:
        other = "refused: NOT_FOUND" if "refused" not in answer[2] else "accepted"
        yield answer[1] + other
        if "refused: " in line:
            yield line.replace("refused: ", "refused: X_")
    claim = re.match(r"\s*so ", line)
    if claim:
        digits = re.sub(r"(\d)(?=\D*\Z)", lambda found: str((int(found[1]) + 1) % 10), line)
        states = re.sub(r" (is|are) ([a-z-]+)", r" \1 elsewhere", line)
        another = re.sub(r"\S+\Z", "nobody", line)
        yield next(changed for changed in (states, digits, another) if changed != line)


def self_test(trial, path, text):
    unnoticed = 0
    for number, mutant in mutants(text):
        if not faults_of(trial, mutant):
            unnoticed += 1
            print(f"UNNOTICED: {path.name}:{number} changed to another expectation still passes")
    return unnoticed


def main():
    given = read_arguments()
    files = [pathlib.Path(name) for name in given.files] or sorted(HERE.glob("*.txt"))
    trial = ModelOnTrial() if given.model else LedgerOnTrial(Runner(given.runner))
    failed = changed = 0
    try:
        for path in files:
            text = path.read_text(encoding="utf-8")
            faults = faults_of(trial, text)
            failed += bool(faults)
            print(("FAILED " if faults else "ok     ") + path.name)
            for fault in faults:
                print("       " + fault)
            if given.self_test and not faults:
                changed += self_test(trial, path, text)
    finally:
        trial.close()
    print(f"{len(files) - failed} scenarios passed, {failed} failed")
    return 1 if failed or changed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
