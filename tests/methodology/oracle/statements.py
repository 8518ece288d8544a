"""What definitions, checks and outputs state, held against the types of their expressions."""

from fractions import Fraction

from . import units
from .document import Document, Output
from .expressions import Compiler, Node
from .refusal import invalid

CREDITED_UNITS = ("tCO2e", "kgCO2e", "gCO2e")


def yields(node: Node, unit: units.Unit, kind: str) -> bool:
    """A literal zero takes any unit, a number without kind any kind."""
    return (node.type == "number" and (node.zero or node.unit == unit)
            and node.kind in (None, kind))


def compile_document(document: Document) -> None:
    above: dict[str, Node] = {}
    compiler = Compiler(document, above)
    for i, definition in enumerate(document.definitions.values()):
        at = f"/definitions/{i}/expression"
        node = compiler.compile(definition.expression, at)
        if not yields(node, definition.unit, definition.kind):
            raise invalid(at, "does not yield the stated unit and kind")
        definition.node = node
        above[definition.name] = Node("definition", "number", node.axes, definition.unit,
                                      definition.kind)
    for i, check in enumerate(document.checks.values()):
        check.node = compiler.compile(check.that, f"/checks/{i}/that")
        if check.node.type != "boolean" or check.node.axes:
            raise invalid(f"/checks/{i}/that", "not one boolean")
    for i, output in enumerate(document.outputs.values()):
        type_output(document, output, f"/outputs/{i}")
    check_crediting(document)


def type_output(document: Document, output: Output, at: str) -> None:
    definition = document.definitions.get(output.definition)
    if definition is None:
        raise invalid(at + "/definition", "no such definition")
    axes = definition.node.axes
    if any(axis.startswith("#") for axis in axes):
        raise invalid(at + "/definition", "an output over records")
    year = document.year_axis()
    reported = {year.name} if document.vintages == "series" and year else set()
    output.reported = axes == reported
    if not output.reported and output.basis != "each":
        raise invalid(at + "/basis", "a running total over other axes")


def check_crediting(document: Document) -> None:
    credited = document.outputs.get("credited")
    if document.purpose == "inventory":
        if credited or "bufferBase" in document.outputs:
            raise invalid("/outputs", "an inventory credits nothing")
        return
    if credited is None:
        raise invalid("/outputs", "no output `credited`")
    definition = document.definitions[credited.definition]
    allowed = [units.parse(unit) for unit in CREDITED_UNITS]
    if (not credited.reported or definition.unit not in allowed
            or definition.kind not in ("flow", "change") or credited.round != "floor"
            or credited.step != Fraction(1)):
        raise invalid("/outputs", "`credited` is whole CO2e, rounded down")
    buffer = document.outputs.get("bufferBase")
    if buffer is not None and (not buffer.reported or
                               document.definitions[buffer.definition].unit != definition.unit):
        raise invalid("/outputs", "`bufferBase` is of the unit of `credited`")
