"""The demo's scene of a statement, on the sample project: a dated commit, usage, a draft."""

import os
import subprocess

import pytest

from faketwilio.control.console import act
from faketwilio.control.usage import set_records
from faketwilio.server import FakeTwilio
from tenantry.cli.demo_statement import BILLED, commit_terms, month_of_demo, tell_statement, usage_of_demo
from tenantry.engine.state.deployment import StateResource
from tenantry.model.usage_period import month_before
from tenantry.template import write_owl
from tenantry.twilio.session import Session


@pytest.fixture
def fake():
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture
def folder(tmp_path):
    write_owl(tmp_path / "demo")
    return tmp_path / "demo"


def test_usage_becomes_a_draft_of_the_last_month(fake, folder, capsys):
    order = {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": "Birch"}}
    sid = act(fake.store, order)["sid"]
    set_records(fake.store, usage_of_demo(sid))
    commit_terms(folder)
    environ = {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
    state = (StateResource("urn:birch", "", "subaccount", BILLED, sid, {}, {}),)
    tell_statement(folder, "dev", state, Session.from_env(environ))
    printed = capsys.readouterr().out
    assert "2.223 usd" in printed
    assert "DRAFT" in printed
    assert "Total 76.04 USD" in printed  # 49.99, 50 messages above 100 at 0.50, 42 minutes at 0.025


def test_the_commit_predates_the_month_and_needs_no_git_settings(folder, monkeypatch, tmp_path):
    (tmp_path / "hostile").write_text("[commit]\n\tgpgsign = true\n[init]\n\tdefaultBranch = trunk\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "hostile"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    day = commit_terms(folder)
    monkeypatch.delenv("GIT_DIR")
    log = subprocess.run(
        ["git", "log", "--format=%D %cI"],
        cwd=folder,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert day == month_before(month_of_demo()).first.isoformat()
    assert log.startswith(f"HEAD -> main {day}T00:00:00")


def test_without_git_the_scene_is_left_out(folder, monkeypatch):
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(FileNotFoundError):
        commit_terms(folder)
