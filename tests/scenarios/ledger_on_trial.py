"""What a scenario is played on: the ledger, with the reference model beside it, or the model alone."""

import copy

from comparison import Comparison, compare, reset, verdict
from ledger_rows import Rows
from story import Story


class Disagreement(Exception):
    """Ledger and model answer differently, or keep different rows."""


class ModelOnTrial(Story):
    def __init__(self, runner=None):
        super().__init__()
        self.comparison = Comparison(runner)
        self.acts = {}  # name -> act

    def start(self, world):
        self.model = self.comparison.new_model(world)
        self.now, self.count, self.steps, self.acts = 0, 1_000, [], {}

    def act_of(self, made, name=None, key=None, ledger=None):
        kind, party, subject, members = made
        act = self.act(kind, party, subject, key or party or "gov1", name, **members)
        if ledger:
            act["registry"] = ledger
        self.acts[act["label"]] = act
        return act

    def again(self, name, other):
        """The same bytes, or the same id with other bytes."""
        act = copy.deepcopy(self.acts[name])
        if other:
            self.count += 1
            act["label"] = f"a{self.count}"
            act["from"], act["until"] = self.now, self.now + 599
        return act

    def decision(self, of, party, key, decision):
        party = "" if party == "governance" else party
        return self.approval(of, party, key, decision)

    def approve(self, act, key):
        """The answer to an approval by the key, for whomever it is bound to."""
        party = "" if key in self.model.ledger["seats"] else self.model.keys[key]["party"]
        return self.answer(self.approval(act["label"], party, key))

    def took_effect(self, act):
        return self.model.proposals[act["label"]]["state"] == "approved"

    def answer(self, act):
        """In a scenario's words."""
        given = self.send(act)
        if given == "repeated":
            return "already recorded"
        if given != "accepted":
            return "refused: " + given
        proposal = self.model.proposals.get(act["label"])
        return "waits" if proposal and proposal["state"] == "open" else "accepted"

    def rows(self):
        return self.model.rows()

    def close(self):
        pass


class LedgerOnTrial(ModelOnTrial):
    def __init__(self, runner):
        super().__init__(runner)
        self.told = Rows()

    def start(self, world):
        _, rows = self.comparison.world(world)
        if self.comparison.faults.get(world):
            raise Disagreement(self.comparison.faults[world])
        super().start(world)
        self.comparison.runner.ask(reset(world))
        self.told = rows.copy()

    def send(self, act):
        expected = super().send(act)
        command = {"do": "submit", "at": self.now, "acts": [act], "rows": True}
        after = self.comparison.runner.ask(command)
        self.told.take(after.get("rows", []))
        given = verdict(after["answers"][0])
        fault = compare(self.rows(), self.model.rows())
        if given != expected:
            fault = f"the ledger says {given}, the model {expected}"
        if fault:
            raise Disagreement(f"{act['type']} {act['label']}: {fault}")
        return given

    def rows(self):
        return self.told.comparable(self.now)

    def close(self):
        self.comparison.runner.close()
