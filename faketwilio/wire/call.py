"""A request once it is known who calls, and the answer to it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from faketwilio.store.records import Account, ApiKey
from faketwilio.store.store import Store
from faketwilio.wire.errors import bad_sid
from faketwilio.wire.forms import Form


@dataclass(frozen=True)
class Caller:
    """Who calls: an account with its auth token, or with one of its keys."""

    account: Account
    key: ApiKey | None


@dataclass(frozen=True)
class Call:
    """One authorised request; `params` is the body of a POST and the query of everything else."""

    store: Store
    caller: Caller
    host: str
    path: str
    names: Mapping[str, str]
    params: Form
    path_account: Account | None = None

    @property
    def account(self) -> Account:
        """The account that is worked on: the one in the path, else (product hosts) the caller's own."""
        return self.path_account or self.caller.account

    def sid(self, name: str, prefix: str) -> str:
        """A SID of the path; another kind's is 70002, not 404."""
        value = self.names[name]
        if not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", value):
            raise bad_sid()
        return value


@dataclass(frozen=True)
class Answer:
    """A success: 204 has no body."""

    status: int
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Operation:
    """One method on one path, and which keys may use it; auth tokens and main keys always may.

    A public one asks for no credentials, one that needs a bearer for the access token of an OAuth app; both work on
    the parent.
    """

    method: str
    path: str
    handle: Callable[[Call], Answer]
    permission: str | None = None
    standard_keys: bool = True
    is_about_accounts: bool = False
    is_built: bool = True
    is_public: bool = False
    needs_bearer: bool = False


Handler = Callable[[Call], Answer]


def crud(
    list_path: str,
    item_path: str,
    permission: str | None,
    *,
    create: Handler | None = None,
    list_: Handler | None = None,
    fetch: Handler | None = None,
    update: Handler | None = None,
    delete: Handler | None = None,
    standard_keys: bool = True,
) -> tuple[Operation, ...]:
    """The operations that a resource has, on the path of its list and on that of one of it.

    `permission` is the one that restricted keys need, without its last word; None where no permission is known.
    """
    verbs = (
        ("POST", list_path, create, "create"),
        ("GET", list_path, list_, "list"),
        ("GET", item_path, fetch, "read"),
        ("POST", item_path, update, "update"),
        ("DELETE", item_path, delete, "delete"),
    )
    return tuple(
        Operation(method, path, handle, permission and f"{permission}/{word}", standard_keys)
        for method, path, handle, word in verbs
        if handle is not None
    )
