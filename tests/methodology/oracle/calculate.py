"""A calculation: slices, tables, price, definitions, checks, outputs, trace and digest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from . import days, exact, price, tables
from .data import Data, Record
from .document import Document, Output, Parameter
from .evaluate import Slice
from .expressions import Compiler
from .reading import Json
from .refusal import CHECK_FAILED, Refusal


@dataclass
class Answer:
    """`slices` keeps what was calculated, for the expectations of vectors."""

    trace: str
    years: list[dict[str, Json]]
    steps: int
    slices: dict[str, Slice] = field(default_factory=dict)

    def as_json(self) -> Json:
        return {"traceDigest": hashlib.sha256(self.trace.encode()).hexdigest(),
                "trace": self.trace, "years": self.years, "steps": self.steps}


def canonical_list(texts: list[str]) -> str:
    """RFC 8785 of a list of texts."""
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":"))


def counts_in(parameter: Parameter, record: Record, year: int | None) -> bool:
    """A record with a date counts in the slice of its calendar year."""
    dated = parameter.dated()
    if year is None or dated is None:
        return True
    return str(record.values[parameter.fields.index(dated)])[:4] == f"{year:04}"


def slices_of(document: Document, period: days.Span) -> list[tuple[str, int | None, days.Span]]:
    if document.vintages != "dated":
        return [("period", None, period)]
    return [(str(year), year, period.cut(days.year_span(year))) for year in period.years()]


def calculate(document: Document, case: Json, meter: exact.Meter | None = None) -> Answer:
    meter = meter or exact.Meter()
    period = days.period(case.get("period"))
    data = Data(document, period, case.get("inputs", {}), case.get("datasets", {}))
    offered = [tables.read(table) for table in case.get("tables", [])]
    chosen = choose_tables(document, period, offered)
    ready = []
    for name, year, _ in slices_of(document, period):
        records = {p.name: [r for r in data.records[p.name] if counts_in(p, r, year)]
                   for p in document.parameters.values()}
        ready.append(Slice(document, name, records, data.members, chosen[name], meter))
    for one in ready:
        meter.pay_steps(price.of_slice(one, data.count))
    lines: list[str] = []
    for one in ready:
        run_slice(document, one, lines)
    return Answer("".join(line + "\n" for line in lines), report(document, period, ready),
                  meter.steps, {one.name: one for one in ready})


def choose_tables(document: Document, period: days.Span,
                  offered: list[tables.Table]) -> dict[str, dict[str, tables.Table]]:
    chosen = {name: {reference.name: tables.choose(reference, offered, covered)
                     for reference in document.tables.values()}
              for name, _, covered in slices_of(document, period)}
    used = [table for slice_tables in chosen.values() for table in slice_tables.values()]
    for table in offered:
        if not any(table is one for one in used):
            raise tables.not_allowed(table.series + ": no slice uses it")
    return chosen


def run_slice(document: Document, one: Slice, lines: list[str]) -> None:
    for axis in document.axes:
        lines.append(f"{one.name} axis {axis} = {canonical_list(one.members[axis])}")
    lines.extend(substitution_lines(document, one))
    order = Compiler(document, {}).document_order
    for definition in document.definitions.values():
        one.define(definition.name, definition.node, order(definition.node.axes))
        lines.append(line(f"{one.name} {definition.name}", one.values[definition.name].values()))
    for check in document.checks.values():
        if not one.value(check.node, {}):
            raise Refusal(CHECK_FAILED, f"{one.name}: {check.name}", check=check.name)
    for output in document.outputs.values():
        if not output.reported:
            values = [exact.capped(exact.round_to(value, output.step, output.round))
                      for value in one.values[output.definition].values()]
            lines.append(line(f"{one.name} output {output.name}", values))


def line(head: str, values: Iterable[Fraction]) -> str:
    return f"{head} = {', '.join(map(str, values))}".rstrip(" ")


def substitution_lines(document: Document, one: Slice) -> list[str]:
    lines = []
    for parameter in document.parameters.values():
        for i, declared in enumerate(parameter.fields):
            for record in one.records[parameter.name]:
                if i in record.substituted:
                    texts = [str(value) for field, value in zip(parameter.fields, record.values)
                             if field.type != "number"]
                    lines.append(f"{one.name} substituted {parameter.name}.{declared.name} "
                                 f"{canonical_list(texts)} = {record.values[i]}")
    return lines


# Outputs by year.


def yearly(document: Document, period: days.Span, slices: list[Slice],
           output: Output) -> list[tuple[int, Fraction]]:
    """The exact value of each year of the calculation, in order."""
    if document.vintages == "dated":
        return [(int(one.name), one.values[output.definition][()]) for one in slices]
    values = slices[0].values[output.definition]
    if document.vintages == "by-days":
        return [(year, by_days(values[()], period, year)) for year in period.years()]
    axis = document.year_axis()
    assert axis is not None
    return [(int(member), values[(i,)])
            for i, member in enumerate(slices[0].members[axis.name])]


def by_days(value: Fraction, period: days.Span, year: int) -> Fraction:
    return value * period.cut(days.year_span(year)).days() / period.days()


def rounded_years(output: Output, years: list[tuple[int, Fraction]]) -> list[Fraction]:
    rounded = []
    total = Fraction(0)
    for _, value in years:
        if output.basis == "each":
            rounded.append(exact.round_to(value, output.step, output.round))
            continue
        before = exact.round_to(total, output.step, output.round)
        total += value
        rounded.append(exact.round_to(total, output.step, output.round) - before)
    return rounded


def report(document: Document, period: days.Span, slices: list[Slice]) -> list[dict[str, Json]]:
    outputs: dict[int, list[dict[str, str]]] = {year: [] for year in period.years()}
    for output in document.outputs.values():
        if not output.reported:
            continue
        years = yearly(document, period, slices, output)
        for (year, exact_value), rounded in zip(years, rounded_years(output, years)):
            if year in outputs:
                outputs[year].append({"name": output.name, "exact": str(exact_value),
                                      "rounded": str(rounded)})
    return [{"year": str(year), "outputs": found} for year, found in outputs.items()]
