"""Days, periods and the dates of records."""

import datetime
import re
from dataclasses import dataclass

from .refusal import PARAMETER_INVALID, Refusal

FIRST_YEAR = 1990
LAST_YEAR = 2200
YEARS_MAX = 20

PATTERNS = {"year": re.compile(r"[0-9]{4}"), "quarter": re.compile(r"[0-9]{4}-Q[1-4]"),
            "day": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")}


@dataclass(frozen=True)
class Span:
    """Whole days, the end not among them."""

    start: datetime.date
    end: datetime.date

    def days(self) -> int:
        return (self.end - self.start).days

    def cut(self, other: "Span") -> "Span":
        return Span(max(self.start, other.start), min(self.end, other.end))

    def within(self, other: "Span") -> bool:
        return other.start <= self.start and self.end <= other.end

    def years(self) -> range:
        return range(self.start.year, (self.end - datetime.timedelta(days=1)).year + 1)


def day(text: object) -> datetime.date | None:
    if not isinstance(text, str) or not PATTERNS["day"].fullmatch(text):
        return None
    try:
        return datetime.date(int(text[:4]), int(text[5:7]), int(text[8:]))
    except ValueError:
        return None


def span(value: object) -> Span | None:
    """A JSON {from, to} that is not empty."""
    if not isinstance(value, dict) or set(value) != {"from", "to"}:
        return None
    start, end = day(value["from"]), day(value["to"])
    return Span(start, end) if start and end and start < end else None


def period(value: object) -> Span:
    result = span(value)
    if (result is None or result.start.year < FIRST_YEAR or result.years()[-1] > LAST_YEAR
            or len(result.years()) > YEARS_MAX):
        raise Refusal(PARAMETER_INVALID, "not a period of at most 20 years in 1990 to 2200")
    return result


def year_span(year: int) -> Span:
    return Span(datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1))


def date_span(text: str, kind: str) -> Span | None:
    """The days of `2024`, `2024-Q1` or `2024-03-01`."""
    if not PATTERNS[kind].fullmatch(text):
        return None
    year = int(text[:4])
    if not 1 <= year < 9999:
        return None
    if kind == "year":
        return year_span(year)
    if kind == "quarter":
        month = 3 * int(text[6]) - 2
        start = datetime.date(year, month, 1)
        return Span(start, datetime.date(year + (month == 10), (month + 3) % 12, 1))
    start = day(text)
    return Span(start, start + datetime.timedelta(days=1)) if start else None


def in_period(dates: Span, covered: Span, kind: str, before_too: bool) -> bool:
    """A year touches the period, a quarter or day lies in it; a series has earlier ones too."""
    if kind == "year":
        return dates.start < covered.end and (before_too or dates.end > covered.start)
    return dates.end <= covered.end and (before_too or dates.start >= covered.start)


def dates_of(covered: Span, kind: str) -> list[str]:
    """Every year, or every quarter, that the period touches."""
    if kind == "year":
        return [str(year) for year in covered.years()]
    quarters = [f"{year}-Q{quarter}" for year in covered.years() for quarter in range(1, 5)]
    return [one for one in quarters if touches(one, covered)]


def touches(quarter: str, covered: Span) -> bool:
    dates = date_span(quarter, "quarter")
    return dates is not None and dates.start < covered.end and dates.end > covered.start


def cuts_a_quarter(covered: Span) -> bool:
    return any(day.day != 1 or day.month % 3 != 1 for day in (covered.start, covered.end))
