"""A rule and what it is asked about: a manifest over one that keeps to every rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from pydantic import BaseModel

from tenantry.manifest.complaint import validate
from tenantry.manifest.layers import merge_all
from tenantry.manifest.problem import Place
from tenantry.manifest.yaml.reader import parse
from tenantry.model.event_sink import DebuggerWebhook
from tenantry.model.project import Stack
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Customer, CustomerTerms, Terms
from tenantry.policies.check import CheckResult
from tenantry.policies.config import Config, Setting, build_config_model
from tenantry.policies.judge import Judge
from tenantry.policies.rule import Rule
from tenantry.policies.subject import Generation, Subject, subjects_of
from tenantry.policies.waivers import Waivers

Model = TypeVar("Model", bound=BaseModel)
TODAY = date(2026, 11, 22)
HOOKS = "https://hooks.owl.example/twilio"
BASE = """
tenant: acme
name: Acme Dental
plan: small
api_keys:
  sender: {access: ["@sender"]}
usage_triggers:
  spend: {usage_category: totalprice, trigger_by: price, trigger_value: 25, recurring: daily, callback_url: /spend}
debugger_webhook: {url: "/errors/{tenant}"}
retention: {messages: {keep_days: 30}, calls: {keep_days: 30}, recordings: {keep_days: 30}}
terms: {currency: usd}
"""
CLOSING = 'state: closed\nclose_after: "2099-12-31"\nstate_note: {since: "2026-11-02"}\n'
"""Closed in time: whatever else such a manifest says is nobody's business any more."""
ENTRY = "{reason: a pilot, owner: ana@owl.example, until: '2027-01-31'}"
SETS = {"sender": ("/twilio/messaging/messages/create",)}


@dataclass(frozen=True)
class Case:
    """What stands over the base, under which settings, and what the rule finds: `tenant: path: sentence` each."""

    manifest: str = ""
    finds: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    other_tenants: tuple[str, ...] = ()
    """What other tenants have over the base; their slugs are birch, cedar and so on."""
    url: str | None = None
    """A URL for the debugger webhook that no manifest could have, as a stack may."""
    days_old: Mapping[Generation, int] = field(default_factory=dict)
    sinks: int | None = None
    days_suspended: int | None = None
    webhooks: str | None = HOOKS
    plans: Mapping[str, str] = field(default_factory=dict)
    """What other plans have under terms, by name."""
    customer: str | None = None
    """What customers/acme.yaml has under terms."""


def tenant_of(manifest: str, slug: str = "acme", webhooks: str | None = HOOKS) -> Tenant:
    trees = [parse(text, "x.yaml").node for text in (BASE, manifest or "{}", f"tenant: {slug}")]
    problems: list[object] = []
    node = merge_all([tree for tree in trees if tree is not None], problems.append)
    created = validate(node, Tenant, {"webhooks": webhooks or HOOKS, "tenant": slug, "permission_sets": SETS})
    assert isinstance(created, Tenant), created
    assert not problems
    return created


def subjects_for(case: Case) -> tuple[Subject, ...]:
    stack = Stack("dev", None, "tenants", case.webhooks)
    plans = {name: _validate(text, Terms) for name, text in case.plans.items()}
    terms = case.customer and _validate(case.customer, CustomerTerms)
    customers = {"acme": Customer(customer="acme", name="Acme", terms=terms)} if terms else {}
    first, *other_subjects = subjects_of(_tenants(case), stack, TODAY, plans, customers)
    made_on = {generation: TODAY - timedelta(days=days) for generation, days in case.days_old.items()}
    suspended_on = None if case.days_suspended is None else TODAY - timedelta(days=case.days_suspended)
    sinks = first.sinks if case.sinks is None else case.sinks
    first = replace(first, made_on=made_on, sinks=sinks, suspended_on=suspended_on)
    return (first, *other_subjects)


def _validate(text: str, model: type[Model]) -> Model:
    node = parse(text, "x.yaml").node
    assert node is not None
    outcome = validate(node, model, None)
    assert isinstance(outcome, model), outcome
    return outcome


def _tenants(case: Case) -> list[Tenant]:
    acme = tenant_of(case.manifest, webhooks=case.webhooks)
    if case.url is not None:
        webhook = DebuggerWebhook.model_construct(url=case.url, method="POST", batch_events=False, adopt=None)
        acme = acme.model_copy(update={"debugger_webhook": webhook})
    slugs = ("birch", "cedar", "dunes", "elm")
    return [acme, *(tenant_of(text, slug) for text, slug in zip(case.other_tenants, slugs, strict=False))]


def find(rule: Rule, case: Case) -> list[str]:
    """Return what one rule finds."""
    return found_in(rule, case, build_config_model([rule]), subjects_for(case))


def found_in(rule: Rule, case: Case, model: type[BaseModel], subjects: tuple[Subject, ...]) -> list[str]:
    """Return what one rule finds where the model of its settings and the subjects of the case are made already."""
    settings = model.model_validate({"rules": {rule.id: dict(case.settings)}})
    entry = getattr(settings.rules, rule.id)  # type: ignore[attr-defined]
    judge = Judge(
        [rule], Config({rule.id: Setting(entry.level, entry)}), Waivers(()), {}, TODAY, Place("tenantry.yaml")
    )
    return [f"{subject.tenant}: {subject.path}: {subject.sentence}" for subject in judge.violations(subjects)]


def list_violations(judge: CheckResult) -> list[str]:
    """Return what was found, a line each."""
    return [f"{item.place} {item.tenant} {item.rule.id} {item.level}" for item in judge.counting]


def spend(**changes: object) -> str:
    """Return the spend trigger with changes."""
    return "usage_triggers: {spend: {" + ", ".join(f"{name}: {value}" for name, value in changes.items()) + "}}\n"


def webhook(url: str) -> str:
    return f"debugger_webhook: {{url: '{url}'}}\n"
