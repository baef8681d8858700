"""Where the ledger is, as tenantry.yaml says it."""

import pytest

from tenantry.manifest.load import load

NUMBER = "statements: {number: 'OWL-{year}-{sequence:06}'}"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("sqlite:ledger.db", "must name an absolute path: 'ledger.db' would be another file in each folder"),
        ("sqlite:/srv/", "must name a file, not a folder"),
        ("/srv/ledger.db", "must be `sqlite:/absolute/path/ledger.db`, or `postgresql:`"),
        ("'sqlite:'", "must be `sqlite:/absolute/path/ledger.db`, or `postgresql:`"),
        ("postgresql://owl:hush@db.example/owl", "must be `postgresql:` alone: its URL may hold a password"),
        ("postgres://db.example/owl", "must be `postgresql:` alone"),
    ],
)
def test_a_wrong_address_is_told_without_what_may_be_secret(problems, written, problem):
    [text] = problems({"tenantry.yaml": f"format: 1\nledger: {written}\n"})
    assert text.startswith(f"tenantry.yaml:2:9: ledger: {problem}")
    assert "hush" not in text


@pytest.mark.parametrize("written", ["'postgresql:'", "sqlite:/var/lib/tenantry/ledger.db"])
def test_an_address_is_kept_as_it_is_written(project, written):
    loaded = load(project({"tenantry.yaml": f"format: 1\nledger: {written}\n"}))
    assert (loaded.problems, loaded.stack.ledger) == ((), written.strip("'"))


def test_a_stack_may_have_a_ledger_of_its_own(project):
    text = "format: 1\nledger: sqlite:/srv/a.db\nstacks: {eu: {ledger: sqlite:/srv/b.db}, us: {}}\n"
    root = project({"tenantry.yaml": text})
    assert [load(root, name).stack.ledger for name in ("eu", "us", None)] == [
        "sqlite:/srv/b.db",
        "sqlite:/srv/a.db",
        "sqlite:/srv/a.db",
    ]


STACKS = f"format: 1\n{NUMBER}\nledger: sqlite:/srv/a.db\nstacks:\n  us: {{}}\n  eu:\n    ledger: sqlite:/srv/b.db\n"


def test_two_ledgers_that_would_give_out_the_same_numbers_are_refused(problems):
    [text] = problems({"tenantry.yaml": STACKS})
    assert text.startswith(
        "tenantry.yaml:7:13: stacks.eu.ledger: the stack 'eu' would number its statements OWL-{year}-{sequence} in "
        "sqlite:/srv/b.db, and 'us' does so in sqlite:/srv/a.db"
    )


@pytest.mark.parametrize(
    ("old", "new"), [("OWL-", "OWL-{stack}-"), ("sqlite:/srv/b.db", "sqlite:/srv/a.db"), (NUMBER, "tenants: tenants")]
)
def test_numbers_that_differ_or_one_ledger_are_fine(problems, old, new):
    assert problems({"tenantry.yaml": STACKS.replace(old, new)}) == []
