"""CSV (RFC 4180) and JSON datasets as lists of records of texts, like those of a report."""

import csv
import io
import re

from .document import Field, Parameter
from .reading import Json, parse_json
from .refusal import PARAMETER_INVALID, Refusal

WITH_UNIT = re.compile(r"(.*) \[([^\[\]]*)\]")


def read(parameter: Parameter, source: str) -> Json:
    if not source.startswith("["):
        return read_csv(parameter, source)
    try:
        return parse_json(source)
    except ValueError as error:
        raise Refusal(PARAMETER_INVALID, f"{parameter.name}: {error}") from None


def read_csv(parameter: Parameter, source: str) -> list[dict[str, str]]:
    try:
        rows = list(csv.reader(io.StringIO(source, newline=""), strict=True))
    except csv.Error as error:
        raise Refusal(PARAMETER_INVALID, f"{parameter.name}: {error}") from None
    if not rows:
        raise Refusal(PARAMETER_INVALID, f"{parameter.name}: no header")
    names = header(parameter, rows[0])
    records = []
    for i, row in enumerate(rows[1:], 2):
        if len(row) != len(names):
            raise Refusal(PARAMETER_INVALID, f"{parameter.name}: row {i} has {len(row)} cells")
        records.append({name: cell for name, cell in zip(names, row) if cell})
    return records


def header(parameter: Parameter, cells: list[str]) -> list[str]:
    names = [field_of(parameter, cell).name for cell in cells]
    if sorted(names) != sorted(field.name for field in parameter.fields):
        raise Refusal(PARAMETER_INVALID, f"{parameter.name}: not the declared columns")
    return names


def field_of(parameter: Parameter, cell: str) -> Field:
    for field in parameter.fields:
        if field.column == cell:
            return field
    match = WITH_UNIT.fullmatch(cell)
    for field in parameter.fields:
        if match and field.type == "number" and field.column == match[1]:
            check_unit(field, match[2], f"{parameter.name}: column {cell}")
            return field
    raise Refusal(PARAMETER_INVALID, f"{parameter.name}: no column {cell}")


def check_unit(field: Field, suffix: str, where: str) -> None:
    """`unit` or `unit kind`, as the document writes the field's."""
    if suffix not in (field.unit_text, f"{field.unit_text} {field.kind}"):
        raise Refusal(PARAMETER_INVALID, f"{where}: not in the field's unit and kind")
