"""What a customer may see: no cost, margin, rule, usage category, SID or commit, in any form."""

import json
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import get_args, get_type_hints

from billing_samples import CREDITS, OVERAGE, SMS, lot, month, rate, reading, terms, usage

from tenantry.operations.billing.rating.corrections import correct
from tenantry.operations.billing.rating.hints import add_hints
from tenantry.operations.billing.rating.values.customer_statement import CustomerStatement, make_customer_statement
from tenantry.operations.billing.rating.values.inputs import Adjustment
from tenantry.operations.billing.rating.values.margin import compute_margin

DAY = date(2026, 3, 5)
PLANTED = {"sms": "11.317", "mms": "23.519", "lookups": "31.7231", "pv": "47.411", "recordings": "53.6173"}
"""Costs that no price is made of by chance."""
FORBIDDEN = ("cost", "margin", "rule", "category", "categories", "sid", "commit", "key", "exact", "usage", "strategy")
CHARGES = {
    "sms": OVERAGE,
    "mms": SMS | {"label": "Pictures", "strategy": "tiers", "included": 5},
    "lookups": SMS | {"label": "Number checks", "strategy": "fixed", "price": Decimal("0.02")},
    "pv": CREDITS | {"label": "Video"},
    "*": {"label": "Other services", "strategy": "fixed", "markup_percent": Decimal("7.5")},
}


def _internal():
    rows = [reading(DAY, category, 137, price) for category, price in PLANTED.items()]
    lots = (lot(1, DAY, DAY, charge="pv", units=50),)
    values = {"discount": {"percent": 3}, "minimum": Decimal(5000), "tax": {"label": "VAT", "percent": 20}}
    whole = month(terms(CHARGES, **values), used=usage(*rows), lots=lots, commit="c0ffee1", account_sid="ACplanted")
    first = rate(whole)
    correction = correct("OWL-1", first.own_lines[:2], first)
    adjusted = Adjustment("acme", Decimal(-1), "usd", "Goodwill", "OWL-7")
    statement = rate(whole, corrections=[correction], adjustments=[adjusted])
    return add_hints(statement, {"acme": {"medium": terms({"sms": OVERAGE | {"included": 200}}, base="1.00")}})


def _secrets(statement):
    margin = compute_margin(statement)
    costs = [Decimal(price) for price in PLANTED.values()]
    sums = [*costs, *(cost / 137 for cost in costs), sum(costs), margin.cost, margin.amount]
    texts = {f"{Decimal(int(amount * 10**9)) / 10**9:.9f}".rstrip("0")[:7] for amount in sums}
    return texts | {"c0ffee1", "ACplanted", "sms", "mms", "lookups", "recordings", "totalprice", "p100", "medium"}


def test_no_planted_figure_is_in_what_the_customer_gets():
    statement = _internal()
    seen = make_customer_statement(statement)
    forms = (repr(seen), str(seen), json.dumps(asdict(seen), default=str))
    secrets = _secrets(statement)
    assert len(secrets) > len(PLANTED) * 2
    assert [(secret, form[:20]) for secret in secrets for form in forms if secret in form] == []


def test_the_planted_figures_are_in_what_we_get():
    ours = repr(_internal())
    assert [secret for secret in (*PLANTED.values(), "c0ffee1", "ACplanted", "totalprice") if secret not in ours] == []


def test_no_type_of_the_customers_statement_has_a_field_of_ours():
    names = {field.name for value in _types(CustomerStatement) for field in fields(value)}
    assert {"amount", "label", "total", "credits_remaining"} <= names
    assert [name for name in names if any(word in name.split("_") for word in FORBIDDEN)] == []


def _types(value, seen=None):
    """Return a frozen type and all that its fields are made of."""
    seen = set() if seen is None else seen
    if is_dataclass(value) and value not in seen:
        seen.add(value)
        for hint in get_type_hints(value).values():
            for part in (hint, *get_args(hint)):
                _types(part, seen)
    return seen


def test_what_is_exact_is_not_shown_only_what_is_charged():
    (line,) = (
        line for line in make_customer_statement(_internal()).sections[0].lines if line.label == "Other services"
    )
    assert (line.quantity, line.unit_price, line.amount) == (None, None, Decimal("57.64"))  # 53.6173 × 1.075


def test_a_draft_has_no_number():
    assert make_customer_statement(_internal()).number is None
