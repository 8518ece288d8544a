"""Expressions become typed nodes: type, unit, kind and the axes that each ranges over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import exact, units
from .document import Document, Parameter
from .reading import Json
from .refusal import Refusal, invalid

Axes = frozenset[str]
SINGLE: Axes = frozenset()

ARITHMETIC = ("+", "-", "*", "/")
COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")
REDUCTIONS = ("sum", "count", "all", "any", "min", "max", "sumproduct")
FUNCTIONS = ("sqrt", "exp", "ln", "pow")


def records_of(parameter: str) -> str:
    """The records of a parameter are an axis for themselves; no name begins like this."""
    return "#" + parameter


@dataclass
class Node:
    op: str
    type: str
    axes: Axes
    unit: units.Unit = units.ONE
    kind: units.Kind = None
    operands: tuple["Node", ...] = ()
    zero: bool = False
    payload: Any = None
    # Reductions: what they take away. group_by: the axes of its keys.
    over: tuple[str, ...] = ()


class Compiler:
    """Reads one expression; `bound` are the axes whose member a group_by around it has chosen."""

    def __init__(self, document: Document, above: dict[str, Node]) -> None:
        self.document = document
        self.above = above
        self.at = ""
        self.bound: Axes = SINGLE
        self.grouped: frozenset[str] = frozenset()

    def refuse(self, detail: str) -> Refusal:
        return invalid(self.at, detail)

    def join(self, parts: Iterable[Axes]) -> Axes:
        axes = frozenset().union(*parts)
        if len(axes) > 1 and any(axis.startswith("#") for axis in axes):
            raise self.refuse("records beside another axis: " + ", ".join(sorted(axes)))
        return axes

    def compile(self, expression: Json, at: str) -> Node:
        self.at = at
        if isinstance(expression, str):
            return self.reference(expression)
        if not isinstance(expression, list) or not expression or not isinstance(expression[0], str):
            raise self.refuse("not an expression")
        op, rest = expression[0], expression[1:]
        special = getattr(self, "compile_" + op, None) if op.isidentifier() else None
        if special:
            return special(rest, at)
        if op in REDUCTIONS and self.is_reduction(op, rest):
            return self.reduction(op, rest, at)
        handler = self.handler(op)
        nodes = self.operands(rest, at)
        self.at = at
        return handler(op, nodes)

    def handler(self, op: str) -> Any:
        if op in ARITHMETIC:
            return self.arithmetic
        if op in COMPARISONS:
            return self.comparison
        if op in FUNCTIONS:
            return self.function
        if op in ("min", "max", "abs", "clamp"):
            return self.choice
        if op in ("and", "or", "not"):
            return self.logic
        raise self.refuse("no such operator: " + op)

    def operands(self, rest: list[Json], at: str, first: int = 1) -> tuple[Node, ...]:
        return tuple(self.compile(item, f"{at}/{i}") for i, item in enumerate(rest, first))

    def arity(self, count: int, least: int, most: int | None = None) -> None:
        if count < least or (most is not None and count > most):
            raise self.refuse("wrong number of operands")

    # Leaves.

    def reference(self, name: str) -> Node:
        literal = exact.parse(name)
        if literal is not None:
            return Node("literal", "number", SINGLE, zero=literal == 0, payload=literal)
        if name in self.above:
            node = self.above[name]
            return Node("definition", node.type, node.axes - self.bound, node.unit, node.kind,
                        payload=name)
        parameter_name, dot, field_name = name.partition(".")
        parameter = self.document.parameters.get(parameter_name)
        if parameter is None:
            raise self.refuse("nothing above has the name " + name)
        return self.field(parameter, field_name if dot else "value")

    def field(self, parameter: Parameter, name: str) -> Node:
        field = parameter.field(name)
        if field is None:
            raise self.refuse(f"no field {name} of {parameter.name}")
        if parameter.keys:
            axes = frozenset(self.key_axes(parameter)) - self.bound
        elif parameter.shape in ("rows", "list"):
            axes = frozenset([records_of(parameter.name)])
        else:
            axes = SINGLE
        kind = "number" if field.type == "number" else "text"
        return Node("field", kind, axes, field.unit, field.kind,
                    payload=(parameter.name, parameter.index(name)))

    def key_axes(self, parameter: Parameter) -> list[str]:
        fields = [parameter.field(key) for key in parameter.keys]
        return [field.axis for field in fields if field and field.axis]

    def compile_quantity(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 3, 3)
        value = exact.parse(rest[0]) if isinstance(rest[0], str) else None
        unit = units.parse(rest[1]) if isinstance(rest[1], str) else None
        if value is None or unit is None or rest[2] not in units.KINDS:
            raise self.refuse("not a number, a unit and a kind")
        return Node("literal", "number", SINGLE, unit, rest[2], payload=value)

    def compile_text(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 1, 1)
        if not isinstance(rest[0], str):
            raise self.refuse("not a text")
        return Node("literal", "text", SINGLE, payload=rest[0])

    # One value at a time.

    def of_type(self, nodes: Iterable[Node], wanted: str) -> None:
        for node in nodes:
            if node.type != wanted:
                raise self.refuse(f"a {node.type} where a {wanted} belongs")

    def one_unit(self, nodes: tuple[Node, ...]) -> units.Unit:
        found = {node.unit for node in nodes if not node.zero}
        if len(found) > 1:
            raise self.refuse("units differ")
        return found.pop() if found else units.ONE

    def fold_kinds(self, rule: Any, nodes: tuple[Node, ...]) -> units.Kind:
        kind = nodes[0].kind
        try:
            for node in nodes[1:]:
                kind = rule(kind, node.kind)
        except units.KindError as error:
            raise self.refuse(str(error)) from None
        return kind

    def arithmetic(self, op: str, nodes: tuple[Node, ...]) -> Node:
        self.arity(len(nodes), 2, 2 if op == "/" else None)
        self.of_type(nodes, "number")
        rule = {"+": units.plus, "-": units.minus, "*": units.product, "/": units.quotient}[op]
        kind = self.fold_kinds(rule, nodes)
        if op in "+-":
            unit = self.one_unit(nodes)
        else:
            unit = nodes[0].unit
            for node in nodes[1:]:
                unit = units.times(unit, node.unit, -1 if op == "/" else 1)
        return Node(op, "number", self.join(n.axes for n in nodes), unit, kind, nodes)

    def choice(self, op: str, nodes: tuple[Node, ...]) -> Node:
        self.arity(len(nodes), *{"abs": (1, 1), "clamp": (3, 3)}.get(op, (2, None)))
        self.of_type(nodes, "number")
        return Node(op, "number", self.join(n.axes for n in nodes), self.one_unit(nodes),
                    self.fold_kinds(units.same, nodes), nodes)

    def comparison(self, op: str, nodes: tuple[Node, ...]) -> Node:
        self.arity(len(nodes), 2, 2)
        if op in ("=", "!=") and nodes[0].type == "text":
            self.of_type(nodes, "text")
        else:
            self.of_type(nodes, "number")
            self.one_unit(nodes)
            self.fold_kinds(units.same, nodes)
        return Node(op, "boolean", self.join(n.axes for n in nodes), operands=nodes)

    def logic(self, op: str, nodes: tuple[Node, ...]) -> Node:
        self.arity(len(nodes), *((1, 1) if op == "not" else (2, None)))
        self.of_type(nodes, "boolean")
        return Node(op, "boolean", self.join(n.axes for n in nodes), operands=nodes)

    def compile_if(self, rest: list[Json], at: str) -> Node:
        nodes = self.operands(rest, at)
        self.at = at
        self.arity(len(nodes), 3, 3)
        self.of_type(nodes[:1], "boolean")
        self.of_type(nodes[2:], nodes[1].type)
        axes = self.join(n.axes for n in nodes)
        if nodes[1].type != "number":
            return Node("if", nodes[1].type, axes, operands=nodes)
        return Node("if", "number", axes, self.one_unit(nodes[1:]),
                    self.fold_kinds(units.same, nodes[1:]), nodes)

    def function(self, op: str, nodes: tuple[Node, ...]) -> Node:
        self.arity(len(nodes), 2 if op == "pow" else 1, 2 if op == "pow" else 1)
        self.of_type(nodes, "number")
        axes = self.join(n.axes for n in nodes)
        try:
            if op == "sqrt":
                unit, kind = units.of_root(nodes[0].kind, nodes[0].unit)
                return Node(op, "number", axes, unit, kind, nodes)
            if any(n.unit != units.ONE for n in nodes):
                raise self.refuse("a rounded function of a number with a unit")
            kind = units.of_function([n.kind for n in nodes])
        except units.KindError as error:
            raise self.refuse(str(error)) from None
        return Node(op, "number", axes, units.ONE, kind, nodes)

    # Along axes.

    def axis(self, name: Json, ordered: bool = False) -> str:
        if not isinstance(name, str) or name not in self.document.axes:
            raise self.refuse("not an axis")
        if name in self.bound:
            raise self.refuse(f"the member of {name} is chosen by the group_by around")
        if ordered and self.document.axes[name].type == "text":
            raise self.refuse("not an ordered axis: " + name)
        return name

    def is_reduction(self, op: str, rest: list[Json]) -> bool:
        """min and max of one operand, or of one operand and axes, reduce."""
        if op not in ("min", "max"):
            return True
        return bool(rest) and all(isinstance(r, str) and r in self.document.axes for r in rest[1:])

    def reduction(self, op: str, rest: list[Json], at: str) -> Node:
        axes_from = len(rest)
        while axes_from and isinstance(rest[axes_from - 1], str) and (
                rest[axes_from - 1] in self.document.axes):
            axes_from -= 1
        nodes = self.operands(rest[:axes_from], at)
        self.at = at
        self.arity(len(nodes), *((2, None) if op == "sumproduct" else (1, 1)))
        axes = self.join(n.axes for n in nodes)
        named = [self.axis(name) for name in rest[axes_from:]]
        if not axes or len(set(named)) != len(named) or not axes.issuperset(named):
            raise self.refuse("nothing to reduce along that")
        over = frozenset(named) or axes
        result = Node(op, "number", axes - over, operands=nodes, over=self.document_order(over))
        self.type_reduction(op, result)
        return result

    def type_reduction(self, op: str, node: Node) -> None:
        nodes = node.operands
        if op == "count":
            node.kind = "count"
        elif op in ("all", "any"):
            self.of_type(nodes, "boolean")
            node.type = "boolean"
        else:
            self.of_type(nodes, "number")
            node.kind = self.fold_kinds(units.product, nodes)
            for one in nodes:
                node.unit = units.times(node.unit, one.unit)

    def document_order(self, axes: Iterable[str]) -> tuple[str, ...]:
        """Axes in the order of the document, then records."""
        order = list(self.document.axes)
        return tuple(sorted(axes, key=lambda a: order.index(a) if a in order else len(order)))

    def compile_group_by(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 2)
        parameter, fields, keys = self.group_keys(rest[:-1])
        if parameter in self.grouped:
            raise self.refuse("a group_by of the same parameter around it")
        before = self.bound, self.grouped
        self.bound, self.grouped = self.bound | set(keys), self.grouped | {parameter}
        body = self.compile(rest[-1], f"{at}/{len(rest)}")
        self.bound, self.grouped = before
        self.at = at
        if records_of(parameter) in body.axes:
            raise self.refuse("the body ranges over the records that it groups")
        axes = self.join([body.axes, frozenset(keys) - self.bound])
        return Node("group_by", body.type, axes, body.unit, body.kind, (body,),
                    payload=(parameter, fields), over=tuple(keys))

    def group_keys(self, given: list[Json]) -> tuple[str, tuple[int, ...], list[str]]:
        """The parameter, its key fields and their axes."""
        names: set[str] = set()
        fields: list[int] = []
        axes: list[str] = []
        for key in given:
            name, _, field_name = key.partition(".") if isinstance(key, str) else ("", "", "")
            parameter = self.document.parameters.get(name)
            field = parameter.field(field_name) if parameter else None
            if parameter is None or parameter.keys or field is None or field.axis is None:
                raise self.refuse("not a field with an axis, of a parameter without keys")
            names.add(name)
            fields.append(parameter.index(field_name))
            axes.append(field.axis)
        if len(names) != 1 or len(set(axes)) != len(axes):
            raise self.refuse("keys are of one parameter, each axis once")
        return names.pop(), tuple(fields), axes

    def compile_at(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 3, 3)
        axis = self.axis(rest[0])
        key, value = self.operands(rest[1:], at, 2)
        self.at = at
        self.of_type([key], "text")
        if value.op not in ("definition", "field", "rounded"):
            raise self.refuse("the value is no name")
        if axis not in value.axes or axis in key.axes:
            raise self.refuse("the value ranges over the axis, the key does not")
        axes = self.join([key.axes, value.axes - {axis}])
        return Node("at", value.type, axes, value.unit, value.kind, (key, value), payload=axis)

    def compile_prev(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 3, 3)
        axis = self.axis(rest[0], ordered=True)
        nodes = self.operands(rest[1:], at, 2)
        self.at = at
        self.of_type(nodes, "number")
        axes = self.join([nodes[0].axes, nodes[1].axes, frozenset([axis])])
        return Node("prev", "number", axes, self.one_unit(nodes),
                    self.fold_kinds(units.same, nodes), nodes, payload=axis)

    def compile_fold_cumulative(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 2, 2)
        axis = self.axis(rest[0], ordered=True)
        (value,) = self.operands(rest[1:], at, 2)
        self.at = at
        self.of_type([value], "number")
        axes = self.join([value.axes, frozenset([axis])])
        return Node("fold_cumulative", "number", axes, value.unit, value.kind, (value,),
                    payload=axis)

    # Tables and outputs.

    def compile_lookup(self, rest: list[Json], at: str) -> Node:
        table = self.document.tables.get(rest[0]) if rest and isinstance(rest[0], str) else None
        if table is None:
            raise self.refuse("no such table")
        keys = self.operands(rest[1:], at, 2)
        self.at = at
        self.arity(len(keys), table.keys, table.keys)
        texts = keys[:-1] if table.interpolation else keys
        self.of_type(texts, "text")
        if table.interpolation:
            self.of_type(keys[-1:], "number")
            if keys[-1].unit != table.key_unit and not keys[-1].zero:
                raise self.refuse("the last key has another unit")
        return Node("lookup", "number", self.join(k.axes for k in keys), table.unit, table.kind,
                    keys, payload=table.name)

    def compile_rounded(self, rest: list[Json], at: str) -> Node:
        self.arity(len(rest), 1, 1)
        output = self.document.outputs.get(rest[0]) if isinstance(rest[0], str) else None
        if output is None or output.basis != "each" or output.definition not in self.above:
            raise self.refuse("not an output, by itself, of a definition above")
        node = self.above[output.definition]
        return Node("rounded", "number", node.axes - self.bound, node.unit, node.kind,
                    payload=output)
