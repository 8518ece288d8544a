"""Running a document's vectors: what must come out, and every check seen failing."""

from fractions import Fraction

from . import exact
from .calculate import Answer, calculate
from .document import Document
from .expressions import Compiler
from .reading import Json, items, members, number, text
from .refusal import CHECK_FAILED, Refusal, invalid


def resolved(document: Document) -> list[Json]:
    """Vectors with what `like` leaves to another one filled in."""
    found: dict[str, Json] = {}
    for i, given in enumerate(document.vectors):
        at = f"/vectors/{i}"
        members(given, at, "name period inputs tables expect", "like fails")
        vector = dict(given)
        name = text(vector["name"], at + "/name")
        if name in found:
            raise invalid(at + "/name", "given twice")
        if "like" in vector:
            like = found.get(vector["like"])
            if like is None:
                raise invalid(at + "/like", "no vector above has this name")
            vector["inputs"] = {**like["inputs"], **vector["inputs"]}
            vector["tables"] = vector["tables"] or like["tables"]
        found[name] = vector
    return list(found.values())


def check(document: Document) -> None:
    meter = exact.Meter()
    came_out = False
    seen_failing: set[str] = set()
    for i, vector in enumerate(resolved(document)):
        fails = run(document, vector, f"/vectors/{i}", meter)
        if fails is None:
            came_out = True
        else:
            seen_failing.add(fails)
    if not came_out:
        raise invalid("/vectors", "none comes out")
    for i, name in enumerate(document.checks):
        if name not in seen_failing:
            raise invalid(f"/checks/{i}", "no vector makes it fail: " + name)


def run(document: Document, vector: Json, at: str, meter: exact.Meter) -> str | None:
    """The check that failed as was expected, or None where the values came out."""
    fails = vector.get("fails")
    if fails is not None and fails not in document.checks:
        raise invalid(at + "/fails", "no such check")
    try:
        answer = calculate(document, vector, meter)
    except Refusal as refusal:
        if refusal.error == CHECK_FAILED and refusal.check == fails:
            return refusal.check
        raise invalid(at, f"ends with {refusal.error}: {refusal.detail}") from None
    if fails is not None:
        raise invalid(at + "/fails", "the check does not fail")
    for expectation, where in items(vector["expect"], at + "/expect"):
        expect(document, answer, expectation, where)
    return None


def expect(document: Document, answer: Answer, given: Json, at: str) -> None:
    members(given, at, "definition value", "year at")
    definition = document.definitions.get(given["definition"])
    if definition is None:
        raise invalid(at + "/definition", "no such definition")
    name = given.get("year", "") if document.vintages == "dated" else "period"
    one = answer.slices.get(name)
    if one is None:
        raise invalid(at + "/year", "no such slice")
    order = Compiler(document, {}).document_order(definition.node.axes)
    place = [member for member, _ in items(given.get("at", []), at + "/at")]
    if len(place) != len(order) or any(axis.startswith("#") for axis in order) or any(
            member not in one.positions[axis] for axis, member in zip(order, place)):
        raise invalid(at + "/at", "not a member for each of the definition's axes")
    where = tuple(one.positions[axis][member] for axis, member in zip(order, place))
    value: Fraction = one.values[definition.name][where]
    if value != number(given["value"], at + "/value"):
        raise invalid(at, f"{definition.name} is {value}")
