"""Factor tables: which of the offered ones a slice uses, and what is found in them."""

from dataclasses import dataclass
from fractions import Fraction

from . import days, exact, units
from .document import TableReference
from .reading import Json
from .refusal import TABLE_NOT_ALLOWED, Refusal, failed


@dataclass
class Table:
    series: str
    validity: days.Span
    unit: units.Unit | None
    kind: str
    rows: list[tuple[tuple[str, ...], Fraction]]
    keys: int


def not_allowed(detail: str) -> Refusal:
    return Refusal(TABLE_NOT_ALLOWED, detail)


def read(document: Json) -> Table:
    try:
        validity = days.span(document["validity"])
        rows = [(tuple(row["keys"]), exact.parse(row["value"])) for row in document["rows"]]
        table = Table(document["series"], validity, units.parse(document["unit"]),  # type: ignore
                      document["kind"], rows, len(document["keyNames"]))  # type: ignore[arg-type]
    except (KeyError, TypeError, AttributeError):
        raise not_allowed("not a factor table") from None
    if validity is None or table.unit is None:
        raise not_allowed(table.series + ": validity or unit")
    if any(value is None or len(keys) != table.keys for keys, value in rows):
        raise not_allowed(table.series + ": a row's keys or value")
    if len({keys for keys, _ in rows}) != len(rows):
        raise not_allowed(table.series + ": a key twice")
    return table


def choose(reference: TableReference, offered: list[Table], covered: days.Span) -> Table:
    fitting = [table for table in offered
               if table.series == reference.series and covered.within(table.validity)]
    if len(fitting) != 1:
        raise not_allowed(f"{reference.series}: {len(fitting)} tables for the same days")
    table = fitting[0]
    if (table.unit, table.kind, table.keys) != (reference.unit, reference.kind, reference.keys):
        raise not_allowed(reference.series + ": unit, kind or number of keys")
    if reference.interpolation:
        check_ascending(table)
    return table


def check_ascending(table: Table) -> None:
    last: dict[tuple[str, ...], Fraction] = {}
    for keys, _ in table.rows:
        number = exact.parse(keys[-1])
        if number is None or (keys[:-1] in last and number <= last[keys[:-1]]):
            raise not_allowed(table.series + ": keys that are not ascending numbers")
        last[keys[:-1]] = number


def look_up(table: Table, keys: tuple[str, ...]) -> Fraction:
    for row, value in table.rows:
        if row == keys:
            return value
    raise failed(f"{table.series}: no row {', '.join(keys)}")


def interpolate(how: str, below: tuple[Fraction, Fraction], above: tuple[Fraction, Fraction],
                key: Fraction) -> Fraction:
    """Between two rows (key, value) that lie around the key; they are one where it is listed."""
    if how == "down":
        return below[1]
    if how == "up" or above[0] == below[0]:
        return above[1]
    return below[1] + (above[1] - below[1]) * (key - below[0]) / (above[0] - below[0])


def look_up_number(table: Table, how: str, keys: tuple[str, ...], key: Fraction) -> Fraction:
    rows = [(exact.parse(row[-1]) or Fraction(0), value)
            for row, value in table.rows if row[:-1] == keys]
    below = [row for row in rows if row[0] <= key]
    above = [row for row in rows if row[0] >= key]
    if not rows or (not below and how != "up") or (not above and how != "down"):
        raise failed(f"{table.series}: {key} is beyond the listed keys")
    return interpolate(how, below[-1] if below else rows[0], above[0] if above else rows[-1], key)
