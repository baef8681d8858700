"""Console users against access.yaml: pure functions of who has which role and who may."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tenantry.manifest.access import AccessFile
from tenantry.manifest.problem import Place
from tenantry.model.access import ORGANIZATION, AttestedUser, Grant
from tenantry.operations.access.values import SEVERITY, AccessFinding, FindingKind
from tenantry.twilio.organization import User

ATTESTED_DAYS = 90
"""Age at which somebody has to look into the Console again."""
NOT_LISTED = "Twilio lists no roles of a user whom the Organization does not manage (25201)"


@dataclass(frozen=True)
class Held:
    """A user, and its roles as names and scopes; None where they can't be read."""

    user: User
    roles: frozenset[tuple[str, str]] | None


def find_people(
    held: tuple[Held, ...], file: AccessFile, tenants: Mapping[str, str], today: date
) -> Iterator[AccessFinding]:
    """Yield what differs; `tenants` are the slugs of accounts, by SID."""
    for person in held:
        if person.user.active:
            yield from _find_person(person, file, tenants, today)
    yield from _find_missing(held, file, today)


def find_attested(file: AccessFile, today: date) -> Iterator[AccessFinding]:
    """Yield who was seen in the Console, where no Organization can be asked."""
    for number, seen in enumerate(file.access.attested):
        age = (today - seen.on).days
        kind: FindingKind = "old_attestation" if age > ATTESTED_DAYS else "attested"
        place = file.place("attested", str(number))
        settle = "Look into the Console again, and write the day." if kind == "old_attestation" else "Nothing to do."
        yield _make_attested(kind, seen, age, place, settle)


def _make_attested(kind: FindingKind, seen: AttestedUser, age: int, place: Place, settle: str) -> AccessFinding:
    return AccessFinding(
        kind=kind,
        severity=SEVERITY[kind],
        who=seen.who,
        role=seen.role,
        age_days=age,
        reason=f"seen by {seen.by}",
        file=place.file,
        line=place.line,
        settle=settle,
    )


def _find_person(person: Held, file: AccessFile, tenants: Mapping[str, str], today: date) -> Iterator[AccessFinding]:
    email, place = person.user.email, file.place("people", person.user.email)
    domains = file.access.domains
    if domains and email.rpartition("@")[2].lower() not in domains:
        settle = f"Remove {email} from the Organization: no customer is a Console user."
        yield _finding("foreign_user", email, place, settle)
    grants = file.access.people.get(email)
    if grants is None:
        settle = f"Remove {email} from the Organization, or write them into access.yaml with a reason."
        yield _finding("unexpected_user", email, place, settle)
    if person.roles is None:
        yield _finding("unreadable", email, place, "Look into the Console, and attest it.", reason=NOT_LISTED)
        return
    for role, scope in sorted(person.roles):
        yield from _find_role(email, role, scope, grants or (), place, tenants, today)


def _find_role(
    email: str,
    role: str,
    scope: str,
    grants: tuple[Grant, ...],
    place: Place,
    tenants: Mapping[str, str],
    today: date,
) -> Iterator[AccessFinding]:
    grant = next((grant for grant in grants if (grant.role, grant.scope) == (role, scope)), None)
    where = {"role": role, "scope": scope, "tenant": tenants.get(scope)}
    if grant is None:
        settle = f"Take the role from {email}, or grant it in access.yaml with a reason."
        yield _finding("unexpected_role", email, place, settle, **where)
    elif grant.until is not None and grant.until < today:
        settle = f"Take the role from {email}, or write a later day and why."
        yield _finding("expired_role", email, place, settle, until=grant.until, reason=grant.reason, **where)


def _find_missing(held: tuple[Held, ...], file: AccessFile, today: date) -> Iterator[AccessFinding]:
    roles = {person.user.email: person.roles for person in held if person.user.active}
    for email, grants in file.access.people.items():
        if email in roles and roles[email] is None:
            continue  # nobody could read them
        owned = roles.get(email) or frozenset()
        for grant in grants:
            is_due = grant.until is None or grant.until >= today
            if is_due and (grant.role, grant.scope) not in owned:
                settle = f"Give the role to {email}, or remove the grant."
                place = file.place("people", email)
                yield _finding("missing_role", email, place, settle, role=grant.role, scope=grant.scope)


def _finding(kind: FindingKind, email: str, place: Place, settle: str, **more: object) -> AccessFinding:
    values = {"kind": kind, "severity": SEVERITY[kind], "who": email, "settle": settle}
    return AccessFinding.model_validate({**values, "file": place.file, "line": place.line, **more})


def scope_name(scope: str, organization: str) -> str:
    """Return a scope as access.yaml writes it."""
    return ORGANIZATION if scope == organization else scope
