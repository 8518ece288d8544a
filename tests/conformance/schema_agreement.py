#!/usr/bin/env python3
"""Holds the published schemas of the acts and the ledger's typed decoder to the same judgment.

    schema_agreement.py JUDGE SCHEMAS     JUDGE: the program judge-acts; SCHEMAS: the schemas folder

Documents come from act_cases.py, the schemas' judgment from python3-jsonschema, the decoder's from
JUDGE. What the decoder accepts, the schema must accept. What the decoder alone refuses must be one
of LOOSE below: refused for a reason that is checked here a third time and that a $comment of the
schema names. A reason that no document shows any more fails too."""
import functools
import json
import pathlib
import re
import subprocess
import sys
import types
import tempfile
from collections import Counter

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

import act_cases
import text_values

ACCEPTED = ("ACCEPTED", "ACCEPTED_UNSIGNED")
DISAGREEMENTS_SHOWN = 20


@functools.lru_cache(maxsize=None)
def ecma(pattern):
    """Python's $ also matches before a last line feed, that of ECMA 262 does not."""
    assert pattern.startswith("^") and pattern.endswith("$"), pattern
    return re.compile(pattern[:-1] + r"\Z")


def judge_pattern(validator, pattern, instance, _schema):
    if validator.is_type(instance, "string") and not ecma(pattern).search(instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": judge_pattern})


def all_strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from all_strings(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from all_strings(item)


def depth_of(value):
    if not isinstance(value, (list, dict)):
        return 0
    return 1 + max((depth_of(v) for v in (value.values() if isinstance(value, dict) else value)), default=0)


def utf8_length(text):
    return len(text.encode("utf-8", "surrogatepass"))


def has_lone_surrogate(case):
    return any(0xD800 <= ord(c) <= 0xDFFF for text in all_strings(case.document) for c in text)


def base58_bytes(text):
    """None where the text is not base58."""
    known = all(letter in text_values.B58 for letter in text)
    return text_values.unbase58(text) if known else None


def is_other_key(text):
    """Base58, but not of 32 bytes behind ed01."""
    data = base58_bytes(text.removeprefix("did:key:z"))
    return data is not None and (len(data) != 34 or not data.startswith(b"\xed\x01"))


def is_other_method(text):
    key, _, fragment = text.partition("#")
    return is_other_key(key) or key != "did:key:" + fragment


def is_other_signature(text):
    data = base58_bytes(text[1:])
    return data is not None and len(data) != 64


def holds_fraction(case):
    found = []
    json.loads(case.line(), parse_float=found.append)
    return bool(found)


def repeats_name(case):
    names = []
    json.loads(case.line(), object_pairs_hook=lambda pairs: names.append([k for k, _ in pairs]))
    return any(len(set(group)) < len(group) for group in names)


# Refused by the decoder alone: outcome -> (what a $comment says, whether the document is so).
LOOSE = {
    "TEXT_TOO_LONG": (
        "bytes of UTF-8, lengths here count characters",
        lambda c: utf8_length(c.value) > text_values.bounds(c.definition)[2],
    ),
    "TEXT_TOO_SHORT": (
        "bytes of UTF-8, lengths here count characters",
        lambda c: utf8_length(c.value) < text_values.bounds(c.definition)[1],
    ),
    "KEY_INVALID": ("exactly 32 bytes of Ed25519 key", lambda c: is_other_key(c.value)),
    "PROOF_METHOD_INVALID": (
        "the fragment repeats the key",
        lambda c: is_other_method(c.value),
    ),
    "PROOF_VALUE_INVALID": ("exactly 64 bytes", lambda c: is_other_signature(c.value)),
    "DOCUMENT_TOO_LARGE": (
        "60000 canonical bytes",
        lambda c: act_cases.canonical_size(c.document) > act_cases.DOCUMENT_BYTES_MAX,
    ),
    "JSON_DUPLICATE_NAME": ("repeated member names", repeats_name),
    "JSON_LONE_SURROGATE": ("lone surrogates", has_lone_surrogate),
    "JSON_TOO_DEEP": ("32 levels", lambda c: depth_of(c.document) > act_cases.DEPTH_MAX),
    "JSON_STRING_TOO_LONG": (
        "bytes of UTF-8",
        lambda c: any(utf8_length(s) > text_values.STRING_BYTES_MAX for s in all_strings(c.document)),
    ),
    "JSON_NUMBER_NOT_INTEGER": ("no integer written with a fraction", holds_fraction),
}


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def load_acts(folder):
    """Acts with an example, and those of later rules, which have only a form."""
    acts, later = [], []
    for path in sorted(folder.glob("*.schema.json")):
        name = path.name.removesuffix(".schema.json")
        schema = load(path)
        jsonschema.Draft7Validator.check_schema(schema)
        example = folder / "examples" / "acts" / f"{name}.json"
        if example.exists():
            acts.append(act_cases.Act(name, schema, load(example)))
        else:
            later.append(types.SimpleNamespace(name=name, schema=schema))
    return acts, later


def check_shared_parts(acts):
    """Definitions and the envelope are tried in depth in one schema, which must stand for all."""
    known = {}
    for act in acts:
        shared = dict(act.schema["definitions"])
        for name, schema in act.schema["properties"].items():
            if name not in ("type", "credentialSubject"):
                shared["/" + name] = schema
        for name, schema in shared.items():
            assert known.setdefault(name, schema) == schema, f"{act.name}: another {name}"


# Defined, and kept from redefinition, by the credentials context.
CREDENTIALS_TERMS = {"id", "name", "mediaType"}


def member_names(schema):
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from member_names(inner)
    yield from member_names(schema["items"]) if "items" in schema else ()


def check_context(folder, acts):
    """A JSON-LD processor drops what has no term: every type and every member of a body has one."""
    terms = load(folder / "context-v1.jsonld")["@context"].keys() | CREDENTIALS_TERMS
    for act in acts:
        used = set(member_names(act.schema["properties"]["credentialSubject"]))
        used |= {act.schema["title"], "registry", "party"}
        assert used <= terms, f"{act.name}: without a term: {sorted(used - terms)}"


def all_cases(acts):
    seen = set()
    names = [act_cases.act_type(act.name) for act in acts]
    for act in acts:
        yield from act.cases(seen)
        yield act_cases.repeated_name(act)
        yield from act_cases.other_types(act, names + ["Mint", "transfer", ""])


def schema_of(case, validators):
    """That of the act which the document says it is, else of the act it was made from."""
    try:
        return validators.get(case.document["type"][1], validators[act_cases.act_type(case.act)])
    except (TypeError, KeyError, IndexError):
        return validators[act_cases.act_type(case.act)]


def place_fits(case, verdict):
    """The decoder blames the changed value. In free JSON, a part of it; for the envelope's constants
    and half surrogates also what holds it; under another act's name, something in the body."""
    pointer = verdict["pointer"]
    if pointer == case.pointer or verdict["outcome"] == "DOCUMENT_TOO_LARGE":
        return True
    if case.pointer == "/type/1":
        return pointer in ("", "/type") or pointer.startswith("/credentialSubject/")
    if case.definition == "json" and pointer.startswith(case.pointer):
        return True
    in_body = case.pointer.startswith("/credentialSubject/")
    holder_fits = not in_body or verdict["outcome"] == "JSON_LONE_SURROGATE"
    return holder_fits and case.pointer.startswith(pointer)


class Tally:
    def __init__(self):
        self.problems = []
        self.counts = Counter()
        self.loose = Counter()

    def problem(self, case, verdict, error, why):
        place = f"{case.act} {case.pointer}: {case.what}: {why}"
        said = error.message[:160] if error else "accepted"
        self.problems.append(f"{place}\n  decoder: {verdict}\n  schema:  {said}")

    def add(self, case, verdict, error, comments):
        outcome = verdict["outcome"]
        accepted = outcome in ACCEPTED
        self.counts["accepted" if accepted else "refused"] += 1
        if case.accepted is not None and case.accepted != accepted:
            self.problem(case, verdict, error, f"must be {'accepted' if case.accepted else 'refused'}")
        if case.what == "example" and outcome != "ACCEPTED":
            self.problem(case, verdict, error, "an example is a document with a good signature")
        if accepted and error:
            self.problem(case, verdict, error, "only the schema refuses it")
        if not accepted and not error:
            self.add_loose(case, verdict, comments)
        if not accepted and not place_fits(case, verdict):
            self.problem(case, verdict, error, "the decoder blames another place")

    def add_loose(self, case, verdict, comments):
        comment, applies = LOOSE.get(verdict["outcome"], ("", lambda _: False))
        if not applies(case):
            self.problem(case, verdict, None, "only the decoder refuses it")
        elif comment not in comments:
            self.problem(case, verdict, None, f"no $comment says: {comment}")
        else:
            self.loose[verdict["outcome"]] += 1


def judge_all(judge, cases):
    """The decoder's judgments, while the caller goes on: a function that waits for them."""
    lines, answers = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
    for case in cases:
        lines.write(case.line() + "\n")
    lines.flush()
    lines.seek(0)
    process = subprocess.Popen([judge], stdin=lines, stdout=answers)

    def wait():
        assert process.wait() == 0, f"{judge} ended with {process.returncode}"
        answers.seek(0)
        verdicts = [json.loads(line) for line in answers]
        assert len(verdicts) == len(cases), f"{len(verdicts)} judgments of {len(cases)} documents"
        return verdicts

    return wait


def main(judge, folder):
    folder = pathlib.Path(folder)
    acts, later = load_acts(folder)
    check_shared_parts(acts + later)
    check_context(folder, acts + later)
    cases = list(all_cases(acts))
    wait = judge_all(judge, cases)
    validators = {act_cases.act_type(act.name): Validator(act.schema) for act in acts}
    comments = {act.name: json.dumps(act.schema) for act in acts}
    errors = [next(schema_of(case, validators).iter_errors(case.document), None) for case in cases]
    tally = Tally()
    for case, verdict, error in zip(cases, wait(), errors):
        tally.add(case, verdict, error, comments[case.act])
    for outcome in LOOSE.keys() - tally.loose.keys():
        tally.problems.append(f"stale: no document shows that the decoder alone refuses {outcome}")
    for problem in tally.problems[:DISAGREEMENTS_SHOWN]:
        print(problem)
    print(f"{len(acts)} acts, {len(cases)} documents: {tally.counts['accepted']} accepted,",
          f"{tally.counts['refused']} refused, {len(tally.problems)} problems")  # fmt: skip
    print("refused by the decoder alone:", dict(sorted(tally.loose.items())))
    return 1 if tally.problems or not acts else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__)
        sys.exit(2)
    sys.exit(main(sys.argv[1], sys.argv[2]))
