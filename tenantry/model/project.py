"""The project: tenantry.yaml, one a repository, and what differs in each stack."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from tenantry.model.permission import PermissionList
from tenantry.model.subaccount import AccountSid
from tenantry.model.url import BaseUrl
from tenantry.model.written import Slug, Text, Written


class StackEntry(Written):
    """What differs in a stack; a stack is one Twilio parent account."""

    parent: AccountSid | None = Field(default=None, description="SID of the stack's parent account")
    tenants: Text | None = Field(default=None, description="folder of this stack's tenants")
    webhooks: BaseUrl | None = Field(default=None, description="base of URLs that are written as a path")


class Project(Written):
    """The settings of a repository of tenants."""

    format: Literal[1] = Field(description="version of this file's format")
    tenants: Text = Field(default="tenants", description="folder of tenants, read recursively")
    webhooks: BaseUrl | None = Field(default=None, description="base of every URL that is written as a path")
    permission_sets: dict[Slug, PermissionList] = Field(default={}, description="permissions by name, used as @name")
    stacks: dict[Text, StackEntry] = Field(default={}, description="what differs in a stack, by stack name")


@dataclass(frozen=True)
class Stack:
    """The settings of one stack. `parent` is None for a stack that tenantry.yaml does not name."""

    name: str | None
    parent: str | None
    tenants: str
    webhooks: str | None


def stack_of(project: Project, name: str | None) -> Stack:
    """Return a stack's settings: its own where tenantry.yaml names it, else those of the file."""
    entry = project.stacks.get(name or "") or StackEntry()
    return Stack(
        name=name,
        parent=entry.parent,
        tenants=entry.tenants or project.tenants,
        webhooks=entry.webhooks or project.webhooks,
    )
