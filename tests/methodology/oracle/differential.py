"""Compares an engine with the oracle on random cases and on edited documents.

    python3 -B -m oracle.differential --runner 'COMMAND' [--cases N] [--seed S] [FILE...]
    python3 -B -m oracle.differential --self-test

from tests/methodology. Without FILEs: all of schemas/methodologies and the documents beside this
file.

The protocol of a runner. A line on standard input is one case, a JSON object:

    {"document": path, "period": {"from", "to"}, "inputs": {...}, "tables": [document...],
     "datasets": {parameter: text}}

`document` is the absolute path of a methodology document, which a runner may keep compiled;
`inputs` is as in a report, `datasets` holds the whole CSV or JSON text of each dataset. The
answer is one line on standard output, flushed, a JSON object; either

    {"traceDigest": lower-case hexadecimal, "trace": text,
     "years": [{"year": "2023", "outputs": [{"name", "exact", "rounded"}]}]}

with years and outputs in order, or {"error": NAME, "detail": text}, with "check": name of the
check where NAME is CHECK_FAILED. A document that does not compile is METHODOLOGY_INVALID for
every case on it; its vectors are not run. Detail and other members are not compared, except
"steps" (the price that was counted before evaluation, a JSON number) where the answer has it. The
runner ends with its input.

First come the documents of edited_documents.json and budget_documents.py, then for every four
cases one document with a random definition more (random_documents.py), each in a file of its own
that is gone after the run. Of every fifth case a twin with shuffled records and members follows,
which must be answered like it. A difference is printed with its case, which reproduces it; the exit
code is then 1.
"""

import argparse
import glob
import json
import os
import random
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator

from . import budget_documents, edited, random_documents
from .engine import Runner
from .random_cases import Generator, shuffled
from .reading import Json

TWIN_EVERY = 5
CASES_PER_DOCUMENT = 4
DIFFERENCES_MAX = 20
SELF_TEST_CASES = 400
SELF_TEST_SEED = "self-test"

FOLDER = os.path.dirname(os.path.abspath(__file__))
PACKAGES = os.path.dirname(FOLDER)
SCHEMAS = os.path.join(PACKAGES, "..", "..", "schemas", "methodologies")

Asked = tuple[str, Json, Json]


class Engine:
    """A runner process. `ask` and `answer` alternate, so neither side can block on a full pipe."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": PACKAGES},
                                        text=True, encoding="utf-8", stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)

    def ask(self, case: Json) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(case, ensure_ascii=False) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # The answer that does not come says so.

    def answer(self) -> Json:
        assert self.process.stdout
        line = self.process.stdout.readline()
        try:
            return json.loads(line)
        except ValueError:
            return {"error": "NO_ANSWER", "detail": repr(line[:200])}

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.stdout.close()  # type: ignore[union-attr]
        self.process.wait()


def difference(ours: Json, theirs: Json) -> str | None:
    """What differs first, in words; None where the answers agree."""
    if "error" in ours or "error" in theirs:
        mine, other = ([answer.get("error"), answer.get("check")] for answer in (ours, theirs))
        return None if mine == other else f"oracle {brief(ours)}, engine {brief(theirs)}"
    a, b = (str(answer.get("trace")).split("\n") for answer in (ours, theirs))
    for line, other in zip(a, b):
        if line != other:
            return f"trace: oracle {line!r}, engine {other!r}"
    for member in ("trace", "traceDigest", "years"):
        if ours[member] != theirs.get(member):
            return f"{member}: oracle {ours[member]}, engine {theirs.get(member)}"
    if "steps" in theirs and theirs["steps"] != ours["steps"]:
        return f"steps: oracle {ours['steps']}, engine {theirs['steps']}"
    return None


def brief(answer: Json) -> str:
    if "error" not in answer:
        return "comes out"
    return " ".join(str(answer[m]) for m in ("error", "check", "pointer", "detail") if m in answer)


def edit_cases(folder: str) -> Iterator[Asked]:
    oracle = Runner()
    for edit, case in edited.cases(folder):
        ours = oracle.answer(case)
        if (ours.get("error") == "METHODOLOGY_INVALID") != edit["refused"]:
            ours = {"error": "EDIT", "detail": f"the oracle does not agree: {brief(ours)}"}
        yield edit["why"], case, ours


def budget_asked(folder: str) -> Iterator[Asked]:
    for label, case in budget_documents.cases(folder):
        yield label, case, Runner().answer(case)


def document_asked(documents: list[str], seed: str, count: int, folder: str) -> Iterator[Asked]:
    """A document is compiled once and not asked again, so nothing is kept of it."""
    for path in documents:
        for label, case in random_documents.cases(path, seed, count, folder):
            yield label, case, Runner().answer(case)


def random_asked(documents: list[str], seed: str, count: int) -> Iterator[Asked]:
    oracle = Runner()
    for path in documents:
        generator = Generator(path, oracle.answer)
        for i in range(count):
            case, ours = generator.case(f"{seed}/{i}")
            label = f"{os.path.basename(path)} case {seed}/{i}"
            yield label, case, ours
            if i % TWIN_EVERY == 0:
                yield label + " shuffled", shuffled(case, random.Random(label)), ours


def compare(engine: Engine, asked: Iterator[Asked], most: int,
            ends: Counter[str] | None = None) -> list[str]:
    """The differences found, at most so many. The next case is made while the engine works."""
    found: list[str] = []
    pending: Asked | None = None
    for following in asked:
        if pending:
            judge(engine, pending, found)
            if len(found) >= most:
                return found
        engine.ask(following[1])
        pending = following
        if ends is not None:
            ends[following[2].get("error", "comes out")] += 1
    if pending:
        judge(engine, pending, found)
    return found


def judge(engine: Engine, asked: Asked, found: list[str]) -> None:
    label, case, ours = asked
    what = difference(ours, engine.answer())
    if what:
        found.append(f"{label}: {what}\n  {json.dumps(case, ensure_ascii=False)}")


def all_asked(documents: list[str], seed: str, count: int, folder: str) -> Iterator[Asked]:
    yield from edit_cases(folder)
    yield from budget_asked(folder)
    yield from document_asked(documents, seed, count // CASES_PER_DOCUMENT, folder)
    yield from random_asked(documents, seed, count)


def own_documents() -> list[str]:
    return sorted(glob.glob(os.path.join(FOLDER, "every_operator_*.json")))


def run(command: list[str], documents: list[str], seed: str, count: int) -> int:
    ends: Counter[str] = Counter()
    before = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Engine(command) as engine:
        found = compare(engine, all_asked(documents, seed, count, folder), DIFFERENCES_MAX, ends)
    print("\n".join(found) or "no difference")
    total = sum(ends.values())
    print(f"{total} cases in {time.monotonic() - before:.0f} s: "
          + ", ".join(f"{name} {number}" for name, number in sorted(ends.items())))
    return 1 if found else 0


def self_test(count: int) -> int:
    """The plain oracle as a runner agrees; each fault in it is noticed."""
    from .mutations import MUTATIONS
    missed = []
    for name in [None, *MUTATIONS]:
        module = ["oracle.mutations", name] if name else ["oracle", "runner"]
        command = [sys.executable, "-B", "-m", *module]
        with tempfile.TemporaryDirectory() as folder, Engine(command) as engine:
            found = compare(engine, all_asked(own_documents(), SELF_TEST_SEED, count, folder), 1)
        print(f"{name or 'plain'}: {found[0].splitlines()[0] if found else 'no difference'}")
        if bool(found) != bool(name):
            missed.append(name or "plain")
    print("ok" if not missed else "wrong: " + ", ".join(missed))
    return 1 if missed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runner", help="command of the engine's runner")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--cases", type=int, default=SELF_TEST_CASES, help="for each document")
    parser.add_argument("--seed", default="1")
    parser.add_argument("documents", nargs="*")
    given = parser.parse_args()
    if given.self_test:
        return self_test(given.cases)
    if not given.runner:
        parser.error("--runner or --self-test")
    shipped = sorted(glob.glob(os.path.join(SCHEMAS, "*.json")))
    documents = given.documents or shipped + own_documents()
    return run(shlex.split(given.runner), documents, given.seed, given.cases)


if __name__ == "__main__":
    sys.exit(main())
