"""A ledger that can't be asked: an `up` goes on and says so, the state still knows the hold; no account is closed."""

from datetime import date
from pathlib import Path

import pytest

from tenantry.cli.holds import refuse_early_closing, refuse_vanished_holds
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.manifest.load import load_or_refuse
from tenantry.model.fleet import FleetSpec, fleet_of, unreleased_tenants
from tenantry.operations.stack.open import Opened

PARENT = "AC" + "0" * 32


@pytest.fixture
def root(tmp_path):
    (tmp_path / "tenants").mkdir()
    (tmp_path / "broken.db").write_text("this is no ledger")
    stack = f"stacks: {{dev: {{parent: {PARENT}}}}}"
    (tmp_path / "tenantry.yaml").write_text(f"format: 1\nledger: sqlite:{tmp_path}/broken.db\n{stack}\n")
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme\n")
    return tmp_path


def test_a_tenant_stays_held_by_the_state_where_the_ledger_is_lost(root, capsys):
    loaded = load_or_refuse(root, "dev")
    for remember in (False, True):
        refuse_vanished_holds(root, loaded, remember=remember)
        assert "warning: The ledger was not asked for holds, only the state is:" in capsys.readouterr().err
    before = FleetSpec(standing={"acme": "open"}, held={"acme": "held"})
    assert unreleased_tenants(before, fleet_of(loaded.tenants.values(), date(2026, 11, 30))) == ("acme",)


def test_no_account_is_closed_where_the_ledger_is_lost(root, capsys):
    environ = {"TENANTRY_CLOSE": "birch, acme"}
    project = Project(root, "dev", Engine(Path("pulumi"), (3, 254, 0), "PATH"), environ)
    opened = Opened(project, load_or_refuse(root, "dev"))
    with pytest.raises(SystemExit) as ending:
        refuse_early_closing(root, opened)
    words = " ".join(capsys.readouterr().err.split())
    assert (ending.value.code, "Whether acme, birch may be closed is in the ledger too" in words) == (1, True)
