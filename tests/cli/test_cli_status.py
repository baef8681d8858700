"""`tenantry status`, and the line in which other commands mention an incident."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from faketwilio.control.console import act
from faketwilio.control.status import change_status_page
from faketwilio.server import FakeTwilio
from tenantry.cli import main
from tenantry.reports.status.as_json import status_schema

Run = Callable[..., Result]
DELAYS = {
    "incident": "SMS delays",
    "impact": "major",
    "body": "We look into it.",
    "components": ["Programmable Messaging"],
}
HOSTILE = "\x1b[31m</style><script>alert(1)</script>\u202e"


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def run(tmp_path: Path, fake: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("status")` in a project of two tenants: acme sends messages, birch makes calls."""
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    for slug, product in (("acme", "messaging/messages"), ("birch", "voice/calls")):
        keys = f"api_keys: {{app: {{access: [/twilio/{product}/create]}}}}\n"
        (tmp_path / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n{keys}")
    for name, value in {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PULUMI_STACK", raising=False)

    def _run(*arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, "-C", str(tmp_path)])

    return _run


def test_a_page_without_trouble_exits_with_0(run: Run):
    done = run("status")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        0,
        "Twilio's status page says: All Systems Operational.",
    )
    assert "  Programmable Messaging: operational, used by 1" in done.stdout.splitlines()


def test_an_incident_says_whom_it_concerns(run: Run, fake):
    change_status_page(fake.store, DELAYS)
    done = run("status", "--format", "json")
    jsonschema.validate(json.loads(done.stdout), status_schema(), jsonschema.Draft202012Validator)
    [incident] = json.loads(done.stdout)["incidents"]
    assert (done.exit_code, incident["tenants"], incident["latest"]) == (2, 1, "We look into it.")
    assert "1 of 2 tenants may notice it" in run("status").stdout


def test_an_incident_that_concerns_nobody_exits_with_0(run: Run, fake):
    change_status_page(fake.store, {**DELAYS, "components": ["Billing"]})
    done = run("status")
    assert (done.exit_code, "no tenant uses that" in done.stdout) == (0, True)


def test_maintenances_are_announced(run: Run, fake):
    times = {"scheduled_for": "2027-02-01T02:00:00Z", "scheduled_until": "2027-02-01T04:00:00Z"}
    change_status_page(fake.store, {"maintenance": "Carrier work", **times})
    done = run("status")
    assert "scheduled: Carrier work, 2027-02-01 02:00 UTC to 2027-02-01 04:00 UTC" in done.stdout
    assert done.exit_code == 0


def test_an_unreachable_page_leaves_its_last_answer_with_its_age(run: Run, fake, monkeypatch):
    change_status_page(fake.store, DELAYS)
    monkeypatch.setenv("TENANTRY_STATUS_URL", fake.url)
    run("status")
    fake.__exit__(None, None, None)
    done = run("status", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["answer"], report["indicator"]) == (1, "kept", "major")
    assert report["age_seconds"] >= 0
    assert "no answer from http://127.0.0.1" in report["reason"]


def test_without_any_answer_nothing_is_claimed(run: Run, monkeypatch):
    monkeypatch.setenv("TENANTRY_STATUS_URL", "http://127.0.0.1:9")
    done = run("status")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        1,
        "Nothing is known: the status page can't be reached, and there is no earlier answer.",
    )


@pytest.mark.parametrize(
    "url", ["ftp://status.example", "https://", "https://user:pass@status.example", "https://[", "x"]
)
def test_an_address_that_is_none_is_refused(run: Run, monkeypatch, url):
    monkeypatch.setenv("TENANTRY_STATUS_URL", url)
    done = run("status")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "TENANTRY_STATUS_URL is not the base URL of a status page" in done.stderr
    assert "pass@" not in done.stderr


def test_an_answer_of_something_else_is_no_status(run: Run, fake, monkeypatch):
    monkeypatch.setenv("TENANTRY_STATUS_URL", f"{fake.url}/_fake/state?")
    done = run("status")
    assert (done.exit_code, "is not the summary of a Statuspage" in done.stdout) == (1, True)


def test_it_works_outside_of_a_project(run: Run, fake, tmp_path):
    (tmp_path / "tenantry.yaml").unlink()
    change_status_page(fake.store, DELAYS)
    done = run("status")
    assert (done.exit_code, "nobody's use is known" in done.stdout) == (2, True)


@pytest.mark.parametrize("form", ["text", "html"])
def test_a_hostile_incident_is_plain_text(run: Run, fake, form):
    change_status_page(fake.store, {"incident": HOSTILE, "body": HOSTILE, "components": []})
    done = run("status", "--format", form)
    assert not {"\x1b", "\u202e"} & set(done.stdout)
    assert form == "text" or "<script" not in done.stdout


def test_other_commands_mention_an_open_incident(run: Run, fake, monkeypatch):
    sid = act(
        fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": "Acme (acme)"}}
    )
    assert sid["sid"].startswith("AC")
    change_status_page(fake.store, DELAYS)
    assert "trouble" not in run("drift", "--without-state").stderr
    monkeypatch.setenv("TENANTRY_STATUS_URL", fake.url)
    assert "Twilio reports trouble: major, investigating: SMS delays" in run("drift", "--without-state").stderr
    change_status_page(fake.store, {"incident": "SMS delays", "status": "resolved"})
    assert "trouble" not in run("drift", "--without-state").stderr
