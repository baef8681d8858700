"""The project: tenantry.yaml, one per repository, and the settings of each stack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from tenantry.model.ledger_address import LedgerAddress
from tenantry.model.notices import Notices
from tenantry.model.permission import PermissionList
from tenantry.model.secret_sink import SecretSink, SecretSinks
from tenantry.model.stack_name import short_name
from tenantry.model.statements import Statements
from tenantry.model.subaccount import AccountSid
from tenantry.model.tenant import Ignore
from tenantry.model.url import BaseUrl
from tenantry.model.written import Slug, Text, Written


class StackEntry(Written):
    """The settings of one stack; a stack is one Twilio parent account."""

    parent: AccountSid | None = Field(default=None, description="SID of the stack's parent account")
    tenants: Text | None = Field(default=None, description="folder of this stack's tenants")
    webhooks: BaseUrl | None = Field(default=None, description="base of URLs that are written as a path")
    known_accounts: dict[AccountSid, Ignore] = Field(default={}, description="as below, for this stack's parent only")
    statements: Statements | None = Field(default=None, description="in place of the file's own `statements`")
    ledger: LedgerAddress | None = Field(default=None, description="this stack's ledger")
    secret_sinks: SecretSinks = Field(default={}, description="this stack's own, in place of those of the same name")
    notices: Notices | None = Field(default=None, description="where this stack's notices go")


class Project(Written):
    """The settings of a repository of tenants."""

    format: Literal[1] = Field(description="version of this file's format")
    tenants: Text = Field(default="tenants", description="folder of tenants, read recursively")
    webhooks: BaseUrl | None = Field(default=None, description="base of every URL that is written as a path")
    permission_sets: dict[Slug, PermissionList] = Field(default={}, description="permissions by name, used as @name")
    known_accounts: dict[AccountSid, Ignore] = Field(
        default={}, description="subaccounts without a tenant that drift does not report, by SID"
    )
    statements: Statements | None = Field(
        default=None, description="how statements are numbered, and when they are closed"
    )
    ledger: LedgerAddress | None = Field(
        default=None,
        description="where statements, credits and suspensions are kept: `sqlite:/absolute/path/ledger.db`, or "
        "`postgresql:` with the URL in `TENANTRY_LEDGER_URL`",
    )
    secret_sinks: SecretSinks = Field(
        default={}, description="where secrets of API keys are delivered to, by name; keys name them in `deliver_to`"
    )
    notices: Notices | None = Field(
        default=None,
        description="where your application is told of caps, suspensions, statements and credits; left out: they are "
        "kept in the ledger, and not sent",
    )
    stacks: dict[Text, StackEntry] = Field(default={}, description="settings of single stacks, by stack name")


@dataclass(frozen=True)
class Stack:
    """The settings of one stack. `parent` is None for a stack that tenantry.yaml does not name."""

    name: str | None
    parent: str | None
    tenants: str
    webhooks: str | None
    known_accounts: Mapping[str, Ignore] = field(default_factory=dict)
    """Subaccounts without a tenant, by SID: those of the file, and the stack's own."""
    statements: Statements | None = None
    accounts_of_its_own: frozenset[str] = frozenset()
    """Those of them that this stack's parent must have: where there are more stacks, not those of the file."""
    ledger: str | None = None
    """Where the ledger is, as it was written; None without one."""
    secret_sinks: Mapping[str, SecretSink] = field(default_factory=dict)
    """Where secrets of keys go, by name: those of the file, and the stack's own in place of them."""
    notices: Notices | None = None


def stack_of(project: Project, name: str | None) -> Stack:
    """Return a stack's settings, by any of its names: its own where tenantry.yaml names it, else those of the file."""
    called = short_name(name) if name else None
    entry = next((entry for key, entry in project.stacks.items() if short_name(key) == called), StackEntry())
    shared = project.known_accounts
    return Stack(
        name=called,
        parent=entry.parent,
        tenants=entry.tenants or project.tenants,
        webhooks=entry.webhooks or project.webhooks,
        known_accounts={**shared, **entry.known_accounts},
        statements=entry.statements or project.statements,
        accounts_of_its_own=frozenset(entry.known_accounts).union(shared if len(project.stacks) < 2 else ()),
        ledger=entry.ledger or project.ledger,
        secret_sinks={**project.secret_sinks, **entry.secret_sinks},
        notices=entry.notices or project.notices,
    )
