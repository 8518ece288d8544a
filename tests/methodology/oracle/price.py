"""What a slice costs, counted before anything is evaluated: nodes times what they range over."""

from .evaluate import Env, Slice
from .expressions import Node
from .refusal import failed

DEFINITION_VALUES_MAX = 1_000_000
FUNCTION_STEPS = 32
ROWS_PER_STEP = 16


def size(at: Slice, axes: frozenset[str], env: Env) -> int:
    points = 1
    for axis in axes:
        points *= len(at.along(axis, env))
    return points


def weight(at: Slice, node: Node) -> int:
    if node.op in ("exp", "ln", "pow"):
        return FUNCTION_STEPS
    if node.op == "lookup":
        return 1 + len(at.tables[node.payload].rows) // ROWS_PER_STEP
    return 1


def total(at: Slice, node: Node, over: frozenset[str], env: Env) -> int:
    """The steps of a node, summed over all members of the axes."""
    points = size(at, over, env)
    if node.op == "group_by":
        return points + grouped(at, node, over, env)
    again = node.over if node.op != "fold_cumulative" else (node.payload,)
    times = size(at, over.intersection(again), env)
    inner = over.union(node.over)
    return points * weight(at, node) + times * sum(
        total(at, one, inner, env) for one in node.operands)


def grouped(at: Slice, node: Node, over: frozenset[str], env: Env) -> int:
    """The body over the records of each member; over all of them where `at` chooses the member."""
    parameter, fields = node.payload
    body = node.operands[0]
    keys = tuple(axis for axis in node.over if axis in over)
    if any(axis not in over and axis not in env for axis in node.over):
        return total(at, body, over, env)
    steps = 0
    for place in at.places(keys, env):
        member = tuple(at.members[axis][place[axis]] for axis in node.over)
        inside = {**place, "@" + parameter: at.group(parameter, fields, member)}
        steps += total(at, body, over - set(keys), inside)
    return steps


def of_slice(at: Slice, records: int) -> int:
    steps = records
    for definition in at.document.definitions.values():
        axes = definition.node.axes
        if size(at, axes, {}) > DEFINITION_VALUES_MAX:
            raise failed(definition.name + ": more values than a definition may have")
        steps += total(at, definition.node, axes, {})
    for check in at.document.checks.values():
        steps += total(at, check.node, frozenset(), {})
    return steps
