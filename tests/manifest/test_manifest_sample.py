"""The sample at the root of the repository, Owl Inc.: it is what the README shows and what the demo runs."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from tenantry.manifest.check import check
from tenantry.manifest.load import load

ROOT = Path(__file__).parents[2]
TAKES_OVER = {"account", "account.adopt", "account.friendly_name", "manage"}
OTHER_CURRENCY = {"terms.exchange", "terms.exchange.rate", "terms.exchange.on", "terms.exchange.source"}
OTHER_PRICE = {"terms.charges.margin_percent"}
"""A charge has one price, and docs/pricing-strategies.md shows the others."""

DELIVERED = {f"api_keys.{name}" for name in ("deliver_to", "rotation", "rotation.every_days", "rotation.overlap_days")}
"""A sink is a place of one's own, which no sample can have: docs/secrets.md shows one of each type."""

CAPPED = {"usage_triggers.warn_at_percent", "usage_triggers.on_fire"} | {
    f"usage_triggers.on_fire.{name}" for name in ("action", "stop", "at_percent", "approval", "resume", "end_calls")
}
"""A cap needs a ledger, which is a place of one's own: docs/caps.md shows them."""

HELD = {"hold"} | {f"hold.{name}" for name in ("reason", "since", "by", "released", "released.by", "released.on")}
ENFORCED = {"retention.transcriptions", "retention.transcriptions.keep_days", "retention.after_reconciliation"}
"""They stop or start deletions in a ledger: docs/data-controls.md shows them."""


@pytest.fixture(scope="module")
def sample():
    return load(ROOT)


def test_the_sample_has_no_problem():
    assert check(ROOT, strict=True).problems == ()


def test_the_sample_has_a_tenant_for_each_thing_to_show(sample):
    assert len(sample.tenants) >= 7
    assert {tenant.state for tenant in sample.tenants.values()} == {None, "active", "suspended", "closed", "released"}
    assert {tenant.plan for tenant in sample.tenants.values()} == {"small", "medium", "large"}


def test_the_sample_uses_every_field_but_those_that_take_something_over(sample):
    used = {path for tenant in sample.tenants.values() for path in set_fields(tenant)}
    elsewhere = TAKES_OVER | OTHER_CURRENCY | OTHER_PRICE | DELIVERED | CAPPED | HELD | ENFORCED
    assert all_fields(type(next(iter(sample.tenants.values())))) - used - elsewhere == {
        "api_keys.adopt",
        "api_keys.friendly_name",
        "usage_triggers.adopt",
        "usage_triggers.friendly_name",
        "debugger_webhook.adopt",
    }


def test_two_stacks_have_parents_of_their_own(sample):
    parents = [entry.parent for entry in sample.project.stacks.values()]
    assert list(sample.project.stacks) == ["production", "staging"]
    assert len(set(parents)) == 2


def set_fields(model: BaseModel, path: str = "") -> set[str]:
    found = set()
    for name in model.model_fields_set:
        below = f"{path}{name}"
        value = getattr(model, name)
        found |= {below}
        for child in value.values() if isinstance(value, dict) else [value]:
            found |= set_fields(child, f"{below}.") if isinstance(child, BaseModel) else set()
    return found


def all_fields(model: type[BaseModel], path: str = "") -> set[str]:
    from typing import get_args, get_origin

    from tenantry.manifest.partial import alternatives

    found = set()
    for name, field in model.model_fields.items():
        found |= {f"{path}{name}"}
        if f"{path}{name}".endswith("adopt"):
            continue
        for annotation in alternatives(field.annotation):
            held = get_args(annotation)[1] if get_origin(annotation) is dict else annotation
            inner = next((kind for kind in alternatives(held) if hasattr(kind, "model_fields")), None)
            found |= all_fields(inner, f"{path}{name}.") if inner else set()
    return found
