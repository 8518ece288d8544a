"""Texts at and beyond the edges of every scalar that the schemas of the acts share, by the name of
its definition: text-<min>-<max>, integer-<min>-<max>, id-<prefix>, day, did-key, …"""
import re

STRING_BYTES_MAX = 8_192
SAFE_INTEGER_MAX = 2**53 - 1
B58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
# Written as they stand in place of a value: numbers that json.dumps would write otherwise.
TOKENS = ("1.0", "1e2", "-0", "1E400", "1.5", "0.1e1", str(2**63), str(-(2**64)), '"\\ud83d\\ude00"')
# Both sides of every edge of the characters that signed texts may not hold.
CHARACTERS = (
    0x00, 0x08, 0x09, 0x0A, 0x0B, 0x0D, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x9F, 0xA0, 0x61B, 0x61C, 0x61D,
    0x200A, 0x200B, 0x200F, 0x2010, 0x2028, 0x2029, 0x202A, 0x202E, 0x202F, 0x205F, 0x2060, 0x206F,
    0x2070, 0xD800, 0xDFFF, 0xFEFE, 0xFEFF, 0xFF00, 0xFFFF, 0x10000, 0x10FFFF)  # fmt: skip


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = B58[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def unbase58(text):
    number = 0
    for letter in text:
        number = number * 58 + B58.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def key_text(data):
    return "did:key:z" + base58(data)


GOOD_KEY = key_text(b"\xed\x01" + bytes(range(32)))


def bounds(definition):
    """text-1-256 -> ("text", 1, 256)"""
    family, low, high = re.fullmatch(r"([a-z]+)-(\d+)-(\d+)", definition).groups()
    return family, int(low), int(high)


def is_bounded(definition):
    return re.fullmatch(r"(text|lines|code|integer)-\d+-\d+", definition) is not None


def sample(definition, schema):
    if is_bounded(definition):
        family, low, _ = bounds(definition)
        return str(low) if family == "integer" else "A" * max(low, 1)
    if definition.startswith("id-"):
        return definition.removeprefix("id-") + "_" + "0" * 26
    fixed = {
        "sha256": "a" * 64,
        "did-key": GOOD_KEY,
        "instant": "2026-05-01T12:00:00.250Z",
        "seconds": "2026-05-01T12:00:00Z",
        "day": "2024-02-29",
        "decimal": "0.05",
    }
    if definition in fixed:
        return fixed[definition]
    return "urn:mrv:pty_" + "0" * 26  # issuer.party is the only optional text without a definition


def departures(value, briefly):
    """What is tried at every text, whatever it stands for."""
    yield from ("", value + " ", value + "\n", value[:-1], "-1", "01", "9" * 40)
    yield from ("x", "x" * (STRING_BYTES_MAX + 1))
    if briefly:
        return
    yield from (" ", " " + value, value + "\0", value + value, value[1:], "x" * STRING_BYTES_MAX)
    yield from (value.upper(), value.lower(), value.swapcase(), value.replace("-", "\u2010"))
    yield from (value + "\u200b", value + "\u0660", value + "é", "null", "$", "^")
    yield from ("-0", "00", "+1", "1.0", "1e3")


def limits(definition):
    """(text, whether it must be accepted) on both sides of the definition's own limits."""
    if not is_bounded(definition):
        return
    family, low, high = bounds(definition)
    if family == "integer":
        yield from ((str(low), True), (str(high), True), (str(high + 1), False))
        yield (str(low - 1), False)
        yield ("0" + str(high), False)
        return
    yield from (("A" * high, True), ("A" * (high + 1), False), ("A" * low, True))
    if low > 0:
        yield ("A" * (low - 1), False)
    if family == "code":
        yield from (("a" * low, False), ("É" * low, False), ("-" * low, False))
    else:
        yield from (("é" * (high // 2), True), ("é" * (high // 2 + 1), False))
        yield (("A" * (high - 1) + "\n"), family == "lines")


def in_depth(key):
    """`key`: the definition's name, or the pointer of a text that has none."""
    if is_bounded(key):
        family, low, high = bounds(key)
        return integers(low, high) if family == "integer" else characters(max(low, 1))
    if key.startswith("id-"):
        return ids(key.removeprefix("id-") + "_")
    families = {
        "sha256": hashes,
        "did-key": keys,
        "instant": instants,
        "seconds": instants,
        "day": days,
        "decimal": decimals,
        "/id": uuids,
        "/issuer/party": lambda: ids("urn:mrv:pty_"),
        "/registry": lambda: characters(1),
        "/proof/created": instants,
        "/proof/verificationMethod": methods,
        "/proof/proofValue": signatures,
    }
    return families[key]()


def characters(length):
    for code in CHARACTERS:
        yield "A" * (length - 1) + chr(code)
        yield chr(code) + "A" * length
    yield "é" * (STRING_BYTES_MAX // 2)
    yield "é" * (STRING_BYTES_MAX // 2 + 1)


def integers(low, high):
    numbers = {2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, -(2**63), -(2**63) - 1}
    for power in range(21):
        numbers |= {10**power - 1, 10**power, 10**power + 1}
    for edge in (low, high):
        numbers |= {edge - 1, edge, edge + 1}
        for at in range(len(str(edge))):
            unit = 10**at
            for digit in (edge - unit, edge + unit):
                numbers |= {digit, digit // unit * unit, digit // unit * unit + unit - 1}
    for number in sorted(numbers):
        yield str(number)
    for text in {str(low), str(high)}:
        yield from ("0" + text, "+" + text, "-" + text, text + ".0", text + "e0", " " + text)
        yield from (text + " ", "0x" + text, text[:-1] + "\u0661", text + ",", text + "\n")


def hashes():
    yield from ("0" * 64, "f" * 64, "F" * 64, "g" * 64, "0" * 63, "0" * 65, "0x" + "0" * 62)
    yield from ("0" * 63 + "\n", "0" * 63 + "\uff10", "0" * 63 + "`", "0" * 63 + ":", "0" * 63 + "/")


def ids(prefix):
    for letter in CROCKFORD + "ilouA-_ \n":
        yield prefix + "0" * 25 + letter
        yield prefix + letter + "0" * 25
    for other in ("pty_", "bat_", "urn:mrv:", "PTY_", ""):
        yield other + "0" * 26
    yield from (prefix, prefix + "0" * 25, prefix + "0" * 27, prefix.upper() + "0" * 26)


def uuids():
    good = "urn:uuid:01a1cc9f-2c10-7d68-aa1f-d056f4cdc34b"
    for version in "0123456789abcdef":
        yield good[:23] + version + good[24:]
        yield good[:28] + version + good[29:]
    yield from (good.upper(), good[9:], good.replace("-", ""), good + "0", good[:-1])
    yield from (good.replace("urn:uuid:", "urn:uuid:{") + "}", good.replace("-", "_"))
    yield good[:17] + "0" + good[18:]


def days():
    for year in (*range(1968, 2501), 4000, 9600, 9900, 9996, 9999, 10000):
        yield f"{year}-02-29"
    for year in (0, 1900, 1969, 1970, 2024, 9999):
        for month in range(14):
            for day in (0, 1, 28, 29, 30, 31, 32):
                yield f"{year:04}-{month:02}-{day:02}"
    yield from ("2026-1-01", "2026-01-1", "26-01-01", "2026/01/01", "20260101", "2026-01-01Z")
    yield from ("2026-01-0\u0661", "-026-01-01", "2026-01-01\n")


def instants():
    for year in (0, 4, 100, 400, 1900, 1969, 1970, 1972, 2000, 2024, 2026, 2100, 9996, 9999, 10000):
        for day in ("01-01", "02-28", "02-29", "02-30", "04-31", "12-31", "13-01", "00-01"):
            yield f"{year:04}-{day}T12:00:00Z"
    for time in ("00:00:00", "23:59:59", "24:00:00", "19:00:00", "20:00:00", "29:00:00", "00:60:00",
                 "00:59:60", "0:00:00", "00:00", "12:00:00.", "12:00:00.5", "12:00:00.50",
                 "12:00:00.500", "12:00:00.000", "12:00:00.001", "12:00:00.010", "12:00:00.100",
                 "12:00:00.0010", "12:00:00,500"):  # fmt: skip
        for zone in ("Z", "z", "+00:00", "", "Z\n"):
            yield f"2026-05-01T{time}{zone}"
    yield from ("2026-05-01t12:00:00Z", "2026-05-01 12:00:00Z", "2026-05-01", "20260501T120000Z")


def decimals():
    whole = ("", "0", "1", "10", "9", "01", "00", "123456789", "1" * 128, "1" * 129)
    for sign in ("", "-", "+", "--"):
        for digits in whole:
            for fraction in ("", ".", ".0", ".5", ".05", ".50", ".5.5", ".5e1", "e1", ".\u0665", ",5"):
                yield sign + digits + fraction
    yield from ("-" + "1" * 127, "-" + "1" * 128, "0." + "1" * 126, "0." + "1" * 127, "NaN", "0\n")


def keys():
    good = b"\xed\x01"
    for data in (good + b"\0" * 32, good + b"\xff" * 32, b"\xed\x00" + b"\xff" * 32,
                 b"\xed\x02" + b"\0" * 32, b"\xec\xff" * 17, b"\xee\x00" * 17, good + b"\x55" * 31,
                 good + b"\x55" * 33, b"\0" + good + b"\x55" * 32, b"\x80\x26" + b"\x55" * 32, b""):
        yield key_text(data)  # fmt: skip
    stem = GOOD_KEY[:-1]
    for letter in B58 + "0OIl+/= \n":
        yield stem + letter
        yield GOOD_KEY[:13] + letter + GOOD_KEY[14:]  # the first letter behind z6Mk that varies
        yield GOOD_KEY[:12] + letter + GOOD_KEY[13:]
    # The largest and smallest texts the pattern takes: beyond the largest and smallest key.
    yield from ("did:key:z6Mkw" + "z" * 43, "did:key:z6Mke" + "1" * 43)
    yield from (GOOD_KEY[8:], "did:web:example.org", "did:key:" + GOOD_KEY[9:], GOOD_KEY + "#x")
    yield GOOD_KEY.replace("did:key", "DID:KEY")


def methods():
    multikey = GOOD_KEY[8:]
    other = key_text(b"\xed\x01" + b"\x77" * 32)
    for key in keys():
        yield key + "#" + key[8:]
    yield from (GOOD_KEY, GOOD_KEY + "#", GOOD_KEY + "#" + other[8:], GOOD_KEY + "#" + GOOD_KEY)
    yield from (GOOD_KEY + "##" + multikey, "#" + multikey, GOOD_KEY + "#" + multikey + "#" + multikey)


def signatures():
    for length in (0, 32, 47, 48, 62, 63, 64, 65, 66):
        for byte in (b"\0", b"\x01", b"\x55", b"\xff"):
            yield "z" + base58(byte * length)
    for length in (63, 64, 65, 86, 87, 88, 89):
        for letter in "12z":
            yield "z" + letter * length
    good = base58(b"\x55" * 64)
    yield from (good, "Z" + good, "m" + good, "u" + good, "zz" + good, "z" + good[:-1] + "0")
    yield from ("z" + good[:-1] + "l", "z" + good + "=", "z" + good[:-1] + "\n")


def nested(depth):
    value = "x"
    for _ in range(depth):
        value = [value]
    return value


def free_json(depth):
    """(value, whether it must be accepted); `depth`: levels that are still allowed."""
    string_max = STRING_BYTES_MAX
    yield from ((None, True), (True, True), (0, True), (-1, True), ("", True), ([], True), ({}, True))
    yield from ((SAFE_INTEGER_MAX, True), (SAFE_INTEGER_MAX + 1, False))
    yield from ((-SAFE_INTEGER_MAX, True), (-SAFE_INTEGER_MAX - 1, False), (1.5, False))
    yield from (("x" * string_max, True), ("x" * (string_max + 1), False))
    yield from (("é" * (string_max // 2), True), ("é" * (string_max // 2 + 1), False))
    yield from (([0] * 2000, True), ([0] * 2001, False), (["x" * 8000] * 8, False))
    yield from ((nested(depth), True), (nested(depth + 1), False))
    yield from (({"x" * string_max: 1}, True), ({"x" * (string_max + 1): 1}, False))
    yield from (({"é" * (string_max // 2 + 1): 1}, False), ({"": {"a/b": [{}]}}, True))
    yield from (({"a\nb": 1}, False), ("a\nb", True), ({"a\u200bb": 1}, False), (["\u200b"], False))
    for code in CHARACTERS:
        yield ([chr(code)], None)
        yield ({"x" + chr(code): {}}, None)
