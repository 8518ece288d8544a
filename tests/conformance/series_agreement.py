#!/usr/bin/env python3
"""mrv and mrv-verify against series.py, both ways: what one makes the other discloses and verifies,
byte for byte; what is damaged both refuse by the same name.

    series_agreement.py MRV MRV-VERIFY VECTORS     two programs; the folder of the published series"""
import datetime
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import series

COUNTS = [*range(1, 10), 15, 16, 17, 31, 32, 33, 255, 256, 257, 600]
DAMAGES = 150


class Programs:
    def __init__(self, mrv, mrv_verify, folder):
        self.mrv, self.mrv_verify, self.folder = mrv, mrv_verify, folder

    def run(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout, done.stderr

    def make(self, rows):
        """The kept file's bytes and what was printed."""
        source, kept = self.folder / "readings.csv", self.folder / "kept"
        source.write_text("at,value\n" + "".join(f"{at},{value}\n" for at, value in rows))
        kept.unlink(missing_ok=True)
        code, out, err = self.run(self.mrv, "--json", "series", "make", source, "--out", kept, "--unit", "t")
        assert code == 0, err
        assert kept.stat().st_mode & 0o777 == 0o600
        return kept.read_bytes(), json.loads(out)

    def disclose(self, kept, index):
        source, target = self.folder / "given", self.folder / "reading.json"
        source.write_bytes(kept)
        target.unlink(missing_ok=True)
        code, _, err = self.run(self.mrv, "series", "disclose", source, "--index", str(index), "--out", target)
        assert code == 0, err
        return target.read_bytes()

    def verify(self, data, digest):
        """The reading's value, or the name of the refusal."""
        target = self.folder / "judged.json"
        target.write_bytes(data)
        code, out, _ = self.run(self.mrv_verify, "--json", "reading", target, "--digest", digest.hex())
        verdict = json.loads(out)
        assert verdict["holds"] == (code == 0)
        return verdict["value"] if code == 0 else verdict["reason"]


def rows_of(count, chance):
    at, rows = datetime.datetime(2023, 1, 1), []
    for _ in range(count):
        at += datetime.timedelta(seconds=chance.randrange(1, 5_000))
        fraction = chance.choice(["", "", ".001", ".250"])
        value = chance.choice(["0", "12.50", "-3.125", "0.000", str(chance.randrange(10**12))])
        rows.append((at.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z", value))
    return rows


def judged_here(data, digest):
    try:
        return series.verify(data, digest)["value"]
    except series.Refused as refusal:
        return str(refusal)


def some_indexes(count, chance):
    return sorted({0, count - 1, chance.randrange(count)})


def ours_is_read_there(programs, count, chance):
    rows = rows_of(count, chance)
    kept, printed = programs.make(rows)
    readings, summary = series.read_kept(kept)
    assert [(item["at"], item["value"], item["unit"]) for item in readings] == [(*row, "t") for row in rows]
    assert len({item["salt"] for item in readings}) == count
    digest = series.digest_of(summary)
    assert (printed["count"], printed["root"]) == (summary["count"], summary["root"])
    assert printed["digest"] == digest.hex()
    for index in some_indexes(count, chance):
        disclosed = programs.disclose(kept, index)
        assert disclosed == series.disclosure(readings, index)
        assert series.verify(disclosed, digest) == readings[index]


def theirs_is_read_here(programs, count, chance):
    units = ["t", "kg", "吨", 'a "b" \\c/', "m³/h"]
    salt_bytes = chance.choice([16, 17, 32, 64])
    rows = [(*row, chance.choice(units)) for row in rows_of(count, chance)]
    readings = series.readings_of(rows, "", lambda n: series.secrets.token_hex(salt_bytes))
    kept = series.kept_bytes(readings)
    digest = series.digest_of(series.summary_of(readings))
    for index in some_indexes(count, chance):
        disclosed = series.disclosure(readings, index)
        assert programs.disclose(kept, index) == disclosed
        assert programs.verify(disclosed, digest) == readings[index]["value"]


def flipped(data, chance):
    damaged = bytearray(data)
    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def edited(data, chance):
    value = json.loads(data)
    edits = [
        lambda: value["reading"].update(value="12.5"),
        lambda: value["reading"].update(value="1e1"),
        lambda: value["reading"].update(salt=value["reading"]["salt"][:30]),
        lambda: value["reading"].update(salt=value["reading"]["salt"] + "00"),
        lambda: value["reading"].update(unit=chance.choice(["", "kg", "\u200b", "u" * 65])),
        lambda: value["reading"].update(at=chance.choice(["2023-13-01T00:00:00Z", "2024-02-29T00:00:00Z",
                                                          "2023-02-29T00:00:00Z", "2023-01-01T00:00:00.000Z"])),
        lambda: value["reading"].update(n=str(int(value["index"]) + 1)),
        lambda: (value.update(index=str(int(value["index"]) ^ 1)), value["reading"].update(n=value["index"])),
        lambda: value.update(count=str(int(value["count"]) + chance.choice([-1, 1, 10**7]))),
        lambda: value.update(root="0" * 64),
        lambda: value["path"].append("0" * 64),
        lambda: value["path"].pop(),
        lambda: value["path"].reverse(),
        lambda: value.update(path=["0" * 64] * chance.choice([64, 65])),
        lambda: value.update(more="1"),
        lambda: value.pop(chance.choice(sorted(value))),
        lambda: value.update(format="mrv-reading/2"),
    ]  # fmt: skip
    chance.choice(edits)()
    return series.canonical(value)


def respelt(data, chance):
    value = json.loads(data)
    return chance.choice([
        json.dumps(value).encode(),
        json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=True).encode() + b" ",
        data + b"\n\n",
        data + b"\n",
        b"\xef\xbb\xbf" + data,
        data.replace(b'"unit":"t"', b'"unit":"\\u0074"'),
        data.replace(b'"count"', b'"count":"7","count"', 1),
        b" " * 9_000,
        b"[" * 8_000,
        b"",
    ])  # fmt: skip


def damage_is_named_alike(programs, chance):
    readings = series.readings_of(rows_of(21, chance), "t", lambda n: f"{chance.getrandbits(128):032x}")
    digest = series.digest_of(series.summary_of(readings))
    other = series.digest_of(series.summary_of(readings[:20]))
    names = {}
    for _ in range(DAMAGES):
        data = series.disclosure(readings, chance.randrange(21))
        change = chance.choice([flipped, flipped, edited, edited, respelt])
        damaged, meant = change(data, chance), chance.choice([digest, digest, digest, other])
        here, there = judged_here(damaged, meant), programs.verify(damaged, meant)
        assert here == there, (here, there, damaged)
        names[here] = names.get(here, 0) + 1
    for name in ("READING_MALFORMED", "READING_TOO_LARGE", "SERIES_DIFFERS", "READING_NOT_IN_SERIES"):
        assert name in names, names
    return names


def published_series_holds(programs, folder):
    kept = (folder / "kept").read_bytes()
    readings, summary = series.read_kept(kept)
    digest = (folder / "digest").read_text().strip()
    assert series.digest_of(summary).hex() == digest
    for index in range(len(readings)):
        disclosed = (folder / f"reading-{index}.json").read_bytes()
        assert disclosed == series.disclosure(readings, index) == programs.disclose(kept, index)
        assert programs.verify(disclosed, bytes.fromhex(digest)) == readings[index]["value"]


def main():
    mrv, mrv_verify, vectors = sys.argv[1:]
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(mrv, mrv_verify, pathlib.Path(folder))
        published_series_holds(programs, pathlib.Path(vectors) / "series-1")
        for count in COUNTS:
            ours_is_read_there(programs, count, chance)
            theirs_is_read_here(programs, count, chance)
        names = damage_is_named_alike(programs, chance)
    print(f"{len(COUNTS)} sizes agree both ways; of {DAMAGES} damaged disclosures: {names}")


main()
