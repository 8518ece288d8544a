"""Where every serial of one batch is."""

from model_base import joined

LIVE = ("active", "pending", "locked")
ISSUED_AND_HERE = ("active", "pending", "locked", "buffer")
GONE = ("retired", "exported", "converted")


class Serials:
    """One batch as runs (first, last, place); a place is (state, holder, reference)."""

    def __init__(self, quantity, buffer, developer):
        self.runs = []
        if quantity > buffer:
            self.runs.append((1, quantity - buffer, ("active", developer, "")))
        if buffer:
            self.runs.append((quantity - buffer + 1, quantity, ("buffer", "", "")))

    def held(self, place):
        return [(first, last) for first, last, here in self.runs if here == place]

    def in_state(self, state):
        return [(first, last) for first, last, here in self.runs if here[0] == state]

    def within(self, first, last):
        """The parts of runs that lie in the span."""
        return [
            (max(low, first), min(high, last), here)
            for low, high, here in self.runs
            if low <= last and first <= high
        ]

    def move(self, first, last, place):
        after = []
        for low, high, here in self.runs:
            if low < first:
                after.append((low, min(high, first - 1), here))
            if high > last:
                after.append((max(low, last + 1), high, here))
        after.append((first, last, place))
        self.runs = joined(after)
