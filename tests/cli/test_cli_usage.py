"""`tenantry usage` as a command, without an engine: its options, formats and exit codes."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faketwilio.control.console import act
from faketwilio.control.settings import switch
from faketwilio.control.usage import set_records
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import Fault
from tenantry.cli import main
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger, open_ledger
from tenantry.ledger.readings import find_newest_read
from tenantry.model.usage_period import read_month

Run = Callable[..., Result]
SMS = {"day": "2026-03-02", "category": "sms-inbound", "count": 2, "usage": 2, "price": "0.015"}


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def run(tmp_path: Path, fake: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("--format", "json")` reads March 2026 of the tenants acme and birch, whose accounts are found by name."""
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    for slug in ("acme", "birch"):
        (tmp_path / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", fake.account_sid)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", fake.auth_token)
    monkeypatch.setenv("TENANTRY_TWILIO_URL", fake.url)
    monkeypatch.delenv("PULUMI_STACK", raising=False)

    def _run(*arguments: str, days: tuple[str, ...] = ("--month", "2026-03")) -> Result:
        return CliRunner().invoke(main, ["usage", "-C", str(tmp_path), "--without-state", *days, *arguments])

    return _run


@pytest.fixture
def sids(fake: FakeTwilio) -> list[str]:
    """The SIDs of both tenants' accounts; the first one used something."""
    order = {"create": "subaccount", "account": fake.account_sid}
    names = ({"friendly_name": f"{name} ({name.lower()})"} for name in ("Acme", "Birch"))
    sids = [act(fake.store, {**order, "fields": name})["sid"] for name in names]
    set_records(fake.store, {"account": sids[0], "records": [SMS]})
    return sids


def test_a_month_that_was_read_whole_exits_with_0(run: Run, sids):
    done = run()
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "2 tenants read, 0.015 usd.")
    assert ["acme", "0.015", "usd", "reconciled"] in [line.split() for line in done.stdout.splitlines()]
    assert done.stderr.startswith("Twilio: 5 requests (")


def test_a_tenant_that_is_not_available_exits_with_2(run: Run, fake, sids):
    switch(fake.store, {"accounts_without_usage": [sids[1]]})
    done = run()
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (2, "1 tenant read, 0.015 usd; 1 not available.")


def test_a_tenant_asked_for_in_vain_exits_with_1(run: Run, fake, sids):
    switch(fake.store, {"accounts_without_usage": [sids[1]]})
    path = f"/2010-04-01/Accounts/{sids[0]}/Usage/*"
    fake.store.faults.append(Fault("error", path=path, status=400, code=20001, times=None))
    done = run("--format", "json")
    assert (done.exit_code, json.loads(done.stdout)["failed"]) == (1, 1)


def test_days_and_months_name_the_same_days(run: Run, sids):
    by_days = run("--format", "json", days=("--from", "2026-03-01", "--to", "2026-03-31"))
    period = {"first": "2026-03-01", "last": "2026-03-31", "is_over": True}
    assert json.loads(by_days.stdout)["period"] == json.loads(run("--format", "json").stdout)["period"] == period


def test_a_day_alone_is_a_period(run: Run, sids):
    found = json.loads(run("acme", "--format", "json", days=("--from", "2026-03-01", "--to", "2026-03-01")).stdout)
    assert found["tenants"][0]["price"] == "0"


@pytest.mark.parametrize(
    ("days", "error"),
    [
        (("--month", "2026-3"), "'2026-3' is no month such as 2026-03."),
        (("--month", "2026-13"), "'2026-13' is no month such as 2026-03"),
        (("--from", "2026-03-01"), "--from and --to go together"),
        (("--from", "2026-03-02", "--to", "2026-03-01"), "comes before the first"),
        (("--month", "2026-03", "--from", "2026-03-01", "--to", "2026-03-02"), "not both"),
        (("--month", "9999-01"), "9999-01-01 to 9999-01-31 has not begun"),
    ],
)
def test_days_that_are_none_are_errors(run: Run, days, error):
    done = run(days=days)
    assert (done.exit_code, done.stdout) == (1, "")
    assert error in done.stderr


def test_only_the_tenants_named_are_read_without_the_fleet(run: Run, sids):
    found = json.loads(run("birch", "--format", "json").stdout)
    assert ([tenant["tenant"] for tenant in found["tenants"]], found["fleet"]) == (["birch"], None)
    assert json.loads(run("--only", "acme,birch", "--format", "json").stdout)["fleet"] is None


def test_the_whole_fleet_is_compared_with_the_parents_record(run: Run, sids):
    assert json.loads(run("--format", "json").stdout)["fleet"]["total"] == "0.015"


def test_a_tenant_that_does_not_exist_is_told_with_a_guess(run: Run):
    done = run("brch")
    assert (done.exit_code, done.stderr.strip()) == (1, "There is no tenant 'brch' in tenants/; did you mean 'birch'?")
    assert run("--explain", "brch").exit_code == 1


def test_an_empty_name_is_not_all_tenants(run: Run):
    assert "No tenant is named" in run("").stderr


def test_csv_and_html_are_for_files(run: Run, sids):
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))
    assert [row["category"] for row in rows if row["tenant"] == "acme"] == ["sms", "sms-inbound", "totalprice"]
    assert run("--format", "html").stdout.startswith("<!doctype html>")


def test_by_category_sums_the_tenants(run: Run, fake, sids):
    set_records(fake.store, {"account": sids[1], "records": [SMS]})
    lines = run("--by", "category").stdout.splitlines()
    assert ["sms", "4", "4", "messages", "0.03", "usd"] in [line.split() for line in lines]


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_one_tenant_is_explained_in_each_format(run: Run, sids, form):
    done = run("--explain", "acme", "--format", form)
    assert (done.exit_code, "unexplained" in done.stdout) == (0, True)


def test_an_explanation_is_about_one_tenant_and_a_known_zone(run: Run, sids):
    assert "name no others" in run("birch", "--explain", "acme").stderr
    assert "no time zone 'Mars/Base'" in run("--explain", "acme", "--time-zone", "Mars/Base").stderr
    assert run("--explain", "acme", "--time-zone", "America/New_York").exit_code == 0


def test_what_is_not_available_is_not_explained(run: Run, fake, sids):
    switch(fake.store, {"accounts_without_usage": sids})
    done = run("--explain", "acme")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "The usage of acme is not available" in done.stderr


def test_what_was_read_is_kept_in_the_ledger(run: Run, fake, sids, tmp_path: Path, tmp_path_factory):
    address = SqliteAddress(tmp_path_factory.mktemp("ledger") / "ledger.db")
    (tmp_path / "tenantry.yaml").write_text(f"format: 1\nledger: {address}\n")
    done = run()
    assert (done.exit_code, done.stdout) == (1, "")
    make_ledger(address)
    assert run().exit_code == 0
    with open_ledger(address) as ledger:
        reads = [find_newest_read(ledger, fake.account_sid, sid, "period", read_month("2026-03")) for sid in sids]
    assert all(reads)


def test_missing_credentials_are_an_error(run: Run, monkeypatch):
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    done = run()
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No usage was read." in done.stderr
