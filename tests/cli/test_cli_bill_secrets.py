"""What customers get of a closed month has nothing of cost, margin, rule, category, SID or commit: a search, whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from billing_world import BillingWorld

from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.notices import notices_of
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.reports.bill.formats import EXPORTS, FORMATS

TENANT = """
tenant: acme
name: Acme Dental
customer: dental
terms:
  currency: usd
  fees: {base: 49.99}
  charges:
    sms: {label: Texts, strategy: tiers_with_overage, quantity: count, included: 100, overage_price: 0.50}
    lookups: {label: Number checks, strategy: fixed, quantity: count, markup_percent: 17.3}
    recordings: {label: Saved talks, strategy: dynamic, quantity: usage, bands: [{margin_percent: 23.7}]}
    pv:
      label: Video
      strategy: credits
      quantity: count
      packs: {p1: {credits: 10, units: 160, price: 5, days: 365}}
      when_empty: stop
    "*": {label: Other services, strategy: fixed, markup_percent: 11.9}
  discount: {percent: 3}
  tax: {label: VAT, percent: 20}
"""
CUSTOMER = "customer: dental\nname: Dental Group\nids: {stripe: cus_Dental1, quickbooks: Dental Group}\n"
PRICES = {"sms": "1.0973219", "lookups": "2.0361877", "recordings": "3.0914483", "pv": "4.0733621", "mms": "5.0599317"}
"""What Twilio charges for 150 units of each; the last is covered by no charge but that of everything else."""


@pytest.fixture
def world(tmp_path):
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    world = BillingWorld(tmp_path, address)
    with world.fake:
        files = {"tenants/acme.yaml": TENANT, "customers/dental.yaml": CUSTOMER}
        world.repository.commit("2026-03-01T00:00:00Z", files)
        world.make_account("acme")
        row = {"day": "2026-03-05", "count": 150, "usage": 150}
        world.use("acme", [{**row, "category": category, "price": price} for category, price in PRICES.items()])
        bought = ("credits", "add", "acme", "pv", "p1", "--on", "2026-03-01", "--ref", "INV-1")
        assert world.run(*bought).exit_code == 0
        yield world


def secrets_of(world: BillingWorld) -> set[str]:
    """Return all that only we may see: planted figures and all that follow from them, names, SIDs, the commit."""
    [row] = json.loads(world.bill("--format", "json").stdout)["statements"]
    ours = row["statement"]
    found = set(_texts(ours, {"cost", "rule", "commit", "account_sid", "key"}))
    found |= {ours["margin"]["cost"], ours["margin"]["amount"], *ours["tenants"][0]["reconciliation"]["total"].split()}
    found |= {line for line in _texts(ours, {"exact"}) if len(line.partition(".")[2]) > 2}
    names = {
        *PRICES,
        "totalprice",
        "tiers_with_overage",
        "17.3",
        "23.7",
        "11.9",
        world.fake.account_sid,
        *world.sids.values(),
    }
    return {secret for secret in found | names | set(PRICES.values()) if secret}


def _texts(value: Any, keys: set[str]) -> Iterator[str]:
    """Yield the texts below these keys, wherever they are."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key in keys and isinstance(item, str):
            yield item
        else:
            yield from _texts(item, keys)


def for_customers(world: BillingWorld, folder: Path, forms: tuple[str, ...]) -> dict[str, str]:
    """Return all that a customer may get of March, by what it is: texts, files, notices."""
    found = {}
    for form in forms:
        asked = ("--for", "customer", "--format", form)
        done, written = world.bill(*asked), world.bill(*asked, "--out", str(folder / form))
        assert (done.exit_code, written.exit_code) == (0, 0), done.output
        found[form] = done.stdout
    found |= {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}
    with open_ledger(world.address) as ledger:
        notices = notices_of(ledger, world.fake.account_sid)
    return found | {notice.type: json.loads(notice.payload)["text"] for notice in notices}


def test_nothing_of_ours_is_in_a_draft_for_a_customer(world, tmp_path):
    secrets = secrets_of(world)
    texts = for_customers(world, tmp_path / "out", tuple(form for form in FORMATS if form not in EXPORTS))
    assert (len(secrets) > 30, len(texts)) == (True, 10)
    assert [(secret, name) for name, text in texts.items() for secret in secrets if secret in text] == []


def test_customers_documents_of_a_closed_month_hold_nothing_of_ours(world, tmp_path):
    world.close()
    secrets, texts = secrets_of(world), for_customers(world, tmp_path / "out", FORMATS)
    assert {"statement.closed", "credits.low"} < texts.keys()
    assert (len(secrets) > 30, len(texts)) == (True, 16)
    assert [(secret, name) for name, text in texts.items() for secret in secrets if secret in text] == []


def test_all_of_it_is_in_what_we_get(world):
    ours = world.bill("--format", "json").stdout
    absent = {secret for secret in secrets_of(world) if json.dumps(secret)[1:-1] not in ours}
    assert absent == {"mms", "totalprice"}  # told by their amounts: in the charge of everything else, and as the total
