"""What every family of the reference model is written with: refusals, names, days, exact numbers."""

import datetime
import re
from fractions import Fraction

UNITS_MAX = 9_000_000_000_000_000
TRUSTED_MAX = 256

STATUS_OUTCOME = {
    "applied": "PARTY_NOT_ADMITTED",
    "suspended": "PARTY_SUSPENDED",
    "frozen": "PARTY_FROZEN",
    "closed": "PARTY_CLOSED",
}


class Refused(Exception):
    """The act breaks a rule; the outcome names it."""

    def __init__(self, outcome):
        super().__init__(outcome)
        self.outcome = outcome


def refuse_if(broken, outcome):
    if broken:
        raise Refused(outcome)


def named(text):
    """The name in `$kind:name`."""
    return text.split(":", 1)[1]


def seconds(text):
    """The second of the program in `$time:n`."""
    return int(named(text))


def time(second):
    return f"$time:{second}"


def day_number(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def day_text(number):
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=number)).isoformat()


# Second 0 of every program, 2027-01-16T08:00:00Z.
PROGRAM_START = 1_800_086_400


def day_of(second):
    return (PROGRAM_START + second) // 86_400


def is_blank(text):
    """White space alone, or what shows as little."""
    return not text.replace("\u200b", "").strip()


def year_of(number):
    """The calendar year of a day."""
    return int(day_text(number)[:4])


def seconds_of_day(number):
    """The second of the program at which the day begins."""
    return number * 86_400 - PROGRAM_START


def days_by_year(first, end):
    """[first, end) in day numbers -> {year: how many of its days}."""
    years = {}
    while first < end:
        year = datetime.date(1970, 1, 1) + datetime.timedelta(days=first)
        stop = min(end, day_number(f"{year.year + 1}-01-01"))
        years[year.year] = stop - first
        first = stop
    return years


def days_of_year(year):
    return day_number(f"{year + 1}-01-01") - day_number(f"{year}-01-01")


def overlap(a, b):
    """Of half-open intervals (first, end)."""
    return a[0] < b[1] and b[0] < a[1]


DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")


def decimal(text):
    """An exact decimal, or nothing where the text is none."""
    return Fraction(text) if DECIMAL.match(text) else None


def exact_text(number):
    """p/q in lowest terms, p where q is 1: how rows keep exact numbers."""
    number = Fraction(number)
    if number.denominator == 1:
        return str(number.numerator)
    return f"{number.numerator}/{number.denominator}"


def floor(number):
    return number.numerator // number.denominator


def ceil(number):
    return -(-number.numerator // number.denominator)


# Ranges [(batch, first, last)] and spans [(first, last)], inclusive.


def size(spans):
    return sum(last - first + 1 for first, last in spans)


def units_of(ranges):
    return sum(last - first + 1 for _, first, last in ranges)


def without(spans, taken):
    """What of the spans is in no span of `taken`."""
    for first, last in taken:
        rest = []
        for low, high in spans:
            if low < first:
                rest.append((low, min(high, first - 1)))
            if high > last:
                rest.append((max(low, last + 1), high))
        spans = rest
    return sorted(spans)


def joined(runs):
    """Runs (first, last, place): sorted; neighbours at the same place are one run."""
    result = []
    for first, last, place in sorted(runs):
        if result and result[-1][1] == first - 1 and result[-1][2] == place:
            result[-1] = (result[-1][0], last, place)
        else:
            result.append((first, last, place))
    return result


def normal(ranges):
    """Ranges as the set of serials they name, whatever the cuts."""
    return [
        (batch, first, last)
        for batch in sorted({name for name, _, _ in ranges})
        for first, last, _ in joined([(f, l, "") for name, f, l in ranges if name == batch])
    ]
