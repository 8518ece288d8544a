"""Numbers and texts for random inputs, in the forms in which a report may write them."""

import random
from fractions import Fraction

from . import exact
from .document import Field

DECIMALS_MAX = 40
UNTIDY_TEXTS = ("Z\u00e4hler 7", "\u6d41\u91cf\u8ba1", 'with "quotes", and comma', "\u00ff",
                "\uffee", "\U0001d11e", "a b", "A", "~", "back\\slash")


def decimals_of(value: Fraction) -> int | None:
    """How many decimals write the value exactly; None where none do, or too many."""
    rest, decimals = value.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        decimals = max(decimals, power)
    return decimals if rest == 1 and decimals <= DECIMALS_MAX else None


def decimal(value: Fraction, decimals: int) -> str:
    digits = str(abs(value) * 10 ** decimals)
    if decimals:
        digits = digits.rjust(decimals + 1, "0")
        digits = digits[:-decimals] + "." + digits[-decimals:]
    return ("-" if value < 0 else "") + digits


def written(value: Fraction, chance: random.Random) -> str:
    decimals = decimals_of(value)
    if decimals is None or chance.random() < 0.05:
        factor = chance.choice((1, 1, 2, 15))
        return f"{value.numerator * factor}/{value.denominator * factor}"
    return decimal(value, decimals + chance.choice((0, 0, 0, 1, 3)))


def with_unit(text: str, unit: str, kind: str, chance: random.Random) -> str:
    return text + chance.choice(("", "", "", "", f" {unit}", f" {unit} {kind}"))


def fitting(value: Fraction, declared: Field) -> Fraction:
    if declared.min is not None and value < declared.min:
        return declared.min
    if declared.max is not None and value > declared.max:
        return declared.max
    return value


def random_number(declared: Field, near: Fraction, chance: random.Random) -> Fraction:
    """Within the field's range: zero, its ends, close to what stood there, or far from it."""
    way = chance.randrange(10)
    if way == 0:
        value = Fraction(0)
    elif way == 1:
        value = declared.min if declared.min is not None else Fraction(-chance.randint(1, 99))
    elif way == 2:
        value = declared.max if declared.max is not None else near
    elif way == 3:
        value = Fraction(chance.randint(1, 10 ** 6), chance.randint(1, 999))
    elif way == 4:
        digits = chance.randint(1, 30)
        value = Fraction(chance.randint(0, 10 ** digits), 10 ** chance.randint(0, digits))
    elif way == 5 and declared.min is not None and declared.max is not None:
        value = declared.min + (declared.max - declared.min) * Fraction(chance.randint(0, 999), 999)
    else:
        places = chance.randint(1, 6)
        value = near * Fraction(chance.randint(1, 2 * 10 ** places), 10 ** places)
    return fitting(value, declared)


def number_in(text: str) -> Fraction:
    """The number of a given value, whose unit and kind may follow."""
    return exact.parse(text.split(" ")[0]) or Fraction(0)


def fresh_text(taken: set[str], chance: random.Random) -> str:
    """A text that is not taken yet."""
    while True:
        untidy = chance.random() < 0.3
        text = chance.choice(UNTIDY_TEXTS) if untidy else f"n{chance.randint(0, 999)}"
        if text not in taken:
            return text
