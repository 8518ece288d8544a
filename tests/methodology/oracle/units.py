"""Units and kinds: what a number is beside its value, and what comes of operations on it."""

import re

Unit = tuple[tuple[str, int], ...]
Kind = str | None

ONE: Unit = ()
SYMBOL = "[A-Za-z][A-Za-z0-9]*"
FACTOR = SYMBOL + r"(?:\^[0-9])?"
UNIT = re.compile(rf"(?:1|{FACTOR})(?:[*/]{FACTOR})*")
SIGNED_FACTOR = re.compile(rf"([*/]?)({SYMBOL})(?:\^([0-9]))?")

EXTENSIVE = ("stock", "change", "flow")
SQUARES = tuple(kind + "-squared" for kind in EXTENSIVE)
KINDS = EXTENSIVE + SQUARES + ("rate", "intensity", "count", "fraction")


class KindError(Exception):
    """The page's table refuses the operation."""


def parse(text: str) -> Unit | None:
    if not UNIT.fullmatch(text):
        return None
    exponents: dict[str, int] = {}
    for sign, symbol, digit in SIGNED_FACTOR.findall(text):
        exponent = int(digit) if digit else 1
        exponents[symbol] = exponents.get(symbol, 0) + (-exponent if sign == "/" else exponent)
    return normal(exponents)


def normal(exponents: dict[str, int]) -> Unit:
    return tuple(sorted((symbol, power) for symbol, power in exponents.items() if power))


def times(a: Unit, b: Unit, sign: int = 1) -> Unit:
    exponents = dict(a)
    for symbol, power in b:
        exponents[symbol] = exponents.get(symbol, 0) + sign * power
    return normal(exponents)


def root(unit: Unit) -> Unit | None:
    if any(power % 2 for _, power in unit):
        return None
    return tuple((symbol, power // 2) for symbol, power in unit)


def same(a: Kind, b: Kind) -> Kind:
    """An operand without kind takes the other's."""
    if a is None or b is None or a == b:
        return a or b
    raise KindError(f"{a} beside {b}")


def plus(a: Kind, b: Kind) -> Kind:
    if {a, b} == {"stock", "change"}:
        return "stock"
    return same(a, b)


def minus(a: Kind, b: Kind) -> Kind:
    if a == "stock" and b == "stock":
        return "change"
    if a == "stock" and b == "change":
        return "stock"
    return same(a, b)


def product(a: Kind, b: Kind) -> Kind:
    if a is None or b is None:
        return a or b
    big = [kind for kind in (a, b) if kind in EXTENSIVE + SQUARES]
    if len(big) == 2:
        if a == b and a in EXTENSIVE:
            return a + "-squared"
        raise KindError(f"{a} times {b}")
    if big:
        return big[0]
    if a == "fraction":
        return b
    return a if b == "fraction" else "intensity"


def quotient(a: Kind, b: Kind) -> Kind:
    if b is None:
        return a
    if b in SQUARES and a != b:
        raise KindError(f"{a or 'a number without kind'} by {b}")
    if a is None:
        return "intensity"
    if a in SQUARES:
        return quotient_of_square(a, b)
    if a in EXTENSIVE and b in EXTENSIVE:
        return "fraction" if a == b else "intensity"
    return a if a in EXTENSIVE or b == "fraction" else "intensity"


def quotient_of_square(a: str, b: str) -> Kind:
    if a == b:
        return "fraction"
    if b in EXTENSIVE:
        if a == b + "-squared":
            return b
        raise KindError(f"{a} by {b}")
    return a


def of_root(kind: Kind, unit: Unit) -> tuple[Unit, Kind]:
    if kind in SQUARES:
        half = root(unit)
        if half is None:
            raise KindError("the root of a unit with an odd exponent")
        return half, kind.removesuffix("-squared") if kind else None
    if unit != ONE or kind in EXTENSIVE:
        raise KindError(f"the root of {kind or 'a number'} with a unit, or of an extensive kind")
    return ONE, kind


def of_function(kinds: list[Kind]) -> Kind:
    if any(kind in EXTENSIVE + SQUARES for kind in kinds):
        raise KindError("a rounded function of an extensive kind or a square")
    return "intensity" if any(kinds) else None
