"""The oracle by hand, from tests/methodology:

    python3 -B -m oracle check FILE                                   compile, run the vectors
    python3 -B -m oracle eval FILE --inputs FILE [--tables FILE...]   calculate
    python3 -B -m oracle runner                                       cases on stdin, answers out
"""

import argparse
import json
import sys

from . import vectors
from .engine import Runner, load
from .reading import parse_json
from .refusal import Refusal


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("document")
    evaluate = commands.add_parser("eval")
    evaluate.add_argument("document")
    evaluate.add_argument("--inputs", required=True)
    evaluate.add_argument("--tables", nargs="*", default=[])
    commands.add_parser("runner")
    return parser.parse_args()


def read_json(path: str) -> object:
    with open(path, encoding="utf-8") as file:
        return parse_json(file.read())


def check(path: str) -> int:
    try:
        vectors.check(load(path))
    except Refusal as refusal:
        print(json.dumps(refusal.as_json(), ensure_ascii=False))
        return 1
    print("ok")
    return 0


def evaluate(path: str, inputs: str, tables: list[str]) -> int:
    case = read_json(inputs)
    if not isinstance(case, dict):
        sys.exit("not an inputs file: " + inputs)
    case["tables"] = case.get("tables", []) + [read_json(table) for table in tables]
    answer = Runner().answer({**case, "document": path})
    print(json.dumps(answer, ensure_ascii=False, indent=1))
    return 1 if "error" in answer else 0


def run() -> int:
    runner = Runner()
    for line in sys.stdin:
        print(json.dumps(runner.answer(json.loads(line)), ensure_ascii=False), flush=True)
    return 0


def main() -> int:
    given = arguments()
    if given.command == "check":
        return check(given.document)
    if given.command == "eval":
        return evaluate(given.document, given.inputs, given.tables)
    return run()


if __name__ == "__main__":
    sys.exit(main())
