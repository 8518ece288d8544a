"""Documents that spend the budget of long numbers to the last unit, and one number beyond it.

The definition in question works on long numbers; further ones, whose cost is known, take what is
left. So an engine that pays more refuses the first document, one that pays less accepts the second.
"""

import json
import os
from collections.abc import Iterator

from . import exact
from .calculate import calculate
from .engine import compile_json
from .reading import Json, parse_json

FOLDER = os.path.dirname(os.path.abspath(__file__))
WORDS_MAX = 200
NESTED_MAX = 8

EACH = ["quantity", "1", "1", "intensity"]
# X is a long number, L such a number at every site, D one on every day.
EXPRESSIONS: tuple[Json, ...] = (
    ["+", "X", "X", "X"], ["-", "X", "X", "1"], ["*", "X", "X", "2"], ["/", "X", "7"],
    ["min", "X", "X", "2"], ["max", "1", "X", "2", "X"], ["abs", "X"], ["clamp", "X", "0", "X"],
    ["if", ["<", "X", "X"], "1", "2"], ["if", ["=", "X", "1"], "1", "X"], ["sqrt", "X"],
    ["pow", "X", "1/3"], ["exp", ["/", "1", "X"]], ["ln", "X"],
    ["sum", "L"], ["sumproduct", "L", "L", "2"], ["min", "L", "site"], ["max", "L"],
    ["/", ["count", "L"], EACH], ["if", ["all", ["<", "L", "1"]], "1", "2"],
    ["group_by", "deliveries.site", ["*", "L", "2"]], ["at", "site", ["text", "s1"], "L"],
    ["fold_cumulative", "day", "D"], ["prev", "day", "D", "0"])


def long_number(words: int) -> str:
    return str(2 ** (exact.LONG_NUMBER_BITS * words) - 1)


def definition(name: str, expression: Json) -> Json:
    return {"name": name, "unit": "1", "kind": "intensity", "expression": expression,
            "source": "constructed"}


def with_number(expression: Json, number: str) -> Json:
    if isinstance(expression, list):
        return [with_number(one, number) for one in expression]
    return number if expression == "X" else expression


def worked_on(expression: Json) -> list[Json]:
    number = long_number(20 if expression[0] in ("pow", "exp", "ln") else WORDS_MAX)
    sites = ["group_by", "deliveries.site", ["*", ["count", "deliveries.size"], EACH, number]]
    days = ["group_by", "readings.day", ["*", ["count", "readings.energy"], EACH, number]]
    above = [definition("L", sites)] if "L" in json.dumps(expression) else []
    above += [definition("D", days)] if "D" in json.dumps(expression) else []
    return [*above, definition("worked", with_number(expression, number))]


def spending(rest: int) -> list[Json]:
    """`abs` costs its operand alone: definitions that cost so much, but for what costs nothing."""
    found: list[Json] = []
    while rest >= 9:
        words = WORDS_MAX
        while words * (words + 8) > rest:
            words -= 1
        times = min(rest // (words * (words + 8)), NESTED_MAX)
        rest -= times * words * (words + 8)
        expression: Json = long_number(words)
        for _ in range(times):
            expression = ["abs", expression]
        found.append(definition(f"spent{len(found)}", expression))
    return found


def cases(folder: str) -> Iterator[tuple[str, Json]]:
    with open(os.path.join(FOLDER, "every_operator_by_days.json"), encoding="utf-8") as file:
        source = parse_json(file.read())
    vector = source["vectors"][0]
    for i, expression in enumerate(EXPRESSIONS):
        document = {**source, "definitions": source["definitions"] + worked_on(expression)}
        meter = exact.Meter()
        calculate(compile_json(document), vector, meter)
        document["definitions"] += spending(exact.LONG_NUMBERS_MAX - meter.long_numbers)
        beyond = {**document, "definitions": [*document["definitions"], definition(
            "beyond", ["abs", long_number(1)])]}
        for name, one in (("spent", document), ("overspent", beyond)):
            path = os.path.join(folder, f"{name}-{i}.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(one, file, ensure_ascii=False)
            yield f"{name} with {json.dumps(expression)}", {
                "document": path, "period": vector["period"], "inputs": vector["inputs"],
                "tables": vector["tables"], "datasets": {}}
