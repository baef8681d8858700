"""IAM v2 Organizations: roles, role assignments and SCIM users, read-only, for the tokens of an OAuth app.

twilio.com/docs/iam/organizations: assignments are listed for an identity or a scope, never all (25203); an identity
must be a user whom the Organization manages (25201); pages hold 100 at most.
"""

from dataclasses import replace

from faketwilio.hosts.organization.records import Assignment, Organization, Role, User
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import TwilioError, invalid, not_found
from faketwilio.wire.formats import format_iso
from faketwilio.wire.forms import Form
from faketwilio.wire.paging import build_meta_page

ROOT = "/v2/Organizations/{OrganizationSid}"
LARGEST = 100
SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"


def operations() -> tuple[Operation, ...]:
    return (
        Operation("GET", f"{ROOT}/Roles", _list_roles, needs_bearer=True),
        Operation("GET", f"{ROOT}/RoleAssignments", _list_assignments, needs_bearer=True),
        Operation("GET", f"{ROOT}/scim/Users", _list_users, needs_bearer=True),
    )


def _organization(call: Call) -> Organization:
    organization = call.store.part(Organization)
    if call.sid("OrganizationSid", "OR") != organization.sid:
        raise not_found(call.path)
    return organization


def _list_roles(call: Call) -> Answer:
    roles = _organization(call).roles
    return Answer(200, build_meta_page(_limit(call), "content", roles, lambda role: role.sid, _role_json))


def _list_assignments(call: Call) -> Answer:
    organization, identity, scope = _organization(call), call.params.get("Identity"), call.params.get("Scope")
    if not identity and not scope:
        raise TwilioError(400, 25203, "Either Identity or Scope is required")
    user = next((user for user in organization.users if user.sid == identity), None)
    if identity and (user is None or not user.managed):
        raise TwilioError(400, 25201, "Identity is not a managed user of the Organization")
    found = [
        assignment
        for assignment in organization.assignments
        if identity in (None, "", assignment.identity) and scope in (None, "", assignment.scope)
    ]
    return Answer(200, build_meta_page(_limit(call), "content", found, lambda item: item.sid, _assignment_json))


def _list_users(call: Call) -> Answer:
    users = _organization(call).users
    start, count = _whole(call.params, "startIndex", 1), min(_whole(call.params, "count", LARGEST), LARGEST)
    found = users[start - 1 : start - 1 + count]
    page = {"schemas": [SCHEMA], "totalResults": len(users), "startIndex": start, "itemsPerPage": len(found)}
    return Answer(200, page | {"Resources": [_user_json(user) for user in found]})


def _limit(call: Call) -> Call:
    """The call with the page size that there is: 50 where none is given, 100 at most."""
    size = _whole(call.params, "PageSize", 50)
    if size > LARGEST:
        raise invalid("PageSize", size)
    pairs = tuple(pair for pair in call.params.pairs if pair[0] != "PageSize")
    return replace(call, params=Form((*pairs, ("PageSize", str(size)))))


def _whole(params: Form, name: str, default: int) -> int:
    text = params.get(name)
    if text is None:
        return default
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise invalid(name, text)
    return int(text)


def _role_json(role: Role) -> dict[str, object]:
    return {
        "sid": role.sid,
        "friendly_name": role.name,
        "external_description": None,
        "product_group": None,
        "lowest_level": role.lowest_level,
    }


def _assignment_json(assignment: Assignment) -> dict[str, object]:
    return {
        "sid": assignment.sid,
        "role_sid": assignment.role_sid,
        "scope": assignment.scope,
        "identity": assignment.identity,
    }


def _user_json(user: User) -> dict[str, object]:
    return {
        "schemas": [USER_SCHEMA],
        "id": user.sid,
        "userName": user.email,
        "displayName": user.display_name,
        "emails": [{"primary": True, "value": user.email, "type": "work"}],
        "active": user.active,
        "meta": {"resourceType": "User", "created": format_iso(user.created), "lastModified": format_iso(user.created)},
    }
