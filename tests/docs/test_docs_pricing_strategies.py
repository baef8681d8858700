"""The page of the pricing strategies: its terms and every line of its statements are those of the golden cases."""

import re
from fractions import Fraction

import pytest
from docs_text import ROOT
from golden_cases import NAMES, read_case

from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import plain
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.strategies import STRATEGIES
from tenantry.operations.billing.rating.values.customer_statement import CustomerLine, make_customer_statement

TEXT = (ROOT / "docs" / "pricing-strategies.md").read_text(encoding="utf-8")
HEAD = "| line | quantity | unit price | amount |\n|---|---:|---:|---:|\n"
TABLES = dict(re.findall(rf"<!-- golden (\S+) -->\n{re.escape(HEAD)}((?:\|.*\n)+)", TEXT))
TERMS = dict(re.findall(r"<!-- terms (\S+) -->\n```yaml\n(.*?)```", TEXT, re.DOTALL))


def _cell(value):
    return "" if value is None else f"{value:f}"


def _row(line: CustomerLine) -> str:
    label = ": ".join(filter(None, (line.label, line.detail)))
    cells = (label, _cell(line.quantity), _cell(line.unit_price), _cell(line.amount))
    return re.sub(r"\s+", " ", f"| {' | '.join(cells)} |")


def test_every_strategy_and_every_marked_case_is_read():
    assert len(TABLES) == TEXT.count("<!-- golden ")
    assert len(TERMS) == TEXT.count("<!-- terms ") == len(STRATEGIES)
    assert set(re.findall(r"^## (\w+)$", TEXT, re.MULTILINE)) >= STRATEGIES.keys()
    assert {*TABLES, *TERMS} <= set(NAMES)


@pytest.mark.parametrize("name", TABLES)
def test_a_statement_on_the_page_is_what_rating_makes(name):
    case = read_case(name)
    statement = make_customer_statement(rate_statement(case.customer(), case.months()))
    lines = [*(line for section in statement.sections for line in section.lines), *statement.lines]
    expected = [*(_row(line) for line in lines), f"| total | | | **{statement.total}** |"]
    assert TABLES[name].splitlines() == expected


@pytest.mark.parametrize("name", TERMS)
def test_terms_on_the_page_are_those_of_the_case(name, tmp_path):
    page = tmp_path / "terms.yaml"
    page.write_text(TERMS[name], encoding="utf-8")
    source = read(tmp_path, page)
    (month,) = read_case(name).months()
    written = month.terms[0].terms.model_dump(exclude_unset=True)
    assert source.problems == ()
    assert plain(source.node) == {key: value for key, value in written.items() if key != "currency"} | {
        "charges": {charge: _as_written(values) for charge, values in written["charges"].items()}
    }


def _as_written(values):
    """Return a charge with lists where the model has tuples."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


CALCULATION = re.compile(r"(\d[\d.,]*(?: [×÷−+] \d[\d.,]*)+) = (\d[\d.]*\d)(…?)")


@pytest.mark.parametrize("calculation", CALCULATION.findall(TEXT), ids=lambda found: found[0])
def test_a_calculation_in_the_text_is_right(calculation):
    expression, result, is_cut = calculation
    value = _calculate(expression.replace(",", "").split())
    assert 0 <= value - Fraction(result) < (Fraction(1, 10 ** len(result.partition(".")[2])) if is_cut else 1)
    assert is_cut or value == Fraction(result)


def _calculate(words):
    """Return the value of numbers and operators; products come before sums."""
    numbers, signs = [Fraction(words[0])], []
    for sign, word in zip(words[1::2], words[2::2], strict=True):
        match sign:
            case "×":
                numbers[-1] *= Fraction(word)
            case "÷":
                numbers[-1] /= Fraction(word)
            case _:
                signs.append(sign)
                numbers.append(Fraction(word))
    terms = zip(["+", *signs], numbers, strict=True)
    return sum(number if sign == "+" else -number for sign, number in terms)


def test_the_calculations_of_the_text_are_found():
    assert len(CALCULATION.findall(TEXT)) >= 8
