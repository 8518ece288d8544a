"""Measurement series by schemas/spec/series.md and hashlib alone: made, disclosed, verified.

  series.py make READINGS.csv --out KEPT [--unit UNIT]     prints count, root and digest
  series.py disclose KEPT --index N --out FILE
  series.py check KEPT                                     everything that a whole series must be
  series.py verify FILE --digest HEX                       exit 0 only if it holds

A second implementation to compare with, not a tool for daily use: it reads files whole."""
import argparse
import csv
import datetime
import hashlib
import json
import re
import secrets
import sys

READINGS_MAX = 10_000_000
DISCLOSURE_BYTES_MAX = 8 * 1024
PATH_MAX = 64
HASH = re.compile(r"[0-9a-f]{64}")
SALT = re.compile(r"([0-9a-f]{2}){16,64}")
VALUE = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
TIME = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.\d{3})?Z", re.ASCII)
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
READING_MEMBERS = {"at", "n", "salt", "unit", "value"}
DISCLOSURE_MEMBERS = {"count", "format", "index", "path", "reading", "root"}
SUMMARY_MEMBERS = {"count", "format", "root"}


class Refused(Exception):
    """A named verdict."""


def canonical(value):
    """RFC 8785 for what these formats hold: strings, lists, and objects with ASCII names."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(reading):
    return sha256(b"\x00" + canonical(reading))


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def path_of(index, leaves):
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return path_of(index, leaves[:split]) + [root_of(leaves[split:])]
    return path_of(index - split, leaves[split:]) + [root_of(leaves[:split])]


def root_by_path(index, count, leaf, path):
    """By descent: which side of which split the leaf is on, from the root down. None: a path of the
    wrong length."""
    sides = []
    while count > 1:
        split = 1 << (count - 1).bit_length() - 1
        right = index >= split
        sides.append(right)
        index, count = (index - split, count - split) if right else (index, split)
    if len(sides) != len(path):
        return None
    for right, sibling in zip(reversed(sides), path):
        leaf = node_hash(sibling, leaf) if right else node_hash(leaf, sibling)
    return leaf


def series_digest(count, root):
    return sha256(f"mrv-ledger/series/v1\n{count}\n{root.hex()}\n".encode())


def is_text(value, pattern):
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def is_time(text):
    match = TIME.fullmatch(text) if isinstance(text, str) else None
    if not match or match[2] == ".000" or match[1] < "1970":
        return False
    try:
        datetime.datetime.strptime(match[1], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return match[1][17:] != "60" and match[1][17:] != "61"


def is_value(text):
    if not is_text(text, VALUE) or len(text) > 128:
        return False
    return not (text.startswith("-") and not text.strip("-0."))


def is_unit(text):
    return isinstance(text, str) and 1 <= len(text.encode()) <= 64 and not INVISIBLE.search(text)


def is_number(text, low, high):
    return is_text(text, NUMBER) and low <= int(text) <= high


def is_reading(reading):
    return (
        isinstance(reading, dict)
        and set(reading) == READING_MEMBERS
        and is_time(reading["at"])
        and is_number(reading["n"], 0, READINGS_MAX - 1)
        and is_text(reading["salt"], SALT)
        and is_unit(reading["unit"])
        and is_value(reading["value"])
    )


def is_disclosure(value):
    return (
        isinstance(value, dict)
        and set(value) == DISCLOSURE_MEMBERS
        and value["format"] == "mrv-reading/1"
        and is_number(value["count"], 1, READINGS_MAX)
        and is_number(value["index"], 0, int(value["count"]) - 1)
        and is_text(value["root"], HASH)
        and isinstance(value["path"], list)
        and len(value["path"]) <= PATH_MAX
        and all(is_text(item, HASH) for item in value["path"])
        and is_reading(value["reading"])
        and value["reading"]["n"] == value["index"]
    )


def parsed(data, is_one):
    """The value that these bytes are the one spelling of; None: of none."""
    try:
        value = json.loads(data.decode())
        return value if is_one(value) and canonical(value) == data else None
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a lone surrogate
        return None


def verify(data, digest):
    """The reading, or Refused by name."""
    data = data[:-1] if data.endswith(b"\n") else data
    if len(data) > DISCLOSURE_BYTES_MAX:
        raise Refused("READING_TOO_LARGE")
    value = parsed(data, is_disclosure)
    if value is None:
        raise Refused("READING_MALFORMED")
    count, index, root = int(value["count"]), int(value["index"]), bytes.fromhex(value["root"])
    if series_digest(count, root) != digest:
        raise Refused("SERIES_DIFFERS")
    path = [bytes.fromhex(item) for item in value["path"]]
    if root_by_path(index, count, leaf_hash(value["reading"]), path) != root:
        raise Refused("READING_NOT_IN_SERIES")
    return value["reading"]


def summary_of(readings):
    root = root_of([leaf_hash(reading) for reading in readings])
    return {"count": str(len(readings)), "format": "mrv-series/1", "root": root.hex()}


def digest_of(summary):
    return series_digest(int(summary["count"]), bytes.fromhex(summary["root"]))


def kept_bytes(readings):
    return b"".join(canonical(item) + b"\n" for item in [*readings, summary_of(readings)])


def read_kept(data):
    """Readings and summary of a kept file that is whole: indexes without gaps, times that rise, the
    root of its own readings."""
    lines = data.split(b"\n")
    if len(lines) < 3 or lines.pop() != b"":
        raise Refused("the file is cut off")
    summary = parsed(lines.pop(), lambda value: isinstance(value, dict) and set(value) == SUMMARY_MEMBERS)
    readings = [parsed(line, is_reading) for line in lines]
    if summary is None or None in readings:
        raise Refused("a line is not in its one spelling")
    for n, reading in enumerate(readings):
        if reading["n"] != str(n):
            raise Refused(f"reading {n} has another index")
        if n > 0 and instant(readings[n - 1]) >= instant(reading):
            raise Refused(f"reading {n} is not later than the one before")
    if summary != summary_of(readings):
        raise Refused("the last line is of other readings")
    return readings, summary


def instant(reading):
    """Sorts as time does: a whole second comes before its fractions."""
    return reading["at"].removesuffix("Z")


def disclosure(readings, index):
    leaves = [leaf_hash(reading) for reading in readings]
    return canonical({
        "count": str(len(readings)),
        "format": "mrv-reading/1",
        "index": str(index),
        "path": [item.hex() for item in path_of(index, leaves)],
        "reading": readings[index],
        "root": root_of(leaves).hex(),
    })  # fmt: skip


def readings_of(rows, unit, salt=lambda n: secrets.token_hex(16)):
    """Rows of (at, value) or (at, value, unit)."""
    made = []
    for n, (at, value, *own) in enumerate(rows):
        made.append({"at": at, "n": str(n), "salt": salt(n), "unit": own[0] if own else unit, "value": value})
        if not is_reading(made[-1]):
            raise Refused(f"row {n + 1} is no reading")
    return made


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def write_new(path, data):
    with open(path, "xb") as file:
        file.write(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=["make", "disclose", "check", "verify"])
    parser.add_argument("file")
    parser.add_argument("--out")
    parser.add_argument("--unit", default="")
    parser.add_argument("--index", type=int)
    parser.add_argument("--digest", default="")
    options = parser.parse_args()
    if options.command == "make":
        with open(options.file, encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        if header not in (["at", "value"], ["at", "value", "unit"]):
            raise Refused("the header is at,value or at,value,unit")
        write_new(options.out, kept_bytes(readings_of(rows, options.unit)))
    if options.command in ("make", "check"):
        _, summary = read_kept(read_file(options.out or options.file))
        print(f"{summary['count']} readings\nroot {summary['root']}\ndigest {digest_of(summary).hex()}")
    if options.command == "disclose":
        readings, _ = read_kept(read_file(options.file))
        write_new(options.out, disclosure(readings, options.index))
    if options.command == "verify":
        reading = verify(read_file(options.file), bytes.fromhex(options.digest))
        print(f"holds: {reading['value']} {reading['unit']} at {reading['at']}")


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
