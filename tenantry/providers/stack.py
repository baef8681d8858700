"""What this process can learn about its own stack, beside the resource that it works for: read once, when needed.

An everyday run needs none of it. `tenantry up` hands the state to its runs. In a plain `pulumi up` the state is
read as `pulumi stack export` prints it, which takes no lock and no secret; Pulumi writes it before each create, so a
read in the middle of a run is good enough here. A plugin that no engine started has no stack.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.command import CommandError, Project, export_state
from tenantry.engine.run.partial_backend import with_whole_backend
from tenantry.engine.state.handed import handed_state
from tenantry.engine.state.history import read_failed_runs
from tenantry.engine.state.holdings import Holdings, read_holdings
from tenantry.engine.state.recovery import UNFINISHED_VARIABLE, skips_checkpoints
from tenantry.engine.state.unfinished import Marks, parse_marks, read_marks
from tenantry.manifest.load import load
from tenantry.model.resources import Resource, resources_of
from tenantry.model.tenant import Tenant
from tenantry.twilio.errors import Refused

T = TypeVar("T")
log = logging.getLogger(__name__)

PROJECT_VARIABLE = "PULUMI_PROJECT"
"""The project's name, which the engine (CLI 3.259) hands to every plugin of a dynamic provider that it starts."""
NO_STACK = (
    "No engine started this process, so there is no stack to ask: holders of objects are known only as far as this "
    "process was told, and no account can be proved to belong to an unfinished run"
)


class OwnStack:
    """The stack of this process; safe to share between threads."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        self._name = name
        self._environ = environ
        self._lock = threading.RLock()
        self._known: dict[str, Any] = {}

    @property
    def holdings(self) -> Holdings:
        """The holdings of the state before this run, or, without a handed state, at the first read; raises Refused."""
        return self._once("holdings", lambda: read_holdings(self._export()))

    @property
    def was_handed(self) -> bool:
        """Whether `holdings` are those before this run; raises Refused."""
        return self._once("was_handed", lambda: handed_state(self._environ) is not None)

    def is_pending_of_earlier_run(self, name: str) -> bool:
        """Return whether an earlier run left the create of a resource pending; raises Refused.

        Without a handed state it is read again: the first read may not have had this run's own create.
        """
        if self.was_handed:
            return self.holdings.is_pending_of_earlier_run(name, own=0)
        now = self._ask(lambda: read_holdings(self._export()))
        return now.is_pending_of_earlier_run(name, own=0 if skips_checkpoints(self._environ) else 1)

    @property
    def failed_runs(self) -> Marks:
        """The recent failed runs that no `tenantry up` recorded, by this machine's clock; raises Refused."""
        is_told = UNFINISHED_VARIABLE in self._environ or not self._is_there
        return self._once("failed_runs", lambda: () if is_told else read_failed_runs(self._project))

    @property
    def marks(self) -> Marks:
        """The marks of the runs before this one that did not end well; raises Refused."""
        return self._once("marks", self._marks)

    @property
    def tenants(self) -> Mapping[str, Tenant] | None:
        """The tenants of the manifests that are not released; None where the manifests can't be read."""
        return self._once("tenants", self._tenants)

    @property
    def wanted(self) -> frozenset[str] | None:
        """The names of all resources that the manifests want; None where the manifests can't be read."""
        return None if self.tenants is None else frozenset(resource.name for resource in self._resources)

    @property
    def adopting(self) -> Mapping[str, str]:
        """The SIDs that entries adopt, by the names of their resources."""
        adopted = ((resource.name, getattr(resource.spec, "adopt", None)) for resource in self._resources)
        return {name: sid for name, sid in adopted if sid is not None}

    @property
    def adopters(self) -> Mapping[str, str]:
        """The names of the resources whose entries adopt an object, by its SID."""
        return self._once("adopters", lambda: {sid: name for name, sid in self.adopting.items()})

    @property
    def _resources(self) -> tuple[Resource, ...]:
        return self._once("resources", self._all_resources)

    @property
    def is_known(self) -> bool:
        """Whether there is a stack to ask; raises Refused."""
        return self._is_there or self.was_handed

    @property
    def _is_there(self) -> bool:
        return PROJECT_VARIABLE in self._environ

    @property
    def _project(self) -> Project:
        return Project(Path.cwd(), self._name, find_engine(self._environ, install=None), self._environ)

    def _export(self) -> Mapping[str, Any]:
        handed = handed_state(self._environ)
        if handed is None and not self._is_there:
            log.warning(NO_STACK)
            return {}
        return export_state(self._project) if handed is None else handed

    def _marks(self) -> Marks:
        tag = self._environ.get(UNFINISHED_VARIABLE)
        if tag is not None:
            return parse_marks(tag)
        return read_marks(self._project) if self._is_there else ()

    def _tenants(self) -> Mapping[str, Tenant] | None:
        loaded = load(Path.cwd(), self._name)
        kept = {slug: tenant for slug, tenant in loaded.tenants.items() if tenant.state != "released"}
        return None if loaded.errors else kept

    def _all_resources(self) -> tuple[Resource, ...]:
        today = datetime.now(UTC).date()  # no name depends on the day, but for those of account states
        tenants = (self.tenants or {}).values()
        return tuple(resource for tenant in tenants for resource in resources_of(tenant, today))

    def _once(self, what: str, ask: Callable[[], T]) -> T:
        with self._lock:
            if what not in self._known:
                self._known[what] = self._ask(ask)
            found: T = self._known[what]
            return found

    def _ask(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except (CommandError, NoEngineError) as error:
            raise Refused(
                str(error),
                what=f"Reading the state of stack {self._name}",
                next_step="Nothing was changed. `tenantry doctor` looks at the engine and the backend.",
            ) from error


@cache
def own_stack(name: str) -> OwnStack:
    """Return the stack that a URN names; its whole name, with the organization, where this process was told it."""
    selected = os.environ.get("PULUMI_STACK", "")
    environ = with_whole_backend(os.environ)
    return OwnStack(selected if selected.rpartition("/")[2] == name else name, environ)
