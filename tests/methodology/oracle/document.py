"""A methodology document as data: its members, and the rules that need no expression."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from . import units
from .reading import (Json, add, bilingual, declared_name, items, members, number, one_of, text,
                      unit)
from .refusal import invalid

DATED_TYPES = ("year", "quarter", "day")
SHAPES = ("constant", "annual", "rows", "list")
VINTAGES = ("dated", "by-days", "series")


@dataclass
class Missing:
    rule: str
    value: Fraction | None


@dataclass
class Field:
    name: str
    type: str
    column: str
    unit: units.Unit = units.ONE
    unit_text: str = ""
    kind: units.Kind = None
    min: Fraction | None = None
    max: Fraction | None = None
    axis: str | None = None
    missing: Missing | None = None


@dataclass
class Parameter:
    name: str
    shape: str
    fields: list[Field]
    keys: list[str]
    complete_by: str | None
    unique: str | None

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    def index(self, name: str) -> int:
        return [one.name for one in self.fields].index(name)

    def dated(self) -> Field | None:
        return next((one for one in self.fields if one.type in DATED_TYPES), None)


@dataclass
class Axis:
    name: str
    parameter: str
    field: str
    type: str = "text"


@dataclass
class TableReference:
    name: str
    series: str
    unit: units.Unit
    kind: str
    keys: int
    interpolation: str | None
    key_unit: units.Unit


@dataclass
class Definition:
    name: str
    unit: units.Unit
    kind: str
    expression: Json
    node: Any = None


@dataclass
class Check:
    name: str
    that: Json
    node: Any = None


@dataclass
class Output:
    name: str
    definition: str
    round: str
    step: Fraction
    basis: str
    reported: bool = True


@dataclass
class Document:
    vintages: str
    purpose: str
    axes: dict[str, Axis] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    tables: dict[str, TableReference] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)
    vectors: list[Json] = field(default_factory=list)

    def year_axis(self) -> Axis | None:
        return next((axis for axis in self.axes.values() if axis.type == "year"), None)


def read_missing(value: Json, at: str) -> Missing:
    given = members(value, at, "rule", "value")
    rule = one_of(given["rule"], at + "/rule", ("value", "previous"))
    if (rule == "value") != ("value" in given):
        raise invalid(at, "a value, exactly with the rule `value`")
    return Missing(rule, number(given["value"], at + "/value") if rule == "value" else None)


def read_field(value: Json, at: str) -> Field:
    given = members(value, at, "name type", "column unit kind min max axis missing")
    name = declared_name(given["name"], at + "/name")
    result = Field(name, one_of(given["type"], at + "/type", ("number", "text") + DATED_TYPES),
                   text(given.get("column", name), at + "/column"))
    if "axis" in given:
        result.axis = text(given["axis"], at + "/axis")
    if result.type != "number":
        for member in ("unit", "kind", "min", "max", "missing"):
            if member in given:
                raise invalid(f"{at}/{member}", "only of a number")
        return result
    members(given, at, "name type unit kind", "column min max axis missing")
    result.unit = unit(given["unit"], at + "/unit")
    result.unit_text = given["unit"]
    result.kind = one_of(given["kind"], at + "/kind", units.KINDS)
    result.min = number(given["min"], at + "/min") if "min" in given else None
    result.max = number(given["max"], at + "/max") if "max" in given else None
    result.missing = read_missing(given["missing"], at + "/missing") if "missing" in given else None
    check_number_field(result, at)
    return result


def inside(value: Fraction, declared: Field) -> bool:
    return ((declared.min is None or value >= declared.min)
            and (declared.max is None or value <= declared.max))


def check_number_field(declared: Field, at: str) -> None:
    if declared.axis is not None:
        raise invalid(at + "/axis", "an axis of numbers")
    if declared.kind == "fraction" and declared.unit == units.ONE and not (
            declared.min is not None and declared.min >= 0
            and declared.max is not None and declared.max <= 1):
        raise invalid(at, "a fraction lies between 0 and 1")
    if declared.missing and declared.missing.value is not None and not inside(
            declared.missing.value, declared):
        raise invalid(at + "/missing/value", "out of the field's range")


def read_parameter(value: Json, at: str, vintages: str) -> Parameter:
    given = members(value, at, "name title shape fields source conservative",
                    "keys completeBy unique")
    bilingual(given["title"], at + "/title")
    text(given["source"], at + "/source")
    one_of(given["conservative"], at + "/conservative", ("high", "low"))
    fields: dict[str, Field] = {}
    for item, where in items(given["fields"], at + "/fields"):
        one = read_field(item, where)
        add(fields, one.name, one, where)
    result = Parameter(declared_name(given["name"], at + "/name"),
                       one_of(given["shape"], at + "/shape", SHAPES), list(fields.values()),
                       [text(key, where)
                        for key, where in items(given.get("keys", []), at + "/keys")],
                       given.get("completeBy"), given.get("unique"))
    if not fields:
        raise invalid(at + "/fields", "no field")
    check_shape(result, at, vintages)
    check_keys(result, at, vintages, "keys" in given)
    check_complete(result, at)
    check_unique(result, at)
    return result


def check_shape(parameter: Parameter, at: str, vintages: str) -> None:
    dated = [one for one in parameter.fields if one.type in DATED_TYPES]
    many = parameter.shape in ("rows", "list")
    if len(dated) != (1 if parameter.shape in ("rows", "annual") else 0):
        raise invalid(at + "/fields", "dated fields do not fit the shape")
    if parameter.shape == "annual" and (dated[0].type != "year" or vintages != "dated"):
        raise invalid(at + "/shape", "annual is of years, in `dated` documents")
    for i, one in enumerate(parameter.fields):
        where = f"{at}/fields/{i}"
        if one.axis is not None and not many:
            raise invalid(where + "/axis", "only in rows or a list")
        if one.kind in units.EXTENSIVE and vintages == "dated" and not dated:
            raise invalid(where + "/kind", "a quantity without a date counts in every year")
        if one.missing and one.missing.rule == "previous" and not dated:
            raise invalid(where + "/missing", "previous, without a dated field")


def check_keys(parameter: Parameter, at: str, vintages: str, given: bool) -> None:
    if not given:
        return
    where = at + "/keys"
    if parameter.shape not in ("rows", "list") or not parameter.keys:
        raise invalid(where, "keys of rows or a list, one at least")
    axes: set[str] = set()
    for key in parameter.keys:
        one = parameter.field(key)
        if one is None or one.axis is None or one.axis in axes:
            raise invalid(where, "fields with an axis, each axis once")
        axes.add(one.axis)
    dated = parameter.dated()
    if vintages == "dated" and dated and (dated.type != "year" or dated.name in parameter.keys):
        raise invalid(where, "keyed rows are dated by a year that is no key")


def check_complete(parameter: Parameter, at: str) -> None:
    if parameter.complete_by is None:
        return
    dated = parameter.dated()
    by = parameter.field(text(parameter.complete_by, at + "/completeBy"))
    if (parameter.shape != "rows" or parameter.keys or dated is None or dated.type == "day"
            or by is None or by.type != "text"):
        raise invalid(at + "/completeBy", "a text field of rows by year or quarter, without keys")


def check_unique(parameter: Parameter, at: str) -> None:
    if parameter.unique is None:
        return
    by = parameter.field(text(parameter.unique, at + "/unique"))
    if parameter.shape not in ("rows", "list") or by is None or by.type != "text":
        raise invalid(at + "/unique", "a text field of rows or a list")


def read_axes(document: Document, given: Json) -> None:
    for item, at in items(given, "/axes"):
        one = members(item, at, "name of")
        name = declared_name(one["name"], at + "/name")
        parameter, dot, of = text(one["of"], at + "/of").partition(".")
        if not dot:
            raise invalid(at + "/of", "not parameter.field")
        add(document.axes, name, Axis(name, parameter, of), at)


def check_axes(document: Document) -> None:
    for i, axis in enumerate(document.axes.values()):
        parameter = document.parameters.get(axis.parameter)
        source = parameter.field(axis.field) if parameter else None
        if source is None or source.axis != axis.name:
            raise invalid(f"/axes/{i}/of", "not a field of this axis")
        axis.type = source.type
        if document.vintages == "dated" and axis.type != "text":
            raise invalid(f"/axes/{i}", "an axis of dates in a `dated` document")
    for i, parameter in enumerate(document.parameters.values()):
        for j, one in enumerate(parameter.fields):
            if one.axis is None:
                continue
            at = f"/parameters/{i}/fields/{j}/axis"
            if one.axis not in document.axes:
                raise invalid(at, "no such axis")
            if document.axes[one.axis].type != one.type:
                raise invalid(at, "of another type than its axis")
    years = sum(axis.type == "year" for axis in document.axes.values())
    if document.vintages == "series" and years != 1:
        raise invalid("/axes", "a series has exactly one axis of years")


def read_table(value: Json, at: str) -> TableReference:
    given = members(value, at, "name series unit kind keys", "interpolation keyUnit")
    keys = given["keys"]
    if not isinstance(keys, str) or not re.fullmatch("[1-8]", keys):
        raise invalid(at + "/keys", "1 to 8 keys")
    interpolation = None
    if "interpolation" in given:
        interpolation = one_of(given["interpolation"], at + "/interpolation",
                               ("linear", "up", "down"))
    elif "keyUnit" in given:
        raise invalid(at + "/keyUnit", "without interpolation")
    return TableReference(declared_name(given["name"], at + "/name"),
                          text(given["series"], at + "/series"), unit(given["unit"], at + "/unit"),
                          one_of(given["kind"], at + "/kind", units.KINDS), int(keys),
                          interpolation, unit(given.get("keyUnit", "1"), at + "/keyUnit"))


def read_definition(value: Json, at: str) -> Definition:
    given = members(value, at, "name unit kind expression source")
    text(given["source"], at + "/source")
    return Definition(declared_name(given["name"], at + "/name"), unit(given["unit"], at + "/unit"),
                      one_of(given["kind"], at + "/kind", units.KINDS), given["expression"])


def read_check(value: Json, at: str) -> Check:
    given = members(value, at, "name that message")
    bilingual(given["message"], at + "/message")
    return Check(declared_name(given["name"], at + "/name"), given["that"])


def read_output(value: Json, at: str) -> Output:
    given = members(value, at, "name definition round step", "basis")
    step = number(given["step"], at + "/step")
    if step <= 0:
        raise invalid(at + "/step", "not above zero")
    return Output(declared_name(given["name"], at + "/name"),
                  text(given["definition"], at + "/definition"),
                  one_of(given["round"], at + "/round", ("floor", "ceil")), step,
                  one_of(given.get("basis", "each"), at + "/basis", ("each", "cumulative")))


def read_header(value: Json) -> Document:
    given = members(value, "", "format id version title licence gwpSet engine vintages parameters "
                    "tables definitions checks outputs vectors", "purpose axes")
    one_of(given["format"], "/format", ("mrv-methodology/1",))
    one_of(given["engine"], "/engine", ("1",))
    for name in ("id", "version", "licence", "gwpSet"):
        text(given[name], "/" + name)
    bilingual(given["title"], "/title")
    return Document(one_of(given["vintages"], "/vintages", VINTAGES),
                    one_of(given.get("purpose", "crediting"), "/purpose",
                           ("crediting", "inventory")))


def read_sections(value: Json) -> Document:
    """Everything but the types of the expressions."""
    document = read_header(value)
    if "axes" in value:
        read_axes(document, value["axes"])
    for item, at in items(value["parameters"], "/parameters"):
        parameter = read_parameter(item, at, document.vintages)
        add(document.parameters, parameter.name, parameter, at, (document.axes,))
    check_axes(document)
    named = (document.axes, document.parameters, document.tables)
    for item, at in items(value["tables"], "/tables"):
        table = read_table(item, at)
        add(document.tables, table.name, table, at, named[:2])
    for item, at in items(value["definitions"], "/definitions"):
        definition = read_definition(item, at)
        add(document.definitions, definition.name, definition, at, named)
    for item, at in items(value["checks"], "/checks"):
        check = read_check(item, at)
        add(document.checks, check.name, check, at)
    for item, at in items(value["outputs"], "/outputs"):
        output = read_output(item, at)
        add(document.outputs, output.name, output, at)
    document.vectors = [item for item, _ in items(value["vectors"], "/vectors")]
    return document
