"""One scenario: its headers, its sentences, what was expected of each, and the run of it."""

import re

import claims
import sentences

HEADERS = ("Title", "Story", "Stopped by")
APPROVED = re.compile(r"accepted after approval by (?P<keys>.+)\Z")
REFUSED_LATER = re.compile(r"refused at the approval by (?P<key>\S+): (?P<outcome>\S+)\Z")


class ScenarioError(Exception):
    """The file cannot be read as a scenario."""


class Scenario:
    def __init__(self, text):
        self.headers, self.lines = {}, []
        self._read(text)
        missing = [name for name in HEADERS if name not in self.headers]
        if missing:
            raise ScenarioError(f"no {missing[0]}")
        if not any(line[1].startswith("->") for line in self.lines):
            raise ScenarioError("nothing is expected")

    def _read(self, text):
        header = None
        for number, line in enumerate(text.split("\n"), 1):
            named = re.match(r"(Title|Story|Stopped by|Stays provable|Starts from): +(.*)", line)
            if named:
                header = named[1]
                self.headers[header] = named[2].strip()
            elif header and line.startswith(" ") and not self.lines:
                self.headers[header] += " " + line.strip()
            elif line.strip() and not line.startswith("#"):
                self.lines.append((number, line.strip()))

    def run(self, trial):
        """Lines that did not come true."""
        trial.start(self.headers.get("Starts from", "cast"))
        faults, pending = [], None
        for number, line in self.lines:
            where = f"line {number}: "
            try:
                if line.startswith("->"):
                    if pending is None:
                        raise ScenarioError(where + "an answer to nothing")
                    fault = self._answered(trial, pending, line[2:].strip())
                    pending = None
                elif pending is not None:
                    raise ScenarioError(where + "the act before has no answer")
                elif line.startswith("so "):
                    true = claims.holds_now(trial.rows(), line[3:])
                    fault = None if true else f"it is not so that {line[3:]}"
                else:
                    pending = self._act(trial, line)
                    fault = None
            except ValueError as error:
                raise ScenarioError(where + str(error)) from None
            if fault:
                faults.append(where + fault)
        if pending is not None:
            raise ScenarioError("the last act has no answer")
        return faults

    # `NAME: sentence`, with who signs and for which ledger where that is not what it seems.
    def _act(self, trial, line):
        later = re.match(r"(?P<n>[\d,]+) seconds later\Z", line)
        if later:
            trial.now += int(sentences.number(later["n"]))
            return None
        again = re.match(r"(?P<name>\S+) is sent again(?P<other> with another text)?\Z", line)
        if again:
            return trial.again(again["name"], bool(again["other"]))
        form = (
            r"(?:(?P<name>[\w-]+): )?(?P<text>.+?)(?:, signed with the key (?P<key>\S+))?"
            r"(?:, written for the ledger (?P<ledger>\S+))?\Z"
        )
        found = re.match(form, line)
        approval = re.match(r"(?P<party>\S+) (?P<verb>approves|rejects) (?P<of>\S+)\Z", found["text"])
        if approval:
            key = found["key"] or default_approver(approval["party"])
            decision = {"approves": "approve", "rejects": "reject"}[approval["verb"]]
            return trial.decision(approval["of"], approval["party"], key, decision)
        made = sentences.act_of(trial, found["text"])
        return trial.act_of(made, found["name"], found["key"], found["ledger"])

    @staticmethod
    def _answered(trial, act, expected):
        approved = APPROVED.match(expected)
        later = REFUSED_LATER.match(expected)
        first = "waits" if approved or later else expected
        given = trial.answer(act)
        if given != first:
            return f"the answer is `{given}`, expected `{expected}`"
        keys = re.split(r", | and ", approved["keys"]) if approved else []
        if later:
            keys = [later["key"]]
        for key in keys:
            answer = trial.approve(act, key)
            wanted = "refused: " + later["outcome"] if later else "accepted"
            if answer != wanted:
                return f"the approval by {key} is answered `{answer}`"
        if approved and not trial.took_effect(act):
            return "it still waits for approval"
        return None


def default_approver(party):
    return "gov2" if party == "governance" else party + "-2"
