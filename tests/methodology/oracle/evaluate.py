"""Values of typed expressions in one slice.

A place (`env`) says for each axis which member is meant; for the records of a parameter, which
record; and under `@parameter` which records a group_by around it has left of them.
"""

import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from . import exact, tables
from .data import Record, Value
from .document import Document
from .expressions import Node
from .refusal import failed

Env = dict[str, Any]


class Slice:
    """What one slice is calculated from, and the values of its definitions so far."""

    def __init__(self, document: Document, name: str, records: dict[str, list[Record]],
                 members: dict[str, list[str]], chosen: dict[str, tables.Table],
                 meter: exact.Meter) -> None:
        self.document = document
        self.name = name
        self.records = records
        self.members = members
        self.tables = chosen
        self.meter = meter
        self.values: dict[str, dict[tuple[int, ...], Fraction]] = {}
        self.order: dict[str, tuple[str, ...]] = {}
        self.positions = {axis: {member: i for i, member in enumerate(found)}
                          for axis, found in members.items()}
        self.key_axes = {parameter.name: key_order(document, parameter.name)
                         for parameter in document.parameters.values() if parameter.keys}
        self.groups: dict[Any, dict[tuple[Value, ...], list[int]]] = {}

    def along(self, axis: str, env: Env) -> range | list[int]:
        if axis.startswith("#"):
            left = env.get("@" + axis[1:])
            return range(len(self.records[axis[1:]])) if left is None else left
        return range(len(self.members[axis]))

    def places(self, axes: tuple[str, ...], env: Env) -> Iterator[Env]:
        """Every combination of members, the last axis fastest."""
        for combination in itertools.product(*(self.along(axis, env) for axis in axes)):
            yield {**env, **dict(zip(axes, combination))}

    def value(self, node: Node, env: Env) -> Any:
        return OPERATORS[node.op](self, node, env)

    def number(self, node: Node, env: Env) -> Fraction:
        return self.meter.operand(OPERATORS[node.op](self, node, env))

    def define(self, name: str, node: Node, order: tuple[str, ...]) -> None:
        self.order[name] = order
        self.values[name] = {tuple(env[axis] for axis in order): self.value(node, env)
                             for env in self.places(order, {})}

    def group(self, parameter: str, fields: tuple[int, ...], member: tuple[str, ...]) -> list[int]:
        """The records of the parameter whose key fields are the member's, in their order."""
        if (parameter, fields) not in self.groups:
            groups: dict[tuple[Value, ...], list[int]] = {}
            for i, record in enumerate(self.records[parameter]):
                groups.setdefault(tuple(record.values[f] for f in fields), []).append(i)
            self.groups[parameter, fields] = groups
        return self.groups[parameter, fields].get(member, [])


def key_order(document: Document, parameter: str) -> list[str]:
    keyed = document.parameters[parameter]
    axes = [field.axis for field in keyed.fields if field.name in keyed.keys]
    return [axis for axis in document.axes if axis in axes]


# Leaves.


def literal(at: Slice, node: Node, env: Env) -> Any:
    return node.payload


def definition(at: Slice, node: Node, env: Env) -> Fraction:
    return at.values[node.payload][tuple(env[axis] for axis in at.order[node.payload])]


def field(at: Slice, node: Node, env: Env) -> Any:
    name, index = node.payload
    records = at.records[name]
    if "#" + name in node.axes:
        return records[env["#" + name]].values[index]
    place = 0
    for axis in at.key_axes.get(name, ()):
        place = place * len(at.members[axis]) + env[axis]
    return records[place].values[index]


# One value at a time.


def folded(step: Callable[[Fraction, Fraction], Fraction]) -> Callable[..., Fraction]:
    def run(at: Slice, node: Node, env: Env) -> Fraction:
        operands = [at.number(one, env) for one in node.operands]
        result = operands[0]
        for one in operands[1:]:
            result = at.meter.result(step(result, one))
        return result
    return run


def divided(a: Fraction, b: Fraction) -> Fraction:
    if b == 0:
        raise failed("division by zero")
    return a / b


def extreme(pick: Callable[..., Fraction]) -> Callable[..., Fraction]:
    """min and max, of several operands or as a reduction."""
    def run(at: Slice, node: Node, env: Env) -> Fraction:
        if not node.over:
            return of_several(at, [at.number(one, env) for one in node.operands])
        found = list(reduced(at, node, env))
        if not found:
            raise failed(f"{node.op} of nothing")
        at.meter.result(found[0])
        return of_several(at, found)

    def of_several(at: Slice, numbers: list[Fraction]) -> Fraction:
        result = numbers[0]
        for one in numbers[1:]:
            result = at.meter.result(pick(result, one))
        return result
    return run


def absolute(at: Slice, node: Node, env: Env) -> Fraction:
    return abs(at.number(node.operands[0], env))


def clamp(at: Slice, node: Node, env: Env) -> Fraction:
    value, low, high = (at.number(one, env) for one in node.operands)
    if low > high:
        raise failed("the range of clamp is empty")
    return max(low, min(value, high))


def compared(holds: Callable[[Any, Any], bool]) -> Callable[..., bool]:
    def run(at: Slice, node: Node, env: Env) -> bool:
        read = at.value if node.operands[0].type == "text" else at.number
        return holds(*[read(one, env) for one in node.operands])
    return run


def conjunction(at: Slice, node: Node, env: Env) -> bool:
    return all([at.value(one, env) for one in node.operands])


def disjunction(at: Slice, node: Node, env: Env) -> bool:
    return any([at.value(one, env) for one in node.operands])


def negation(at: Slice, node: Node, env: Env) -> bool:
    return not at.value(node.operands[0], env)


def choice(at: Slice, node: Node, env: Env) -> Any:
    condition, then, otherwise = node.operands
    return at.value(then if at.value(condition, env) else otherwise, env)


def rounded_function(at: Slice, node: Node, env: Env) -> Fraction:
    operands = [at.number(one, env) for one in node.operands]
    if node.op == "sqrt":
        return exact.sqrt(operands[0])
    if node.op == "pow":
        return at.meter.result(exact.power(*operands, at.meter))
    return {"exp": exact.exp, "ln": exact.ln}[node.op](operands[0], at.meter)


# Along axes.


def reduced(at: Slice, node: Node, env: Env) -> Iterator[Any]:
    operand = node.operands[0]
    read = at.number if operand.type == "number" else at.value
    return (read(operand, place) for place in at.places(node.over, env))


def total(at: Slice, node: Node, env: Env) -> Fraction:
    result = Fraction(0)
    for value in reduced(at, node, env):
        result = at.meter.result(result + value)
    return result


def total_of_products(at: Slice, node: Node, env: Env) -> Fraction:
    result = Fraction(0)
    for place in at.places(node.over, env):
        term = at.number(node.operands[0], place)
        for one in node.operands[1:]:
            term = at.meter.result(term * at.number(one, place))
        result = at.meter.result(result + term)
    return result


def counted(at: Slice, node: Node, env: Env) -> Fraction:
    return Fraction(sum(1 for _ in at.places(node.over, env)))


def all_of(at: Slice, node: Node, env: Env) -> bool:
    return all(list(reduced(at, node, env)))


def any_of(at: Slice, node: Node, env: Env) -> bool:
    return any(list(reduced(at, node, env)))


def group_by(at: Slice, node: Node, env: Env) -> Any:
    parameter, fields = node.payload
    member = tuple(at.members[axis][env[axis]] for axis in node.over)
    return at.value(node.operands[0],
                    {**env, "@" + parameter: at.group(parameter, fields, member)})


def at_member(at: Slice, node: Node, env: Env) -> Any:
    key, value = node.operands
    member = at.value(key, env)
    if member not in at.positions[node.payload]:
        raise failed(f"{member} is no member of {node.payload}")
    return at.value(value, {**env, node.payload: at.positions[node.payload][member]})


def prev(at: Slice, node: Node, env: Env) -> Fraction:
    value, first = node.operands
    member = env[node.payload]
    if member == 0:
        return at.value(first, env)
    return at.value(value, {**env, node.payload: member - 1})


def fold_cumulative(at: Slice, node: Node, env: Env) -> Fraction:
    result = Fraction(0)
    for member in range(env[node.payload] + 1):
        value = at.number(node.operands[0], {**env, node.payload: member})
        result = at.meter.result(result + value)
    return result


# Tables and outputs.


def lookup(at: Slice, node: Node, env: Env) -> Fraction:
    table = at.tables[node.payload]
    how = at.document.tables[node.payload].interpolation
    if how is None:
        return tables.look_up(table, tuple(at.value(one, env) for one in node.operands))
    texts = tuple(at.value(one, env) for one in node.operands[:-1])
    key = at.number(node.operands[-1], env)
    return exact.capped(tables.look_up_number(table, how, texts, key))


def rounded(at: Slice, node: Node, env: Env) -> Fraction:
    output = node.payload
    order = at.order[output.definition]
    value = at.values[output.definition][tuple(env[axis] for axis in order)]
    return exact.capped(exact.round_to(value, output.step, output.round))


OPERATORS: dict[str, Callable[[Slice, Node, Env], Any]] = {
    "literal": literal, "definition": definition, "field": field,
    "+": folded(lambda a, b: a + b), "-": folded(lambda a, b: a - b),
    "*": folded(lambda a, b: a * b), "/": folded(divided),
    "min": extreme(min), "max": extreme(max), "abs": absolute, "clamp": clamp,
    "<": compared(lambda a, b: a < b), "<=": compared(lambda a, b: a <= b),
    ">": compared(lambda a, b: a > b), ">=": compared(lambda a, b: a >= b),
    "=": compared(lambda a, b: a == b), "!=": compared(lambda a, b: a != b),
    "and": conjunction, "or": disjunction, "not": negation, "if": choice,
    "sqrt": rounded_function, "exp": rounded_function, "ln": rounded_function,
    "pow": rounded_function,
    "sum": total, "sumproduct": total_of_products, "count": counted, "all": all_of, "any": any_of,
    "group_by": group_by, "at": at_member, "prev": prev, "fold_cumulative": fold_cumulative,
    "lookup": lookup, "rounded": rounded,
}
