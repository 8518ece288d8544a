"""Steps from valid inputs to other inputs that are meant to be valid, for any document."""

import datetime
import random
from collections.abc import Callable
from fractions import Fraction

from . import days, random_values
from .document import DATED_TYPES, Document, Field, Parameter
from .reading import Json

Row = dict[str, str]


class World:
    """One case in the making: every parameter as a list of records of texts."""

    def __init__(self, document: Document, source: Json, vector: Json,
                 chance: random.Random) -> None:
        self.document = document
        self.chance = chance
        self.units = {(p["name"], f["name"]): (f.get("unit", ""), f.get("kind", ""))
                      for p in source["parameters"] for f in p["fields"]}
        self.period: dict[str, str] = dict(vector["period"])
        self.tables: list[Json] = [{**t, "rows": list(t["rows"])} for t in vector["tables"]]
        self.rows: dict[str, list[Row]] = {}
        for name, parameter in document.parameters.items():
            given = vector["inputs"][name]
            if not isinstance(given, list):
                given = [{"value": given} if isinstance(given, str) else given]
            self.rows[name] = [dict(row) for row in given]

    def span(self) -> days.Span:
        return days.period(self.period)

    def axis_fields(self, axis: str) -> list[tuple[Parameter, Field]]:
        return [(parameter, field) for parameter in self.document.parameters.values()
                for field in parameter.fields if field.axis == axis]

    def members(self, axis: str) -> list[str]:
        of = self.document.axes[axis]
        return sorted({row[of.field] for row in self.rows[of.parameter]})

    def some_row(self, wanted: Callable[[Parameter], bool]) -> tuple[Parameter, Row] | None:
        found = [(parameter, row) for parameter in self.document.parameters.values()
                 if wanted(parameter) for row in self.rows[parameter.name]]
        return self.chance.choice(found) if found else None

    def some_date(self, kind: str) -> str:
        span = self.span()
        if kind == "day":
            offset = self.chance.choice((0, span.days() - 1, self.chance.randrange(span.days())))
            return (span.start + datetime.timedelta(days=offset)).isoformat()
        return self.chance.choice(days.dates_of(span, kind))

    def write(self, parameter: Parameter, field: Field, row: Row, value: Fraction) -> None:
        text = random_values.written(value, self.chance)
        unit, kind = self.units[parameter.name, field.name]
        row[field.name] = random_values.with_unit(text, unit, kind, self.chance)


def free(parameter: Parameter) -> bool:
    """Records can come and go one by one."""
    return parameter.shape in ("rows", "list") and not parameter.keys and not parameter.complete_by


def numbers(parameter: Parameter) -> list[Field]:
    return [field for field in parameter.fields if field.type == "number"]


def replace_number(world: World) -> None:
    found = world.some_row(lambda parameter: bool(numbers(parameter)))
    if found:
        parameter, row = found
        field = world.chance.choice(numbers(parameter))
        near = random_values.number_in(row.get(field.name, "1"))
        world.write(parameter, field, row, random_values.random_number(field, near, world.chance))


def scale_field(world: World) -> None:
    """One field of all records, by one factor."""
    parameter = world.chance.choice(list(world.document.parameters.values()))
    factor = Fraction(world.chance.randint(1, 3000), 1000)
    for field in world.chance.sample(numbers(parameter), min(1, len(numbers(parameter)))):
        for row in world.rows[parameter.name]:
            if field.name in row:
                value = random_values.number_in(row[field.name]) * factor
                world.write(parameter, field, row, random_values.fitting(value, field))


def toggle_missing(world: World) -> None:
    """Leave out a number that has a rule, or give one that was left out."""
    found = world.some_row(lambda parameter: any(f.missing for f in parameter.fields))
    if found:
        parameter, row = found
        field = world.chance.choice([f for f in parameter.fields if f.missing])
        if row.pop(field.name, None) is None:
            value = random_values.random_number(field, Fraction(1), world.chance)
            world.write(parameter, field, row, value)


def add_row(world: World) -> None:
    found = world.some_row(free)
    if found:
        parameter, row = found
        new = dict(row)
        for field in parameter.fields:
            vary(world, parameter, field, new)
        world.rows[parameter.name].append(new)


def vary(world: World, parameter: Parameter, field: Field, row: Row) -> None:
    if field.name == parameter.unique:
        taken = {one[field.name] for one in world.rows[parameter.name]}
        row[field.name] = random_values.fresh_text(taken, world.chance)
    elif field.type in DATED_TYPES:
        row[field.name] = world.some_date(field.type)
        if field.axis and world.document.axes[field.axis].parameter != parameter.name:
            row[field.name] = world.chance.choice(world.members(field.axis) or ["nobody"])
    elif field.axis:
        row[field.name] = world.chance.choice(world.members(field.axis) or ["nobody"])
    elif field.type == "text":
        row[field.name] = world.chance.choice(texts_for(world, row[field.name]))
    elif field.name in row:
        near = random_values.number_in(row[field.name])
        world.write(parameter, field, row,
                    random_values.random_number(field, near, world.chance))


def texts_for(world: World, text: str) -> list[str]:
    """Where a text is a key of a table, its other keys; else mostly the text itself."""
    keys = [row["keys"] for table in world.tables for row in table["rows"]]
    for at in range(max(map(len, keys), default=0)):
        column = [key[at] for key in keys if len(key) > at]
        if text in column:
            return column
    return [text, text, random_values.fresh_text({text}, world.chance)]


def drop_row(world: World) -> None:
    found = world.some_row(free)
    if found:
        world.rows[found[0].name].remove(found[1])


def change_row(world: World) -> None:
    found = world.some_row(free)
    if found:
        parameter, row = found
        vary(world, parameter, world.chance.choice(parameter.fields), row)


def drop_substituted(world: World) -> None:
    """A record of completeBy or keys, all of whose numbers have a rule."""
    found = world.some_row(lambda parameter: bool(parameter.complete_by or parameter.keys)
                           and all(field.missing for field in numbers(parameter)))
    if found:
        world.rows[found[0].name].remove(found[1])


def series_of(world: World) -> tuple[Parameter, str] | None:
    found = world.some_row(lambda parameter: parameter.complete_by is not None)
    return (found[0], found[1][str(found[0].complete_by)]) if found else None


def add_series(world: World) -> None:
    """All dates of a new value of completeBy, like those of an old one."""
    found = series_of(world)
    if found:
        parameter, value = found
        by, rows = str(parameter.complete_by), world.rows[parameter.name]
        new = random_values.fresh_text({row[by] for row in rows}, world.chance)
        rows.extend([{**row, by: new} for row in rows if row[by] == value])


def drop_series(world: World) -> None:
    found = series_of(world)
    if found:
        parameter, value = found
        world.rows[parameter.name] = [row for row in world.rows[parameter.name]
                                      if row[str(parameter.complete_by)] != value]


def text_axis(world: World) -> tuple[str, str] | None:
    """An axis of texts and one of its members."""
    axes = [axis.name for axis in world.document.axes.values()
            if axis.type == "text" and world.members(axis.name)]
    if not axes:
        return None
    axis = world.chance.choice(axes)
    return axis, world.chance.choice(world.members(axis))


def add_member(world: World) -> None:
    """A new member, with a copy of all records of an old one; one number of each changes."""
    found = text_axis(world)
    if not found:
        return
    axis, old = found
    new = random_values.fresh_text(set(world.members(axis)), world.chance)
    for parameter, field in world.axis_fields(axis):
        rows = world.rows[parameter.name]
        rows.extend([{**row, field.name: new} for row in rows if row[field.name] == old])


def drop_member(world: World) -> None:
    found = text_axis(world)
    if not found:
        return
    axis, old = found
    if len(world.members(axis)) == 1 and world.chance.random() < 0.5:
        return
    for parameter, field in world.axis_fields(axis):
        rows = world.rows[parameter.name]
        world.rows[parameter.name] = [row for row in rows if row[field.name] != old]


def empty(world: World) -> None:
    """A parameter without records; for an axis all that has its members."""
    parameter = world.chance.choice(list(world.document.parameters.values()))
    if free(parameter) or parameter.complete_by or parameter.keys:
        world.rows[parameter.name] = []
    for field in parameter.fields:
        if field.axis and world.document.axes[field.axis].parameter == parameter.name:
            for other, _ in world.axis_fields(field.axis):
                world.rows[other.name] = []


def rename_member(world: World) -> None:
    found = text_axis(world)
    if not found:
        return
    axis, old = found
    new = random_values.fresh_text(set(world.members(axis)), world.chance)
    for parameter, field in world.axis_fields(axis):
        for row in world.rows[parameter.name]:
            if row[field.name] == old:
                row[field.name] = new


def change_table(world: World) -> None:
    """Another value in a row; sometimes the row is gone."""
    if not world.tables:
        return
    table = world.chance.choice(world.tables)
    at = world.chance.randrange(len(table["rows"]))
    if world.chance.random() < 0.1 and len(table["rows"]) > 1:
        del table["rows"][at]
        return
    near = random_values.number_in(table["rows"][at]["value"])
    value = near * Fraction(world.chance.randint(1, 300), 100)
    text = random_values.decimals_of(value)
    if text is not None:
        table["rows"][at] = {**table["rows"][at], "value": random_values.decimal(value, text)}


def hit_a_table_key(world: World) -> None:
    """A number becomes a key of an interpolated table: the edge between two rows."""
    keys = [row["keys"][-1] for table in world.tables for row in table["rows"]
            if random_values.exact.parse(row["keys"][-1]) is not None]
    found = world.some_row(lambda parameter: bool(numbers(parameter)))
    if keys and found:
        parameter, row = found
        field = world.chance.choice(numbers(parameter))
        value = random_values.number_in(world.chance.choice(keys))
        world.write(parameter, field, row, random_values.fitting(value, field))


def next_date(date: str) -> str:
    return str(int(date[:4]) + 1) + date[4:]


def add_year(world: World) -> None:
    """One more calendar year, with the records of the last one again; days stay where they are."""
    span = world.span()
    last = span.years()[-1]
    if len(span.years()) >= 4 or (span.end.month, span.end.day) != (1, 1):
        return
    world.period["to"] = f"{last + 2}-01-01"
    for table in world.tables:
        if table["validity"]["to"] >= span.end.isoformat():
            table["validity"] = {**table["validity"], "to": f"{last + 2}-01-01"}
    for parameter in world.document.parameters.values():
        dated = parameter.dated()
        if dated and dated.type != "day":
            rows = world.rows[parameter.name]
            rows.extend([{**row, dated.name: next_date(row[dated.name])} for row in rows
                         if row[dated.name].startswith(str(last))])


def cut_period(world: World) -> None:
    """An end anywhere in the last year; what lies outside goes."""
    span = world.span()
    start = max(span.start, datetime.date(span.years()[-1], 1, 1))
    days_left = (span.end - start).days
    if days_left < 2:
        return
    end = start + datetime.timedelta(days=world.chance.randrange(1, days_left))
    world.period["to"] = end.isoformat()
    for parameter in world.document.parameters.values():
        dated = parameter.dated()
        if dated:
            world.rows[parameter.name] = [
                row for row in world.rows[parameter.name]
                if days.date_span(row[dated.name], dated.type).start < end]  # type: ignore


STEPS: tuple[tuple[int, Callable[[World], None]], ...] = (
    (8, replace_number), (4, scale_field), (3, toggle_missing), (4, add_row), (3, drop_row),
    (4, change_row), (2, drop_substituted), (2, add_series), (1, drop_series), (2, add_member),
    (1, drop_member), (1, rename_member), (1, empty), (2, change_table), (2, hit_a_table_key),
    (1, add_year), (1, cut_period))


def step(world: World) -> None:
    weights, steps = zip(*STEPS)
    world.chance.choices(steps, weights)[0](world)
