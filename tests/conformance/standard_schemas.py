#!/usr/bin/env python3
"""Every published methodology and factor table satisfies its JSON Schema, and no schema lets a
document pass that misses a member or has one too many, anywhere.

    standard_schemas.py SCHEMAS     the schemas folder"""
import copy
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def objects(value, schema):
    """Objects of a document that the schema describes member by member, each with its schema."""
    if isinstance(value, dict) and "properties" in schema:
        yield value, schema
        for name, inner in schema["properties"].items():
            if name in value:
                yield from objects(value[name], inner)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value[:3]:
            yield from objects(item, schema["items"])


def damages(document, schema):
    """The document without one required member, or with one that nobody knows."""
    for place in range(sum(1 for _ in objects(document, schema))):
        required = list(objects(document, schema))[place][1].get("required", [])
        for name in required:
            damaged = copy.deepcopy(document)
            del list(objects(damaged, schema))[place][0][name]
            yield f"without {name}", damaged
        damaged = copy.deepcopy(document)
        list(objects(damaged, schema))[place][0]["unknownMember"] = "1"
        yield "with an unknown member", damaged


def main():
    folder = pathlib.Path(sys.argv[1])
    problems = []
    judged = 0
    for kind, pattern in (("methodology", "methodologies"), ("factor-table", "tables")):
        schema = load(folder / "standards" / f"{kind}.schema.json")
        validator = jsonschema.Draft7Validator(schema)
        paths = sorted((folder / pattern).glob("*.json"))
        for path in paths:
            document = load(path)
            for error in validator.iter_errors(document):
                problems.append(f"{path.name}: {error.message[:200]}")
            judged += 1
        smallest = min(paths, key=lambda p: p.stat().st_size)
        for what, damaged in damages(load(smallest), schema):
            judged += 1
            if validator.is_valid(damaged):
                problems.append(f"{smallest.name} {what} is valid")
    print(f"{judged} documents judged, {len(problems)} problems")
    for problem in problems[:20]:
        print(problem)
    return 1 if problems or judged < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
