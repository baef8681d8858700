"""A project whose manifests were applied to a fake Twilio, with the state that an `up` leaves; no engine runs."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.request_log import RequestLog
from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.model.kinds import KINDS
from tenantry.model.resources import Resource, resources_of
from tenantry.operations.drift.story import find_drift
from tenantry.operations.drift.values import Finding, Report
from tenantry.twilio.session import Session

TODAY = date(2026, 11, 22)
SETTINGS = "format: 1\nwebhooks: https://hooks.owl.example/twilio\n"
WHOLE = """\
api_keys:
  web: {access: standard}
  sender: {access: [/twilio/messaging/messages/create]}
usage_triggers:
  monthly-sms:
    usage_category: sms
    trigger_by: count
    trigger_value: 1000
    recurring: monthly
    callback_url: /usage
debugger_webhook:
  url: /errors/{tenant}
"""
"""A tenant with one of each kind, and two keys."""
TOKENS = {name: kind.token for name, kind in KINDS.items()}


class World:
    """Manifests, a state, and a fake that holds what was applied."""

    def __init__(self, folder: Path, fake: FakeTwilio) -> None:
        self.folder = folder
        self.fake = fake
        self.state: dict[str, StateResource] = {}
        (folder / "tenants").mkdir()
        (folder / "tenantry.yaml").write_text(SETTINGS)

    def write(self, slug: str, text: str = WHOLE) -> None:
        """Write a manifest; `tenant:` and `name:` are put before the text."""
        (self.folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n{text}")

    @property
    def loaded(self) -> Loaded:
        return load_or_refuse(self.folder, "dev")

    def session(self) -> Session:
        return Session.from_env(
            {
                "TWILIO_ACCOUNT_SID": self.fake.account_sid,
                "TWILIO_AUTH_TOKEN": self.fake.auth_token,
                "TENANTRY_TWILIO_URL": self.fake.url,
            }
        )

    def apply(self, **manifests: str) -> None:
        """Write manifests and make all that they want and that is not made yet; `acme_2` is the tenant acme-2."""
        for slug, text in manifests.items():
            self.write(slug.replace("_", "-"), text)
        session, loaded = self.session(), self.loaded
        standing = {}
        for slug, tenant in loaded.tenants.items():
            standing[slug] = "open"
            for resource in resources_of(tenant, TODAY):
                if resource.name not in self.state:
                    self._make(session, resource, slug)
        self._save("fleet", "fleet", "fleet", {"account_sid": self.fake.account_sid, "standing": standing})
        settle_requests(self.fake).clear()

    def drift(self, *slugs: str, without_state: bool = False, **options: Any) -> Report:
        """Compare, as of TODAY."""
        state = None if without_state else tuple(self.state.values())
        return find_drift(
            self.loaded, state, self.session(), options.pop("today", TODAY), slugs=slugs or None, **options
        )

    def findings(self, *slugs: str, **options: Any) -> list[Finding]:
        return [finding for group in self.drift(*slugs, **options).groups for finding in group.findings]

    def list_findings(self, *slugs: str, **options: Any) -> list[tuple[str, str | None, str]]:
        """The findings as kind, tenant and entry."""
        return [(option.kind, option.tenant, option.entry) for option in self.findings(*slugs, **options)]

    def sid(self, name: str) -> str:
        """The SID of a resource, by its name in the stack."""
        return self.state[name].id

    def set(self, name: str, **fields: Any) -> None:
        """Change an object as in the Console."""
        act(self.fake.store, {"set": self.sid(name), "fields": fields})

    def delete(self, name: str) -> None:
        """Delete an object as in the Console."""
        act(self.fake.store, {"delete": self.sid(name)})

    def put(self, kind: str, account: str, **fields: Any) -> str:
        """Make an object as in the Console; return its SID."""
        return str(act(self.fake.store, {"create": kind, "account": account, "fields": fields})["sid"])

    def forget(self, name: str) -> None:
        """Lose a resource from the state."""
        del self.state[name]

    def set_applied(self, name: str, **outputs: Any) -> None:
        """Change what the state says was applied."""
        self.state[name] = replace(self.state[name], outputs={**self.state[name].outputs, **outputs})

    def list_requests(self) -> list[str]:
        """What was asked of the fake, as `GET /v1/Sinks`."""
        return [f"{method} {path}" for method, _, path, _, _ in settle_requests(self.fake).log]

    def _make(self, session: Session, resource: Resource, slug: str) -> None:
        if resource.kind == "subaccount":
            spec: Any = resource.spec
            account = session.subaccounts.create(spec.friendly_name)
            self._save("subaccount", slug, account.sid, {**spec.props(), "status": "active"})
            return
        account_sid = self.sid(slug)
        links = {"account_sid": account_sid}
        for field, name in KINDS[resource.kind].linked_names(resource.name).items():
            links[field] = self.sid(name)
        spec = resource.spec.model_copy(update=links)
        self._save(resource.kind, resource.name, _make(session, resource.kind, account_sid, spec), spec.props())

    def _save(self, kind: str, name: str, id_: str, outputs: dict[str, Any]) -> None:
        token = TOKENS[kind]
        urn = f"urn:pulumi:dev::tenantry::tenantry:index:Tenant${token}::{name}"
        self.state[name] = StateResource(urn, token, kind, name, id_, outputs, outputs)


def settle_requests(fake: FakeTwilio) -> RequestLog:
    """Return what was asked, once the last request is noted: that is a moment after its answer has left."""
    deadline = time.monotonic() + 10
    while fake.store.request_log.as_json()["in_flight"]:
        assert time.monotonic() < deadline, "a request is in flight for more than 10 s"
        time.sleep(0.001)
    return fake.store.request_log


def _make(session: Session, kind: Any, account_sid: str, spec: Any) -> str:
    match kind:
        case "account_state":
            return session.subaccounts.update(account_sid, status=spec.status).sid
        case "retention":
            return f"{account_sid}/retention"
        case _:
            return str(session.gateway(kind).create(account_sid, spec).sid)
