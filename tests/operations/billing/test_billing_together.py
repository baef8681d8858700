"""One statement for several tenants, or one each with the customer's values; discount, minimum, tax, adjustments."""

from datetime import date
from decimal import Decimal

import pytest
from billing_samples import ACME, MARCH, amounts, month, problems_of, rate, sms, terms

from tenantry.model.terms import CustomerTerms
from tenantry.operations.billing.rating.corrections import correct
from tenantry.operations.billing.rating.values.customer_statement import make_customer_statement
from tenantry.operations.billing.rating.values.inputs import Adjustment, BilledCustomer
from tenantry.operations.billing.rating.values.internal_statement import Correction

VAT = {"label": "VAT", "percent": 20}


def _elm(together=True, **values):
    return BilledCustomer("elm", "Elm Smiles Group", together, CustomerTerms.model_validate(values))


def _adjust(amount, currency="usd"):
    return Adjustment("acme", Decimal(amount), currency, "Goodwill for 12 March", "OWL-7")


def test_tenants_stand_in_the_order_of_their_slugs():
    months = [month(terms(base=base), tenant=tenant) for tenant, base in (("b", "2.00"), ("a", "1.00"))]
    statement = make_customer_statement(rate(*months, customer=_elm()))
    assert [(section.name, str(section.subtotal)) for section in statement.sections] == [
        ("Tenant a", "1.00"),
        ("Tenant b", "2.00"),
    ]


def test_a_shared_minimum_counts_days_on_which_any_tenant_is_billed():
    first = month(terms(base="0.00"), tenant="a", billed_until=date(2026, 3, 10))
    second = month(terms(base="0.00"), tenant="b", billed_from=date(2026, 3, 6), billed_until=date(2026, 3, 20))
    assert str(rate(first, second, customer=_elm(minimum=Decimal("31.00"))).total) == "20.00"


@pytest.mark.parametrize("value", [{"tax": VAT}, {"discount": {"percent": 5}}, {"minimum": Decimal(5)}])
def test_a_tenants_own_value_beside_one_statement_for_all_is_refused(value):
    own = month(terms(**value), tenant="a")
    assert problems_of(own, month(terms(), tenant="b"), customer=_elm()) == ["tenant_beside_customer"]
    assert problems_of(own, month(terms(), tenant="b"), customer=_elm(**value)) == []
    assert problems_of(own, customer=_elm(together=False)) == []


def test_tenants_of_two_currencies_are_refused():
    months = [month(terms(currency=currency), tenant=currency) for currency in ("usd", "eur")]
    assert problems_of(*months, customer=_elm()) == ["currencies_differ"]


def test_the_customers_values_replace_the_tenants_own():
    own = month(terms(base="100.00", discount={"percent": 50}, tax=VAT, net_days=30))
    statement = rate(own, customer=_elm(together=False, discount={"percent": 10}, net_days=14))
    assert amounts(statement) == {"2026-03-01/fees/base": "100.00", "discount": "-10.00", "tax": "18.00"}
    assert statement.net_days == 14


def test_problems_of_all_tenants_come_at_once():
    months = [month(terms(), tenant="a", usage=None), month(terms(), tenant="b", usage=None)]
    assert problems_of(*months, customer=_elm()) == ["not_available", "not_available"]


def test_a_customer_with_a_statement_each_gets_no_common_one():
    with pytest.raises(ValueError, match="a statement for each tenant"):
        rate(month(terms()), month(terms(), tenant="b"), customer=ACME)


def test_adjustments_are_taxed_and_neither_discounted_nor_below_the_minimum():
    values = {"discount": {"percent": 10}, "minimum": Decimal(95), "tax": VAT}
    statement = rate(month(terms(base="100.00", **values)), adjustments=[_adjust("-20.00")])
    assert amounts(statement) == {
        "2026-03-01/fees/base": "100.00",
        "discount": "-10.00",
        "minimum": "5.00",
        "adjustments/OWL-7": "-20.00",
        "tax": "15.00",
    }


def test_corrections_are_not_taxed_again():
    line = rate(month(terms(base="7.00"))).lines[0]
    correction = Correction("OWL-1", MARCH, "usd", (line,), is_ignored=False)
    statement = rate(month(terms(base="10.00", tax=VAT)), corrections=[correction])
    assert [str(line.amount) for line in statement.lines] == ["10.00", "7.00", "2.00"]


def test_an_ignored_correction_is_ours_alone():
    line = rate(month(terms(base="7.00"))).lines[0]
    correction = Correction("OWL-1", MARCH, "usd", (line,), is_ignored=True)
    statement = rate(month(terms(base="10.00")), corrections=[correction])
    assert str(statement.total) == "10.00"
    assert statement.corrections == (correction,)


def test_external_tax_is_no_line():
    statement = make_customer_statement(rate(month(terms(tax="external"))))
    assert (statement.tax_is_external, [line.kind for line in statement.lines]) == (True, [])


@pytest.mark.parametrize(("together", "name"), [(True, "Tenant acme, "), (False, "")])
def test_adjustments_and_corrections_on_a_statement_for_all_name_their_tenant(together, name):
    def rate_sms(units, **more):
        return rate(month(terms(), used=sms({5: units})), customer=_elm(together, discount={"percent": 10}), **more)

    correction = correct("OWL-1", rate_sms(150).own_lines, rate_sms(160))
    statement = rate_sms(0, adjustments=[_adjust("-2.00")], corrections=[correction])
    assert [(line.label, line.detail) for line in statement.lines[2:]] == [
        ("Text messages", f"{name}correction of OWL-1, above 100 included"),
        ("Discount", "correction of OWL-1, 10 %"),
        ("Adjustment", f"{name}Goodwill for 12 March"),
    ]


def test_what_is_in_another_currency_never_joins_a_statement():
    assert problems_of(month(terms()), adjustments=[_adjust("1.00", "eur")]) == ["currencies_differ"]
    correction = Correction("OWL-1", MARCH, "eur", (), is_ignored=False)
    assert problems_of(month(terms()), corrections=[correction]) == ["currencies_differ"]


def test_an_adjustment_with_a_part_of_a_cent_is_refused():
    with pytest.raises(ValueError, match="not a whole number of minor units"):
        rate(month(terms()), adjustments=[_adjust("0.005")])


def test_a_minimum_that_is_reached_is_no_line():
    values = {"minimum": Decimal("49.99")}
    assert [line.kind for line in rate(month(terms(**values), used=sms({1: 1}))).lines] == ["fee", "charge"]
