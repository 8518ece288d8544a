"""Single faults in inputs that come out otherwise: the refusal's name must agree too."""

import csv
import datetime
import io
import random
from collections.abc import Callable

from .perturb import World, numbers
from .reading import Json


def pick(world: World, needs_numbers: bool = False) -> tuple[str, dict[str, str], str] | None:
    """A parameter's name, one of its records and the name of a field given in it."""
    found = [(parameter.name, row, field.name)
             for parameter in world.document.parameters.values()
             for row in world.rows[parameter.name]
             for field in (numbers(parameter) if needs_numbers else parameter.fields)
             if field.name in row]
    return world.chance.choice(found) if found else None


def malformed_number(world: World) -> None:
    found = pick(world, needs_numbers=True)
    if found:
        found[1][found[2]] = world.chance.choice(
            ("1,5", "+1", "1e3", "1.", ".5", "1/0", "--1", "1 000", " 1", "1.5/2", "NaN", "0x1",
             "007", "00.5", "-0", "-0.0", "-0/3", "1/02", "01/2"))


def wrong_unit(world: World) -> None:
    found = pick(world, needs_numbers=True)
    if found:
        unit, kind = world.units[found[0], found[2]]
        suffix = world.chance.choice((f" {unit}x", f" {unit} {kind}x", f" percent {kind}",
                                      f"  {unit}", f" {unit} {kind} ", f" 1*{unit}",
                                      f" {unit} {kind} {kind}", f" {kind}", " "))
        found[1][found[2]] = found[1][found[2]].split(" ")[0] + suffix


def beyond_range(world: World) -> None:
    found = [(row, field) for parameter in world.document.parameters.values()
             for row in world.rows[parameter.name] for field in numbers(parameter)
             if field.min is not None or field.max is not None]
    if found:
        row, field = world.chance.choice(found)
        beyond = field.max + 1 if field.max is not None else field.min - 1  # type: ignore
        row[field.name] = str(beyond)


def absent_value(world: World) -> None:
    found = pick(world)
    if found:
        del found[1][found[2]]


def unknown_field(world: World) -> None:
    found = pick(world)
    if found:
        found[1]["unheardOf"] = "1"


def absent_parameter(world: World) -> None:
    del world.rows[world.chance.choice(list(world.rows))]


def unknown_parameter(world: World) -> None:
    world.rows["unheardOf"] = []


def absent_record(world: World) -> None:
    found = world.some_row(lambda parameter: True)
    if found and found[0].shape != "constant":
        world.rows[found[0].name].remove(found[1])


def record_twice(world: World) -> None:
    found = world.some_row(lambda parameter: parameter.shape != "constant")
    if found:
        world.rows[found[0].name].append(dict(found[1]))


def date_outside(world: World) -> None:
    """The first day, quarter or year after the period, and what is no date."""
    found = world.some_row(lambda parameter: parameter.dated() is not None)
    if found:
        parameter, row = found
        dated = parameter.dated()
        end = world.span().end
        year = end.year + (end > datetime.date(end.year, 1, 1))
        choice = {"year": (str(year), str(year), "24", "2023-01-01"),
                  "quarter": (f"{year}-Q1", f"{year}-Q1", "2023-Q5", "2023-q1", "2023"),
                  "day": (end.isoformat(), end.isoformat(), "2023-02-30", "2023-1-1", "2023")}
        row[dated.name] = world.chance.choice(choice[dated.type])  # type: ignore[union-attr]


def stranger_on_axis(world: World) -> None:
    found = [(row, field.name) for axis in world.document.axes.values()
             for parameter, field in world.axis_fields(axis.name) if field.type == "text"
             and (parameter.name, field.name) != (axis.parameter, axis.field)
             for row in world.rows[parameter.name]]
    if found:
        row, name = world.chance.choice(found)
        row[name] = "nobody"


def strange_period(world: World) -> None:
    start, end = world.period["from"], world.period["to"]
    world.period = world.chance.choice((
        {"from": "1989-12-31", "to": end}, {"from": start, "to": f"{int(start[:4]) + 21}-01-01"}))


def table_that_does_not_fit(world: World) -> None:
    if not world.tables:
        return
    at = world.chance.randrange(len(world.tables))
    table = world.tables[at]
    way = world.chance.randrange(5)
    if way == 0:
        del world.tables[at]
    elif way == 1:
        world.tables.append(dict(table))
    elif way == 2:
        world.tables.append({**table, "series": "another"})
    elif way == 3:
        table["unit"] = table["unit"] + "*x"
    else:
        table["validity"] = {**table["validity"], "from": end_of_first_day(world)}


def end_of_first_day(world: World) -> str:
    """Validity that misses the first days of the period."""
    return world.period["from"][:8] + "28"


FAULTS: tuple[Callable[[World], None], ...] = (
    malformed_number, wrong_unit, beyond_range, absent_value, unknown_field, absent_parameter,
    unknown_parameter, absent_record, absent_record, record_twice, record_twice, date_outside,
    date_outside, stranger_on_axis, strange_period,
    table_that_does_not_fit, table_that_does_not_fit)


def spoil(world: World) -> None:
    world.chance.choice(FAULTS)(world)


def spoil_csv(text: str, chance: random.Random) -> str:
    """A header or a row that is not the declared one."""
    lines = text.splitlines(keepends=True)
    way = chance.randrange(4)
    if way == 0:
        lines[0] = "x" + lines[0]
    elif way == 1:
        lines[-1] = "extra," + lines[-1]
    elif way == 2:
        lines[0] = lines[0].rstrip("\r\n") + " [furlong]\r\n"
    else:
        return ""
    return "".join(lines)


def csv_text(columns: list[tuple[str, str]], rows: list[Json], chance: random.Random) -> str:
    """Columns are (field, header cell)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=chance.choice(("\r\n", "\n")))
    writer.writerow([header for _, header in columns])
    for row in rows:
        writer.writerow([row.get(name, "") for name, _ in columns])
    return out.getvalue()
