"""A program through the ledger and through the model, and whether they agree."""

import copy
import json
import pickle
import re

import properties
import worlds
from act_runner import RunnerStopped
from ledger_rows import Rows

# Beside the rows that an act changed, all rows are compared after every so many accepted acts.
ALL_ROWS_EVERY = 25


def verdict(answer):
    return "repeated" if answer.get("repeated") else answer["outcome"]


class Comparison:
    def __init__(self, runner):
        self.runner = runner
        self.worlds = {}  # name -> (story, rows)
        self.faults = {}  # name -> what is wrong with the world itself
        self.models = {}  # name -> the world's model, pickled: quicker than copying it

    # Where programs start: made once, and compared as it is made.
    def world(self, name):
        if name not in self.worlds:
            story = worlds.make(name)
            rows = Rows()
            if story.steps and self.runner is not None:
                answers = self.runner.mark(name, commands_of(story.steps))
                self.faults[name] = self._world_fault(story.steps, answers, rows)
            self.worlds[name] = (story, rows)
        return self.worlds[name]

    @staticmethod
    def _world_fault(steps, answers, rows):
        transcript = {"world": "empty", "first": Rows(), "steps": []}
        for step, after in zip(steps, answers):
            rows.take(after.pop("rows", []))
            transcript["steps"].append({**step, "after": after, "rows": rows.copy()})
        return judge(transcript, worlds.make("empty").model)

    def new_model(self, name, off=()):
        if name not in self.models:
            self.models[name] = pickle.dumps(self.world(name)[0].model)
        model = pickle.loads(self.models[name])
        model.off = set(off)
        return model

    def run(self, program):
        """The transcript: what the ledger answered to each act, and its rows after it."""
        _, rows = self.world(program["world"])
        commands = [reset(program["world"])] + commands_of(program["steps"])
        before, *answers = self.runner.ask_all(commands)
        transcript = {"world": program["world"], "first": rows, "steps": []}
        told = Rows()  # the first answer that tells rows tells all of them
        for step, after in zip(program["steps"], answers):
            if "rows" in after:
                told.take(after.pop("rows"))
                rows = told.copy()
            transcript["steps"].append({**step, "before": before, "after": after, "rows": rows})
            before = after
        return transcript

    def run_in_batches(self, program, transcript):
        """P10: the same acts, those of one second in one batch, come to the same."""
        commands = [command_of(batch) for batch in batches_of(program["steps"])]
        asked = [reset(program["world"])] + commands + [{"do": "rows"}]
        _, *results, rows = self.runner.ask_all(asked)
        given = [answer for result in results for answer in result["answers"]]
        for number, (together, step) in enumerate(zip(given, transcript["steps"])):
            alone = step["after"]["answers"][0]
            if verdict(together) != verdict(alone):
                return f"act {number}: {verdict(together)} in a batch, {verdict(alone)} alone"
        now = program["steps"][-1]["at"]
        alone = transcript["steps"][-1]["rows"]
        if Rows(rows).comparable(now) != alone.comparable(now):
            return "batches lead to another state"
        return None

    def fault_of(self, program):
        """What is wrong with this program's run, and its transcript where there is one."""
        try:
            self.world(program["world"])
            if self.faults.get(program["world"]):
                return f"world {program['world']}: {self.faults[program['world']]}", None
            transcript = self.run(program)
            model = self.new_model(program["world"])
            fault = judge(transcript, model)
            transcript["fired"] = model.fired
            transcript["felt"] = program.get("felt")
            fault = fault or properties.check(transcript)
            if "felt" not in program:  # the shortest ones are there for a rule of the model
                fault = fault or self.run_in_batches(program, transcript)
            return fault, transcript
        except RunnerStopped as stopped:
            return str(stopped), None

    def shrunk(self, program):
        """Leaves out acts, many at once and then one by one, while some fault remains."""
        steps = program["steps"]
        size = len(steps) // 2
        while size >= 1:
            at = 0
            while at < len(steps):
                shorter = left_out(steps, at, size)
                if shorter and self.fault_of({**program, "steps": shorter})[0]:
                    steps = shorter
                else:
                    at += size
            size //= 2
        return {**program, "steps": steps}


def left_out(steps, at, size):
    """Without these steps; the blobs that they brought stay."""
    rest = steps[:at] + steps[at + size :]
    blobs = {}
    for step in steps[at : at + size]:
        blobs.update(step["act"].get("blobs", {}))
    if blobs and at < len(rest):
        act = rest[at]["act"]
        rest[at] = {**rest[at], "act": {**act, "blobs": {**blobs, **act.get("blobs", {})}}}
    return rest


def reset(world):
    return {"do": "reset"} if world == "empty" else {"do": "reset", "to": world}


def batches_of(steps):
    """Those of one second together, but for a document that states where an act of the same batch
    has become an entry, or whose names are used before it is sent."""
    batches, labels = [], set()
    for step in steps:
        stated = re.findall(r'"\$index:([^"]+)"', json.dumps(step["act"]["subject"]))
        apart = "announce" in step or labels & set(stated)
        if not batches or batches[-1][0]["at"] != step["at"] or apart:
            batches.append([])
            labels = set()
        batches[-1].append(step)
        labels.add(step["act"]["label"])
        # With the last approval the proposed act has become an entry.
        labels.update(re.findall(r"^\$proposal:(.+)", step["act"]["subject"].get("proposal", "")))
    return batches


def command_of(batch):
    command = {"do": "submit", "at": batch[0]["at"], "acts": [step["act"] for step in batch]}
    if "announce" in batch[0]:
        command["announce"] = batch[0]["announce"]
    return command


def commands_of(steps):
    return [{**command_of([step]), "rows": True} for step in steps]


def judge(transcript, model):
    """The first disagreement of ledger and model; None where all is well."""
    accepted = 0
    for number, step in enumerate(transcript["steps"]):
        act, answer = step["act"], step["after"]["answers"][0]
        expected = model.judge(copy.deepcopy(act), step["at"])
        given = verdict(answer)
        where = f"act {number} ({act['label']}, {act['type']} by {act['party'] or act['key']}): "
        if given != expected:
            why = answer.get("pointer", ""), answer.get("detail", "")
            return where + f"the ledger says {given} {why}, the model {expected}"
        if answer.get("refusedRows", []) != model.refused_rows and given != "repeated":
            return where + f"rows refused {answer['refusedRows']}, the model {model.refused_rows}"
        accepted += given == "accepted"
        last = number == len(transcript["steps"]) - 1
        if last or (given == "accepted" and accepted % ALL_ROWS_EVERY == 0):
            broken = compare(step["rows"].comparable(step["at"]), model.rows())
        else:
            broken = compare_some(transcript, number, model) if given == "accepted" else None
        if broken:
            return where + broken
    return None


def compare_some(transcript, number, model):
    """The rows that the act changed."""
    step = transcript["steps"][number]
    before = transcript["steps"][number - 1] if number else None
    old = before["rows"] if before else transcript["first"]
    changed = Rows()
    for key, value in step["rows"].by_key.items():
        if old.by_key.get(key) is not value:
            changed.by_key[key] = value
    for kind, rows in changed.comparable(step["at"]).items():
        wanted = model.rows_of(kind) if rows else {}
        for name, row in rows.items():
            if wanted.get(name) != row:
                return told_difference(kind, name, row, wanted.get(name))
    return None


def compare(given, wanted):
    for kind, rows in wanted.items():
        for name in sorted(set(rows) | set(given.get(kind, {})), key=str):
            if rows.get(name) != given.get(kind, {}).get(name):
                return told_difference(kind, name, given.get(kind, {}).get(name), rows.get(name))
    return None


def told_difference(kind, name, given, wanted):
    if isinstance(given, dict) and isinstance(wanted, dict):
        members = [m for m in sorted(set(given) | set(wanted)) if given.get(m) != wanted.get(m)]
        given = {m: given.get(m) for m in members}
        wanted = {m: wanted.get(m) for m in members}
    return f"{kind} {name}: the ledger has {tell(given)}, the model {tell(wanted)}"


def tell(value):
    return json.dumps(value, default=str, ensure_ascii=False)
