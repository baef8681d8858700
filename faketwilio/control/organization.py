"""Who is a Console user, and with which roles: what people do on the Organization's pages."""

from typing import Any

from faketwilio.control.order import Order
from faketwilio.hosts.organization.records import Assignment, Organization, User
from faketwilio.store.store import Store

FORMS = (
    '{}, {"user": email, "display_name": text, "active": bool, "managed": bool} '
    'or {"user": email, "role": name, "scope": SID}'
)


def change_organization(store: Store, order: Order) -> Any:
    """Add a user or give one a role; answers with the Organization and the credentials of its OAuth app."""
    organization = store.part(Organization)
    match order:
        case {"user": str(email), "role": str(role), **rest} if not set(rest) - {"scope"}:
            _assign(store, organization, email, role, rest.get("scope", organization.sid))
        case {"user": str(email), **rest} if not set(rest) - {"display_name", "active", "managed"}:
            _add(store, organization, email, rest)
        case dict() if not order:
            pass
        case _:
            raise ValueError(f"an Organization takes {FORMS}")
    return {"sid": organization.sid, "client_id": organization.client_id, "client_secret": organization.client_secret}


def _add(store: Store, organization: Organization, email: str, values: Order) -> None:
    name, active, managed = values.get("display_name", email), values.get("active", True), values.get("managed", True)
    if not isinstance(name, str) or not isinstance(active, bool) or not isinstance(managed, bool):
        raise ValueError(f"an Organization takes {FORMS}")  # noqa: TRY004 - one kind of refusal
    sid = store.request_sids.sid("US")
    organization.users.append(User(sid, email, name, active, managed, store.clock.now()))


def _assign(store: Store, organization: Organization, email: str, name: str, scope: Any) -> None:
    user = next((user for user in organization.users if user.email == email), None)
    role = next((role for role in organization.roles if role.name == name), None)
    if user is None or role is None:
        roles = ", ".join(role.name for role in organization.roles)
        raise LookupError(f"no user {email!r} or no role {name!r}; there are {roles}")
    if scope != organization.sid and (not isinstance(scope, str) or store.account(scope) is None):
        raise LookupError(f"no scope {scope!r}: it is the Organization {organization.sid} or an account")
    organization.assignments.append(Assignment(store.request_sids.sid("IY"), role.sid, scope, user.sid))
