"""Random programs of acts, made to collide: the same serials, the same ids, the same keys, at the
seconds where a rule turns over.

A program is {"world", "steps": [{"at": second, "act": ACT}]} (ACT as act_runner_main.cpp reads it).
The generator runs a reference model along to know what is there, so that it can aim at it and just
beside it. The same seed gives the same program. What each family does is in files of its own
(random_*.py); here is what all of them share: who is chosen, what is spoilt, repeated, approved.
"""

import copy
import random
import re

from model_base import day_number, day_text
from random_founding import Founding
from random_integrity import IntegrityActs
from random_parties import PartyActs
from random_programmes import ProgrammeActs
from random_projects import ProjectActs
from random_records import RecordActs
from random_units import UnitActs
from random_verification import VerificationActs
from story import Story, next_approver

STEPS_OF_TIME = (0, 0, 0, 0, 0, 0, 1, 1, 7, 60, 60, 99, 100, 101, 299, 300, 301, 400, 600, 900)
FAMILIES = {
    "parties": PartyActs.KINDS,
    "governance": PartyActs.GOVERNANCE_KINDS,
    "programmes": ProgrammeActs.KINDS,
    "projects": ProjectActs.KINDS,
    "verification": VerificationActs.KINDS,
    "integrity": IntegrityActs.KINDS,
    "units": UnitActs.KINDS,
    "locks": UnitActs.LOCK_KINDS,
    "labels": UnitActs.LABEL_KINDS,
    "records": RecordActs.KINDS,
}
# What a ledger that has just been founded is used for.
NEW_LEDGER = {"newcomer": 5, "admission": 5, "seats": 2, "register_programme": 2, "founding": 1}
# How often each world is where a program starts.
WORLDS = {"cast": 73, "strict": 8, "third": 5, "second": 5, "first": 5, "empty": 4}


class Maker:
    """Programs by their seeds."""

    def __init__(self, comparison, families=()):
        self.comparison = comparison
        self.families = list(families) or list(FAMILIES)
        unknown = set(self.families) - set(FAMILIES)
        if unknown:
            raise SystemExit(f"no such family: {', '.join(sorted(unknown))}")

    def program(self, seed, length):
        chance = random.Random(seed)
        world = chance.choices(list(WORLDS), list(WORLDS.values()))[0]
        model = self.comparison.new_model(world)
        generator = Generator(chance, model, world, self._weights(chance))
        return {"world": world, "steps": generator.program(length), "kept": False}

    def _weights(self, chance):
        """Three families in the foreground, the others now and then."""
        front = chance.sample(self.families, min(3, len(self.families)))
        return {f: (10 if f in front else 1) for f in self.families}


def bytes_of(act):
    """What the document is made of: all but the name that the program gives it."""
    return {name: value for name, value in act.items() if name not in ("label", "blobs")}


class Generator(
    Founding,
    PartyActs,
    ProgrammeActs,
    ProjectActs,
    VerificationActs,
    IntegrityActs,
    UnitActs,
    RecordActs,
    Story,
):
    def __init__(self, chance, model, world, weights):
        count = 0 if world == "empty" else 1_000
        super().__init__(model, now=0, count=count)
        self.random = chance
        self.world = world
        self.weights = weights
        self.sent = []
        self.stocks = {}  # of each project with a series, by year
        self.announced = {}  # documents whose names were used before they are sent, by label

    def program(self, length):
        while len(self.steps) < length:
            self.now += self.random.choice(STEPS_OF_TIME)
            for act in self._next():
                self._submit(act)
        return self.steps[:length]

    def _next(self):
        if not self.model.founded:
            return self.founding()
        if self.chance(0.06) and self.sent:
            return [self._again()]
        kinds = NEW_LEDGER
        if self.world != "empty":
            family = self.random.choices(list(self.weights), list(self.weights.values()))[0]
            kinds = FAMILIES[family]
        name = self.random.choices(list(kinds), list(kinds.values()))[0]
        acts = getattr(self, name)()
        acts = [acts] if isinstance(acts, dict) else list(acts or [])
        if acts and self.chance(0.1):
            acts[0] = self._spoilt(acts[0])
        elif acts and self.chance(0.12):
            acts[0] = self._bent(acts[0])
        return acts

    # One name for the same bytes: what they create exists once.
    def _submit(self, act):
        for known in [*self.announced.values(), *self.sent]:
            if bytes_of(known) == bytes_of(act):
                act["label"] = known["label"]
        before = len(self.model.proposals)
        self.send(act)
        self.sent.append(act)
        # At once, so that a batch holds both.
        if self.chance(0.03):
            self.send(copy.deepcopy(act))
        if len(self.model.proposals) > before and self.chance(0.8):
            self._approve_all(act)

    def _approve_all(self, act):
        proposal = self.model.proposals[act["label"]]
        for _ in range(6):
            if proposal["state"] != "open" or self.chance(0.04):
                return
            party, key = next_approver(self.model, proposal)
            approval = self.approval(act["label"], party, key)
            if self.chance(0.04):
                approval = self._spoilt(approval)
            self.sent.append(approval)
            self.send(approval)

    # Choices.

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, things, otherwise=None):
        things = list(things)
        return self.random.choice(things) if things else otherwise

    def mostly(self, good, rest, probability=0.85):
        """One of the good ones mostly, else any."""
        good, rest = list(good), list(rest)
        if good and (not rest or self.chance(probability)):
            return self.random.choice(good)
        return self.random.choice(rest) if rest else "NONE"

    def lacks(self, things):
        """Nothing to aim at: mostly something else is done first."""
        return not things and self.chance(0.9)

    def around(self, limit):
        """An amount in reach of a limit, mostly inside it."""
        some = self.random.choice((1, 2, 10, 500, 5_000, max(1, limit // 2)))
        edges = (min(some, max(1, limit)), some, limit, limit + 1, limit - 1)
        return max(1, self.random.choices(edges, (8, 2, 3, 1.5, 1))[0])

    def party_with(self, role):
        return [n for n, p in self.model.parties.items() if role in p["roles"] and not p["owner"]]

    def anyone(self):
        return self.pick(self.model.parties, "nobody")

    # Mostly the party's first key; sometimes the one it added last, or any.
    def key_of(self, party):
        owner = self.model._owner(party)
        own = [name for name, key in self.model.keys.items() if key["party"] == owner]
        good = [
            name
            for name in own
            if "initiate" in self.model.keys[name]["purposes"]
            and not self.model.keys[name]["revoked"]
        ]
        if good and self.chance(0.92):
            return good[0] if self.chance(0.85) else good[-1]
        return self.random.choice(own) if own and self.chance(0.5) else owner

    def by(self, kind, party, subject, **members):
        return self.act(kind, party, subject, self.key_of(party), **members)

    def governed(self, kind, subject, **members):
        seats = list(self.model.ledger["seats"])
        seat = self.random.choice(seats) if seats and self.chance(0.95) else "gov1"
        return self.act(kind, "", subject, seat, **members)

    def later(self, *seconds):
        return f"$time:{self.now + self.random.choice(seconds)}"

    # The same act again; the same id with other bytes; what was refused, corrected.
    def _again(self):
        kept = list(self.model.accepted.values())[-12:]
        taken = [act for act in self.sent[-40:] if self.model._content(act) in kept]
        latest = taken if taken and self.chance(0.6) else self.sent[-12:]
        act = copy.deepcopy(self.random.choice(latest))
        if self.chance(0.55):
            return act
        act["label"] = self._new_label()
        act["from"] = self.now
        act["until"] = self.now + 600 + self.random.randint(1, 60)
        if self.chance(0.3):
            other = self.random.choice(self.sent)
            act["key"], act["party"] = other["key"], other["party"]
        return act

    def _new_label(self):
        self.count += 1
        return f"a{self.count}"

    def _spoilt(self, act):
        """Something wrong about who signs, and when."""
        act = copy.deepcopy(act)
        if act["label"] in self.announced or any(s["label"] == act["label"] for s in self.sent):
            act["label"] = self._new_label()
        spoils = "key key party party approver old late far origin damage".split()
        spoil = self.random.choice(spoils)
        if spoil == "key":
            act["key"] = self.random.choice(list(self.model.keys) + ["stranger", "gov1"])
        elif spoil == "party":
            act["party"] = self.anyone()
            act["key"] = self.key_of(act["party"]) if self.chance(0.8) else act["key"]
        elif spoil == "approver":
            act["key"] = act["party"] + "-2"
        elif spoil == "old":
            act["until"] = self.now - 1
        elif spoil == "late":
            act["until"] = self.now
        elif spoil == "far":
            act["until"] = self.now + 3_600 + self.random.choice((0, 1))
        elif spoil == "origin":
            act["registry"] = "ledger.example/other"
        else:
            act["damage"] = True
        return act

    # One value of the subject becomes its neighbour: another object, a unit, day or second more.
    def _bent(self, act):
        act = copy.deepcopy(act)
        if act["label"] in self.announced or any(s["label"] == act["label"] for s in self.sent):
            act["label"] = self._new_label()
        places = list(places_of(act["subject"]))
        self.random.shuffle(places)
        times = self.pick((1, 1, 1, 2, 3))
        for holder, name in places:
            bent = self._neighbour(holder[name])
            if bent is not None:
                holder[name] = bent
                times -= 1
            if times == 0:
                break
        return act

    def _neighbour(self, text):
        if re.match(r"\d{4}-\d\d-01\Z", text):
            number = day_number(text) + self.random.choice((-365, -1, 1, 365))
            return day_text(number)
        if re.match(r"[1-9]\d*\Z", text) and text not in ("1", "2"):
            return str(int(text) + self.random.choice((1, 1, -1 if int(text) > 1 else 1)))
        found = re.match(r"\$([a-z0-9]+):(.+)", text)
        if not found:
            return None
        kind, name = found.groups()
        if kind == "time":
            return f"$time:{int(name) + self.random.choice((-1, 1, -300, 300))}"
        others = self._others(kind)
        return f"${kind}:{self.random.choice(others)}" if others else None

    def _others(self, kind):
        model = self.model
        rows = {
            "party": model.parties,
            "programme": model.programmes,
            "project": model.projects,
            "report": model.reports,
            "statement": model.statements,
            "batch": model.batches,
            "transfer": model.transfers,
            "retirement": model.retirements,
            "import": model.imports,
            "amendment": model.amendments,
            "grievance": model.grievances,
            "finding": model.findings,
            "obligation": model.obligations,
            "lock": model.locks,
            "label": model.labels,
            "standard": model.standards,
            "proposal": model.proposals,
        }.get(kind)
        if rows is None:
            return list(model.blobs) if kind == "blob" else []
        return list(rows) + (["NONE.2023"] if kind == "batch" else ["NONE"])


def places_of(value):
    """(container, index) of every text inside."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in items:
        if isinstance(item, str) and name not in ("version", "rulesVersion"):
            yield value, name
        elif isinstance(item, (dict, list)) and name not in ("document", "policy", "name"):
            yield from places_of(item)
