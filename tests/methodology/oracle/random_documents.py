"""Documents with one more definition, a random expression: are both engines of one mind about it?

What the oracle refuses is refused whatever unit and kind are stated. What it accepts is stated with
the unit and kind that the oracle finds, sometimes with others.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace

from . import units
from .document import Document
from .engine import compile_json
from .expressions import Compiler, Node
from .reading import Json, parse_json
from .refusal import Refusal

DEPTH_MAX = 3
TRIES = 8
WRONG_STATEMENT_SHARE = 0.05
REFUSED_SHARE = 0.3

NUMBERS = ("+", "-", "*", "/", "min", "max", "abs", "clamp", "sqrt", "if", "sum", "count", "max1",
           "sumproduct", "group_by", "at", "prev", "fold_cumulative", "exp", "pow")
BOOLEANS = ("<", "<=", "=", "!=", "and", "or", "not", "all", "any")


class Expressions:
    """Random expressions over what a document has above its end."""

    def __init__(self, document: Document, chance: random.Random) -> None:
        self.document = document
        self.chance = chance
        self.numbers = list(document.definitions)
        self.texts = [json.dumps(["text", "a"])]
        self.keys: list[str] = []
        for parameter in document.parameters.values():
            for field in parameter.fields:
                name = f"{parameter.name}.{field.name}"
                (self.numbers if field.type == "number" else self.texts).append(name)
                if field.axis:
                    self.keys.append(name)

    def number(self, depth: int) -> Json:
        if depth == 0 or self.chance.random() < 0.2:
            return self.leaf()
        return self.composed(depth)

    def composed(self, depth: int) -> Json:
        op = self.chance.choice(NUMBERS)
        compose = getattr(self, "make_" + op, None) if op.isidentifier() else None
        if compose:
            return compose(depth - 1)
        if op == "max1":
            return ["max", self.number(depth - 1), *self.axes()]
        return [op, *(self.number(depth - 1) for _ in range(self.count(op))), *self.along(op)]

    def count(self, op: str) -> int:
        if op in ("sqrt", "abs", "exp", "sum", "count"):
            return 1
        return 3 if op == "clamp" else 2 + (self.chance.random() < 0.2 and op not in ("/", "pow"))

    def along(self, op: str) -> list[str]:
        return self.axes() if op in ("sum", "count", "sumproduct") else []

    def axes(self) -> list[str]:
        if self.chance.random() < 0.5 or not self.document.axes:
            return []
        return self.chance.sample(list(self.document.axes), 1)

    def axis(self) -> str:
        return self.chance.choice(list(self.document.axes) or ["none"])

    def leaf(self) -> Json:
        way = self.chance.randrange(8)
        if way == 0:
            return self.chance.choice(("0", "1", "0.5", "44/12", "2"))
        if way == 1:
            kind = self.chance.choice(units.KINDS)
            return ["quantity", self.chance.choice(("0", "3", "1/7")),
                    self.chance.choice(("1", "t", "tCO2/t", "t^2", "ha")), kind]
        return self.chance.choice(self.numbers)

    def text(self) -> Json:
        found = self.chance.choice(self.texts)
        return json.loads(found) if found.startswith("[") else found

    def boolean(self, depth: int) -> Json:
        op = self.chance.choice(BOOLEANS if depth else BOOLEANS[:4])
        if op in ("=", "!=") and self.chance.random() < 0.5:
            return [op, self.text(), self.text()]
        if op in ("<", "<=", "=", "!="):
            one = self.number(max(depth - 1, 0))
            return [op, one, self.chance.choice((one, "0", self.number(max(depth - 1, 0))))]
        inner = self.boolean(depth - 1)
        if op in ("and", "or"):
            return [op, inner, self.boolean(depth - 1)]
        return [op, inner] if op == "not" else [op, inner, *self.axes()]

    def make_if(self, depth: int) -> Json:
        return ["if", self.boolean(depth), self.number(depth), self.number(depth)]

    def make_group_by(self, depth: int) -> Json:
        keys = self.chance.sample(self.keys, min(len(self.keys), 1 + (self.chance.random() < 0.2)))
        of = keys[0].split(".")[0] + "." if keys else "."
        own = [name for name in self.numbers if name.startswith(of)]
        body = ["sum", self.chance.choice(own)] if own and self.chance.random() < 0.6 else (
            self.number(depth))
        return ["group_by", *keys, body]

    def make_at(self, depth: int) -> Json:
        return ["at", self.axis(), self.text(), self.number(depth)]

    def make_prev(self, depth: int) -> Json:
        return ["prev", self.axis(), self.number(depth), self.chance.choice(("0", self.number(0)))]

    def make_fold_cumulative(self, depth: int) -> Json:
        return ["fold_cumulative", self.axis(), self.number(depth)]


def typed(document: Document, expression: Json) -> Node | None:
    above = {name: replace(one.node, op="definition", unit=one.unit, kind=one.kind, zero=False)
             for name, one in document.definitions.items()}
    try:
        return Compiler(document, above).compile(expression, "")
    except Refusal:
        return None


def unit_text(unit: units.Unit) -> str | None:
    """As a document writes it; None where an exponent has two digits."""
    if any(abs(power) > 9 for _, power in unit):
        return None
    return "1" + "".join(
        ("*" if power > 0 else "/") + symbol + (f"^{abs(power)}" if abs(power) > 1 else "")
        for symbol, power in unit)


def some_expression(document: Document, chance: random.Random) -> tuple[Json, Node | None]:
    """Tries again for one that is accepted, more often than not."""
    expressions = Expressions(document, chance)
    tries = 1 if chance.random() < REFUSED_SHARE else TRIES
    for _ in range(tries):
        expression = expressions.composed(chance.randint(1, DEPTH_MAX))
        node = typed(document, expression)
        if node is not None:
            break
    return expression, node


def definition(document: Document, chance: random.Random) -> Json:
    expression, node = some_expression(document, chance)
    unit = (unit_text(node.unit) if node else None) or "1"
    kind = node.kind if node and node.kind else "intensity"
    if chance.random() < WRONG_STATEMENT_SHARE:
        unit, kind = chance.choice(((unit + "*x", kind), (unit, chance.choice(units.KINDS))))
    return {"name": "added", "unit": unit, "kind": kind, "expression": expression,
            "source": "constructed"}


def cases(path: str, seed: str, count: int, folder: str) -> Iterator[tuple[str, Json]]:
    """A label and a case on each document, which is written into the folder."""
    with open(path, encoding="utf-8") as file:
        source = parse_json(file.read())
    document = compile_json(source)
    vector = source["vectors"][0]
    for i in range(count):
        chance = random.Random(f"{seed}/{i} {source['id']}")
        added = definition(document, chance)
        at = os.path.join(folder, f"{source['id']}-{source['version']}-{seed}-{i}.json")
        with open(at, "w", encoding="utf-8") as file:
            json.dump({**source, "definitions": source["definitions"] + [added]}, file,
                      ensure_ascii=False)
        yield f"{source['id']} with {json.dumps(added['expression'])}", {
            "document": at, "period": vector["period"], "inputs": vector["inputs"],
            "tables": vector["tables"], "datasets": {}}
