"""Design §9: the fake is a witness, so it shares nothing with what it testifies about."""

import ast
from pathlib import Path

import tenantry.fake


def test_the_fake_imports_nothing_of_ours():
    found = [
        (file.name, name)
        for file in Path(tenantry.fake.__path__[0]).glob("**/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _imported(node)
        if name.partition(".")[0] == "tenantry" and not name.startswith("tenantry.fake")
    ]
    assert found == []


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
