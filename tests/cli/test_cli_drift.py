"""`tenantry drift` as a command, without an engine: its options, formats and exit codes."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.cli.drift import drift

NOT_APPLIED = "subaccount: it has no account yet"
Run = Callable[..., Result]


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def run(tmp_path: Path, fake: FakeTwilio, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("--format", "json")` compares a project of the tenants acme and birch with the fake, by name."""
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    for slug in ("acme", "birch"):
        (tmp_path / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", fake.account_sid)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", fake.auth_token)
    monkeypatch.setenv("TENANTRY_TWILIO_URL", fake.url)
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    return lambda *arguments: CliRunner().invoke(drift, ["-C", str(tmp_path), "--without-state", *arguments])


@pytest.fixture
def accounts(fake: FakeTwilio) -> list[str]:
    """The SIDs of both tenants' accounts."""
    order = {"create": "subaccount", "account": fake.account_sid}
    names = ({"friendly_name": f"{name} ({name.lower()})"} for name in ("Acme", "Birch"))
    return [act(fake.store, {**order, "fields": name})["sid"] for name in names]


def test_a_clean_comparison_exits_with_0(run: Run, accounts):
    done = run()
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "Nothing differs; 2 tenants compared.")
    assert done.stderr.startswith("Twilio: 9 requests (")


def test_findings_exit_with_2_or_only_severe_ones_if_asked(run: Run, fake, accounts):
    assert (run().exit_code, run("--fail-on", "high").exit_code) == (0, 0)
    act(fake.store, {"set": accounts[0], "fields": {"friendly_name": "Acme Dental (acme)"}})
    assert (run().exit_code, run("--fail-on", "high").exit_code) == (2, 0)
    act(fake.store, {"create": "api_key", "account": accounts[0], "fields": {}})
    assert (run().exit_code, run("--fail-on", "high").exit_code) == (2, 2)


def test_only_the_named_tenants_are_compared(run: Run):
    assert run().stdout.count(NOT_APPLIED) == 1
    report = json.loads(run("birch", "--format", "json").stdout)
    assert [finding["tenant"] for group in report["groups"] for finding in group["findings"]] == ["birch"]
    assert json.loads(run("--only", "acme,birch", "--format", "json").stdout)["tenants"] == 2


def test_a_tenant_that_does_not_exist_is_told_with_a_guess(run: Run):
    done = run("brch")
    assert (done.exit_code, done.stderr.strip()) == (1, "There is no tenant 'brch' in tenants/; did you mean 'birch'?")


def test_github_is_told_files_below_the_project(run: Run, tmp_path: Path):
    assert f"::warning file={tmp_path}/tenants/acme.yaml,line=1,title=" in run("--format", "github").stdout


def test_missing_credentials_and_broken_manifests_are_errors(run: Run, tmp_path: Path, monkeypatch):
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    done = run()
    assert (done.exit_code, done.stdout) == (1, "")
    assert "TWILIO_AUTH_TOKEN is not set" in done.stderr
    assert "Nothing was compared." in done.stderr
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\n")
    done = run()
    assert (done.exit_code, "tenants/acme.yaml:1:1: " in done.stderr) == (1, True)


def test_changes_since_a_commit_need_a_state(run: Run):
    done = run("--changed-since", "main")
    assert (done.exit_code, "--changed-since is for a stack whose state is read" in done.stderr) == (1, True)


def test_the_first_line_names_the_twilio_account_for_people_only(run: Run, accounts):
    first = run().stdout.splitlines()[0]
    assert re.fullmatch(r"No stack named, parent AC[0-9a-f]{32}, fake at http://127\.0\.0\.1:\d+\.", first)
    assert first not in run("--format", "markdown").stdout
