"""The smallest methodologies and tables that the rules can be tried with, and what they yield.

A year's exact figure is `amount / share`, times the table's factor where there is one; the base of
the buffer is `base / share`. A share of 3 gives thirds, so nothing comes out even by accident. Of a series
the figure of a year is what its stock added to that of the year before.
"""

import re
from fractions import Fraction

from model_base import Refused, day_number, days_by_year, refuse_if

AMOUNT_MAX = 10**9
SERIES = "test-factor"


def annual(name):
    return {
        "name": name,
        "title": {"en": name, "zh": name},
        "shape": "annual",
        "source": "-",
        "conservative": "high",
        "fields": [
            {"name": "year", "type": "year"},
            {"name": "value", "type": "number", "unit": "tCO2e", "kind": "flow"},
        ],
    }


def share():
    return {
        "name": "share",
        "title": {"en": "share", "zh": "share"},
        "shape": "constant",
        "source": "-",
        "conservative": "low",
        "fields": [
            {"name": "value", "type": "number", "unit": "1", "kind": "intensity", "min": "0"}
        ],
    }


def definition(name, expression):
    return {
        "name": name,
        "unit": "tCO2e",
        "kind": "flow",
        "expression": expression,
        "source": "-",
    }


def methodology(name, base=False, factor=False, inventory=False, wrong=False):
    credited = ["/", "amount.value", "share"]
    if factor:
        credited = ["*", credited, ["lookup", "factor", ["text", "all"]]]
    document = {
        "format": "mrv-methodology/1",
        "id": name,
        "version": "1",
        "title": {"en": name, "zh": name},
        "licence": "CC0-1.0",
        "gwpSet": "none",
        "engine": "1",
        "vintages": "dated",
        "parameters": [annual("amount"), share()] + ([annual("base")] if base else []),
        "tables": [],
        "definitions": [definition("net", credited)],
        "checks": [
            {
                "name": "plausible",
                "that": ["<=", "amount.value", ["quantity", str(AMOUNT_MAX), "tCO2e", "flow"]],
                "message": {"en": "too much", "zh": "too much"},
            }
        ],
        "outputs": [{"name": "credited", "definition": "net", "round": "floor", "step": "1"}],
        "vectors": vectors(base, factor, wrong),
    }
    if factor:
        document["tables"].append(
            {"name": "factor", "series": SERIES, "unit": "1", "kind": "intensity", "keys": "1"}
        )
    if base:
        document["definitions"].append(definition("stock", ["/", "base.value", "share"]))
        document["outputs"].append(
            {"name": "bufferBase", "definition": "stock", "round": "floor", "step": "1"}
        )
    if inventory:
        document["purpose"] = "inventory"
        document["outputs"][0]["name"] = "emitted"
    return document


def stock(name):
    """A series: every report tells the stock of every year since crediting began."""
    document = methodology(name)
    year = {"name": "year", "type": "year", "axis": "year"}
    carbon = {"name": "c", "type": "number", "unit": "tCO2e", "kind": "stock"}
    parameter = {"name": "stock", "title": {"en": "stock", "zh": "stock"}, "shape": "rows"}
    parameter.update({"keys": ["year"], "source": "-", "conservative": "high"})
    document["vintages"] = "series"
    document["axes"] = [{"name": "year", "of": "stock.year"}]
    document["parameters"] = [{**parameter, "fields": [year, carbon]}]
    added = definition("net", ["-", "stock.c", ["prev", "year", "stock.c", "0"]])
    document["definitions"] = [{**added, "kind": "change"}]
    document["checks"] = []
    vector = {
        "name": "one",
        "period": {"from": "2023-01-01", "to": "2024-01-01"},
        "inputs": {"stock": [{"year": "2023", "c": "3"}]},
        "tables": [],
        "expect": [{"definition": "net", "at": ["2023"], "value": "3"}],
    }
    return {**document, "vectors": [vector]}


def is_series(document):
    return document["vintages"] == "series"


def vectors(base, factor, wrong):
    tables = [table("vector", "2")] if factor else []
    good = {"amount": [{"year": "2023", "value": "10"}], "share": "4"}
    huge = {"amount": [{"year": "2023", "value": str(AMOUNT_MAX + 1)}], "share": "4"}
    if base:
        for inputs in (good, huge):
            inputs["base"] = [{"year": "2023", "value": "8"}]
    net = "5" if factor else "5/2"
    period = {"from": "2023-01-01", "to": "2024-01-01"}
    return [
        {
            "name": "one",
            "period": period,
            "inputs": good,
            "tables": tables,
            "expect": [
                {"year": "2023", "definition": "net", "value": "7" if wrong else net}
            ],
        },
        {
            "name": "too much",
            "period": period,
            "inputs": huge,
            "tables": tables,
            "expect": [],
            "fails": "plausible",
        },
    ]


def table(version, factor, first="2020-01-01", end="2031-01-01", confidence="read", rows=None):
    return {
        "format": "mrv-factor-table/1",
        "series": SERIES,
        "version": version,
        "title": {"en": "Factor", "zh": "Factor"},
        "validity": {"from": first, "to": end},
        "region": "CN",
        "confidence": confidence,
        "unit": "1",
        "kind": "intensity",
        "source": "-",
        "keyNames": ["of"],
        "rows": rows or [{"keys": ["all"], "value": factor}],
    }


def credits_something(document):
    return document.get("purpose", "crediting") == "crediting"


def holds(document):
    """Whether its outputs fit its purpose and its vectors come out."""
    names = {output["name"] for output in document["outputs"]}
    fits = "credited" in names if credits_something(document) else "bufferBase" not in names
    return fits and all(vector_holds(document, vector) for vector in document["vectors"])


def vector_holds(document, vector):
    try:
        period = (day_number(vector["period"]["from"]), day_number(vector["period"]["to"]))
        figures = calculate(document, period, vector["inputs"], vector["tables"])
    except Refused as refused:
        return refused.outcome == "CHECK_FAILED" and "fails" in vector
    for expected in vector["expect"]:
        year = expected["at"][0] if "at" in expected else expected["year"]
        if figures[int(year)][0] != Fraction(expected["value"]):
            return False
    return "fails" not in vector


def table_holds(document):
    keys = [tuple(row["keys"]) for row in document["rows"]]
    return (
        len(set(keys)) == len(keys)
        and document["validity"]["from"] < document["validity"]["to"]
    )


NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+|/[1-9][0-9]*)?\Z")


def calculate(document, period, inputs, tables, first_year=None):
    """{year: (exact, base of the buffer or nothing)}, or the refusal of what cannot be used. Of a
    series all years from the first one on, of which the last are the period's."""
    years = sorted(days_by_year(*period))
    if is_series(document):
        return calculate_series(inputs, tables, years, first_year or years[0])
    based = any(output["name"] == "bufferBase" for output in document["outputs"])
    names = [parameter["name"] for parameter in document["parameters"]]
    for name in names:
        refuse_if(name not in inputs, "PARAMETER_MISSING")
        given = [inputs[name]] if name == "share" else [one["value"] for one in inputs[name]]
        refuse_if(not all(NUMBER.match(value) for value in given), "PARAMETER_INVALID")
        refuse_if(name == "share" and Fraction(inputs[name]) < 0, "PARAMETER_INVALID")
    refuse_if(set(inputs) - set(names), "PARAMETER_INVALID")
    values = {}
    for name in names:
        share = name == "share"
        values[name] = Fraction(inputs[name]) if share else by_year(inputs[name], years)
    factors = factors_of(document, period, tables, years)
    figures = {}
    for year in years:
        refuse_if(values["share"] == 0, "CALCULATION_FAILED")
        amount = values["amount"][year]
        base = values["base"][year] / values["share"] if based else None
        refuse_if(amount > AMOUNT_MAX, "CHECK_FAILED")
        figures[year] = (amount / values["share"] * factors[year], base)
    return figures


def calculate_series(inputs, tables, years, first_year):
    refuse_if("stock" not in inputs, "PARAMETER_MISSING")
    records = inputs["stock"]
    refuse_if(not all(NUMBER.match(record["c"]) for record in records), "PARAMETER_INVALID")
    refuse_if(set(inputs) != {"stock"}, "PARAMETER_INVALID")
    given = sorted({int(record["year"]) for record in records})
    refuse_if(given and given[-1] > years[-1], "PARAMETER_INVALID")
    gaps = [year for year in given[1:] if year - 1 not in given]
    refuse_if(gaps, "PARAMETER_MISSING")
    refuse_if(not given or given[-1] != years[-1] or given[0] > first_year, "PARAMETER_MISSING")
    refuse_if(given[0] < first_year or len(given) < len(records), "PARAMETER_INVALID")
    refuse_if(tables, "TABLE_NOT_ALLOWED")
    stocks = {int(record["year"]): Fraction(record["c"]) for record in records}
    return {year: (stocks[year] - stocks.get(year - 1, 0), None) for year in given}


def by_year(records, years):
    """One record for each calendar year that the period touches."""
    found = {}
    for record in records:
        year, value = int(record["year"]), record["value"]
        refuse_if(year not in years or year in found, "PARAMETER_INVALID")
        found[year] = Fraction(value)
    refuse_if(set(found) != set(years), "PARAMETER_MISSING")
    return found


def factors_of(document, period, tables, years):
    """The one offered table whose validity covers the slice; every one offered is used."""
    if not document["tables"]:
        refuse_if(tables, "TABLE_NOT_ALLOWED")
        return dict.fromkeys(years, 1)
    chosen, used = {}, set()
    for year in years:
        first = max(period[0], day_number(f"{year}-01-01"))
        end = min(period[1], day_number(f"{year + 1}-01-01"))
        fitting = [
            number
            for number, offered in enumerate(tables)
            if offered["series"] == SERIES
            and day_number(offered["validity"]["from"]) <= first
            and end <= day_number(offered["validity"]["to"])
        ]
        refuse_if(len(fitting) != 1, "TABLE_NOT_ALLOWED")
        used.add(fitting[0])
        chosen[year] = Fraction(tables[fitting[0]]["rows"][0]["value"])
    refuse_if(len(used) < len(tables), "TABLE_NOT_ALLOWED")
    return chosen


