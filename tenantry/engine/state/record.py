"""What a stack tells of itself beside its plan: its state and the marks of unfinished runs, each asked for once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from tenantry.engine.run.command import Project, export_state
from tenantry.engine.state.holdings import Holdings, read_holdings
from tenantry.engine.state.unfinished import ALLOWANCE, Marks, is_marked, read_marks, run_of


class StackRecord:
    """A stack between two of its runs. What a command has read already it may give; all else is asked for when needed.

    Its properties and methods raise CommandError.
    """

    def __init__(self, project: Project, exported: Mapping[str, Any] | None = None, marks: Marks | None = None) -> None:
        self._project = project
        self._exported = exported
        self._marks = marks

    @cached_property
    def exported(self) -> Mapping[str, Any]:
        """The state, as `pulumi stack export` prints it."""
        return export_state(self._project) if self._exported is None else self._exported

    @cached_property
    def holdings(self) -> Holdings:
        """Who holds what in the state."""
        return read_holdings(self.exported)

    @cached_property
    def marks(self) -> Marks:
        """The marks of runs that did not end well."""
        return read_marks(self._project) if self._marks is None else self._marks

    def may_have(self, slug: str) -> bool:
        """Return whether an unfinished run may have left something in a tenant."""
        return is_marked(self.marks, slug) or self.holdings.is_unfinished(slug)

    def may_have_made(self, slug: str, created: datetime | None) -> bool:
        """Return whether an unfinished run may have made the account of a tenant, which Twilio made at that time."""
        return created is not None and (
            self.is_of_unfinished_run(slug, created) or self.holdings.was_begun(slug, created, datetime.now(UTC))
        )

    def is_of_unfinished_run(self, slug: str, created: datetime) -> bool:
        """Return whether a run that is marked, or left a create pending, may have made a tenant's account then."""
        return bool(run_of(self.marks, slug, created, ALLOWANCE)) or self.holdings.may_have_made(slug, created, own=0)

    def may_have_lost(self, name: str, slug: str, created: datetime) -> bool:
        """Return whether an unfinished run may have made a key of a resource, and lost the answer with its secret."""
        is_pending = self.holdings.is_pending_of_earlier_run(name, own=0)
        return bool(run_of(self.marks, slug, created, ALLOWANCE)) or is_pending
