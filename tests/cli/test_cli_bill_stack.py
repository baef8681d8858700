"""Whose rows of the ledger are meant: of the stack that is selected, as in a run that reads its state."""

import json
import os

import pytest
from billing_world import BillingWorld
from click.testing import CliRunner

from tenantry.cli import main
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, run_plain
from tenantry.ledger.address import SqliteAddress

TERMS = (
    "terms: {currency: usd, fees: {base: 49.99}, charges: {sms: {label: Texts, strategy: credits, quantity: count, "
    "when_empty: {price: 0.5}, packs: {p1: {credits: 10, units: 100, price: 5, days: 365}}}}}\n"
)
PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE": "a passphrase of a test"}


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A world whose project is Pulumi's, with the stack dev, which is selected."""
    try:
        engine = find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    world = BillingWorld(tmp_path, SqliteAddress(tmp_path / "ledger.db"))
    files = {"Pulumi.yaml": "name: owl\nruntime: python\n", "tenants/acme.yaml": f"tenant: acme\nname: Acme\n{TERMS}"}
    world.repository.commit("2026-03-01T00:00:00Z", files)
    for name, value in {**local_backend(tmp_path / "backend"), **PASSPHRASE}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PULUMI_STACK", raising=False)
    world.project = Project(world.repository.root, "dev", engine, dict(os.environ))
    run_plain(world.project, "stack", "init", "dev")
    run_plain(Project(world.repository.root, "", engine, dict(os.environ)), "stack", "select", "dev")
    with world.fake:
        world.make_account("acme")
        yield world


def record(world):
    """Record by hand what comes with the next statement, and return what was said."""
    pack = ("sms", "p1", "--on", "2026-03-01", "--ref", "PAY-1")
    bought = world.run("credits", "add", "acme", *pack)
    adjusted = world.run("bill", "adjust", "acme", "--amount=-5.00", "--reason", "Outage", "--ref", "OWL-1")
    assert (bought.exit_code, adjusted.exit_code) == (0, 0), bought.stderr + adjusted.stderr


def test_what_is_recorded_by_hand_is_on_the_selected_stacks_statement(world):
    record(world)
    [statement] = [line for line in world.bill("--stack", "dev").stdout.splitlines() if "Adjustment" in line]
    assert "-5.00" in statement
    assert "PAY-1" in world.bill("--stack", "dev").stdout


def test_a_month_gets_no_second_number_without_a_state(world):
    closed = world.bill("--close", "--stack", "dev")
    assert closed.exit_code == 0, closed.output
    again = world.bill("--close")
    assert "OWL-2026-000001" in again.stdout
    assert "OWL-2026-000002" not in again.stdout
    assert world.run("bill", "void", "OWL-2026-000001", "--reason", "wrong plan").exit_code == 0


def test_without_a_selected_stack_nothing_is_written(world):
    run_plain(world.project, "stack", "unselect")
    for command in (
        ("credits", "add", "acme", "sms", "p1", "--on", "2026-03-01", "--ref", "PAY-1"),
        ("bill", "adjust", "acme", "--amount=-5.00", "--reason", "Outage", "--ref", "OWL-1"),
        ("bill", "--month", "2026-03", "--without-state", "--close"),
    ):
        done = world.run(*command)
        assert done.exit_code == 1
        assert "Name a stack with --stack" in " ".join(done.stderr.split())


def test_a_customer_that_leaves_has_the_credits_of_the_selected_stack(world):
    record(world)
    asked = world.run("offboard", "acme", "--without-state", "--format", "json")
    [owed] = [step for step in json.loads(asked.stdout)["steps"] if step["name"] == "credits"]
    assert owed["state"] == "open", owed


def test_a_typo_in_the_stacks_name_is_refused(world):
    assert world.bill("--close", "--stack", "dev").exit_code == 0
    adjust = ("bill", "adjust", "acme", "--amount=-5.00", "--reason", "Outage", "--ref", "OWL-1")
    done = world.run(*adjust, "--stack", "dve")
    assert (done.exit_code, "a stack 'dve'" in " ".join(done.stderr.split())) == (1, True)
    assert world.run(*adjust).exit_code == 0


def test_a_month_gets_no_second_number_under_another_name(world):
    assert world.bill("--close", "--stack", "dev").exit_code == 0
    again = world.bill("--close", "--stack", "prod")
    assert (again.exit_code, "OWL-2026-000002" in again.output) == (1, False)
    assert "`pulumi stack rename`" in " ".join(again.stderr.split())


def test_a_folder_that_is_not_there_is_no_traceback(world):
    for command in ("drift", "usage", "bill", "health", "sync", "preview"):
        place = str(world.repository.root / "nowhere")
        done = CliRunner().invoke(main, [command, "-C", place], env=world.environ)
        assert (done.exit_code, "there is none in" in done.stderr) == (1, True), (command, done.exception)
