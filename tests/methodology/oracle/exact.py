"""Exact numbers: texts, cap, the count of long ones, rounding, the rounded functions."""

import re
import sys
from decimal import Decimal
from fractions import Fraction

import transcendental_oracle as transcendental

from .refusal import Refusal, failed

# Python reads and writes no more than 4,300 digits unless told.
sys.set_int_max_str_digits(0)

NUMBER_BITS_MAX = 65_536
STEPS_MAX = 20_000_000
LONG_NUMBERS_MAX = 20_000_000
LONG_NUMBER_BITS = 64
ROUNDED_EXPONENT_MAX = 6_144
ROUNDED_EXPONENT_MIN = -6_143
EXPONENT_OUT_OF_RANGE = 15_000

WHOLE = "(?:0|[1-9][0-9]*)"
NUMBER = re.compile(rf"-?{WHOLE}(?:\.[0-9]+)?|-?{WHOLE}/[1-9][0-9]*")


def parse(text: str) -> Fraction | None:
    """`12`, `-0.05` or `44/12`; nothing else is a number, and zero has no sign."""
    if not NUMBER.fullmatch(text):
        return None
    if "/" in text:
        top, bottom = text.split("/")
        number = Fraction(int(top), int(bottom))
    elif "." in text:
        whole, decimals = text.split(".")
        number = Fraction(int(whole + decimals), 10 ** len(decimals))
    else:
        number = Fraction(int(text))
    return None if number == 0 and text.startswith("-") else number


def bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def capped(number: Fraction) -> Fraction:
    if bits(number) > NUMBER_BITS_MAX:
        raise failed("NUMBER_TOO_LARGE: beyond 65,536 bits")
    return number


def round_to(number: Fraction, step: Fraction, direction: str) -> Fraction:
    steps = number / step
    whole = steps.numerator // steps.denominator
    if direction == "ceil" and steps.denominator != 1:
        whole += 1
    return whole * step


class Meter:
    """What calculations that share a budget have spent: steps, and the count of long numbers."""

    def __init__(self) -> None:
        self.steps = 0
        self.long_numbers = 0

    def pay_steps(self, steps: int) -> None:
        self.steps += steps
        if self.steps > STEPS_MAX:
            raise failed("more steps than a calculation may cost")

    def pay_long(self, cost: int) -> None:
        self.long_numbers += cost
        if self.long_numbers > LONG_NUMBERS_MAX:
            raise failed("more work on long numbers than a calculation may cost")

    def operand(self, number: Fraction) -> Fraction:
        length = bits(number) // LONG_NUMBER_BITS
        if length:
            self.pay_long(length * (length + 8))
        return number

    def result(self, number: Fraction) -> Fraction:
        return self.operand(capped(number))


def outside_domain(function: str) -> Refusal:
    return failed("OUTSIDE_DOMAIN: " + function)


def in_range(digits: int, exponent: int) -> Fraction:
    number = digits * Fraction(10) ** exponent
    if abs(number) >= Fraction(10) ** (ROUNDED_EXPONENT_MAX + 1):
        raise failed("NUMBER_TOO_LARGE")
    if number and abs(number) < Fraction(10) ** ROUNDED_EXPONENT_MIN:
        raise failed("NUMBER_TOO_SMALL")
    return number


def refuse_extreme(exponent: Decimal) -> None:
    """e to this is out of range, whatever its digits."""
    if exponent >= EXPONENT_OUT_OF_RANGE:
        raise failed("NUMBER_TOO_LARGE")
    if exponent <= -EXPONENT_OUT_OF_RANGE:
        raise failed("NUMBER_TOO_SMALL")


def pay_rounded(meter: Meter, length: int) -> None:
    meter.pay_long(2 * (length // 32) ** 2)


def sqrt(x: Fraction) -> Fraction:
    if x < 0:
        raise outside_domain("sqrt")
    if x == 0:
        return Fraction(0)
    # The square root of transcendental_oracle looks at 400 decimals: bring x near 1 first.
    shift = (len(str(x.numerator)) - len(str(x.denominator))) // 2
    digits, exponent = transcendental.square_root(x / Fraction(100) ** shift)
    return in_range(digits, exponent + shift)


def exp(x: Fraction, meter: Meter) -> Fraction:
    if x == 0:
        return Fraction(1)
    with transcendental.at(50):
        refuse_extreme(transcendental.dec(x))
    pay_rounded(meter, bits(x))
    return in_range(*transcendental.result("exp", x, None))


def ln(x: Fraction, meter: Meter) -> Fraction:
    if x <= 0:
        raise outside_domain("ln")
    if x == 1:
        return Fraction(0)
    pay_rounded(meter, bits(x))
    return in_range(*transcendental.result("ln", x, None))


def power(x: Fraction, y: Fraction, meter: Meter) -> Fraction:
    if y == 0 or x == 1:
        return Fraction(1)
    if x == 0:
        if y < 0:
            raise outside_domain("pow")
        return Fraction(0)
    if x < 0 and y.denominator != 1:
        raise outside_domain("pow")
    if x == -1:
        return Fraction(-1 if y.numerator % 2 else 1)
    pay_rounded(meter, bits(x) + bits(y))
    with transcendental.at(50 + transcendental.lost_digits("pow", x, y)):
        refuse_extreme(transcendental.dec(y) * transcendental.dec(abs(x)).ln())
    return in_range(*transcendental.result("pow", x, y))
