"""What the differential run rests on: the documents cover the language, the limits have two sides.

    python3 -B -m oracle.oracle_test
"""

import json
import os
import tempfile
import unittest
from fractions import Fraction
from typing import Any

from . import (days, differential, edited, evaluate, exact, random_cases, random_documents, refusal,
               vectors)
from .calculate import calculate
from .document import DATED_TYPES, SHAPES, VINTAGES
from .engine import Runner, compile_json, load
from .expressions import Node
from .refusal import CALCULATION_FAILED, PARAMETER_INVALID, Refusal

VECTORS = os.path.join(differential.PACKAGES, "transcendental_vectors.txt")


def operators_of(node: Node) -> set[str]:
    return {node.op}.union(*(operators_of(one) for one in node.operands))


class Documents(unittest.TestCase):
    def setUp(self) -> None:
        self.documents = [load(path) for path in differential.own_documents()]

    def test_vectors_come_out_and_every_check_is_seen_failing(self) -> None:
        for document in self.documents:
            vectors.check(document)

    def test_every_operator_is_used(self) -> None:
        nodes = [named.node for document in self.documents
                 for named in (*document.definitions.values(), *document.checks.values())]
        self.assertEqual(set(evaluate.OPERATORS), set().union(*map(operators_of, nodes)))

    def test_every_shape_type_rule_interpolation_and_kind_of_slice_is_used(self) -> None:
        parameters = [p for document in self.documents for p in document.parameters.values()]
        fields = [field for parameter in parameters for field in parameter.fields]
        tables = [table for document in self.documents for table in document.tables.values()]
        self.assertEqual(set(SHAPES), {parameter.shape for parameter in parameters})
        self.assertEqual({"number", "text", *DATED_TYPES}, {field.type for field in fields})
        self.assertEqual({"value", "previous"}, {f.missing.rule for f in fields if f.missing})
        self.assertEqual({None, "linear", "up", "down"}, {table.interpolation for table in tables})
        self.assertEqual(set(VINTAGES), {document.vintages for document in self.documents})

    def test_edits_say_each_why_once(self) -> None:
        reasons = [edit["why"] for edit in edited.read()]
        self.assertEqual(len(reasons), len(set(reasons)))


class RandomCases(unittest.TestCase):
    def test_one_seed_makes_the_same_cases_and_they_end_in_every_way(self) -> None:
        ends = set()
        for path in differential.own_documents():
            first, again = (list(random_cases.cases(path, "test", 300, Runner().answer))
                            for _ in range(2))
            self.assertEqual(first, again)
            ends.update(answer.get("error", "comes out") for _, answer in first)
        self.assertEqual({"comes out", refusal.TABLE_NOT_ALLOWED, refusal.PARAMETER_MISSING,
                          PARAMETER_INVALID, refusal.CHECK_FAILED, CALCULATION_FAILED}, ends)

    def test_random_documents_are_accepted_and_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for path in differential.own_documents():
                ends = [Runner().answer(case).get("error") == refusal.METHODOLOGY_INVALID
                        for _, case in random_documents.cases(path, "test", 60, folder)]
                self.assertGreater(sum(ends), 6)
                self.assertLess(sum(ends), 54)


class Limits(unittest.TestCase):
    def refused(self, error: str, action: Any) -> None:
        with self.assertRaises(Refusal) as caught:
            action()
        self.assertEqual(error, caught.exception.error)

    def test_a_number_has_at_most_65536_bits_a_side(self) -> None:
        largest = Fraction(2 ** exact.NUMBER_BITS_MAX - 1)
        self.assertEqual(largest, exact.Meter().result(largest))
        self.assertEqual(1 / largest, exact.Meter().result(1 / largest))
        self.refused(CALCULATION_FAILED, lambda: exact.Meter().result(largest + 1))
        self.refused(CALCULATION_FAILED, lambda: exact.Meter().result(1 / (largest + 1)))

    def test_steps_and_long_numbers_have_a_budget(self) -> None:
        meter = exact.Meter()
        meter.pay_steps(exact.STEPS_MAX)
        meter.pay_long(exact.LONG_NUMBERS_MAX)
        self.refused(CALCULATION_FAILED, lambda: meter.pay_steps(1))
        self.refused(CALCULATION_FAILED, lambda: meter.pay_long(1))

    def test_a_number_costs_from_64_bits(self) -> None:
        meter = exact.Meter()
        meter.operand(Fraction(2 ** 63 - 1))
        self.assertEqual(0, meter.long_numbers)
        meter.operand(Fraction(1, 2 ** 63))
        self.assertEqual(9, meter.long_numbers)

    def test_a_period_touches_20_years_from_1990_to_2200(self) -> None:
        for start, end in (("1990-01-01", "2010-01-01"), ("2181-01-01", "2201-01-01")):
            self.assertEqual(20, len(days.period({"from": start, "to": end}).years()))
        for start, end in (("1990-01-01", "2010-01-02"), ("2199-01-01", "2201-01-02"),
                           ("1989-12-31", "1991-01-01")):
            self.refused(PARAMETER_INVALID, lambda: days.period({"from": start, "to": end}))

    def test_rounded_results_have_the_range_of_decimal128(self) -> None:
        ten = Fraction(10)
        meter = exact.Meter()
        self.assertEqual(ten ** 6144, exact.power(ten, Fraction(6144), meter))
        self.assertEqual(ten ** -6143, exact.power(ten, Fraction(-6143), meter))
        self.refused(CALCULATION_FAILED, lambda: exact.power(ten, Fraction(6145), meter))
        self.refused(CALCULATION_FAILED, lambda: exact.power(ten, Fraction(-6144), meter))
        self.refused(CALCULATION_FAILED, lambda: exact.exp(Fraction(15_000), meter))
        self.refused(CALCULATION_FAILED, lambda: exact.exp(Fraction(10 ** 40), meter))


class Rounding(unittest.TestCase):
    def test_the_vectors_of_rounded_functions_come_out_here_too(self) -> None:
        functions = {"exp": exact.exp, "ln": exact.ln, "pow": exact.power}
        with open(VECTORS, encoding="ascii") as file:
            lines = [line.split() for line in file if not line.startswith("#")]
        for name, *numbers in lines:
            *arguments, digits, exponent = map(Fraction, numbers)
            expected = digits * Fraction(10) ** int(exponent)
            if name == "sqrt":
                self.assertEqual(expected, exact.sqrt(*arguments))
            else:
                self.assertEqual(expected, functions[name](*arguments, exact.Meter()), numbers[:2])

    def test_roots_of_very_small_and_large_numbers_keep_34_digits(self) -> None:
        for power in (-6000, -801, 801, 6000):
            root = exact.sqrt(2 * Fraction(10) ** (2 * (power // 2)))
            self.assertEqual(Fraction("1.414213562373095048801688724209698"),
                             root / Fraction(10) ** (power // 2))

    def test_floor_and_ceil_go_down_and_up_on_both_sides_of_zero(self) -> None:
        step = Fraction(1, 2)
        for value, down, up in ((Fraction(3, 5), step, 1), (-Fraction(3, 5), -1, -step), (2, 2, 2)):
            self.assertEqual(down, exact.round_to(Fraction(value), step, "floor"))
            self.assertEqual(up, exact.round_to(Fraction(value), step, "ceil"))


class Price(unittest.TestCase):
    def test_steps_are_counted_as_the_page_says(self) -> None:
        path = os.path.join(differential.FOLDER, "every_operator_by_days.json")
        with open(path, encoding="utf-8") as file:
            source = json.load(file)
        vector = source["vectors"][0]
        plain = calculate(compile_json(source), vector).steps
        # Of a sum: the node itself, then the operand at 3 sites, or at 4 days times 4 days.
        for expression, unit, kind, steps in (
                ("base", "1", "intensity", 1),
                (["+", "base", "1"], "1", "intensity", 3),
                (["exp", "base"], "1", "intensity", 32 + 1),
                (["lookup", "classes", ["text", "x"]], "tCO2e/t", "intensity", 1 + 1),
                (["sum", ["*", "bySite", "2"]], "t", "flow", 1 + 3 * 3),
                (["sum", ["fold_cumulative", "day", "daily"]], "kWh", "flow", 1 + 4 + 4 * 4),
                (["sum", ["group_by", "deliveries.site", ["sum", "deliveries.size"]]], "t", "flow",
                 1 + 3 * 2 + 3)):
            added = {"name": "added", "unit": unit, "kind": kind, "expression": expression,
                     "source": "constructed"}
            changed = {**source, "definitions": source["definitions"] + [added]}
            self.assertEqual(plain + steps, calculate(compile_json(changed), vector).steps)


if __name__ == "__main__":
    unittest.main()
