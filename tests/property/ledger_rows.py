"""The ledger's rows, as act-runner tells them, in the form in which the model states its own.

Left out are members that the model does not know: documents, digests of traces and inputs, engine
versions, and at which entry something happened (that it happened is kept).
"""

from fractions import Fraction

from model_base import day_number, exact_text, named, normal


def pick(row, *members):
    return {member: row[member] for member in members if member in row}


def rest(row, *left_out):
    return {member: value for member, value in row.items() if member not in left_out}


def told_ranges(ranges):
    plain = [(named(r["batch"]), int(r["first"]), int(r["last"])) for r in ranges]
    return [[f"$batch:{batch}", first, last] for batch, first, last in normal(plain)]


def ledger(row, now):
    seats = {s["key"]: s["person"] for s in row["governance"] if "until" not in s["inForce"]}
    told = pick(row, "origin", "registryCode", "threshold", "rulesVersion", "rulesSince")
    return "ledger", {
        **told,
        "seats": seats,
        "formerSeats": len(row["governance"]) - len(seats),
        "founders": row["founders"],
        "founded": "founded" in row,
        "logKeys": [one["vkey"] for one in row.get("logKeys", []) if one["entry"] != "0"],
    }


def party(row, now):
    standing = row["standings"][-1]
    told = pick(row, "name", "kind", "country", "lei", "uscc", "keys", "owner", "mergedInto")
    return named(row["id"]), {
        **told,
        "affiliates": sorted(row["affiliates"]),
        "affiliations": [
            [one["party"], "until" in one["inForce"]] for one in row.get("affiliations", [])
        ],
        "status": standing["status"],
        "roles": sorted(standing["roles"]),
        "standings": len(row["standings"]),
        "wanted": sorted(row["wanted"]),
    }


def key(row, now):
    return named(row["key"]), {
        **pick(row, "party", "person", "boundAt", "selfAdded", "usableFrom", "revokedFor"),
        "purposes": sorted(row["purposes"]),
        "ended": "until" in row["bound"],
    }


def proposal(row, now):
    approvals = [
        [one["key"], one["person"]] + ([one["party"]] if "party" in one else [])
        for one in row["approvals"]
    ]
    members = ("digest", "signer", "party", "byGovernance", "needed", "consents", "expires", "state")
    told = pick(row, *members)
    return named(row["id"]), {**told, "approvals": approvals, "settled": "settled" in row}


def accreditation(row, now):
    return named(row["party"]), [
        pick(one, "scopes", "from", "until") for one in row["accreditations"]
    ]


def programme(row, now):
    policies = [[one["policy"], one.get("effectiveFrom")] for one in row["policies"]]
    return named(row["id"]), {**pick(row, "code", "name", "unit"), "policies": policies}


def code(row, now):
    space = named(row["space"]) if row["space"].startswith("$") else row["space"]
    return f"{space} {row['code']}", named(row["target"])


def standard(row, now):
    last = row.get("lastPeriodEnd")
    return named(row["digest"]), {
        **pick(row, "isTable", "party", "registeredAt"),
        "active": "activated" in row,
        "lastPeriodEnd": None if last is None else day_number(last),
    }


def project(row, now):
    told = pick(
        row,
        *"developer programme activityType sector name country boundaryDigest creditingPeriod "
        "capacityPerYear listings state issuances validator code issuedUntil amendment "
        "offeredTo".split(),
    )
    methodologies = [[one["from"], one["digest"]] for one in row.get("methodologies", [])]
    if not methodologies:
        methodologies = [[row["creditingPeriod"]["from"], row["methodology"]]]
    if "listing" in row:
        told["commentUntil"] = row["listing"]["commentUntil"]
    return named(row["id"]), {
        **told,
        "document": row.get("document", row["digest"]),
        "documentKinds": sorted(row["documentKinds"]),
        "liveReports": sorted(row["liveReports"]),
        "deficit": Fraction(row["deficit"]),
        "verifierRuns": {one["vvb"]: one["periods"] for one in row["verifierRuns"]},
        "sharesBoundaryWith": sorted(row.get("sharesBoundaryWith", [])),
        "methodologies": methodologies,
        "renewals": row.get("renewals", "0"),
        "reversed": row.get("reversed", "0"),
        "changes": [rest(change, "entry") for change in row.get("changes", [])],
        "amendments": [one["id"] for one in row.get("amendments", [])],
        "formerDevelopers": [one["party"] for one in row.get("formerDevelopers", [])],
    }


def report(row, now):
    told = pick(row, "project", "period", "methodology", "tables", "state", "supersededBy", "issuedBy")
    return named(row["id"]), {
        **told,
        "vintages": row["vintages"],
        "history": [[one["year"], one["exact"]] for one in row["history"]] if "history" in row else None,
        "exclusiveEvidence": sorted(row["exclusiveEvidence"]),
        "sharedEvidence": sorted(row["sharedEvidence"]),
        "statements": sorted(row["statements"]),
        "findings": sorted(row.get("findings", [])),
    }


def statement(row, now):
    told = pick(row, "report", "vvb", "opinion", "assurance", "verified", "bufferRate", "replacedBy")
    if "review" in row:
        told["review"] = [row["review"]["key"], row["review"]["decision"]]
    return named(row["id"]), {**told, "withdrawn": "withdrawn" in row}


def carry(row, now):
    return f"{named(row['project'])} {row['year']}", [
        exact_text(Fraction(row["carry"])),
        exact_text(Fraction(row["baseCarry"])),
        exact_text(Fraction(row["settled"])) if "settled" in row else None,
    ]


def batch(row, now):
    told = pick(
        row, "report", "project", "programme", "developer", "vintage", "prefix", "quantity", "buffer"
    )
    return named(row["id"]), {
        **told,
        "issuedAt": row.get("issuedAt"),
        "released": row.get("released", "0"),
        "declared": row.get("declared", "0"),
        "invalidated": row.get("invalidated", "0"),
        "obligations": sorted(row.get("obligations", [])),
        "invalidations": row.get("invalidations", []),
        "withdrawnStatements": sorted(row.get("withdrawnStatements", [])),
    }


def serial(row, now):
    holder = named(row["holder"]) if "holder" in row else ""
    place = [int(row["last"]), row["state"], holder, row.get("reference", "")]
    return f"{named(row['batch'])} {row['first']}", place


def holding(row, now):
    totals = {s: int(row[s]) for s in ("active", "pending", "locked", "retired") if row[s] != "0"}
    return f"{named(row['holder'])} {named(row['batch'])}", totals


def transfer(row, now):
    told = pick(row, "from", "to", "signer", "proposedAt", "state", "kind", "cause")
    if "kind" not in row:
        told["expires"] = row["expires"]
    return named(row["id"]), {**told, "serials": told_ranges(row["serials"])}


def retirement(row, now):
    told = rest(row, "id", "entry", "serials")
    return named(row["id"]), {**told, "serials": told_ranges(row["serials"])}


def pool(row, now):
    return named(row["programme"]), row["units"]


def deposit(row, now):
    return named(row["id"]), rest(row, "id", "entry")


def evidence(row, now):
    return row["digest"], {"report": row.get("report"), "shared": int(row["shared"])}


def opened_import(row, now):
    taken = [n for r in row["rowsTaken"] for n in range(int(r["first"]), int(r["last"]) + 1)]
    told = pick(row, "registry", "grammar", "fileDigest", "rowCount", "dateFormat", "accepted")
    return named(row["id"]), {**told, "taken": taken}


def foreign_serial(row, now):
    name = f"{row['registry']} {row['prefix']} {row['terminal']} {row['first']}"
    return name, [row["last"], row["event"], int(row["row"])]


def foreign_total(row, now):
    name = f"{row['registry']} {row['project']} {row['vintage']}"
    totals = [[one["date"], one["quantity"]] for one in row["totals"]]
    return name, {"totals": totals, "terminal": row["terminal"]}


def account_policy(row, now):
    last = row["versions"][-1]
    told = pick(last, "fourEyes", "autoAccept", "autoAcceptFrom")
    until = last.get("fourEyesUntil")
    if until is not None and now < int(named(until)):
        told["fourEyesUntil"] = until
    trusted = sorted([one["party"], one["from"]] for one in last["trusted"])
    return named(row["party"]), {**told, "trusted": trusted, "versions": len(row["versions"])}


def removed(row, now):
    return row["digest"], row["reason"]


def amendment(row, now):
    told = pick(
        row, "project", "state", "name", "capacityPerYear", "boundaryDigest", "listings",
        "creditingTo", "validator",
    )
    if "documentKinds" in row:
        told["documentKinds"] = sorted(row["documentKinds"])
    if "sharesBoundaryWith" in row:
        told["sharesBoundaryWith"] = sorted(row["sharesBoundaryWith"])
    if "methodology" in row:
        told["methodology"] = [row["methodology"]["from"], row["methodology"]["digest"]]
    return named(row["id"]), told


def geometry(row, now):
    return named(row["claim"]), pick(row, "project", "digest", "days", "geometry")


def by_id(*left_out):
    def told(row, now):
        return named(row["id"]), rest(row, "id", "entry", *left_out)

    return told


def grievance(row, now):
    return named(row["id"]), rest(row, "id", "entry", "resolved")


def finding(row, now):
    told = pick(row, "report", "vvb", "kind", "text", "deadline")
    return named(row["id"]), {**told, "answered": "answered" in row, "closed": "closed" in row}


def reversal(row, now):
    told = pick(row, "project", "kind", "quantity", "obligation")
    return named(row["id"]), {**told, "cancelled": told_ranges(row["cancelled"])}


def obligation(row, now):
    told = rest(row, "id", "entry", "defaulted", "discharged")
    return named(row["id"]), {**told, "defaulted": "defaulted" in row}


def invalidation(row, now):
    told = pick(row, "batch", "cancelled", "gone", "obligation")
    spans = [[int(one["first"]), int(one["last"])] for one in row["ranges"]]
    return named(row["id"]), {**told, "ranges": spans}


def with_serials(row, now):
    told = rest(row, "id", "entry", "serials", "ended")
    return named(row["id"]), {**told, "serials": told_ranges(row["serials"])}


def receipt(row, now):
    return f"{row['space']} {row['receipt']}", True


def label(row, now):
    ended = "until" in row["inForce"]
    return named(row["id"]), {"party": row["party"], "ended": ended, **row["label"]}


KINDS = {
    0x01: ("ledger", ledger),
    0x02: ("party", party),
    0x03: ("key", key),
    0x04: ("proposal", proposal),
    0x05: ("accreditation", accreditation),
    0x06: ("programme", programme),
    0x07: ("code", code),
    0x08: ("standard", standard),
    0x09: ("project", project),
    0x0A: ("report", report),
    0x0B: ("statement", statement),
    0x0C: ("carry", carry),
    0x0D: ("batch", batch),
    0x0E: ("serial", serial),
    0x0F: ("holding", holding),
    0x10: ("transfer", transfer),
    0x11: ("retirement", retirement),
    0x12: ("pool", pool),
    0x13: ("deposit", deposit),
    0x14: ("evidence", evidence),
    0x15: ("import", opened_import),
    0x16: ("foreign_serial", foreign_serial),
    0x17: ("foreign_total", foreign_total),
    0x1A: ("account_policy", account_policy),
    0x1B: ("removed", removed),
    0x1C: ("amendment", amendment),
    0x1D: ("comment", by_id()),
    0x1E: ("grievance", grievance),
    0x1F: ("finding", finding),
    0x20: ("reversal", reversal),
    0x21: ("obligation", obligation),
    0x22: ("invalidation", invalidation),
    0x23: ("cancellation", with_serials),
    0x24: ("lock", with_serials),
    0x25: ("export", with_serials),
    0x26: ("conversion", with_serials),
    0x27: ("receipt", receipt),
    0x28: ("label", label),
    0x29: ("annotation", by_id()),
    0x2A: ("geometry", geometry),
}
# Rows that say nothing empty: what they hold is gone, or never was.
EMPTY = {
    "holding": {},
    "pool": "0",
    "carry": ["0", "0", None],
    "evidence": {"report": None, "shared": 0},
}
INDEXES = {
    0x80: "active_runs",
    0x81: "open_proposals",
    0x82: "pending_transfers",
    0x83: "pool_batches",
    0x84: "project_batches",
    0x85: "party_obligations",
    0x86: "batch_obligations",
    0x87: "batch_labels",
    0x88: "custodian_locks",
    0x89: "project_fars",
}


class Rows:
    """The ledger's rows after each act, kept up to date by what each act changed."""

    def __init__(self, told=()):
        self.by_key = {}
        self.take(told)

    def take(self, changes):
        for tag, row_key, value in changes:
            if value is None:
                self.by_key.pop((tag, row_key), None)
            else:
                self.by_key[(tag, row_key)] = value

    def copy(self):
        other = Rows()
        other.by_key = dict(self.by_key)
        return other

    def of(self, tag):
        return [value for (t, _), value in self.by_key.items() if t == tag]

    def comparable(self, now):
        """{kind: {name: row}} of all committed rows that the model knows."""
        kinds = {kind: {} for kind, _ in KINDS.values()}
        for (tag, _), value in self.by_key.items():
            if tag in KINDS:
                kind, told = KINDS[tag]
                name, row = told(value, now)
                if EMPTY.get(kind) != row:
                    kinds[kind][name] = row
        return kinds

    def indexes(self):
        found = {name: [] for name in INDEXES.values()}
        for (tag, _), value in self.by_key.items():
            if tag in INDEXES:
                found[INDEXES[tag]].append(value)
        return {name: sorted(values) for name, values in found.items()}

