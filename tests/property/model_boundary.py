"""Project boundaries: which are valid, and whether the interiors of two meet.

Exact, by slabs: between two neighbouring abscissae at which anything happens (a corner, a crossing)
no edge begins, ends or crosses another, so one vertical line through the middle of the slab tells
everything about it. Slow and simple; the ledger's way is another one.
"""

import itertools
import json
from fractions import Fraction

from model_base import refuse_if

SCALE = 10**7


class Boundary:
    """Rings of integer positions, the outer one first; an odd number of rings is inside."""

    def __init__(self, rings):
        self.rings = rings
        self.edges = [edge for ring in rings for edge in zip(ring, ring[1:])]


def read(text, radius):
    """The boundary in a blob, or BOUNDARY_INVALID."""
    boundary = parsed(text, radius)
    refuse_if(boundary is None, "BOUNDARY_INVALID")
    return boundary


def parsed(text, radius):
    try:
        value = json.loads(text, parse_float=Fraction, parse_int=Fraction)
        geometry = geometry_of(value)
        kind, coordinates = geometry["type"], geometry["coordinates"]
        if kind in ("Point", "MultiPoint"):
            return points(coordinates if kind == "MultiPoint" else [coordinates], radius)
        polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}[kind]
        return area([[ring_of(ring) for ring in polygon] for polygon in polygons])
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def geometry_of(value):
    if value["type"] == "FeatureCollection":
        (value,) = value["features"]
    return value["geometry"] if value["type"] == "Feature" else value


def position(pair):
    x, y = (Fraction(number) * SCALE for number in pair[:2])
    if abs(x) > 180 * SCALE or abs(y) > 90 * SCALE:
        raise ValueError("outside the world")
    return round(x), round(y)


def ring_of(coordinates):
    return [position(pair) for pair in coordinates]


def points(coordinates, radius):
    if radius == 0 or not coordinates:
        raise ValueError("points have no area")
    squares = []
    for pair in coordinates:
        x, y = position(pair)
        west, east = max(x - radius, -180 * SCALE), min(x + radius, 180 * SCALE)
        south, north = max(y - radius, -90 * SCALE), min(y + radius, 90 * SCALE)
        squares.append(
            [(west, south), (east, south), (east, north), (west, north), (west, south)]
        )
    # Squares of one boundary may lie over each other: each is judged by itself.
    return [Boundary([square]) for square in squares]


def area(polygons):
    """Valid polygons, each a boundary of its own."""
    found = []
    for rings in polygons:
        for ring in rings:
            check_ring(ring)
        outer, *holes = rings
        for hole in holes:
            check_hole(outer, hole)
        for one, other in itertools.combinations(holes, 2):
            if meet(Boundary([one]), Boundary([other])):
                raise ValueError("holes overlap")
        found.append(Boundary(rings))
    for one, other in itertools.combinations(found, 2):
        if meet(one, other):
            raise ValueError("polygons overlap")
    return found


def check_ring(ring):
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise ValueError("not a closed ring")
    edges = list(zip(ring, ring[1:]))
    if any(a == b for a, b in edges):
        raise ValueError("a position twice in a row")
    if twice_the_area(ring) == 0:
        raise ValueError("no area")
    count = len(edges)
    for i, j in itertools.combinations(range(count), 2):
        shared = contact(edges[i], edges[j])
        neighbours = j == i + 1 or (i == 0 and j == count - 1)
        allowed = edges[i][1] if j == i + 1 else edges[i][0]
        if shared and not (neighbours and shared == {allowed}):
            raise ValueError("the ring meets itself")


def check_hole(outer, hole):
    boundary = Boundary([outer])
    for corner in hole[:-1]:
        if not (inside(boundary, corner) or on_edge(boundary, corner)):
            raise ValueError("a hole outside")
    for a, b in zip(hole, hole[1:]):
        middle = (Fraction(a[0] + b[0], 2), Fraction(a[1] + b[1], 2))
        crossings = any(crosses(a, b, c, d) for c, d in boundary.edges)
        if crossings or not (inside(boundary, middle) or on_edge(boundary, middle)):
            raise ValueError("a hole outside")


def turn(a, b, c):
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (cross > 0) - (cross < 0)


def crosses(a, b, c, d):
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def between(a, b, point):
    return (
        turn(a, b, point) == 0
        and min(a[0], b[0]) <= point[0] <= max(a[0], b[0])
        and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])
    )


def contact(one, other):
    """End points at which two edges touch; more than any where they cross or lie on each other."""
    if crosses(*one, *other):
        return {"crossing"}
    return {p for p in one if between(*other, p)} | {p for p in other if between(*one, p)}


def on_edge(boundary, point):
    return any(between(a, b, point) for a, b in boundary.edges)


def inside(boundary, point):
    """Strictly inside: an odd number of edges straight above."""
    if on_edge(boundary, point):
        return False
    above = 0
    for a, b in boundary.edges:
        if (a[0] > point[0]) != (b[0] > point[0]):
            above += height(a, b, point[0]) > point[1]
    return above % 2 == 1


def height(a, b, x):
    return a[1] + Fraction((b[1] - a[1]) * (x - a[0]), b[0] - a[0])


def meet(one, other):
    """Whether some point lies strictly inside both."""
    stops = sorted(set(abscissae(one, other)))
    for left, right in zip(stops, stops[1:]):
        middle = Fraction(left + right, 2)
        if spans_meet(spans(one, middle), spans(other, middle)):
            return True
    return False


def abscissae(one, other):
    for a, _ in one.edges + other.edges:
        yield a[0]
    for a, b in one.edges:
        for c, d in other.edges:
            if crosses(a, b, c, d):
                yield crossing_abscissa(a, b, c, d)


def crossing_abscissa(a, b, c, d):
    dx, dy = b[0] - a[0], b[1] - a[1]
    ex, ey = d[0] - c[0], d[1] - c[1]
    along = Fraction((c[0] - a[0]) * ey - (c[1] - a[1]) * ex, dx * ey - dy * ex)
    return a[0] + along * dx


def spans(boundary, x):
    """The parts of the vertical line through x that lie inside."""
    heights = sorted(
        height(a, b, x) for a, b in boundary.edges if (a[0] > x) != (b[0] > x)
    )
    return list(zip(heights[::2], heights[1::2]))


def spans_meet(one, other):
    return any(max(a, c) < min(b, d) for a, b in one for c, d in other)


def to_bytes(boundary):
    """How rows keep it: outer rings counter-clockwise, holes clockwise, in the order given."""
    told = number(len(boundary))
    for part in boundary:
        told += number(len(part.rings))
        for place, ring in enumerate(part.rings):
            corners = ring[:-1]
            wanted = 1 if place == 0 else -1
            if twice_the_area(ring) * wanted < 0:
                corners = corners[::-1]
            told += number(len(corners))
            for corner in corners:
                told += b"".join(value.to_bytes(4, "big", signed=True) for value in corner)
    return told


def number(count):
    return count.to_bytes(2, "big")


def twice_the_area(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))


def any_meet(one, other):
    """Of two boundaries as lists of parts."""
    return any(meet(a, b) for a in one for b in other)
