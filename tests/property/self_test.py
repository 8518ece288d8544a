"""Shows that the property test can fail.

A model without one of its rules must disagree with what the ledger answered, and answers that were
tampered with must break a property.

Rules are found by their names in the model's own files, so none can be forgotten. For most of them
programs/felt-*.jsonl has a program that feels it (find_felt.py looks for such programs).
"""

import ast
import copy
import pathlib

import properties
from comparison import judge
from tamperings import TAMPERINGS

HERE = pathlib.Path(__file__).resolve().parent
TAMPERED_MOST = 4
# Rules whose absence no answer can show, each with its reason.
UNFELT = {
    "key-known": "the model itself cannot go on with a key that is not there",
    "project-known": "likewise of a project",
    "standard-known": "likewise of a methodology or table",
    "report-known": "likewise of a report",
    "statement-known": "likewise of a statement",
    "finding-known": "likewise of a finding",
    "obligation-known": "likewise of an obligation",
    "amendment-known": "likewise of an amendment",
    "grievance-known": "likewise of a grievance",
    "transfer-known": "likewise of a transfer",
    "lock-known": "likewise of a lock",
    "proposal-known": "likewise of a proposal",
    "import-known": "likewise of an import",
    "party-known": "likewise of a party",
    "taken-before-now": "the days of a report are over, so what was taken on them was taken before",
    "claims-of-a-digest": "takes more projects on one boundary than a program has acts",
    "claim-in-bounds": "the small methodology yields too little",
}


# Methods of the model that are told the name of a rule.
NAMED_BY = set(
    "_rule _holds _in_state _own_project _season _check_status _party_named _lock_in_force "
    "_not_by_account".split()
)


def rules():
    """Every name of a rule in the model: the first text that one of those methods is given."""
    found = set()
    for path in sorted(HERE.glob("*model*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in NAMED_BY:
                found.update(texts(node.args)[:1])
            if isinstance(node, ast.FunctionDef) and node.name in NAMED_BY:
                found.update(texts(node.args.defaults)[:1])
    return sorted(found)


def texts(nodes):
    found = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [text for text in found if text.islower()]


def run(comparison, transcripts):
    """(rules that nobody noticed, {tampering: (tried, caught)}) of these transcripts."""
    asked = [rule for rule in rules() if rule not in UNFELT]
    unnoticed = [rule for rule in asked if not noticed(comparison, transcripts, rule)]
    tampered = {}
    for tamper in TAMPERINGS:
        tampered[tamper.__name__] = tamper_all(transcripts, tamper)
    return unnoticed, tampered


def noticed(comparison, transcripts, rule):
    # First the program that was kept for this rule, then those in which it said something.
    for transcript in sorted(transcripts, key=lambda t: t["felt"] != rule):
        if rule in transcript["fired"] and disagrees(comparison, transcript, rule):
            return True
    return False


def disagrees(comparison, transcript, rule):
    try:
        return bool(judge(transcript, comparison.new_model(transcript["world"], {rule})))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return True  # what the rule keeps out, the model cannot even write down


def tamper_all(transcripts, tamper):
    """Each transcript that offers an occasion is tampered with once and checked, a few at most."""
    tried = caught = 0
    for transcript in transcripts:
        if tried == TAMPERED_MOST:
            break
        changed = tamper(copy.deepcopy(transcript))
        if changed is not None:
            tried += 1
            caught += bool(properties.check(changed))
    return tried, caught


def tell(results):
    """How many mutations nobody noticed, over the shares of all processes."""
    results = [result for result in results if result is not None]
    missed = set.intersection(*(set(unnoticed) for unnoticed, _ in results))
    for rule in sorted(missed):
        print(f"UNNOTICED: a model without the rule {rule} agrees with the ledger")
    failed = len(missed)
    for tamper in TAMPERINGS:
        counts = [tampered[tamper.__name__] for _, tampered in results]
        tried, caught = sum(c[0] for c in counts), sum(c[1] for c in counts)
        if tried == 0 or caught < tried:
            failed += 1
            print(f"UNNOTICED: {tamper.__name__}: caught {caught} of {tried}")
    mutations = len(set(rules()) - set(UNFELT)) + len(TAMPERINGS)
    print(f"{mutations - failed} of {mutations} mutations noticed")
    return failed
