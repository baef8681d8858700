"""What this process can learn of its own stack, beside the resource that it works for: asked for once, where needed.

An everyday run needs none of it. The state is read as `pulumi stack export` prints it, which takes no lock and no
secret; Pulumi writes it before each create, so a look in the middle of a run is good enough for what is asked here.
"""

import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from tenantry.engine.command import CommandError, Project, export_state
from tenantry.engine.find import NoEngineError, find_engine
from tenantry.engine.holdings import Holdings, read_holdings
from tenantry.engine.recovery import UNFINISHED_VARIABLE
from tenantry.engine.unfinished import Marks, parsed, read_marks
from tenantry.manifest.load import load
from tenantry.model.resources import resources_of
from tenantry.model.tenant import Tenant
from tenantry.twilio.errors import Refused

T = TypeVar("T")


class OwnStack:
    """The stack of this process; safe to share between threads."""

    def __init__(self, name: str, environ: Mapping[str, str]) -> None:
        self._name = name
        self._environ = environ
        self._lock = threading.RLock()
        self._known: dict[str, Any] = {}

    @property
    def holdings(self) -> Holdings:
        """What the state held when this was first asked for; raises Refused."""
        return self._once("holdings", lambda: read_holdings(export_state(self._project)))

    @property
    def marks(self) -> Marks:
        """The marks of the runs before this one that did not end well; raises Refused."""
        told = self._environ.get(UNFINISHED_VARIABLE)
        return self._once("marks", lambda: read_marks(self._project) if told is None else parsed(told))

    @property
    def tenants(self) -> Mapping[str, Tenant] | None:
        """The tenants of the manifests that are not released; None where the manifests can't be read."""
        return self._once("tenants", self._tenants)

    @property
    def wanted(self) -> frozenset[str] | None:
        """The names of all resources that the manifests want; None where the manifests can't be read."""
        return self._once("wanted", self._wanted)

    @property
    def _project(self) -> Project:
        return Project(Path.cwd(), self._name, find_engine(self._environ, install=None), self._environ)

    def _tenants(self) -> Mapping[str, Tenant] | None:
        loaded = load(Path.cwd(), self._name)
        kept = {slug: tenant for slug, tenant in loaded.tenants.items() if tenant.state != "released"}
        return None if loaded.errors else kept

    def _wanted(self) -> frozenset[str] | None:
        if self.tenants is None:
            return None
        today = datetime.now(UTC).date()  # no name depends on the day, but for those of account states
        return frozenset(one.name for tenant in self.tenants.values() for one in resources_of(tenant, today))

    def _once(self, what: str, ask: Callable[[], T]) -> T:
        with self._lock:
            if what not in self._known:
                try:
                    self._known[what] = ask()
                except (CommandError, NoEngineError) as error:
                    raise Refused(
                        str(error),
                        what=f"Asking the state of stack {self._name} who holds what",
                        next_step="Nothing was changed. `tenantry doctor` looks at the engine and the backend.",
                    ) from error
            found: T = self._known[what]
            return found


@cache
def own_stack(name: str) -> OwnStack:
    """Return the stack that a URN names; its whole name, with the organization, where this process was told it."""
    told = os.environ.get("PULUMI_STACK", "")
    return OwnStack(told if told.rpartition("/")[2] == name else name, os.environ)
