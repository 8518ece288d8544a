"""Single faults in the oracle itself, each of which the differential run must notice.

    python3 -B -m oracle.mutations NAME       a runner with that fault
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from . import calculate, data, datasets, days, evaluate, exact, expressions, tables, units
from .__main__ import run

Mutation = Callable[[], None]


def replacing(module: Any, name: str, make: Callable[[Any], Any]) -> Mutation:
    """`make` gets what stood there and answers what stands there instead."""
    def mutate() -> None:
        setattr(module, name, make(getattr(module, name)))
    return mutate


def operator(name: str, make: Callable[[Any], Any]) -> Mutation:
    def mutate() -> None:
        evaluate.OPERATORS[name] = make(evaluate.OPERATORS[name])
    return mutate


def both(*mutations: Mutation) -> Mutation:
    def mutate() -> None:
        for one in mutations:
            one()
    return mutate


def prev_wraps(_: Any) -> Any:
    def prev(at: evaluate.Slice, node: expressions.Node, env: evaluate.Env) -> Fraction:
        member = max(env[node.payload] - 1, 0)
        return at.number(node.operands[0], {**env, node.payload: member})
    return prev


def fold_stops_before(_: Any) -> Any:
    def fold(at: evaluate.Slice, node: expressions.Node, env: evaluate.Env) -> Fraction:
        return sum((at.number(node.operands[0], {**env, node.payload: member})
                    for member in range(env[node.payload])), Fraction(0))
    return fold


def if_takes_both(original: Any) -> Any:
    def choice(at: evaluate.Slice, node: expressions.Node, env: evaluate.Env) -> Any:
        for one in node.operands:
            at.value(one, env)
        return original(at, node, env)
    return choice


def and_stops(_: Any) -> Any:
    return lambda at, node, env: at.value(node.operands[0], env)


def clamp_below(_: Any) -> Any:
    return lambda at, node, env: min(at.number(node.operands[0], env),
                                     at.number(node.operands[2], env))


def empty_is_zero(original: Any) -> Any:
    def extreme(at: evaluate.Slice, node: expressions.Node, env: evaluate.Env) -> Fraction:
        if node.over and not list(evaluate.reduced(at, node, env)):
            return Fraction(0)
        return original(at, node, env)
    return extreme


def count_of_distinct(_: Any) -> Any:
    return lambda at, node, env: Fraction(len(set(evaluate.reduced(at, node, env))))


def count_looks(original: Any) -> Any:
    """`count` evaluates what it counts."""
    def counted(at: evaluate.Slice, node: expressions.Node, env: evaluate.Env) -> Fraction:
        list(evaluate.reduced(at, node, env))
        return original(at, node, env)
    return counted


def next_member(original: Any) -> Any:
    """`at` looks one member too far."""
    def at_member(at: evaluate.Slice, node: expressions.Node, env: evaluate.Env) -> Any:
        key, value = node.operands
        members = at.members[node.payload]
        member = at.value(key, env)
        if member not in members:
            return original(at, node, env)
        place = (members.index(member) + 1) % len(members)
        return at.value(value, {**env, node.payload: place})
    return at_member


def previous_in_any_text(original: Any) -> Any:
    def previous(parameter: Any, given: Any, of: Any, at: int) -> Fraction:
        texts = [i for i, one in enumerate(parameter.fields) if one.type == "text"]
        alike = [data.Record([of.values[i] if i in texts else value
                              for i, value in enumerate(record.values)]) for record in given]
        return original(parameter, alike, of, at)
    return previous


def earliest(original: Any) -> Any:
    """Substitutes the first earlier record instead of the latest."""
    def previous(parameter: Any, given: Any, of: Any, at: int) -> Fraction:
        date = parameter.index(parameter.dated().name)
        fitting = [r for r in given if r.values[at] is not None]
        first = min((str(r.values[date]) for r in fitting), default="")
        return original(parameter, [r for r in given if r.values[date] == first], of, at)
    return previous


def zero_stands_in(_: Any) -> Any:
    return lambda parameter, given, of, at: Fraction(0)


def below_for_up(original: Any) -> Any:
    return lambda how, below, above, key: (
        below[1] if how == "up" else original(how, below, above, key))


def nearest_row(original: Any) -> Any:
    return lambda how, below, above, key: (
        below[1] if how == "linear" else original(how, below, above, key))


def extrapolates(original: Any) -> Any:
    def look_up(table: tables.Table, how: str, keys: tuple[str, ...], key: Fraction) -> Fraction:
        listed = [exact.parse(row[-1]) or Fraction(0) for row, _ in table.rows if row[:-1] == keys]
        return original(table, how, keys, min(max(key, listed[0]), listed[-1]))
    return look_up


def fewer_digits(_: Any) -> Any:
    """Every digit after the 30th is gone."""
    def sqrt(x: Fraction) -> Fraction:
        digits, exponent = exact.transcendental.square_root(x) if x else (0, 0)
        return digits // 10 ** 4 * Fraction(10) ** (exponent + 4)
    return sqrt


def half_open(original: Any) -> Any:
    """The day of the end counts as the period's."""
    return lambda dates, covered, kind, before: (original(dates, covered, kind, before)
                                                 or dates.start == covered.end)


def share_by_years(_: Any) -> Any:
    return lambda value, period, year: value / len(period.years())


def every_year(_: Any) -> Any:
    return lambda parameter, record, year: True


def each_basis(_: Any) -> Any:
    return lambda output, years: [exact.round_to(value, output.step, output.round)
                                  for _, value in years]


def any_key_order(_: Any) -> Any:
    return lambda document, parameter: [parameter.field(key) for key in parameter.keys]


def first_kind(_: Any) -> Any:
    return lambda a, b: a or b


def first_unit(_: Any) -> Any:
    return lambda compiler, nodes: next((n.unit for n in nodes if not n.zero), units.ONE)


MUTATIONS: dict[str, Mutation] = {
    "rounds-down-always": replacing(exact, "round_to", lambda f: lambda n, s, _: f(n, s, "floor")),
    "rounds-to-whole": replacing(exact, "round_to", lambda f: lambda n, _, d: f(n, Fraction(1), d)),
    "cumulative-as-each": replacing(calculate, "rounded_years", each_basis),
    "prev-at-the-first-member": operator("prev", prev_wraps),
    "fold-without-the-member": operator("fold_cumulative", fold_stops_before),
    "if-evaluates-both": operator("if", if_takes_both),
    "and-takes-the-first": operator("and", and_stops),
    "clamp-from-above-only": operator("clamp", clamp_below),
    "min-and-max-of-nothing": both(operator("max", empty_is_zero), operator("min", empty_is_zero)),
    "count-of-distinct-values": operator("count", count_of_distinct),
    "count-evaluates": operator("count", count_looks),
    "at-the-next-member": operator("at", next_member),
    "any-is-all": operator("any", lambda _: evaluate.all_of),
    "above-includes-equal": operator(">", lambda _: evaluate.OPERATORS[">="]),
    "members-descending": replacing(data, "axis_order", lambda f: lambda m: f(m)[::-1]),
    "records-as-reported": replacing(data, "in_order", lambda _: lambda p, r: r),
    "keys-in-their-own-order": replacing(data, "key_fields", any_key_order),
    "end-day-counts": replacing(days, "in_period", half_open),
    "records-in-every-year": replacing(calculate, "counts_in", every_year),
    "years-share-equally": replacing(calculate, "by_days", share_by_years),
    "previous-of-another-text": replacing(data, "previous", previous_in_any_text),
    "previous-is-the-first": replacing(data, "previous", earliest),
    "missing-is-zero": replacing(data, "previous", zero_stands_in),
    "substitutions-untraced": replacing(calculate, "substitution_lines", lambda _: lambda d, s: []),
    "up-is-down": replacing(tables, "interpolate", below_for_up),
    "linear-is-down": replacing(tables, "interpolate", nearest_row),
    "long-results-unpaid": replacing(exact.Meter, "result",
                                     lambda _: lambda meter, number: exact.capped(number)),
    "absent-before-numbers": replacing(data, "order_key", lambda f: lambda r: [
        (value is not None, key) for value, key in zip(r.values, f(r))]),
    "extrapolates": replacing(tables, "look_up_number", extrapolates),
    "sqrt-of-thirty-digits": replacing(exact, "sqrt", fewer_digits),
    "units-in-data-ignored": replacing(datasets, "check_unit", lambda _: lambda f, s, w: None),
    "unique-ignored": replacing(data, "check_unique", lambda _: lambda p, r: None),
    "units-ignored": replacing(expressions.Compiler, "one_unit", first_unit),
    "kinds-ignored": replacing(units, "same", first_kind),
    "extensive-products": replacing(units, "product", lambda _: lambda a, b: a or b),
    "records-beside-axes": replacing(expressions.Compiler, "join",
                                     lambda _: lambda c, parts: frozenset().union(*parts)),
}


def main() -> int:
    MUTATIONS[sys.argv[1]]()
    return run()


if __name__ == "__main__":
    sys.exit(main())
