"""Documents for schema_agreement.py: every act's example with every optional member filled in, and
systematic changes at every node of it. A case says where it changed what, and, where that is plain
from the rule itself, whether the document must be accepted."""
import copy
import json
import re
from dataclasses import dataclass
from typing import Any, Optional

import text_values

DOCUMENT_BYTES_MAX = 60_000
DEPTH_MAX = 32
ENVELOPE_ACT = "transfer"  # the envelope is changed in full on this act, in outline on the others
SPARE = "\x01spare"  # stands for a token that json.dumps would not write


@dataclass
class Case:
    act: str
    what: str
    pointer: str
    document: Any
    accepted: Optional[bool] = None  # None: only the agreement counts
    value: Any = None
    definition: str = ""
    text: Optional[str] = None

    def line(self):
        return self.text if self.text is not None else json.dumps(self.document)


@dataclass
class Node:
    pointer: str
    path: list
    schema: dict
    definition: str  # the shared scalar's name, or empty
    required: bool
    value: Any


def step(pointer, name):
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def resolve(root, schema):
    """(schema, name of the definition it refers to)"""
    name = schema.get("$ref", "").removeprefix("#/definitions/")
    return (root["definitions"][name], name) if name else (schema, "")


def sample(root, schema, full):
    """A value the schema accepts: with all members and one item, or as little as possible."""
    schema, name = resolve(root, schema)
    if name == "json":
        return {"value": "1"}
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "boolean":
        return True
    if schema["type"] == "array":
        return [sample(root, schema["items"], full)] * max(schema["minItems"], int(full))
    if schema["type"] == "object":
        wanted = schema["properties"] if full else schema.get("required", [])
        return {key: sample(root, schema["properties"][key], full) for key in wanted}
    return text_values.sample(name, schema)


def fill(root, schema, value):
    """`value` with whatever optional member and first item it lacks; free JSON becomes small."""
    schema, name = resolve(root, schema)
    if name == "json":
        return {"value": "1"}
    if isinstance(value, list) and "items" in schema:
        return [fill(root, schema["items"], item) for item in value] or sample(root, schema, True)
    if not isinstance(value, dict) or "properties" not in schema:
        return value
    return {
        key: fill(root, inner, value[key]) if key in value else sample(root, inner, True)
        for key, inner in schema["properties"].items()
    }


def nodes(root, schema, value, pointer="", path=(), required=True):
    schema, name = resolve(root, schema)
    yield Node(pointer, list(path), schema, name, required, value)
    if name == "json":
        return
    if "properties" in schema:
        for key, inner in schema["properties"].items():
            must = key in schema.get("required", [])
            yield from nodes(root, inner, value[key], step(pointer, key), (*path, key), must)
    elif "items" in schema:
        yield from nodes(root, schema["items"], value[0], step(pointer, 0), (*path, 0))


def put(document, path, value):
    if not path:
        return value
    changed = copy.deepcopy(document)
    parent = changed
    for name in path[:-1]:
        parent = parent[name]
    parent[path[-1]] = value
    return changed


def without(document, path):
    changed = copy.deepcopy(document)
    parent = changed
    for name in path[:-1]:
        parent = parent[name]
    del parent[path[-1]]
    return changed


def canonical_size(document):
    return len(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


class Act:
    """One act's schema and filled example."""

    def __init__(self, name, schema, example):
        self.name = name
        self.schema = schema
        self.example = example
        self.base = fill(schema, schema, example)

    def case(self, node, what, value, accepted=None):
        document = put(self.base, node.path, value)
        return Case(self.name, what, node.pointer, document, accepted, value, node.definition)

    def cases(self, seen):
        """`seen`: the definitions that were tried in depth before, here or in another schema."""
        yield Case(self.name, "example", "", self.example, True)
        yield Case(self.name, "filled", "", self.base, True)
        yield Case(self.name, "empty", "/@context", {}, False)
        for value in ([], "", None, 1):
            yield Case(self.name, f"document {value!r}", "", value, False)
        for node in nodes(self.schema, self.schema, self.base):
            in_body = node.pointer.startswith("/credentialSubject")
            yield from self.outline(node)
            if in_body or self.name == ENVELOPE_ACT:
                yield from self.changes(node, seen)

    def outline(self, node):
        """Absent, null, and a member too many."""
        if node.path and isinstance(node.path[-1], str):
            document = without(self.base, node.path)
            yield Case(self.name, "absent", node.pointer, document, not node.required)
        if node.path and node.definition != "json":
            yield self.case(node, "null", None, False)
        if "properties" in node.schema:
            for name in ("extra", "a/b~c", "", next(iter(node.value)).upper() + "_"):
                case = self.case(node, "unknown member", {**node.value, name: "x"}, False)
                case.pointer = step(node.pointer, name)
                yield case

    def changes(self, node, seen):
        if node.definition == "json":
            yield from self.free_json(node)
            return
        for value in (True, 0, 1, -1, 1.5, "", "x", [], ["x"], {}, {"x": "x"}):
            if type(value) is not type(node.value):
                yield self.case(node, f"type {value!r}", value, False)
        if isinstance(node.value, str):
            yield from self.texts(node, seen)
        elif isinstance(node.value, bool):
            yield self.case(node, "the other truth", not node.value, True)
        elif "items" in node.schema:
            yield from self.lengths(node)
        elif "const" in node.schema:
            yield self.case(node, "const shorter", node.value[:-1], False)
            yield self.case(node, "const longer", [*node.value, "urn:more"], False)
            yield self.case(node, "const turned", node.value[::-1], False)

    def texts(self, node, seen):
        fixed = "const" in node.schema or "enum" in node.schema
        key = node.definition or node.pointer
        for value in text_values.departures(node.value, briefly=fixed or key in seen):
            yield self.case(node, f"text {value[:40]!r}", value)
        for value in node.schema.get("enum", []):
            yield self.case(node, f"name {value}", value, True)
            for bad in (value.swapcase(), value[:-1], value + "x", value.replace("-", "_") + "_"):
                yield self.case(node, f"name {bad}", bad, False)
        if fixed:
            return
        for value, accepted in text_values.limits(node.definition):
            yield self.case(node, f"limit {value[:40]!r}", value, accepted)
        if key not in seen:
            seen.add(key)
            for value in text_values.in_depth(key):
                yield self.case(node, f"depth {value[:40]!r}", value)

    def lengths(self, node):
        item = sample(self.schema, node.schema["items"], False)
        low, high = node.schema["minItems"], node.schema["maxItems"]
        for count in sorted({0, max(low - 1, 0), low, high, high + 1}):
            case = self.case(node, f"{count} items", [item] * count)
            fits = canonical_size(case.document) <= DOCUMENT_BYTES_MAX
            if fits or count > high:
                case.accepted = low <= count <= high
            yield case

    def free_json(self, node):
        depth = DEPTH_MAX - len(node.path)
        for value, accepted in text_values.free_json(depth):
            yield self.case(node, f"json {json.dumps(value)[:40]}", value, accepted)
        for token in text_values.TOKENS:
            case = self.case(node, f"token {token}", [SPARE])
            case.text = json.dumps(case.document).replace(json.dumps(SPARE), token)
            case.document = json.loads(case.text)
            yield case


def repeated_name(act):
    """The last value of a repeated name is what most readers see; the decoder refuses both."""
    text = json.dumps(act.base)
    text = text[:-1] + ', "registry": ' + json.dumps(act.base["registry"]) + "}"
    return Case(act.name, "repeated name", "/registry", json.loads(text), None, text=text)


def other_types(act, names):
    """The same body under another act's name. Judged by that act's schema."""
    for other in names:
        document = put(act.base, ["type", 1], other)
        yield Case(act.name, f"called {other}", "/type/1", document)


def act_type(file_name):
    return "".join(part.capitalize() for part in re.split("-", file_name))
