"""Strict reading of a document's JSON: each call refuses with the pointer of what it wants."""

import json
import re
from fractions import Fraction
from typing import Any

from . import exact, units
from .refusal import invalid

Json = Any

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def members(value: Json, at: str, required: str, optional: str = "") -> dict[str, Json]:
    if not isinstance(value, dict):
        raise invalid(at, "not an object")
    for name in required.split():
        if name not in value:
            raise invalid(f"{at}/{name}", "missing")
    for name in value:
        if name not in required.split() + optional.split():
            raise invalid(f"{at}/{name}", "not a member here")
    return value


def text(value: Json, at: str) -> str:
    if not isinstance(value, str) or not value:
        raise invalid(at, "not a text")
    return value


def one_of(value: Json, at: str, choice: tuple[str, ...]) -> str:
    if value not in choice:
        raise invalid(at, "not one of " + ", ".join(choice))
    return str(value)


def items(value: Json, at: str) -> list[tuple[Json, str]]:
    if not isinstance(value, list):
        raise invalid(at, "not a list")
    return [(item, f"{at}/{i}") for i, item in enumerate(value)]


def number(value: Json, at: str) -> Fraction:
    parsed = exact.parse(value) if isinstance(value, str) else None
    if parsed is None:
        raise invalid(at, "not a number")
    return parsed


def unit(value: Json, at: str) -> units.Unit:
    parsed = units.parse(value) if isinstance(value, str) else None
    if parsed is None:
        raise invalid(at, "not a unit")
    return parsed


def bilingual(value: Json, at: str) -> None:
    for language, sentence in members(value, at, "en zh").items():
        text(sentence, f"{at}/{language}")


def add(section: dict[str, Any], name: str, value: Any, at: str,
        others: tuple[Any, ...] = ()) -> None:
    if name in section or any(name in other for other in others):
        raise invalid(at + "/name", "given twice: " + name)
    section[name] = value


def declared_name(value: Json, at: str) -> str:
    name = text(value, at)
    if not NAME.fullmatch(name):
        raise invalid(at, "not a name")
    return name


def unique_members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a member stands twice")
    return result


def parse_json(source: str) -> Json:
    """Strict: no member twice. Raises ValueError."""
    return json.loads(source, object_pairs_hook=unique_members)
