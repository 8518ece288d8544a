"""How often each act was accepted and each outcome answered."""

import collections

from reference_model import ReferenceModel


def verdict(answer):
    return "repeated" if answer.get("repeated") else answer["outcome"]


def count(transcript):
    counts = collections.Counter(programs=1, acts=len(transcript["steps"]))
    for step in transcript["steps"]:
        name = verdict(step["after"]["answers"][0])
        counts["outcome " + name] += 1
        if name == "accepted":
            counts["act " + step["act"]["type"]] += 1
        for _, outcome in step["after"]["answers"][0].get("refusedRows", []):
            counts["outcome " + outcome] += 1
    return counts


def tell(counts):
    for part in ("act ", "outcome "):
        print(part.strip() + "s:")
        found = {n[len(part) :]: c for n, c in counts.items() if n.startswith(part)}
        for name in sorted(found, key=lambda name: -found[name]):
            print(f"{found[name]:8} {name}")
    print(f"{counts['acts']} acts")


def all_acts():
    return sorted(
        name[1:]
        for name in dir(ReferenceModel)
        if name[:1] == "_" and name[1:2].isupper()
    )


def missing(counts):
    return 0
