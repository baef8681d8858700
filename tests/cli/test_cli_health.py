"""`tenantry health` as a command, without an engine: options, formats, exit codes, and what a customer sees."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from faketwilio.control.console import act
from faketwilio.control.seed import seed
from faketwilio.control.status import change_status_page
from faketwilio.server import FakeTwilio
from tenantry.cli import main
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger
from tenantry.reports.health.as_json import customer_health_schema, health_schema

Run = Callable[..., Result]
HOSTILE = "</td><script>alert(1)</script>"
PAST = "2026-01"


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def project(tmp_path: Path, fake: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two tenants: acme has an objective and fails it, birch has a hostile name and no objective."""
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    texts = {"acme": "name: Acme\nslo: {delivered_percent: 98}\n", "birch": f"name: {json.dumps(HOSTILE)}\n"}
    for slug, text in texts.items():
        (tmp_path / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\n{text}")
    for name, value in {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return tmp_path


@pytest.fixture
def moment() -> datetime:
    """When the messages were sent: in the 5 minutes that a page looks at."""
    return datetime.now(UTC) - timedelta(minutes=2)


@pytest.fixture
def run(project: Path, fake: FakeTwilio, moment: datetime) -> Run:
    order = {"create": "subaccount", "account": fake.account_sid}
    names = ({"friendly_name": f"{name} ({name.lower()})"} for name in ("Acme", "Birch"))
    acme, _ = [act(fake.store, {**order, "fields": name})["sid"] for name in names]
    at = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    for status, count in (("delivered", 60), ("undelivered", 40)):
        fields = {"status": status, "date_created": at, "date_updated": at}
        seed(fake.store, {"kind": "message", "account": acme, "count": count, "fields": fields})

    def _run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["health", "-C", str(project), "--without-state", *arguments])

    return _run


def test_a_budget_that_burns_exits_with_2_and_says_why(run: Run):
    done = run()
    lines = done.stdout.splitlines()
    assert (done.exit_code, lines[0]) == (2, "alarm: acme (Acme)")
    line = "burns (page): 40 of 100 messages failed in 1 h, 20.0 × the even pace; it burns from 14.4 × on"
    assert f"    {line}" in lines
    assert next(line for line in lines if "→" in line).startswith("    → Look at the error codes")
    assert lines[-1] == "1 of 2 tenants well, 1 with an objective that burns or is missed; from Twilio's lists."


def test_the_cost_is_told_before(run: Run):
    done = run()
    first, *_, last = done.stderr.splitlines()
    assert first == "Twilio will be asked at least 8 times: 4 lists for each of 2 tenants with an active account."
    assert last.startswith("Twilio: 9 requests (")


def test_json_follows_the_schema_and_names_a_remedy(run: Run):
    report = json.loads(run("--format", "json").stdout)
    jsonschema.validate(report, health_schema(), jsonschema.Draft202012Validator)
    assert (report["burning"], report["tenants"][0]["objectives"][0]["reached_percent"]) == (1, "60.00")
    assert {figure["name"] for figure in report["about"]} >= {"delivered", "errors", "keys", "sinks", "drift"}


def test_a_page_has_a_heat_map_and_no_markup_of_names(run: Run):
    page = run("--format", "html").stdout
    assert page.startswith("<!doctype html>")
    assert page.count('<svg class="cell') == 2 * 6  # trigger lag and drift were asked for of nobody
    assert ("<script" in page, "&lt;script&gt;" in page) == (False, True)


def test_an_open_incident_is_mentioned(run: Run, fake):
    change_status_page(fake.store, {"incident": "SMS delays", "components": ["Programmable Messaging"]})
    assert run().stdout.startswith("Twilio reports trouble: minor, investigating: SMS delays")


def test_a_customer_sees_its_messages_and_nothing_of_ours(run: Run, fake, moment):
    of_customer = ("acme", "--for", "customer", "--month", f"{moment:%Y-%m}")
    done = run(*of_customer, "--format", "json")
    report = json.loads(done.stdout)
    jsonschema.validate(report, customer_health_schema(), jsonschema.Draft202012Validator)
    [account] = report["accounts"]
    assert (done.exit_code, report["customer"], account["reached_percent"], account["met"]) == (
        0,
        "Acme",
        "60.00",
        False,
    )
    assert "not all days" in run(*of_customer, "--most", "10").stderr
    for form in ("text", "json", "html"):
        text = run(*of_customer, "--format", form).stdout
        assert not [word for word in (fake.account_sid, "AC", "acme", "birch", "budget", "Twilio") if word in text]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--for", "customer"), "--for customer and --month go together"),
        (("--month", PAST), "--for customer and --month go together"),
        (("--for", "customer", "--month", "2026-13"), "'2026-13' is no month such as 2026-03"),
        (("--for", "customer", "--month", "9998-01"), "9998-01 has not begun"),
        (("--for", "customer", "--month", PAST), "about one customer, and these tenants are of acme, birch"),
        (("acme", "--for", "customer", "--month", PAST, "--issues", "x"), "--drift and --issues are about us"),
        (("acme", "--for", "customer", "--month", PAST, "--drift"), "--drift and --issues are about us"),
        (("--offline",), "tenantry.yaml names none"),
        (("amce",), "did you mean 'acme'?"),
        (("--most", "0"), "--most"),
    ],
)
def test_bad_input_is_an_error_before_any_call(run: Run, arguments, error):
    done = run(*arguments)
    assert (done.exit_code, done.stdout, "Twilio: " in done.stderr) == (1, "", False)
    assert error in done.stderr


def test_the_ledger_keeps_days_and_answers_offline(run: Run, project):
    address = SqliteAddress(project / "ledger.db")
    make_ledger(address)
    (project / "tenantry.yaml").write_text(f"format: 1\nledger: sqlite:{address.path}\n")
    assert run("--format", "json").exit_code == 2
    done = run("--offline", "--format", "json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["source"], report["requests"]) == (0, "ledger", 1)


def test_a_status_page_that_is_silent_is_no_incident(run: Run, project, monkeypatch):
    monkeypatch.setenv("TENANTRY_STATUS_URL", "http://127.0.0.1:9")
    done = run("--issues", str(project / "incidents"))
    assert done.stdout.startswith("Whether Twilio has trouble now is not known. Asking the status page: no answer from")
    files = {file.name: file.read_text() for file in (project / "incidents").iterdir()}
    assert set(files) == {"tenant-acme.md", "twilio.unknown"}
    assert files["twilio.unknown"].startswith("<!-- tenantry:health ")
    assert "`twilio api:core:messages:list`" in files["tenant-acme.md"]  # to be copied
    monkeypatch.setenv("TENANTRY_STATUS_URL", "ftp://status.example")
    assert run("--issues", str(project / "again")).exit_code == 2
    assert not (project / "again" / "twilio.md").exists()


@pytest.mark.parametrize(
    ("slo", "error"),
    [
        ("{}", "has no objective"),
        ("{delivered_percent: 100}", "must be above 0 and below 100"),
        ("{delivered_percent: '98'}", "must be a number, without quotes"),
        ("{delivered_percent: 98, window_days: 91}", "slo.window_days"),
        ("{deliverd_percent: 98}", "did you mean 'delivered_percent'?"),
    ],
)
def test_an_objective_that_is_none_is_told_with_its_place(project, slo, error):
    (project / "tenants" / "acme.yaml").write_text(f"tenant: acme\nname: Acme\nslo: {slo}\n")
    done = CliRunner().invoke(main, ["validate", "-C", str(project)])
    assert done.exit_code == 1
    assert "tenants/acme.yaml:3:" in done.output
    assert error in done.output


def test_an_objective_above_twilios_own_promise_is_warned_of(project):
    (project / "defaults.yaml").write_text("slo: {delivered_percent: 99.99}\n")
    done = CliRunner().invoke(main, ["validate", "-C", str(project)])
    assert (done.exit_code, "99.99 is above the 99.95 percent that Twilio itself promises" in done.output) == (0, True)
