"""Where facts may be written: not in a checkout, not on a runner's disk, unless Twilio is a fake here."""

import pytest

from tenantry.ledger.address import PostgresAddress, SqliteAddress
from tenantry.ledger.errors import LedgerError, MissingLedgerError, RefusedError
from tenantry.ledger.opening import make_ledger
from tenantry.model.project import Project, Stack, stack_of
from tenantry.operations.ledger.opening import (
    Place,
    find_facts_problem,
    find_ledger_address,
    open_for_facts,
    open_for_readings,
)

FAKE = {"TENANTRY_TWILIO_URL": "http://127.0.0.1:8000"}
ELSEWHERE = {"TENANTRY_TWILIO_URL": "http://fake.owl.example:8000"}
POSTGRES = PostgresAddress("postgresql://owl@db.example/owl")


def place(root, written=None, **environ):
    return Place(root, stack_of(Project(format=1, ledger=written), None), environ)


@pytest.fixture
def checkout(tmp_path):
    """A git work tree with a project in a folder of it."""
    project = tmp_path / "checkout" / "projects" / "owl"
    project.mkdir(parents=True)
    (tmp_path / "checkout" / ".git").mkdir()
    return project


@pytest.fixture
def outside(tmp_path):
    return f"sqlite:{tmp_path}/ledger.db"


def test_a_ledger_outside_of_the_checkout_takes_facts(checkout, outside):
    make_ledger(find_ledger_address(place(checkout, outside)))
    with open_for_facts(place(checkout, outside)) as ledger:
        assert ledger.address == SqliteAddress(checkout.parents[2] / "ledger.db")


@pytest.mark.parametrize("name", ["ledger.db", "../ledger.db", "../../../checkout/ledger.db"])
def test_a_ledger_inside_of_the_checkout_takes_no_facts(checkout, name):
    inside = place(checkout, f"sqlite:{checkout}/{name}")
    make_ledger(find_ledger_address(inside))
    with pytest.raises(RefusedError, match=r"lies in the checkout .*/checkout, which is cloned and thrown away"):
        open_for_facts(inside)
    open_for_readings(inside).close()


def test_a_link_into_the_checkout_takes_no_facts(checkout, tmp_path):
    (tmp_path / "link").symlink_to(checkout)
    assert find_facts_problem(SqliteAddress(tmp_path / "link" / "ledger.db"), place(checkout))


def test_without_git_the_projects_folder_is_the_checkout(tmp_path):
    (tmp_path / "owl").mkdir()
    assert find_facts_problem(SqliteAddress(tmp_path / "owl" / "ledger.db"), place(tmp_path / "owl"))
    assert find_facts_problem(SqliteAddress(tmp_path / "ledger.db"), place(tmp_path / "owl")) is None


@pytest.mark.parametrize(("value", "is_ci"), [("true", True), ("1", True), ("", False), ("false", False), ("0", False)])
def test_a_file_takes_no_facts_while_ci_is_set(checkout, tmp_path, value, is_ci):
    problem = find_facts_problem(SqliteAddress(tmp_path / "ledger.db"), place(checkout, CI=value))
    assert (problem is not None and "a runner is thrown away" in problem) == is_ci


def test_postgresql_takes_facts_anywhere(checkout):
    assert find_facts_problem(POSTGRES, place(checkout, CI="true")) is None


def test_a_fake_on_this_machine_lifts_both_rules(checkout):
    inside = SqliteAddress(checkout / "ledger.db")
    assert find_facts_problem(inside, place(checkout, CI="true", **FAKE)) is None
    assert find_facts_problem(inside, place(checkout, **ELSEWHERE))


def test_a_project_without_a_ledger_is_told_what_to_write(tmp_path):
    with pytest.raises(LedgerError, match=r"names none\. Write `ledger: sqlite:.* then run `tenantry ledger init`"):
        open_for_facts(place(tmp_path))
    stack = Stack(name="eu", parent=None, tenants="tenants", webhooks=None)
    with pytest.raises(LedgerError, match="names none of the stack 'eu'"):
        find_ledger_address(Place(tmp_path, stack, {}))


def test_a_missing_ledger_is_not_made_for_readings(checkout, outside):
    with pytest.raises(MissingLedgerError):
        open_for_readings(place(checkout, outside))


@pytest.mark.parametrize(
    ("url", "problem"),
    [("", "TENANTRY_LEDGER_URL is not set"), ("mysql://db.example/owl", "is no URL of a PostgreSQL database")],
)
def test_the_url_of_postgresql_comes_from_the_environment(tmp_path, url, problem):
    with pytest.raises(LedgerError, match=problem):
        find_ledger_address(place(tmp_path, "postgresql:", TENANTRY_LEDGER_URL=url))
    found = find_ledger_address(place(tmp_path, "postgresql:", TENANTRY_LEDGER_URL=POSTGRES.url))
    assert found == POSTGRES
