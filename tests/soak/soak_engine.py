"""A small engine: what Pulumi does with the resources of a stack, one after the other, through the real plugin process.

It stands in for Pulumi where thousands of runs are wanted; tests/e2e has the real one. As there: a refresh reads all, a
replacement makes the new object first, deletes come last and children before parents, what depends on a failure is not
tried, everything else is, and a killed run leaves the state of its last operation, or without checkpoints the old one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import grpc
from provider_plugin import Hidden, Plugin, Saved

from tenantry.engine.state.deployment import Secret, StateResource
from tenantry.engine.state.unfinished import Marks
from tenantry.manifest.load import Loaded
from tenantry.model.fleet import fleet_of
from tenantry.model.kinds import KINDS
from tenantry.model.resources import FLEET, Resource, resources_of

TOKENS = {name: kind.token for name, kind in KINDS.items()}


class KilledError(Exception):
    """The run was killed."""


@dataclass
class SmallStack:
    """A stack: its resources by name, the old halves of replacements that are not deleted yet, and its tag."""

    saved: dict[str, Saved] = field(default_factory=dict)
    leaving: list[Saved] = field(default_factory=list)
    marks: Marks = ()

    def copy(self) -> "SmallStack":
        return SmallStack(dict(self.saved), list(self.leaving), self.marks)

    def forget_since(self, before: "SmallStack") -> None:
        """Go back to the state of before a run that did not come to write it; the tag stays as it is."""
        self.saved, self.leaving = before.saved, before.leaving

    @property
    def held(self) -> frozenset[str]:
        """The ids of all that the state has."""
        return frozenset(saved.id for saved in (*self.saved.values(), *self.leaving))

    def export(self) -> tuple[StateResource, ...]:
        """Return it as the drift report reads it."""
        return tuple(_export(name, saved) for name, saved in self.saved.items())


@dataclass
class SmallRun:
    """One `up` of a stack; `killed` says after each call whether the plugin has been killed."""

    stack: SmallStack
    plugin: Plugin
    today: date
    killed: Callable[[], bool] = lambda: False
    slugs: frozenset[str] | None = None
    """The tenants that it is for; None is all."""
    failed: list[str] = field(default_factory=list)
    activated: set[str] = field(default_factory=set)
    """The tenants whose account it made active."""
    created: set[str] = field(default_factory=set)
    """The names of the resources that were not in the state before."""

    def up(self, loaded: Loaded, *, refresh: bool) -> list[str]:
        """Bring all to what the manifests say; return the failures. Raises KilledError."""
        if refresh and not self._refresh():
            return self.failed
        fleet = {**fleet_of(loaded.tenants.values(), self.today).props(), "account_sid": self.plugin.owner}
        self._try(FLEET, self._bring, "fleet", FLEET, fleet)
        wanted = {FLEET}
        for tenant in loaded.tenants.values():
            resources = resources_of(tenant, self.today)
            wanted |= {resource.name for resource in resources}
            if self._is_for(tenant.tenant):
                self._tenant(resources)
        self._delete(wanted)
        return self.failed

    def would_only_create(self, loaded: Loaded) -> bool:
        """Return whether nothing is deleted or replaced, as a preview tells before checkpoints are skipped."""
        resources = [item for tenant in loaded.tenants.values() for item in resources_of(tenant, self.today)]
        gone = self.stack.saved.keys() - {FLEET, *(resource.name for resource in resources)}
        return not (gone or self.stack.leaving or any(self._is_replaced(resource) for resource in resources))

    def _is_for(self, name: str) -> bool:
        return self.slugs is None or name.partition("/")[0] in self.slugs

    def _is_replaced(self, resource: Resource) -> bool:
        saved = self.stack.saved.get(resource.name)
        if saved is None:
            return False
        owned = self.plugin.add_owner(resource.kind, self._props(resource))
        news, _ = self.plugin.check(resource.kind, owned, saved.inputs)
        return bool(self.plugin.diff(resource.kind, saved.id, saved.outputs, news)[1])

    def _refresh(self) -> bool:
        """Read everything; one that can't be read ends the run, as with Pulumi."""
        for name, saved in [item for item in self.stack.saved.items() if self._is_for(item[0])]:
            done, read = self._try(name, self.plugin.refresh, saved)
            if not done:
                return False
            if read is None:
                del self.stack.saved[name]
            else:
                self.stack.saved[name] = read
        return True

    def _tenant(self, resources: Iterable[Resource]) -> None:
        broken: set[str] = set()
        for resource in resources:
            if broken & self._find_needed(resource):
                broken.add(resource.name)
                continue
            done, _ = self._try(resource.name, self._bring, resource.kind, resource.name, self._props(resource))
            if not done:
                broken |= {resource.name, "anything"}

    def _find_needed(self, resource: Resource) -> set[str]:
        slug = resource.name.partition("/")[0]
        match resource.kind:
            case "account_state":
                return {"anything"}
            case "event_subscription":
                return {slug, f"{slug}/event_sink/debugger"}
            case _:
                return {slug}

    def _props(self, resource: Resource) -> dict[str, Any]:
        """Return a resource's inputs with the ids of those that came before it."""
        slug = resource.name.partition("/")[0]
        links = {} if resource.kind == "subaccount" else {"account_sid": self._id(slug)}
        if resource.kind == "event_subscription":
            links["sink_sid"] = self._id(f"{slug}/event_sink/debugger")
        return {**resource.spec.props(), **links}

    def _id(self, name: str) -> str:
        saved = self.stack.saved.get(name)
        return saved.id if saved else "unknown"

    def _bring(self, kind: str, name: str, props: Mapping[str, Any]) -> None:
        """Do to one resource what it takes, and record it."""
        saved = self.stack.saved.get(name)
        news, failures = self.plugin.check(
            kind, self.plugin.add_owner(kind, dict(props)), saved.inputs if saved else None
        )
        assert not failures, failures
        if saved is not None and news == saved.inputs:
            return
        if kind == "subaccount" and news.get("active") is True and saved and saved.inputs.get("active") is not True:
            self.activated.add(name)
        changes, replaces = self.plugin.diff(kind, saved.id, saved.outputs, news) if saved else (True, [])
        if saved is None or replaces:
            sid, outputs = self.plugin.create(kind, news)
            if saved is None:
                self.created.add(name)
            else:
                self.stack.leaving.append(saved)
        else:
            sid = saved.id
            outputs = self.plugin.update(kind, sid, saved.outputs, news) if changes else saved.outputs
        self.stack.saved[name] = Saved(kind, sid, news, outputs)

    def _delete(self, wanted: set[str]) -> None:
        for old in reversed(list(self.stack.leaving)):
            if self._try(old.id, self.plugin.destroy, old)[0]:
                self.stack.leaving.remove(old)
        for name in reversed([name for name in self.stack.saved if name not in wanted and self._is_for(name)]):
            if self._try(name, self.plugin.destroy, self.stack.saved[name])[0]:
                del self.stack.saved[name]

    def _try(self, name: str, act: Callable[..., Any], *arguments: Any) -> tuple[bool, Any]:
        """Return whether it could be done, and what it returned."""
        try:
            return True, act(*arguments)
        except grpc.RpcError as error:
            if self.killed():
                raise KilledError from None
            self.failed.append(f"{name}: {error.details()}")
            return False, None


def _export(name: str, saved: Saved) -> StateResource:
    token = TOKENS[saved.kind]
    urn = f"urn:pulumi:dev::tenantry::tenantry:index:Tenant${token}::{name}"
    outputs = {key: Secret(str(value)) if isinstance(value, Hidden) else value for key, value in saved.outputs.items()}
    return StateResource(urn, token, saved.kind, name, saved.id, saved.inputs, outputs)
