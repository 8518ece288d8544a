"""The beginning of a ledger: Genesis, who stands behind it, and acts that come too early."""

import worlds


class Founding:
    def founding(self):
        choice = self.random.choice(("genesis", "genesis", "approve", "approve", "other"))
        if choice == "genesis":
            return [self._genesis()]
        if choice == "approve":
            return [self._founder()]
        act = self.act("RegisterParty", "", worlds.registration("early", ["buyer"]), "early")
        return [act]

    def _genesis(self):
        subject = worlds.genesis(self.random.choice((1, 2, 3, 3)), self.random.choice((0, 400)))
        subject["threshold"] = self.random.choice(("1", "2", "2", "3"))
        if self.chance(0.1):
            subject["threshold"] = "4"
        if self.chance(0.1):
            subject["governance"].append(dict(subject["governance"][0]))
        if self.chance(0.1):
            subject["governance"][2]["person"] = subject["governance"][1]["person"]
        key = self.random.choice(("gov1", "gov1", "gov1", "gov2", "stranger"))
        return self.act("Genesis", "", subject, key)

    def _founder(self):
        label = self.model.ledger["genesis"] if self.model.ledger else "NONE"
        key = self.random.choice(("gov1", "gov2", "gov2", "gov3", "stranger"))
        decision = "reject" if self.chance(0.1) else "approve"
        approval = self.approval(label, "", key, decision)
        if self.chance(0.1):
            approval["subject"]["digest"] = "$digest:another"
        if self.chance(0.1):
            approval["subject"]["proposal"] = "$proposal:another"
        return approval
