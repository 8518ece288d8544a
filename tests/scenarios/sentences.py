"""The sentences that a scenario may consist of, and the acts they stand for (README.md has them all).

Each function answers (type, party, subject) or with a fourth element, more members of the act.
"""

import re

import worlds
from model_base import day_number, seconds_of_day

SENTENCES = []


def sentence(pattern):
    """Registers a sentence; WORD stands for one word, LEGS for units, DAY for a date."""
    for word, expression in (
        ("LEGS", r".+? of \S+"),
        ("WORD", r"[^\s,]+"),
        ("DAY", r"\d{4}-\d\d-\d\d"),
        ("NUMBER", r"[\d,]+"),
        ("TEXT", r'"[^"]*"'),
    ):
        pattern = re.sub(
            rf"<(\w+):{word}>", lambda found, e=expression: f"(?P<{found[1]}>{e})", pattern
        )

    def register(function):
        SENTENCES.append((re.compile(pattern + r"\Z"), function))
        return function

    return register


def number(text):
    return text.replace(",", "")


def batch_name(name):
    """The units of 2023 where no year is given."""
    return name if "." in name else name + ".2023"


def batch(name):
    return "$batch:" + batch_name(name)


def legs(text):
    """`500 units of CCS`, `serials 1 to 10 of CCS`, several joined by `and`."""
    found = []
    for part in text.split(" and "):
        ranged = re.match(r"serials? ([\d,]+)(?: to ([\d,]+))? of (\S+)\Z", part)
        counted = re.match(r"([\d,]+) units? of (\S+)\Z", part)
        if ranged:
            first, last = number(ranged[1]), number(ranged[2] or ranged[1])
            found.append({"batch": batch(ranged[3]), "first": first, "last": last})
        elif counted:
            found.append({"batch": batch(counted[2]), "quantity": number(counted[1])})
        else:
            raise ValueError(f"no units: {part}")
    return found


def in_seconds(context, text):
    return f"$time:{context.now + int(number(text))}"


# Units.


@sentence(r"<who:WORD> transfers <what:LEGS> to <to:WORD>(?: within <life:NUMBER> seconds)?")
def transfer(context, who, what, to, life):
    subject = {
        "legs": legs(what),
        "to": "$party:" + to,
        "expires": in_seconds(context, life or "3000"),
    }
    return "Transfer", who, subject


@sentence(r"<who:WORD> (?P<verb>accepts|rejects|cancels|lapses) the transfer <name:WORD>")
def settle(context, who, verb, name):
    subject = {"transfer": "$transfer:" + name}
    if verb in ("rejects", "cancels"):
        subject["reason"] = "not wanted"
    return verb.rstrip("s").capitalize() + "Transfer", who, subject


@sentence(r"<who:WORD> retires <what:LEGS> for (?:<name:TEXT>|nobody)(?: \((?P<purpose>\S+)\))?")
def retire(context, who, what, name, purpose):
    subject = {"legs": legs(what), "purpose": purpose or "voluntary"}
    if name:
        organisation = {"name": name.strip('"'), "country": "CN"}
        subject["beneficiary"] = {"organisation": organisation}
    return "Retire", who, subject


@sentence(r"<who:WORD> cancels <what:LEGS>")
def cancel(context, who, what):
    return "Cancel", who, {"kind": "voluntary", "legs": legs(what), "reason": "no claim"}


@sentence(r"<who:WORD> cancels <what:LEGS> to make good <name:WORD>")
def compensate(context, who, what, name):
    subject = {
        "kind": "compensation",
        "legs": legs(what),
        "reason": "made good",
        "obligation": "$obligation:" + name,
    }
    return "Cancel", who, subject


@sentence(
    r"<who:WORD> locks <what:LEGS> with <custodian:WORD>(?:, pledged to <pledgee:WORD>)?"
    r"(?: until <life:NUMBER> seconds from now)?"
)
def lock(context, who, what, custodian, pledgee, life):
    subject = {"legs": legs(what), "custodian": "$party:" + custodian, "reason": "a loan"}
    if pledgee:
        subject["pledgee"] = "$party:" + pledgee
    if life:
        subject["until"] = in_seconds(context, life)
    return "Lock", who, subject


@sentence(r"<who:WORD> unlocks <name:WORD> to the (?P<to>holder|pledgee)")
def unlock(context, who, name, to):
    return "Unlock", who, {"lock": "$lock:" + name, "to": to, "reason": "the loan has ended"}


@sentence(
    r"<who:WORD> converts <what:LEGS> of <holder:WORD> for <scheme:TEXT> as <reference:TEXT>"
)
def convert(context, who, what, holder, scheme, reference):
    subject = {
        "holder": "$party:" + holder,
        "legs": legs(what),
        "scheme": scheme.strip('"'),
        "reference": reference.strip('"'),
    }
    return "Convert", who, subject


@sentence(r"<who:WORD> exports <name:WORD> to <registry:WORD> with receipt <receipt:TEXT>")
def export(context, who, name, registry, receipt):
    subject = {"lock": "$lock:" + name, "registry": registry, "receipt": receipt.strip('"')}
    return "Export", who, subject


@sentence(r"<who:WORD> orders <what:LEGS> from <sender:WORD> to <to:WORD>")
def order(context, who, what, sender, to):
    subject = {
        "from": "$party:" + sender,
        "to": "$party:" + to,
        "legs": legs(what),
        "orderDigest": "$digest:court order",
        "reason": "a court's order",
    }
    return "OrderTransfer", who, subject


@sentence(r"<who:WORD> reverses the transfer <name:WORD>")
def reverse(context, who, name):
    subject = {
        "transfer": "$transfer:" + name,
        "orderDigest": "$digest:court order",
        "reason": "sent by a thief",
    }
    return "ReverseTransfer", who, subject


# Parties and keys.


@sentence(r"<who:WORD> freezes itself")
def freeze(context, who):
    return "FreezeSelf", who, {"reason": "a key is lost"}


@sentence(r"<who:WORD> revokes the key <key:WORD> as (?P<reason>compromised|lost|superseded)")
def revoke(context, who, key, reason):
    return "RevokeKey", who, {"key": "$key:" + key, "reason": reason}


@sentence(r"<who:WORD> binds the key <key:WORD> of <person:WORD> to (?P<purpose>\w+)")
def bind(context, who, key, person, purpose):
    return "BindKey", who, worlds.new_key(who, key, [purpose], person)


@sentence(r"<who:WORD> binds the key <key:WORD> of <person:WORD> to (?P<purpose>\w+) for <party:WORD>")
def bind_for(context, who, key, person, purpose, party):
    return "BindKey", who, worlds.new_key(party, key, [purpose], person)


@sentence(r"<who:WORD> makes <party:WORD> (?P<status>admitted|suspended|frozen|closed)")
def status(context, who, party, status):
    subject = {"party": "$party:" + party, "status": status, "reason": "decided"}
    return "SetPartyStatus", who, subject


@sentence(r"<who:WORD> declares that <party:WORD> is its affiliate")
def affiliate(context, who, party):
    known = context.model.parties[who]["affiliates"]
    affiliates = ["$party:" + name for name in known + [party]]
    return "AmendParty", who, {"party": "$party:" + who, "affiliates": affiliates}


@sentence(r"<who:WORD> trusts <others:WORD>(?P<eyes>, with four eyes)?(?P<auto>, accepting at once)?")
def trust(context, who, others, eyes, auto):
    trusted = [] if others == "nobody" else ["$party:" + others]
    subject = {"fourEyes": bool(eyes), "autoAccept": bool(auto), "trusted": trusted}
    return "SetAccountPolicy", who, subject


# Projects.


@sentence(
    r"<who:WORD> submits a project to <programme:WORD> on the square <x:NUMBER> <y:NUMBER>"
    r"(?: of side <side:NUMBER>)?(?: from <first:DAY> to <end:DAY>)?"
)
def submit_project(context, who, programme, x, y, side, first, end):
    text = worlds.square(int(x), int(y), int(side or 1))
    boundary = f"square {x} {y} {side}"
    period = {"from": first or "2023-01-01", "to": end or "2029-01-01"}
    subject = worlds.submission("P-" + programme, "a project", boundary, creditingPeriod=period)
    return "SubmitProject", who, subject, {"blobs": {boundary: text}}


@sentence(r"<who:WORD> validates <project:WORD>")
def validate(context, who, project):
    subject = {
        "project": "$project:" + project,
        "digest": "$digest:" + context.model.projects[project]["document"],
        "opinion": "unmodified",
        "reportDigest": "$digest:validation report",
    }
    return "ValidateProject", who, subject


@sentence(r"<who:WORD> registers <project:WORD> as <code:WORD>")
def register(context, who, project, code):
    return "RegisterProject", who, {"project": "$project:" + project, "code": code}


# Reports and what follows.


@sentence(
    r"<who:WORD> reports <amount:NUMBER> tonnes of <project:WORD> from <first:DAY> to <end:DAY>"
    r"(?:, claiming <claim:NUMBER>)?(?:, replacing <old:WORD>)?(?:, with <evidence:TEXT>"
    r" (?:taken on <taken:DAY>)(?:, dated <made:DAY>)?(?:, signed by <device:WORD>"
    r"(?: as taken on <signed:DAY>)?)?)?"
)
def report(context, who, amount, project, first, end, claim, old, **evidence):
    year = int(first[:4])
    amounts = {year: number(amount)}
    claims = {year: number(claim or amount)}
    methodology = context.model.projects[project]["methodologies"][0][1]
    subject = worlds.report(project, first, end, amounts, claims, methodology=methodology)
    if methodology == "based":
        subject["inputs"]["base"] = list(subject["inputs"]["amount"])
    if old:
        subject["supersedes"] = "$report:" + old
    if evidence["evidence"]:
        subject["evidence"] = [evidence_item(**evidence)]
    return "SubmitMonitoringReport", who, subject


def evidence_item(evidence, taken, made, device, signed):
    item = {
        "digest": "$digest:" + evidence.strip('"'),
        "kind": "meter-data",
        "takenAt": instant(taken),
    }
    if made:
        item["madeAt"] = instant(made)
    if device:
        # A signature over another date is, for this report, one of a stranger's.
        by = device if signed in (None, taken) else device + " over " + signed
        item["source"] = {"key": "$key:" + device, "signature": "$signed-by:" + by}
    return item


def instant(day):
    return f"$time:{seconds_of_day(day_number(day))}"


@sentence(r"<who:WORD> withdraws the report <name:WORD>")
def withdraw_report(context, who, name):
    return "WithdrawReport", who, {"report": "$report:" + name, "reason": "a meter was read twice"}


@sentence(r"<who:WORD> verifies <quantity:NUMBER> tonnes of <name:WORD>")
def verify(context, who, quantity, name):
    vintages = context.model.reports[name]["vintages"]
    verified = {vintages[0]["year"]: number(quantity)}
    return "SubmitVerificationStatement", who, worlds.statement(name, verified)


@sentence(r"<who:WORD> issues <name:WORD>")
def issue(context, who, name):
    return "IssueCredits", who, {"report": "$report:" + name}


@sentence(
    r"<who:WORD> declares <quantity:NUMBER> units of <of:WORD> over-issued, owed by <party:WORD>"
    r" within <life:NUMBER> seconds"
)
def over_issued(context, who, quantity, of, party, life):
    subject = {
        "batches": [batch(of)],
        "quantity": number(quantity),
        "party": "$party:" + party,
        "deadline": in_seconds(context, life),
        "reason": "the survey data were invented",
        "digest": "$digest:investigation",
    }
    return "DeclareOverIssuance", who, subject


@sentence(r"<who:WORD> invalidates (?:serials <first:NUMBER> to <last:NUMBER> of )?<of:WORD>")
def invalidate(context, who, first, last, of):
    subject = {"batch": batch(of), "reason": "fraud", "digest": "$digest:decision"}
    if first:
        subject["ranges"] = [{"first": number(first), "last": number(last)}]
    return "InvalidateBatch", who, subject


@sentence(
    r"<who:WORD> records that <project:WORD> lost <quantity:NUMBER> tonnes"
    r"(?P<meant> by intent)?, on the report <name:WORD>"
)
def lost(context, who, project, quantity, meant, name):
    subject = {
        "project": "$project:" + project,
        "report": "$report:" + name,
        "kind": "intentional" if meant else "unintentional",
        "quantity": number(quantity),
        "cause": "fire",
        "evidence": [],
    }
    return "RecordReversal", who, subject


@sentence(r"<who:WORD> releases <quantity:NUMBER> buffer units of <of:WORD>")
def release(context, who, quantity, of):
    subject = {"batch": batch(of), "quantity": number(quantity), "reason": "the time is over"}
    return "ReleaseBuffer", who, subject


@sentence(r"<who:WORD> declares default of <name:WORD>")
def default(context, who, name):
    return "DeclareDefault", who, {"obligation": "$obligation:" + name, "reason": "nothing came"}


@sentence(r"<who:WORD> gives the pool <what:LEGS> for <name:WORD>")
def repay(context, who, what, name):
    return "RepayPool", who, {"obligation": "$obligation:" + name, "legs": legs(what)}


def act_of(context, text):
    """(type, party, subject, members) of the one sentence that the text is."""
    for pattern, function in SENTENCES:
        found = pattern.match(text)
        if found:
            made = function(context, **found.groupdict())
            kind, party, subject = made[:3]
            return kind, "" if party == "governance" else party, subject, dict(*made[3:])
    raise ValueError(f"not a sentence: {text}")
