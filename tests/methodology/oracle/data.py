"""The inputs of a calculation: records read, completed, keyed, substituted; the axes' members."""

import itertools
from dataclasses import dataclass, field
from fractions import Fraction

from . import datasets, days, exact
from .document import Document, Field, Parameter
from .reading import Json
from .refusal import PARAMETER_INVALID, PARAMETER_MISSING, Refusal

Value = Fraction | str | None

AXIS_MEMBERS_MAX = 200_000
YEAR_MEMBERS_MAX = 100


@dataclass(slots=True)
class Record:
    """Values in the order of the fields; `substituted` says which of them were not given."""

    values: list[Value]
    substituted: set[int] = field(default_factory=set)


def missing(where: str, detail: str) -> Refusal:
    return Refusal(PARAMETER_MISSING, f"{where}: {detail}")


def wrong(where: str, detail: str) -> Refusal:
    return Refusal(PARAMETER_INVALID, f"{where}: {detail}")


class Data:
    def __init__(self, document: Document, period: days.Span, inputs: Json, sets: Json) -> None:
        self.document = document
        self.period = period
        self.records: dict[str, list[Record]] = {}
        self.members: dict[str, list[str]] = {}
        self.read_all(inputs, sets)
        for parameter in document.parameters.values():
            check_unique(parameter, self.records[parameter.name])
        self.complete()
        self.find_members()
        for parameter in document.parameters.values():
            if parameter.keys:
                self.fill_keys(parameter)
            self.records[parameter.name] = in_order(parameter, self.records[parameter.name])
            substitute(parameter, self.records[parameter.name])
        self.count = sum(len(records) for records in self.records.values())

    # Reading.

    def read_all(self, inputs: Json, sets: Json) -> None:
        if not isinstance(inputs, dict) or not isinstance(sets, dict):
            raise wrong("inputs", "not an object")
        for name in (*inputs, *sets):
            if name not in self.document.parameters:
                raise wrong(name, "no such parameter")
        for parameter in self.document.parameters.values():
            self.records[parameter.name] = self.read_parameter(parameter, inputs, sets)

    def read_parameter(self, parameter: Parameter, inputs: Json, sets: Json) -> list[Record]:
        name = parameter.name
        if name in inputs and name in sets:
            raise wrong(name, "given twice")
        if name not in inputs and name not in sets:
            raise missing(name, "not given")
        if name in sets and parameter.shape not in ("rows", "list"):
            raise wrong(name, "only rows and lists are datasets")
        given = datasets.read(parameter, sets[name]) if name in sets else inputs[name]
        if not isinstance(given, list):
            given = [{"value": given} if isinstance(given, str) else given]
        if parameter.shape == "constant" and len(given) != 1:
            raise wrong(name, "a constant is one record")
        records = [self.read_record(parameter, one, f"{name}/{i}") for i, one in enumerate(given)]
        if parameter.shape == "annual":
            self.check_annual(parameter, records)
        return records

    def read_record(self, parameter: Parameter, given: Json, where: str) -> Record:
        if not isinstance(given, dict):
            raise wrong(where, "not a record")
        for name in given:
            if parameter.field(name) is None:
                raise wrong(where, "no such field: " + name)
        return Record([self.read_value(one, given[one.name], f"{where}/{one.name}")
                       if one.name in given else not_given(one, f"{where}/{one.name}")
                       for one in parameter.fields])

    def read_value(self, declared: Field, given: Json, where: str) -> Value:
        if not isinstance(given, str) or not given:
            raise wrong(where, "not a text")
        if declared.type == "number":
            return read_number(declared, given, where)
        if declared.type == "text":
            return given
        dates = days.date_span(given, declared.type)
        series = self.document.vintages == "series"
        if dates is None or not days.in_period(dates, self.period, declared.type, series):
            raise wrong(where, "not a date of the period")
        return given

    def check_annual(self, parameter: Parameter, records: list[Record]) -> None:
        at = parameter.fields.index(parameter.dated())  # type: ignore[arg-type]
        given = [record.values[at] for record in records]
        if len(set(given)) != len(given):
            raise wrong(parameter.name, "a year twice")
        for year in self.period.years():
            if str(year) not in given:
                raise missing(parameter.name, f"no record of {year}")

    # Records that stand for absent ones.

    def complete(self) -> None:
        for parameter in self.document.parameters.values():
            if parameter.complete_by is not None:
                self.complete_parameter(parameter)

    def complete_parameter(self, parameter: Parameter) -> None:
        dated = parameter.dated()
        assert dated is not None and parameter.complete_by is not None
        if dated.type == "quarter" and days.cuts_a_quarter(self.period):
            raise wrong(parameter.name, "the period cuts a quarter")
        by, at = parameter.index(parameter.complete_by), parameter.index(dated.name)
        records = self.records[parameter.name]
        wanted = days.dates_of(self.period, dated.type)
        given = [(record.values[by], record.values[at]) for record in records]
        present = set(given)
        if len(present) != len(given):
            raise wrong(parameter.name, "a date twice")
        for value in sorted({str(value) for value, _ in given}):
            for date in wanted:
                if (value, date) not in present:
                    records.append(absent(parameter, {by: value, at: date}))

    def find_members(self) -> None:
        for axis in self.document.axes.values():
            parameter = self.document.parameters[axis.parameter]
            at = parameter.index(axis.field)
            found = {str(record.values[at]) for record in self.records[parameter.name]}
            self.members[axis.name] = axis_order(found)
            self.check_members(axis.name, axis.type)
        for parameter in self.document.parameters.values():
            for i, one in enumerate(parameter.fields):
                if one.axis is None:
                    continue
                allowed = set(self.members[one.axis])
                for record in self.records[parameter.name]:
                    if record.values[i] not in allowed:
                        raise wrong(f"{parameter.name}.{one.name}", "no member of the axis")

    def check_members(self, name: str, kind: str) -> None:
        found = self.members[name]
        if len(found) > (YEAR_MEMBERS_MAX if kind == "year" else AXIS_MEMBERS_MAX):
            raise wrong(name, "too many members")
        if kind in ("year", "quarter"):
            places = [place(member, kind) for member in found]
            if any(b - a != 1 for a, b in itertools.pairwise(places)):
                raise missing(name, "a gap between the members")
        if kind == "year" and self.document.vintages == "series":
            for year in self.period.years():
                if str(year) not in found:
                    raise missing(name, f"no member {year}")

    def fill_keys(self, parameter: Parameter) -> None:
        """Exactly one record for each combination, in the order of the axes of the document."""
        records = self.records[parameter.name]
        order = [one.name for one in key_fields(self.document, parameter)]
        at = [parameter.index(name) for name in order]
        ranges = [self.members[str(parameter.field(name).axis)] for name in order]  # type: ignore
        dated = parameter.dated()
        if self.document.vintages == "dated" and dated:
            at.append(parameter.index(dated.name))
            ranges.append([str(year) for year in self.period.years()])
        found: dict[tuple[Value, ...], Record] = {}
        for record in records:
            key = tuple(record.values[i] for i in at)
            if key in found:
                raise wrong(parameter.name, "a combination twice: " + ", ".join(map(str, key)))
            found[key] = record
        self.records[parameter.name] = [
            found[key] if key in found
            else absent(parameter, dict(zip(at, key)))
            for key in itertools.product(*ranges)]


def not_given(declared: Field, where: str) -> None:
    """None stands for the value until it is substituted."""
    if declared.missing is None:
        raise missing(where, "not given")


def key_fields(document: Document, parameter: Parameter) -> list[Field]:
    """The key fields in the order of their axes in the document."""
    order = list(document.axes)
    fields = [one for one in parameter.fields if one.name in parameter.keys]
    return sorted(fields, key=lambda one: order.index(str(one.axis)))


def axis_order(found: set[str]) -> list[str]:
    return sorted(found, key=lambda member: member.encode())


def place(member: str, kind: str) -> int:
    """Years and quarters by number, so that neighbours differ by one."""
    year = int(member[:4])
    return year if kind == "year" else 4 * year + int(member[6])


def read_number(declared: Field, given: str, where: str) -> Fraction:
    digits, space, suffix = given.partition(" ")
    if space:
        datasets.check_unit(declared, suffix, where)
    number = exact.parse(digits)
    if number is None or exact.bits(number) > exact.NUMBER_BITS_MAX:
        raise wrong(where, "not a number")
    if declared.min is not None and number < declared.min:
        raise wrong(where, "below the minimum")
    if declared.max is not None and number > declared.max:
        raise wrong(where, "above the maximum")
    return number


def absent(parameter: Parameter, known: dict[int, Value]) -> Record:
    """A record that was asked for and is not there: all of it is known or has a rule."""
    for i, one in enumerate(parameter.fields):
        if i not in known and one.missing is None:
            raise missing(parameter.name, "no record of " + ", ".join(map(str, known.values())))
    return Record([known.get(i) for i in range(len(parameter.fields))])


def check_unique(parameter: Parameter, records: list[Record]) -> None:
    if parameter.unique is None:
        return
    at = parameter.index(parameter.unique)
    values = [record.values[at] for record in records]
    if len(set(values)) != len(values):
        raise wrong(parameter.name, f"{parameter.unique} twice")


def order_key(record: Record) -> tuple[Fraction | bytes, ...]:
    """Fields as declared: texts and dates by bytes, numbers by value, absent ones as 0."""
    return tuple(value.encode() if isinstance(value, str) else value or Fraction(0)
                 for value in record.values)


def in_order(parameter: Parameter, records: list[Record]) -> list[Record]:
    """Keyed ones stand in the order of their axes, the others in that of their fields."""
    return records if parameter.keys else sorted(records, key=order_key)


def substitute(parameter: Parameter, records: list[Record]) -> None:
    if all(None not in record.values for record in records):
        return
    given = sorted(records, key=order_key)
    found: list[tuple[Record, int, Fraction]] = []
    for record in records:
        for i, one in enumerate(parameter.fields):
            if record.values[i] is None:
                assert one.missing is not None
                value = one.missing.value
                if one.missing.rule == "previous":
                    value = previous(parameter, given, record, i)
                assert value is not None
                found.append((record, i, value))
    for record, i, value in found:
        record.values[i] = value
        record.substituted.add(i)


def previous(parameter: Parameter, given: list[Record], of: Record, field_at: int) -> Fraction:
    """From the latest earlier record of the same texts in which the value was given."""
    dated = parameter.dated()
    assert dated is not None
    date = parameter.index(dated.name)
    texts = [i for i, one in enumerate(parameter.fields) if one.type == "text"]
    earlier = [record for record in given
               if str(record.values[date]) < str(of.values[date])
               and all(record.values[i] == of.values[i] for i in texts)
               and isinstance(record.values[field_at], Fraction)]
    if not earlier:
        raise missing(parameter.name, "nothing earlier stands in")
    latest = max(str(record.values[date]) for record in earlier)
    value = [record for record in earlier if record.values[date] == latest][-1].values[field_at]
    assert isinstance(value, Fraction)
    return value
