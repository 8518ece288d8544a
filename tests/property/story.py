"""Acts as programs hold them, made one after the other while a model runs along."""

import copy

from reference_model import ReferenceModel

LIFE = 600  # seconds from signature to validUntil


class Story:
    """A program in the making: steps {"at", "act"} and the model that has judged them."""

    def __init__(self, model=None, now=0, count=0):
        self.model = model or ReferenceModel()
        self.now = now
        self.count = count
        self.steps = []

    def act(self, kind, party, subject, key=None, label=None, **members):
        """An act of the party, signed by the key of its name unless another is given."""
        self.count += 1
        return {
            "label": label or f"a{self.count}",
            "uuid": self.count,
            "key": party if key is None else key,
            "party": party,
            "from": self.now,
            "until": self.now + LIFE,
            "type": kind,
            "subject": subject,
            **members,
        }

    def send(self, act):
        """The model's answer."""
        self.steps.append({"at": self.now, "act": act})
        return self.model.judge(copy.deepcopy(act), self.now)

    def does(self, kind, party, subject, key=None, label=None, **members):
        """Sends what must be accepted, with the approvals that it waits for; answers its label."""
        act = self.act(kind, party, subject, key, label, **members)
        self.expect(self.send(act), act)
        self.approve(act)
        return act["label"]

    def governs(self, kind, subject, label=None, **members):
        return self.does(kind, "", subject, "gov1", label, **members)

    def approve(self, act):
        proposal = self.model.proposals.get(act["label"])
        while proposal is not None and proposal["state"] == "open":
            party, key = next_approver(self.model, proposal)
            approval = self.approval(act["label"], party, key)
            self.expect(self.send(approval), approval)

    def approval(self, label, party, key, decision="approve"):
        subject = {
            "proposal": "$proposal:" + label,
            "digest": "$digest:" + label,
            "decision": decision,
            "reason": "agreed",
        }
        return self.act("Approve", party, subject, key)

    @staticmethod
    def expect(answer, act):
        if answer != "accepted":
            raise AssertionError(f"{act['type']} {act['label']}: {answer}")


def next_approver(model, proposal):
    """(party, key) of somebody whose approval is still missing and would count."""
    given = {one["key"] for one in proposal["approvals"]}
    persons = {one["person"] for one in proposal["approvals"]}
    act = proposal["act"]
    if proposal["by_governance"]:
        seats = model.ledger["seats"]
        free = [k for k in seats if k not in given and k != act["key"]]
        return ("", free[0]) if free else ("", act["key"])
    consented = {one["consent"] for one in proposal["approvals"]}
    own = sum(1 for one in proposal["approvals"] if one["consent"] is None)
    parties = [party for party in proposal["consents"] if party not in consented]
    if own < proposal["needed"]:
        parties.insert(0, act["party"])
    for party in parties:
        owner = model._owner(party)
        for name, key in model.keys.items():
            good = key["party"] == owner and "approve" in key["purposes"] and not key["revoked"]
            if good and name not in given and name != act["key"]:
                signer = model.keys[act["key"]]["person"]
                if key["person"] not in persons | {signer}:
                    return owner, name
    return act["party"], act["party"] + "-2"
