"""Talks with act-runner (act_runner_main.cpp): commands go in, answers come back, in order."""

import json
import os
import subprocess

# A few commands go ahead of their answers: fewer than fill a pipe.
AHEAD = 8


class RunnerStopped(Exception):
    """act-runner ended: a failed assertion, a sanitizer's finding, a broken commit sequence."""


class Runner:
    def __init__(self, program):
        self.program = program
        self.process = None
        self.marks = {}  # name -> the commands that lead there, given again after a restart

    def ask(self, command):
        return self.ask_all([command])[0]

    def ask_all(self, commands):
        if self.process is None:
            self._start()
        return self._ask(commands)

    def _start(self):
        environment = dict(os.environ)
        if os.path.isdir("/dev/shm"):
            # The signer's memory is synced at every commit.
            environment.setdefault("TMPDIR", "/dev/shm")
        self.process = subprocess.Popen(
            [self.program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for name, commands in self.marks.items():
            self._ask([{"do": "reset"}] + commands + [{"do": "mark", "as": name}])

    def mark(self, name, commands):
        """Runs the commands on an empty ledger and remembers where it stands."""
        answers = self.ask_all([{"do": "reset"}] + commands + [{"do": "mark", "as": name}])
        self.marks[name] = commands
        return answers[1:-1]

    def _ask(self, commands):
        answers, sent = [], 0
        while len(answers) < len(commands):
            try:
                while sent < min(len(commands), len(answers) + AHEAD):
                    self.process.stdin.write(json.dumps(commands[sent]) + "\n")
                    sent += 1
                self.process.stdin.flush()
                line = self.process.stdout.readline()
            except BrokenPipeError:
                line = ""
            if not line:
                code = self.process.wait()
                self.process = None
                raise RunnerStopped(f"act-runner ended with {code}")
            answers.append(json.loads(line))
        return answers

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process.stdout.close()
            self.process = None
