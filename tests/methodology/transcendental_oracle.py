#!/usr/bin/env python3
"""Where transcendental_vectors.txt comes from: an oracle that shares nothing with the engine.

    transcendental_oracle.py --write FILE     write the vectors
    transcendental_oracle.py --check FILE     make them again and compare (ctest does)

Python's decimal (libmpdec) gives exp and ln at any precision; `fractions` decides the exact cases. A
value counts as rounded only when it lies clear of every number halfway between two decimals of 34
digits, at a precision that is raised until it does. Each line is `function x [y] digits exponent`:
the result is digits * 10^exponent.
"""

import decimal
import math
import random
import sys
from decimal import Decimal
from fractions import Fraction

DIGITS = 34
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


def at(precision):
    return decimal.localcontext(
        decimal.Context(prec=precision, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN))


def dec(number):
    return Decimal(number.numerator) / Decimal(number.denominator)


def evaluate(function, x, y):
    """|value| at the current precision; some dozens of its last digits may be wrong."""
    if function == "exp":
        return dec(x).exp()
    if function == "ln":
        return abs(dec(x).ln())
    return (dec(y) * dec(abs(x)).ln()).exp()


def lost_digits(function, x, y):
    """Digits that the evaluation loses: ln near 1, and the size of an exponent."""
    if function == "ln" or function == "pow":
        near = abs(x) - 1 if function == "pow" else x - 1
        loss = max(0, len(str(near.denominator)) - len(str(abs(near.numerator))))
        return loss + 20 + (len(str(abs(y.numerator))) if function == "pow" else 0)
    return 20


def exact_power(x, y, candidate):
    """Is x^y exactly the candidate? Only asked for small exponents."""
    return abs(x) ** y.numerator == candidate ** y.denominator


def half_even(value):
    """A positive Fraction to (digits, exponent)."""
    exponent = len(str(value.numerator)) - len(str(value.denominator)) - DIGITS
    while value >= Fraction(10) ** (exponent + DIGITS):
        exponent += 1
    digits = round(value / Fraction(10) ** exponent)
    return (digits, exponent) if digits < 10 ** DIGITS else (digits // 10, exponent + 1)


def clear_rounding(function, x, y):
    precision = 120
    loss = lost_digits(function, x, y)
    while True:
        with at(precision + loss):
            value = evaluate(function, x, y)
            low, high = (half_even(Fraction(value * (1 + Decimal(sign).scaleb(5 - precision))))
                         for sign in (-1, 1))
        if low == high:
            return low
        middle = Fraction(2 * low[0] + 1) * Fraction(10) ** low[1] / 2
        if function == "pow" and y.denominator < 10 and exact_power(x, y, middle):
            return half_even(middle)
        precision *= 2


def square_root(x):
    """By integers: enough digits, and a last one that says whether anything follows."""
    scale = 10 ** 400
    scaled = x * scale * scale
    whole = scaled.numerator // scaled.denominator
    root = math.isqrt(whole)
    exact = root * root == whole and scaled.denominator == 1
    return half_even(Fraction(10 * root + (0 if exact else 1), 10 * scale))


def result(function, x, y):
    if function == "sqrt":
        return square_root(x)
    digits, exponent = clear_rounding(function, x, y)
    negative = (function == "ln" and x < 1) or (function == "pow" and x < 0 and y.numerator % 2 == 1)
    return (-digits if negative else digits), exponent


def convergent(value, bits):
    """The continued fraction of a Decimal, as far as both sides have at most so many bits."""
    rest = Fraction(value)
    before, best = (0, 1), (1, 0)
    while True:
        whole = rest.numerator // rest.denominator
        following = (whole * best[0] + before[0], whole * best[1] + before[1])
        if max(following).bit_length() > bits:
            return Fraction(*best)
        before, best = best, following
        rest = 1 / (rest - whole)


def near_middles(random_digits):
    """Arguments made so that the result agrees with a middle far beyond 34 digits."""
    for bits in (60, 120, 200, 400, 900):
        middle = Fraction(10 * random_digits.randrange(10 ** 33, 10 ** 34) + 5, 10 ** 34)
        with at(bits + 200):
            yield "exp", convergent(dec(middle).ln(), bits), None
            yield "exp", -convergent(-(dec(middle) / 100).ln(), bits), None
            yield "ln", convergent(dec(middle).exp(), bits), None
            yield "pow", Fraction(7, 3), convergent(dec(middle).ln() / (Decimal(7) / 3).ln(), bits)
        # The middle squared, and what is nearest to it: an exact tie between two near ones.
        for offset in (-1, 0, 1):
            square = middle * middle + Fraction(offset, 10 ** (68 + bits))
            yield "sqrt", square, None
            yield "pow", square, Fraction(1, 2)
        cube = (middle ** 3).limit_denominator(10 ** 110)
        for offset in (-1, 0, 1):
            yield "pow", cube + Fraction(offset, 10 ** (110 + bits)), Fraction(1, 3)
    # Near 1 the series itself comes to lie beside a middle.
    for power in range(30, 40):
        for sign in (-1, 1):
            yield "exp", Fraction(sign * 5, 10 ** power), None
            yield "ln", 1 + Fraction(sign * 5, 10 ** power), None


def exact_cases():
    for root in (Fraction(3, 2), Fraction(7, 10), Fraction(2), Fraction(12345, 100), Fraction(5, 7)):
        for degree in (2, 3, 5):
            for power in (1, -1, 4):
                yield "pow", root ** degree, Fraction(power, degree)
    for power in range(47, 52):
        yield "pow", Fraction(5), Fraction(power)
        yield "pow", Fraction(1, 2), Fraction(power)
        yield "pow", Fraction(2), Fraction(-power)
        yield "pow", Fraction(25), Fraction(power, 2)
        yield "pow", Fraction(125), Fraction(power, 3)
        yield "pow", Fraction(1, 8), Fraction(power, 3)
    for base, power in ((15, 25), (35, 20), (-35, 21), (-15, 29), (45, 21), (25, 25)):
        yield "pow", Fraction(base), Fraction(power)
        yield "pow", Fraction(base, 1000), Fraction(power)
    for digits in (10 ** 34 + 5, 10 ** 34 + 15, 10 ** 35 - 5, 10 ** 35 - 15):
        yield "pow", Fraction(digits), Fraction(1)
        yield "pow", Fraction(digits) ** 3, Fraction(1, 3)
        yield "sqrt", Fraction(digits) ** 2, None
    # Just below and above a power of ten.
    for exponent in (-30, -1, 0, 1, 30):
        for offset in (-4, -5, -6, 4, 5, 6):
            number = Fraction(10) ** exponent * (1 + Fraction(offset, 10 ** 35))
            yield "sqrt", number * number, None
            yield "pow", number, Fraction(1)
            yield "pow", number ** 3, Fraction(1, 3)


def random_number(chance):
    kind = chance.randrange(6)
    if kind == 0:
        return Fraction(chance.randint(1, 100), chance.randint(1, 100))
    if kind == 1:
        return Fraction(chance.randint(1, 10 ** 30), chance.randint(1, 10 ** 30))
    if kind == 2:
        return 1 + Fraction(chance.choice((-1, 1)) * chance.randint(1, 99),
                            10 ** chance.randint(3, 60))
    if kind == 3:
        return Fraction(chance.randint(1, 10 ** 6), 10 ** chance.randint(0, 6))
    if kind == 4:
        return Fraction(10) ** chance.randint(-150, 150) * chance.randint(1, 999)
    return Fraction(chance.getrandbits(900) + 1, chance.getrandbits(900) + 1)


def random_cases(chance):
    for _ in range(60):
        x = random_number(chance)
        yield "sqrt", x, None
        if x != 1:
            yield "ln", x, None
        yield "exp", chance.choice((-1, 1)) * x % 14_000, None
        y = chance.choice((Fraction(chance.randint(1, 60), chance.randint(1, 5)),
                           Fraction(chance.randint(1, 10 ** 15), chance.randint(10 ** 14, 10 ** 15)),
                           Fraction(chance.randint(1, 10 ** 4), 10 ** 4)))
        if x != 1:
            yield "pow", x, chance.choice((-1, 1)) * y


def extreme_cases():
    for x in (14_148, -14_142, 1, -1, 700, -700):
        yield "exp", Fraction(x), None
    for power in (500, 2_000, 4_000):
        yield "exp", Fraction(1, 10 ** power), None
        yield "exp", Fraction(-1, 10 ** power), None
    for power in (10, 100, 1_000, 2_000):
        yield "ln", 1 + Fraction(1, 10 ** power), None
        yield "ln", 1 - Fraction(1, 10 ** power), None
        yield "ln", Fraction(10 ** power), None
        yield "ln", Fraction(3, 10 ** power), None
    yield "pow", 1 + Fraction(1, 10 ** 9), Fraction(10 ** 12)
    yield "pow", 1 - Fraction(1, 10 ** 9), Fraction(10 ** 12)
    yield "pow", 1 + Fraction(1, 10 ** 300), Fraction(10 ** 303)
    yield "pow", Fraction(10), Fraction(6_144)
    yield "pow", Fraction(1, 10), Fraction(6_143)
    yield "pow", Fraction(10), Fraction(61_445, 10)


def vectors():
    chance = random.Random(34)
    yield from exact_cases()
    yield from near_middles(chance)
    yield from extreme_cases()
    yield from random_cases(chance)


def lines():
    yield "# function x [y] digits exponent; written by transcendental_oracle.py, not by hand"
    for function, x, y in vectors():
        digits, exponent = result(function, x, y)
        yield " ".join(str(word) for word in (function, x, y, digits, exponent) if word is not None)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("--write", "--check"):
        sys.exit(__doc__)
    text = "".join(line + "\n" for line in lines())
    if sys.argv[1] == "--write":
        with open(sys.argv[2], "w", encoding="ascii") as file:
            file.write(text)
        return
    with open(sys.argv[2], encoding="ascii") as file:
        if file.read() != text:
            sys.exit("the vectors are not what the oracle makes")


if __name__ == "__main__":
    main()
