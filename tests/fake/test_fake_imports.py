"""The fake is a witness, so it shares nothing with what it testifies about; its own imports point downwards."""

import ast
from functools import cache
from pathlib import Path

import pytest

import faketwilio

ROOT = Path(faketwilio.__path__[0])
BELOW = {
    "store": frozenset(),
    "wire": frozenset({"store"}),
    "delivery": frozenset({"store", "wire"}),
    "faults": frozenset({"store", "wire"}),
    "hosts": frozenset({"store", "wire", "delivery"}),
    "control": frozenset({"store", "wire", "delivery", "faults", "hosts"}),
}
"""Each folder, and the folders that it may import besides itself; files at the top may import all of them."""


@cache
def _imports():
    return [
        (file.relative_to(ROOT), name)
        for file in sorted(ROOT.glob("**/*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _list_imports(node)
    ]


def test_the_fake_imports_nothing_of_ours():
    assert [(file, name) for file, name in _imports() if name.partition(".")[0] == "tenantry"] == []


@pytest.mark.parametrize("folder", BELOW)
def test_imports_inside_of_the_fake_point_downwards(folder):
    used = {
        name.split(".")[1]
        for file, name in _imports()
        if file.parts[0] == folder and name.startswith("faketwilio.") and name.split(".")[1] != folder
    }
    assert used <= BELOW[folder]


def test_every_folder_of_the_fake_is_a_floor():
    assert {file.parts[0] for file, _ in _imports() if len(file.parts) > 1} == BELOW.keys()


def _list_imports(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
