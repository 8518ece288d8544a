"""A second implementation of "ground in common", by another way, from schemas/spec/boundary.md alone.

The plane is cut into upright strips at every corner and every crossing of edges, in exact fractions.
Within a strip edges do not meet, so each polygon is a row of intervals along the strip's middle line;
two polygons have ground in common where intervals of both have more than a point in common.

    overlap_oracle.py --runner PROGRAM --cases N [--seed S]

compares N random pairs with the program's answers and ends with 1 where they differ.
"""

import argparse
import json
import subprocess
import sys
from fractions import Fraction
from itertools import product


def edges_of(polygon):
    return [(tuple(a), tuple(b)) for ring in polygon for a, b in zip(ring, ring[1:]) if a != b]


def crossing_longitude(e, f):
    (ax, ay), (bx, by) = e
    (cx, cy), (dx, dy) = f
    cross = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if cross == 0:
        return None
    t = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), cross)
    u = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), cross)
    return ax + t * (bx - ax) if 0 <= t <= 1 and 0 <= u <= 1 else None


def intervals_at(edges, longitude):
    """Where the line at this longitude, which meets no corner, is inside the polygon."""
    heights = sorted(
        ay + Fraction(by - ay, bx - ax) * (longitude - ax)
        for (ax, ay), (bx, by) in edges
        if min(ax, bx) < longitude < max(ax, bx)
    )
    assert len(heights) % 2 == 0
    return list(zip(heights[::2], heights[1::2]))


def polygons_overlap(a, b):
    a_edges, b_edges = edges_of(a), edges_of(b)
    borders = {Fraction(x) for edge in a_edges + b_edges for x, _ in edge}
    for e, f in product(a_edges, b_edges):
        longitude = crossing_longitude(e, f)
        if longitude is not None:
            borders.add(longitude)
    borders = sorted(borders)
    for west, east in zip(borders, borders[1:]):
        middle = (west + east) / 2
        pairs = product(intervals_at(a_edges, middle), intervals_at(b_edges, middle))
        if any(max(s[0], t[0]) < min(s[1], t[1]) for s, t in pairs):
            return True
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runner", required=True)
    parser.add_argument("--cases", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    command = [given.runner, "--print", str(given.cases), "--seed", str(given.seed)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    overlapping = differing = 0
    for line in lines:
        case = json.loads(line)
        answer = any(polygons_overlap(a, b) for a, b in product(case["a"], case["b"]))
        overlapping += answer
        if answer != case["overlap"]:
            differing += 1
            print("DISAGREEMENT", line)
    print(f"{len(lines)} pairs, {overlapping} overlap, {differing} disagreements")
    lopsided = not len(lines) / 5 < overlapping < len(lines) * 4 / 5
    return 1 if differing or lopsided or len(lines) != given.cases else 0


if __name__ == "__main__":
    sys.exit(main())
