"""Random inputs for any methodology document, from the vectors that it brings along.

    python3 -B -m oracle.random_cases FILE [--cases N] [--seed S]      one JSON line per case

A case starts from a vector and goes some random steps away from it (perturb.py). What no longer
comes out is tried again from the vector a bounded number of times; the last try stands, whatever
becomes of it. Some cases that come out get one fault (spoil.py).
"""

import argparse
import json
import os
import random
from collections.abc import Callable, Iterator

from . import vectors
from .document import Document, Parameter
from .engine import Runner, compile_json
from .perturb import World, step
from .reading import Json, parse_json
from .spoil import csv_text, spoil, spoil_csv

TRIES_MAX = 3
STEPS_MAX = 6
FAULT_SHARE = 0.12
FIRST_TRY_STANDS_SHARE = 0.2
DATASET_SHARE = 0.25

Judge = Callable[[Json], Json]


class Generator:
    """Cases of one document; `judge` answers them."""

    def __init__(self, path: str, judge: Judge) -> None:
        with open(path, encoding="utf-8") as file:
            self.source = parse_json(file.read())
        self.path = os.path.abspath(path)
        self.document: Document = compile_json(self.source)
        self.vectors = vectors.resolved(self.document)
        self.good = [vector for vector in self.vectors if "fails" not in vector]
        self.judge = judge

    def case(self, seed: str) -> tuple[Json, Json]:
        """A case and what the judge says of it; the seed alone decides."""
        chance = random.Random(f"{seed} {self.source['id']}")
        tries = 1 if chance.random() < FIRST_TRY_STANDS_SHARE else TRIES_MAX
        for attempt in range(tries):
            start = chance.choice(self.vectors if chance.random() < 0.1 else self.good)
            world = World(self.document, self.source, start, chance)
            for _ in range(chance.randint(0, STEPS_MAX - 2 * attempt)):
                step(world)
            case = self.as_case(world)
            answer = self.judge(case)
            if "error" not in answer:
                break
        if "error" not in answer and chance.random() < FAULT_SHARE:
            if not spoil_dataset(case, chance):
                spoil(world)
                case = self.as_case(world)
            answer = self.judge(case)
        return case, answer

    def as_case(self, world: World) -> Json:
        case: Json = {"document": self.path, "period": world.period, "inputs": {},
                      "tables": world.tables, "datasets": {}}
        for name, rows in world.rows.items():
            parameter = self.document.parameters.get(name)
            table = parameter is not None and parameter.shape in ("rows", "list")
            if parameter and table and world.chance.random() < DATASET_SHARE:
                case["datasets"][name] = dataset(world, parameter, rows)
            else:
                case["inputs"][name] = inline(world, rows)
        return case


def inline(world: World, rows: list[dict[str, str]]) -> Json:
    """A lone record stands for a list of one, a text for a record with the field `value`."""
    if len(rows) != 1 or world.chance.random() < 0.3:
        return [dict(row) for row in rows]
    return rows[0]["value"] if list(rows[0]) == ["value"] else dict(rows[0])


def dataset(world: World, parameter: Parameter, rows: list[dict[str, str]]) -> str:
    plain = all(field.name in row or field.missing for row in rows for field in parameter.fields)
    known = all(parameter.field(name) for row in rows for name in row)
    if not plain or not known or world.chance.random() < 0.4:
        return json.dumps(rows, ensure_ascii=world.chance.random() < 0.5)
    fields = world.chance.sample(parameter.fields, len(parameter.fields))
    columns = [(field.name, header(world, parameter, field.name)) for field in fields]
    return csv_text(columns, rows, world.chance)


def header(world: World, parameter: Parameter, name: str) -> str:
    field = parameter.fields[parameter.index(name)]
    if field.type != "number":
        return field.column
    unit, kind = world.units[parameter.name, name]
    return field.column + world.chance.choice(("", "", f" [{unit}]", f" [{unit} {kind}]"))


def spoil_dataset(case: Json, chance: random.Random) -> bool:
    """Whether the fault is in the form of a CSV instead: now and then, where the case has one."""
    found = [name for name, text in case["datasets"].items() if not text.startswith("[")]
    if not found or chance.random() >= 0.1:
        return False
    name = chance.choice(found)
    case["datasets"][name] = spoil_csv(case["datasets"][name], chance)
    return True


def shuffled(case: Json, chance: random.Random) -> Json:
    """The same case with records, members and the rows of CSV datasets in another order."""
    return {**shuffle_members(case, chance),
            "inputs": {name: shuffle_rows(given, chance) for name, given
                       in shuffle_members(case["inputs"], chance).items()},
            "datasets": {name: shuffle_dataset(text, chance) for name, text
                         in shuffle_members(case["datasets"], chance).items()}}


def shuffle_members(value: Json, chance: random.Random) -> Json:
    if not isinstance(value, dict):
        return value
    return dict(chance.sample(list(value.items()), len(value)))


def shuffle_rows(given: Json, chance: random.Random) -> Json:
    if not isinstance(given, list):
        return shuffle_members(given, chance)
    return [shuffle_members(row, chance) for row in chance.sample(given, len(given))]


def shuffle_dataset(text: str, chance: random.Random) -> str:
    if text.startswith("["):
        return json.dumps(shuffle_rows(json.loads(text), chance))
    head, *rows = text.splitlines(keepends=True) or [""]
    return head + "".join(chance.sample(rows, len(rows)))


def cases(path: str, seed: str, count: int, judge: Judge) -> Iterator[tuple[Json, Json]]:
    generator = Generator(path, judge)
    for i in range(count):
        yield generator.case(f"{seed}/{i}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("document")
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--seed", default="1")
    given = parser.parse_args()
    for case, _ in cases(given.document, given.seed, given.cases, Runner().answer):
        print(json.dumps(case, ensure_ascii=False))


if __name__ == "__main__":
    main()
