"""Console users against access.yaml: pure functions of who has which role, and who may."""

from datetime import date, timedelta
from typing import Any

import pytest

from tenantry.manifest.access import AccessFile
from tenantry.model.access import Access
from tenantry.operations.access.people import NOT_LISTED, Held, find_attested, find_people
from tenantry.twilio.organization import User

TODAY = date(2026, 11, 30)
DEVELOPER = ("Developer", "organization")


def file(**parts: Any) -> AccessFile:
    return AccessFile(Access.model_validate({"format": 1, **parts}))


def make_held(email: str, *roles: tuple[str, str]) -> Held:
    return Held(User("US1", email, email, True), frozenset(roles))


def find_kinds(*people: Held, access: AccessFile) -> list[str]:
    return [finding.kind for finding in find_people(people, access, {}, TODAY)]


def grant(**values: Any) -> dict[str, Any]:
    return {"role": "Developer", "reason": "builds it", **values}


def test_the_case_of_an_address_says_nothing():
    access = file(domains=["owl.example"], people={"Ana@owl.example": [grant()]})
    assert find_kinds(make_held("ana@OWL.example", DEVELOPER), access=access) == []


def test_of_two_grants_the_longer_one_counts():
    access = file(people={"ana@owl.example": [grant(until="2026-01-31"), grant(until="2026-12-31")]})
    assert find_kinds(make_held("ana@owl.example", DEVELOPER), access=access) == []


@pytest.mark.parametrize(("until", "kinds"), [("2026-11-30", []), ("2026-11-29", ["expired_role"])])
def test_a_grant_ends_with_its_day(until, kinds):
    access = file(people={"ana@owl.example": [grant(until=until)]})
    assert find_kinds(make_held("ana@owl.example", DEVELOPER), access=access) == kinds


def test_a_question_that_failed_is_not_called_25201():
    access = file(people={"ana@owl.example": [grant()]})
    user = make_held("ana@owl.example").user
    reasons = [
        finding.reason
        for person in (Held(user, None, "Twilio answered 503"), Held(user, None))
        for finding in find_people((person,), access, {}, TODAY)
    ]
    assert reasons == ["Twilio answered 503", NOT_LISTED]


@pytest.mark.parametrize(("days", "kind"), [(90, "attested"), (91, "old_attestation")])
def test_attesting_settles_roles_that_can_not_be_read(days, kind):
    seen = {"who": "guest@owl.example", "role": "Support", "by": "ben", "on": str(TODAY - timedelta(days=days))}
    access = file(people={"guest@owl.example": []}, attested=[seen])
    assert find_kinds(Held(make_held("Guest@owl.example").user, None), access=access) == [kind]


def test_who_is_attested_and_of_a_foreign_domain_is_told():
    seen = {"who": "zoe@acme.example", "role": "Owner", "by": "ben", "on": str(TODAY)}
    findings = list(find_attested(file(domains=["owl.example"], attested=[seen]), TODAY))
    assert [(finding.kind, finding.severity) for finding in findings] == [
        ("foreign_user", "high"),
        ("attested", "note"),
    ]


def test_a_day_that_lies_ahead_attests_nothing():
    seen = {"who": "ana@owl.example", "role": "Owner", "by": "ben", "on": str(TODAY + timedelta(days=1))}
    [finding] = find_attested(file(attested=[seen]), TODAY)
    assert (finding.kind, finding.age_days) == ("old_attestation", None)
    assert finding.reason == "the day lies ahead: 2026-12-01"
