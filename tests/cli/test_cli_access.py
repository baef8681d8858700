"""`tenantry access` as a command, without an engine: people, keys, who made them; formats, exit codes, bad input."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from faketwilio.control.console import act
from faketwilio.control.organization import change_organization
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import Fault
from tenantry.cli import main
from tenantry.reports.access.as_json import access_report_schema

Run = Callable[..., Result]
A_DAY = timedelta(days=1)
ANA = "people: {ana@owl.example: [{role: Developer, reason: builds it}]}\n"


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def project(tmp_path: Path, fake: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    text = "tenant: acme\nname: Acme\napi_keys: {web: {access: standard}}\n"
    (tmp_path / "tenants" / "acme.yaml").write_text(text)
    organization = change_organization(fake.store, {})
    for name, value in {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
        "TWILIO_ORGANIZATION_SID": organization["sid"],
        "TWILIO_ORGANIZATION_CLIENT_ID": organization["client_id"],
        "TWILIO_ORGANIZATION_CLIENT_SECRET": organization["client_secret"],
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return tmp_path


@pytest.fixture
def acme(fake: FakeTwilio) -> str:
    """The account of acme, with the key that its manifest has."""
    fields = {"friendly_name": "Acme (acme)"}
    sid = act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": fields})["sid"]
    act(fake.store, {"create": "api_key", "account": sid, "fields": {"friendly_name": "web#1"}})
    return str(sid)


@pytest.fixture
def run(project: Path, acme: str) -> Run:
    def _run(*arguments: str, access: str | None = "") -> Result:
        if access is not None:
            (project / "access.yaml").write_text(f"format: 1\n{access}")
        return CliRunner().invoke(main, ["access", "-C", str(project), "--without-state", *arguments])

    return _run


def day(distance: int) -> str:
    """Return the day that lies so many days ahead; tests keep clear of midnight, of which others know."""
    return f"{datetime.now(UTC).date() + distance * A_DAY}"


def kinds(done: Result) -> list[str]:
    return [finding["kind"] for finding in json.loads(done.stdout)["findings"]]


def add_user(fake: FakeTwilio, email: str, role: str | None = None, **more: object) -> None:
    change_organization(fake.store, {"user": email, **more})
    if role:
        change_organization(fake.store, {"user": email, "role": role})


def test_what_was_reviewed_exits_with_0(run: Run, fake):
    add_user(fake, "ana@owl.example", "Developer")
    done = run(access=ANA)
    assert (done.exit_code, done.stdout) == (0, "Nothing differs; 1 Console user, 1 API key in 2 accounts read.\n")


def test_roles_and_users_that_nobody_reviewed_exit_with_2(run: Run, fake):
    add_user(fake, "ana@owl.example", "Organization Owner")
    add_user(fake, "zoe@acme-dental.example", "Billing Manager")
    add_user(fake, "gone@owl.example", active=False)
    done = run("--format", "json", access=f"domains: [owl.example]\n{ANA}")
    jsonschema.validate(json.loads(done.stdout), access_report_schema(), jsonschema.Draft202012Validator)
    assert (done.exit_code, kinds(done)) == (
        2,
        ["foreign_user", "unexpected_role", "unexpected_role", "unexpected_user", "missing_role"],
    )


def test_a_grant_ends(run: Run, fake):
    add_user(fake, "ana@owl.example", "Developer")
    grant = "people: {{ana@owl.example: [{{role: Developer, reason: x, until: '{}'}}]}}\n"
    assert kinds(run("--format", "json", access=grant.format(day(2)))) == []
    done = run("--format", "github", access=grant.format(day(-2)))
    assert "::error file=" in done.stdout
    assert "access.yaml,line=2,title=Access%2C high::role whose grant has ended: ana@owl.example" in done.stdout


def test_a_role_may_be_limited_to_an_account(run: Run, fake, acme):
    add_user(fake, "ana@owl.example")
    change_organization(fake.store, {"user": "ana@owl.example", "role": "Support", "scope": acme})
    done = run(access="people: {ana@owl.example: []}\n")
    assert "ana@owl.example, Support in acme" in done.stdout
    granted = f"people: {{ana@owl.example: [{{role: Support, scope: {acme}, reason: x}}]}}\n"
    assert run(access=granted).exit_code == 0


def test_roles_that_can_not_be_listed_are_a_note(run: Run, fake):
    add_user(fake, "guest@owl.example", managed=False)
    done = run(access="people: {guest@owl.example: [{role: Support, reason: x}]}\n")
    assert (done.exit_code, "note: roles that can't be read: guest@owl.example" in done.stdout) == (0, True)


def test_keys_that_no_manifest_knows_are_told_with_age_and_maker(run: Run, fake, acme):
    act(fake.store, {"create": "api_key", "account": acme, "fields": {"friendly_name": "by hand"}})
    done = run("--format", "json")
    [finding] = json.loads(done.stdout)["findings"]
    assert (done.exit_code, finding["kind"], finding["tenant"], finding["age_days"]) == (2, "unknown_key", "acme", 0)
    assert finding["made_by"].endswith("a person in the Console")
    for until, kind in ((day(2), "allowed_key"), (day(-2), "expired_key")):
        allowed = f"keys: {{{finding['key_sid']}: {{reason: the old CRM, until: '{until}'}}}}\n"
        assert kinds(run("--format", "json", access=allowed)) == [kind]


def test_the_parents_own_keys_are_told_too(run: Run, fake):
    act(fake.store, {"create": "api_key", "account": fake.account_sid, "fields": {"friendly_name": "console"}})
    assert "console (SK" in run().stdout
    assert "in the parent account" in run().stdout


def test_events_say_who_did_what(run: Run):
    done = run("--events", "--format", "json")
    [actor] = json.loads(done.stdout)["actors"]
    assert (actor["source"], actor["tenants"]) == ("web", ["acme"])
    assert actor["events"]["api-key.created"] == 1


def test_without_an_organization_people_are_attested(run: Run, monkeypatch):
    for name in ("SID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"TWILIO_ORGANIZATION_{name}")
    seen = "attested: [{{who: ana@owl.example, role: Owner, by: ben, on: '{}'}}]\n"
    done = run(access=seen.format(day(-80)))
    assert (done.exit_code, "no API lists them" in done.stdout) == (0, True)
    assert kinds(run("--format", "json", access=seen.format(day(-100)))) == ["old_attestation"]


def test_sarif_names_a_rule_for_each_kind(run: Run, fake):
    add_user(fake, "ana@owl.example")
    log = json.loads(run("--format", "sarif").stdout)["runs"][0]
    [result] = log["results"]
    assert log["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "access-unexpected-user"


def test_a_question_that_failed_exits_with_1_and_stops_nothing_else(run: Run, fake, acme):
    add_user(fake, "ana@owl.example")
    path = f"/2010-04-01/Accounts/{acme}/Keys.json"
    fake.store.faults.append(Fault("error", path=path, status=400, code=20001, times=None))
    done = run("--format", "json")
    assert (done.exit_code, kinds(done)) == (1, ["unexpected_user"])


@pytest.mark.parametrize(
    ("access", "error"),
    [
        ("people: {ana: []}\n", "access.yaml:2:10: people.ana"),
        ("people: {ana@owl.example: [{role: Developer}]}\n", "reason"),
        ("peple: {}\n", "did you mean 'people'?"),
        ("domains: ['*']\n", "must be a domain in small letters"),
        (
            "people: {ana@owl.example: [], Ana@owl.example: []}\n",
            "access.yaml:2:9: ana@owl.example and Ana@owl.example are one address",
        ),
        ("keys: {SK1: {reason: x}}\n", "must be the SID of an API key"),
        ("attested: [{who: a@b.example, role: x, by: y, on: soon}]\n", "must be a day"),
    ],
)
def test_a_wrong_file_is_told_with_its_place_before_any_call(run: Run, access, error):
    done = run(access=access)
    assert (done.exit_code, done.stdout, "Twilio: " in done.stderr) == (1, "", False)
    assert error in done.stderr


def test_credentials_in_part_are_an_error_that_names_the_rest(run: Run, monkeypatch):
    monkeypatch.delenv("TWILIO_ORGANIZATION_CLIENT_SECRET")
    error = run().stderr
    assert "TWILIO_ORGANIZATION_CLIENT_SECRET is not set" in error
    assert "AUTH_TOKEN" not in error


def test_an_organization_that_is_not_there_names_its_variable(run: Run, monkeypatch):
    monkeypatch.setenv("TWILIO_ORGANIZATION_SID", "OR" + "0" * 32)
    done = run()
    assert (done.exit_code, "Check TWILIO_ORGANIZATION_SID" in done.stderr) == (1, True)


def test_an_app_without_the_permission_is_told_which(run: Run, fake):
    fake.store.faults.append(Fault("error", path="/v2/Organizations/*/Roles", status=403, code=20403, times=None))
    assert "Give the OAuth app the permission twilio/iam/role-assignments/list." in run().stderr


def test_a_wrong_secret_is_told_and_never_shown(run: Run, monkeypatch):
    monkeypatch.setenv("TWILIO_ORGANIZATION_CLIENT_SECRET", "not-the-secret")
    done = run()
    assert (done.exit_code, "Getting an access token for the Organization" in done.stderr) == (1, True)
    assert "not-the-secret" not in done.output
    assert "Check TWILIO_ORGANIZATION_CLIENT_ID and TWILIO_ORGANIZATION_CLIENT_SECRET" in done.stderr


def test_named_tenants_are_about_their_keys_alone(run: Run, fake):
    add_user(fake, "ana@owl.example")
    done = run("acme")
    assert (done.exit_code, "1 API key in 1 account read" in done.stdout) == (0, True)
    assert ("tenants are named" in done.stdout, "TWILIO_ORGANIZATION" in done.stdout) == (True, False)


def test_accounts_that_are_not_active_are_named(run: Run, fake, acme):
    act(fake.store, {"set": acme, "fields": {"status": "suspended"}})
    done = run()
    assert "Keys were not read of those without an active account: acme." in done.stdout
    assert "0 API keys in 1 account read" in done.stdout
