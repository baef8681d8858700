"""The tables of severities, words and remedies are whole."""

import re
from typing import get_args

import pytest

from tenantry.operations.drift.rules import SETTLE, SEVERITY, WHAT, settle
from tenantry.operations.drift.values import FindingKind

KINDS = get_args(FindingKind)


def test_every_kind_has_a_severity_and_a_name():
    assert set(KINDS) == set(SEVERITY) == set(WHAT)


@pytest.mark.parametrize("case", [*KINDS, *(case for case in SETTLE if " " in case)])
def test_every_finding_names_the_command_that_settles_it(case):
    kind, _, object_kind = case.partition(" ")
    text = settle(kind, object_kind or "api_key", ["acme"])
    assert re.search(r"`tenantry (up|drift|new|validate)\b[^`]*`", text), text
    assert "{names}" not in text


def test_few_tenants_are_named_and_many_need_a_run_for_all():
    assert settle("not_applied", "api_key", ["birch", "acme"]) == "`tenantry up acme birch`"
    assert settle("not_applied", "api_key", [f"t{number}" for number in range(6)]) == "`tenantry up`"
