"""Tenants on plans, profiles and defaults, and edits of all these at random."""

import json
import random
from typing import Any

from e2e_project import Project

SLUGS = ("acme", "acme-2", "birch")
PLANS = ("large", "small")
PROFILES = ("careful", "loud")
LAYERS = ("defaults", *(f"plans/{plan}" for plan in PLANS), *(f"profiles/{profile}" for profile in PROFILES))
STATES = (None, None, "active", "suspended")
Entries = dict[str, Any]


def _trigger(value: int, path: str) -> Entries:
    fixed = {"usage_category": "sms", "trigger_by": "count", "recurring": "monthly"}
    return {"usage_triggers": {"monthly-sms": {**fixed, "trigger_value": value, "callback_url": path}}}


ENTRIES: tuple[Entries, ...] = (
    {"api_keys": {"web": {"access": "standard"}}},
    {"api_keys": {"web": {"access": ["/twilio/messaging/messages/read"]}}},
    {"api_keys": {"batch": {"access": "standard", "generations": [1, 2]}}},
    _trigger(1000, "/usage"),
    _trigger(2000, "/usage"),
    _trigger(1000, "/usage/{tenant}"),
    {"debugger_webhook": {"url": "/errors/{tenant}"}},
    {"debugger_webhook": {"url": "/errors/{tenant}", "method": "GET"}},
    {"retention": {"messages": {"keep_days": 30}}},
    {"labels": {"tier": "gold"}},
)
"""What a layer, or a tenant itself, may have; of a label no resource knows."""


class Layered:
    """A project whose manifests are drawn; each edit changes one file."""

    def __init__(self, project: Project, dice: random.Random) -> None:
        self._project = project
        self._dice = dice
        self._tenants: dict[str, Entries] = {slug: {} for slug in SLUGS}
        for layer in LAYERS:
            self._rewrite(layer)
        for slug in SLUGS:
            self._move(slug)

    def edit(self) -> str:
        """Change a layer or a tenant; return what was done."""
        if self._dice.random() < 0.4:
            return self._rewrite(self._dice.choice(LAYERS))
        slug = self._dice.choice(SLUGS)
        return self._dice.choice((self._move, self._own, self._rest))(slug)

    def some(self) -> frozenset[str]:
        """Draw some of the tenants."""
        return frozenset(self._dice.sample(SLUGS, self._dice.randint(1, len(SLUGS) - 1)))

    def _rewrite(self, layer: str) -> str:
        path = self._project.folder / f"{layer}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(self._draw()))
        return f"{layer}: {path.read_text()}"

    def _move(self, slug: str) -> str:
        profiles = self._dice.sample(PROFILES, self._dice.randint(0, len(PROFILES)))
        return self._write(slug, plan=self._dice.choice(PLANS), profiles=profiles)

    def _own(self, slug: str) -> str:
        kept = {key: value for key, value in self._tenants[slug].items() if key in ("plan", "profiles", "state")}
        self._tenants[slug] = kept
        return self._write(slug, **self._draw())

    def _rest(self, slug: str) -> str:
        return self._write(slug, state=self._dice.choice(STATES))

    def _write(self, slug: str, **entries: Any) -> str:
        self._tenants[slug] |= entries
        written = {key: value for key, value in self._tenants[slug].items() if value is not None}
        self._project.write(slug, "".join(f"{key}: {json.dumps(value)}\n" for key, value in written.items()))
        return f"{slug}: {written}"

    def _draw(self) -> Entries:
        drawn: Entries = {}
        for entries in self._dice.sample(ENTRIES, self._dice.randint(0, 4)):
            for key, value in entries.items():
                drawn[key] = {**drawn.get(key, {}), **value}
        return drawn
