"""Random terms in each file that may have them: `validate` says what is wrong, at its place, and never fails."""

import json
import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tenantry.policies.check import check_project
from tenantry.reports.validate.as_json import as_json
from tenantry.reports.validate.as_text import as_text

TODAY = date(2026, 11, 22)
LONGEST = 2000
"""Characters of a problem; each names two values of a manifest at most."""
PLACE = re.compile(r"^[a-z]+(/[a-z]+)?\.yaml:\d+:\d+: ")


class Plain(str):
    """A scalar that is written into YAML as it is."""


NUMBERS = st.sampled_from(
    ["0", "1", "100", "0.50", "49.99", "-1", "1e400", "-0.0", ".inf", ".nan", "0.0000000001", "9" * 40, "0x1F", "1_0"]
).map(Plain)
WORDS = st.sampled_from(
    ["sms", "usd", "USD", "count", "usage", "by_days", "free", "*", "", "é", "2026-02-30", "medium"]
)
DAYS = st.sampled_from(["2026-03-01", "2026-03-16", "2024-02-29", "2026-13-01"])
SCALARS = NUMBERS | WORDS | DAYS | st.none() | st.booleans()
JUNK = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(WORDS, SCALARS, max_size=2)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return mappings with some of these keys; seldom something else in the place of a value."""
    return st.fixed_dictionaries({}, optional={key: field | JUNK for key, field in fields.items()})


CATEGORIES = st.lists(st.sampled_from(["sms", "sms-inbound", "mms", "calls", "*", "no such"]), max_size=3)
PRICE = some(price=NUMBERS)
CHARGE = some(
    label=WORDS,
    strategy=st.sampled_from(["fixed", "dynamic", "tiers", "tiers_with_overage", "credits", "tier"]),
    quantity=st.sampled_from(["count", "usage"]),
    quantity_of=CATEGORIES,
    usage_categories=CATEGORIES,
    price=NUMBERS,
    margin_percent=NUMBERS,
    markup_percent=NUMBERS,
    included=NUMBERS,
    overage_price=NUMBERS,
    bands=st.lists(some(next=NUMBERS, margin_percent=NUMBERS), max_size=3),
    packs=st.dictionaries(
        st.sampled_from(["p100", "P", ""]),
        some(credits=NUMBERS, units=NUMBERS, price=NUMBERS, days=NUMBERS),
        max_size=2,
    ),
    when_empty=PRICE | st.just("stop"),
)
COUNTED = {"label": "Texts", "quantity": "count"}
FIXED = {**COUNTED, "strategy": "fixed", "price": 1}
OVERAGE = {**COUNTED, "strategy": "tiers_with_overage", "included": 100, "overage_price": Plain("0.50")}
# Most random charges are refused at once; these are whole, so that what looks at whole ones is reached too.
WHOLE = st.builds(
    lambda included, price: {**OVERAGE, "included": included, "overage_price": Plain(f"{price:f}")},
    st.integers(0, 10**12),
    st.decimals(0, 10**9 - 1, places=9),
) | st.builds(lambda price: {**FIXED, "price": Plain(f"{price:f}")}, st.decimals(0, 10**9 - 1, places=9))
TERMS = some(
    currency=st.sampled_from(["usd", "jpy", "USD"]),
    fees=some(base=NUMBERS, setup=some(amount=NUMBERS, once=DAYS)),
    first_month=WORDS,
    last_month=WORDS,
    suspended_days=WORDS,
    charges=st.dictionaries(st.sampled_from(["sms", "mms", "calls", "*", "A"]), CHARGE | WHOLE | st.none(), max_size=3),
    absorbed=CATEGORIES,
    discount=some(percent=NUMBERS),
    minimum=NUMBERS,
    tax=some(label=WORDS, percent=NUMBERS) | st.just("external"),
    net_days=NUMBERS,
    exchange=some(rate=NUMBERS, on=DAYS, source=WORDS),
)
LAYER = some(terms=TERMS)
TENANT = some(
    terms=TERMS,
    plan=st.sampled_from(["small", "medium"]),
    customer=st.sampled_from(["acme", "elm"]),
    state=st.sampled_from(["active", "suspended", "released"]),
    billed_from=DAYS,
    billed_until=DAYS,
    amendments=st.lists(some(**{"from": DAYS}, plan=WORDS, terms=TERMS, reason=WORDS), max_size=3),
)
CUSTOMER = some(
    statement=st.sampled_from(["together", "each"]),
    ids=some(stripe=WORDS, quickbooks=WORDS),
    terms=TERMS,
)
SETTINGS = some(
    **{
        "price-below-cost": some(costs=st.dictionaries(WORDS, NUMBERS.map(str) | NUMBERS, max_size=2)),
        "overage-beats-next-tier": some(accepted=st.lists(WORDS, max_size=2)),
        "discount-limit": some(percent=NUMBERS),
    }
)
BASE = {
    "defaults": {"plan": "small", "terms": {"currency": "usd", "charges": {"calls": {**FIXED, "label": "Calls"}}}},
    "plans/small": {"terms": {"fees": {"base": 49}, "charges": {"sms": OVERAGE}}},
    "plans/medium": {"terms": {"fees": {"base": 59}, "charges": {"sms": {**OVERAGE, "included": 200}}}},
    "customers/elm": {"customer": "elm", "name": "Elm"},
    "tenants/acme": {"tenant": "acme", "name": "Acme"},
    "tenants/birch": {"tenant": "birch", "name": "Birch", "customer": "elm"},
    "policies/config": {"rules": {"price-below-cost": {"costs": {"sms": "0.0079"}}}},
}
"""A project without a problem; a test puts something random over one of its files."""
RANDOM = st.sampled_from(
    [
        ("defaults", LAYER),
        ("plans/small", LAYER),
        ("plans/medium", LAYER),
        ("customers/elm", CUSTOMER),
        ("tenants/acme", TENANT),
        ("tenants/birch", TENANT),
        ("policies/config", st.builds(lambda rules: {"rules": rules}, SETTINGS)),
    ]
).flatmap(lambda item: st.tuples(st.just(item[0]), item[1]))


def as_yaml(value: Any) -> str:
    """Return a value in YAML's flow style; text in quotes, what is plain as it is."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {as_yaml(child)}" for key, child in value.items()) + "}"
        case list():
            return f"[{', '.join(map(as_yaml, value))}]"
        case Plain():
            return str(value)
        case _:
            return json.dumps(value)


def write(root: Path, files: dict[str, Any]) -> None:
    (root / "tenantry.yaml").write_text("format: 1\nwebhooks: https://hooks.example\n")
    for name, content in files.items():
        path = root / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(as_yaml(content) + "\n", encoding="utf-8")


@given(RANDOM)
def test_validate_survives_any_terms(change):
    name, content = change
    with TemporaryDirectory() as folder:
        write(Path(folder), {**BASE, name: {**BASE[name], **content}})
        judged = check_project(Path(folder), None, TODAY)
        assert judged.summary in as_text(judged)
        assert json.loads(as_json(judged, TODAY))
        sentences = [str(problem) for problem in judged.files.problems]
    assert [line for line in sentences if not PLACE.match(line) or "\n" in line or len(line) > LONGEST] == []
    assert {violation.place.file.rpartition(".")[2] for violation in judged.violations} <= {"yaml"}


def test_what_random_terms_are_put_over_has_no_problem(tmp_path):
    write(tmp_path, BASE)
    judged = check_project(tmp_path, None, TODAY)
    assert judged.files.problems == ()
    assert {violation.rule.id for violation in judged.violations} >= {"overage-beats-next-tier"}
