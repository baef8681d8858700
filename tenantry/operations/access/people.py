"""Console users against access.yaml: pure functions of who has which role and who may."""

from collections.abc import Collection, Iterator, Mapping
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
AHEAD = "the day lies ahead"


@dataclass(frozen=True)
class Held:
    """A user, and its roles as names and scopes; None where they can't be read, for a reason."""

    user: User
    roles: frozenset[tuple[str, str]] | None
    reason: str | None = None


def find_people(
    held: tuple[Held, ...], file: AccessFile, tenants: Mapping[str, str], today: date
) -> Iterator[AccessFinding]:
    """Yield what differs; `tenants` are the slugs of accounts, by SID. E-mail addresses are compared without case."""
    attested = {seen.who.lower() for seen in file.access.attested}
    grants = _grants_of(file)
    for person in held:
        if person.user.active:
            yield from _find_person(person, file, grants, attested, tenants, today)
    yield from _find_missing(held, file, today)
    unlisted = {person.user.email.lower() for person in held if person.user.active and person.roles is None}
    yield from find_attested(file, today, unlisted)


def find_attested(file: AccessFile, today: date, whom: Collection[str] | None = None) -> Iterator[AccessFinding]:
    """Yield who was seen in the Console, where no Organization can be asked, or lists no roles of them."""
    for number, seen in enumerate(file.access.attested):
        if whom is not None and seen.who.lower() not in whom:
            continue
        place = file.place("attested", str(number))
        if whom is None and _is_foreign(seen.who, file):
            yield _finding("foreign_user", seen.who, place, _SEND_AWAY.format(seen.who), role=seen.role)
        yield _judge_attested(seen, place, (today - seen.on).days)


def _judge_attested(seen: AttestedUser, place: Place, age: int) -> AccessFinding:
    is_current = 0 <= age <= ATTESTED_DAYS
    kind: FindingKind = "attested" if is_current else "old_attestation"
    settle = "Nothing to do." if is_current else "Look into the Console again, and write the day."
    reason = f"seen by {seen.by}" if age >= 0 else f"{AHEAD}: {seen.on}"
    days = age if age >= 0 else None
    return _finding(kind, seen.who, place, settle, role=seen.role, age_days=days, reason=reason)


_SEND_AWAY = "Remove {} from Twilio's Console: no customer is a user of it."


def _is_foreign(email: str, file: AccessFile) -> bool:
    return bool(file.access.domains) and email.rpartition("@")[2].lower() not in file.access.domains


def _grants_of(file: AccessFile) -> Mapping[str, tuple[str, tuple[Grant, ...]]]:
    """Return by lower-case e-mail address how access.yaml writes it, and its grants."""
    return {email.lower(): (email, grants) for email, grants in file.access.people.items()}


def _find_person(
    person: Held,
    file: AccessFile,
    people: Mapping[str, tuple[str, tuple[Grant, ...]]],
    attested: Collection[str],
    tenants: Mapping[str, str],
    today: date,
) -> Iterator[AccessFinding]:
    email = person.user.email
    written, grants = people.get(email.lower(), (email, ()))
    place = file.place("people", written)
    if _is_foreign(email, file):
        yield _finding("foreign_user", email, place, _SEND_AWAY.format(email))
    if email.lower() not in people:
        settle = f"Remove {email} from the Organization, or write them into access.yaml with a reason."
        yield _finding("unexpected_user", email, place, settle)
    if person.roles is None and email.lower() not in attested:
        reason = person.reason or NOT_LISTED
        yield _finding("unreadable", email, place, "Look into the Console, and attest it.", reason=reason)
    for role, scope in sorted(person.roles or ()):
        yield from _find_role(email, role, scope, grants, place, tenants, today)


def _find_role(
    email: str,
    role: str,
    scope: str,
    grants: tuple[Grant, ...],
    place: Place,
    tenants: Mapping[str, str],
    today: date,
) -> Iterator[AccessFinding]:
    fitting = [grant for grant in grants if (grant.role, grant.scope) == (role, scope)]
    grant = max(fitting, key=lambda grant: grant.until or date.max, default=None)
    where = {"role": role, "scope": scope, "tenant": tenants.get(scope)}
    if grant is None:
        settle = f"Take the role from {email}, or grant it in access.yaml with a reason."
        yield _finding("unexpected_role", email, place, settle, **where)
    elif grant.until is not None and grant.until < today:
        settle = f"Take the role from {email}, or write a later day and why."
        yield _finding("expired_role", email, place, settle, until=grant.until, reason=grant.reason, **where)


def _find_missing(held: tuple[Held, ...], file: AccessFile, today: date) -> Iterator[AccessFinding]:
    roles = {person.user.email.lower(): person.roles for person in held if person.user.active}
    for email, grants in file.access.people.items():
        if email.lower() in roles and roles[email.lower()] is None:
            continue  # nobody could read them
        owned = roles.get(email.lower()) or frozenset()
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
