"""Documents with one edit each (edited_documents.json): the static rules, one by one.

An edit is {"document", "set", "to", "also", "refused", "why"}: `set` is a path whose steps are
member names, or names of items in a list (`+` comes after the last); `to` is what stands there
then (absent: the member is removed); `also` are further pairs of set and to. A refused document
is METHODOLOGY_INVALID; any other compiles, and its first vector is answered like every case.
"""

import copy
import json
import os
from collections.abc import Iterator

from .reading import Json, parse_json

FOLDER = os.path.dirname(os.path.abspath(__file__))


def step_into(value: Json, name: str) -> Json:
    if isinstance(value, dict):
        return value[name]
    if name.isdigit():
        return value[int(name)]
    return next(item for item in value if item["name"] == name)


def apply(document: Json, edit: Json) -> Json:
    edited = copy.deepcopy(document)
    for one in [edit, *edit.get("also", [])]:
        place(edited, one)
    return edited


def place(document: Json, edit: Json) -> None:
    *path, last = edit["set"].split("/")
    parent = document
    for name in path:
        parent = step_into(parent, name)
    if isinstance(parent, list):
        if last == "+":
            parent.append(edit["to"])
        else:
            parent[parent.index(step_into(parent, last))] = edit["to"]
    elif "to" in edit:
        parent[last] = edit["to"]
    else:
        del parent[last]


def read() -> list[Json]:
    with open(os.path.join(FOLDER, "edited_documents.json"), encoding="utf-8") as file:
        return parse_json(file.read())


def cases(folder: str) -> Iterator[tuple[Json, Json]]:
    """Each edit and a case on the edited document, which is written into the folder."""
    for i, edit in enumerate(read()):
        with open(os.path.join(FOLDER, edit["document"]), encoding="utf-8") as file:
            document = apply(parse_json(file.read()), edit)
        path = os.path.join(folder, f"{i}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, ensure_ascii=False)
        vector = document["vectors"][0]
        yield edit, {"document": path, "period": vector["period"], "inputs": vector["inputs"],
                     "tables": vector["tables"], "datasets": {}}
