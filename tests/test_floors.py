"""Imports point downwards: who may import whom, read from the source itself."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from source_rules import ROOT, SourceFile

PACKAGE = ROOT / "tenantry"

BELOW = {
    "text": frozenset[str](),
    "telemetry": frozenset({"text"}),
    "model": frozenset({"text"}),
    "manifest": frozenset({"text", "model"}),
    "twilio": frozenset({"text", "model", "telemetry"}),
    "engine": frozenset({"text", "model"}),
    "ledger": frozenset({"text", "model"}),
    "secret_sinks": frozenset({"text", "model"}),
    "plugin": frozenset({"text", "model", "engine", "telemetry"}),
    "receiver": frozenset(
        {"text", "model", "manifest", "twilio", "engine", "ledger", "policies", "operations", "reports", "telemetry"}
    ),
    "providers": frozenset({"text", "model", "manifest", "twilio", "engine", "plugin"}),
    "policies": frozenset({"text", "model", "manifest"}),
    "policies/stack": frozenset({"text", "model", "manifest", "engine", "policies"}),
    "policies/pack": frozenset({"text", "model", "manifest", "engine", "plugin", "policies", "policies/stack"}),
    "operations": frozenset(
        {"text", "model", "manifest", "twilio", "engine", "policies", "policies/stack", "ledger", "secret_sinks"}
    ),
    "reports": frozenset({"text", "model", "manifest", "twilio", "policies", "operations"}),
    "cli": frozenset(
        {
            *("text", "model", "manifest", "twilio", "engine", "ledger", "policies"),
            *("providers", "operations", "reports", "template", "telemetry"),
        }
    ),
    "template": frozenset[str](),
}
"""Each floor, and the floors of ours that it may import besides itself."""

CAPABILITIES = {
    "changes": frozenset[str](),
    "stack": frozenset[str](),
    "billing": frozenset({"ledger", "usage"}),
    "ledger": frozenset[str](),
    "usage": frozenset({"stack"}),
    "access": frozenset({"usage"}),
    "health": frozenset({"drift", "usage"}),
    "status": frozenset[str](),
    "suspensions": frozenset({"usage"}),
    "notices": frozenset[str](),
    "caps": frozenset({"ledger", "suspensions", "notices", "error_events", "stack"}),
    "error_events": frozenset[str](),
    "overview": frozenset({"caps", "error_events"}),
    "doctor": frozenset({"stack"}),
    "drift": frozenset({"stack", "ledger", "retention"}),
    "retention": frozenset({"usage", "ledger"}),
    "erasure": frozenset({"retention"}),
    "offboarding": frozenset({"retention", "usage", "ledger", "rotation"}),
    "export": frozenset({"stack", "ledger"}),
    "importing": frozenset({"stack", "drift"}),
    "preview": frozenset({"stack", "changes", "ledger"}),
    "rotation": frozenset({"stack"}),
    "recovery": frozenset({"drift"}),
    "up": frozenset({"stack", "changes", "preview", "recovery", "rotation", "caps", "ledger"}),
}
"""Each folder of operations, and those of its own floor that it may import; files beside the folders are for all."""

ONLY_IN = {
    "twilio": frozenset({"twilio"}),
    "opentelemetry": frozenset({"telemetry"}),
    "sqlite3": frozenset({"ledger"}),
    "psycopg": frozenset({"ledger"}),
    "boto3": frozenset({"secret_sinks"}),
    "botocore": frozenset({"secret_sinks"}),
    "hvac": frozenset({"secret_sinks"}),
    "kubernetes": frozenset({"secret_sinks"}),
    "standardwebhooks": frozenset({"operations"}),
    "prometheus_client": frozenset({"receiver"}),
}
"""Packages of others that only these floors import."""

FAKE_IN = frozenset({"cli/fake.py", "cli/demo.py"})
"""The only files that import the fake, which is a package of its own."""

NEVER_IN = {
    "policies": frozenset({"pulumi", "pulumi_policy"}),
    "operations": frozenset({"pulumi", "pulumi_policy", "click", "rich"}),
    "reports": frozenset({"pulumi", "pulumi_policy", "click"}),
}
MODEL_MAY = frozenset(sys.stdlib_module_names) | {"pydantic", "pydantic_core"}


@dataclass(frozen=True)
class Import:
    """One imported module, and where."""

    path: Path
    line: int
    module: str

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: imports {self.module}"

    @property
    def floor(self) -> str:
        """The floor that imports; empty for the package's own top."""
        return floor_of(self.path.relative_to(PACKAGE).parts[:-1])

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]

    @property
    def our_floor(self) -> str | None:
        """The floor that is imported; None for a package of others, and for `tenantry` itself."""
        parts = self.module.split(".")
        return floor_of(tuple(parts[1:])) or None if parts[0] == "tenantry" else None


def floor_of(parts: tuple[str, ...]) -> str:
    """Return the floor of a folder or module below the package: `policies/pack` is a floor above `policies`."""
    return next(("/".join(parts[:depth]) for depth in (2, 1) if "/".join(parts[:depth]) in BELOW), "")


def imports_of(file: SourceFile) -> Iterator[Import]:
    """Yield every import of a file, inside functions too; `from tenantry import model` counts as tenantry.model."""
    path = file.path
    for node in file.nodes:
        match node:
            case ast.Import(names=names):
                yield from (Import(path, node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=None) | ast.ImportFrom(level=1 | 2 | 3):
                yield Import(path, node.lineno, "tenantry.(relative)")
            case ast.ImportFrom(module="tenantry", names=names):
                yield from (Import(path, node.lineno, f"tenantry.{alias.name}") for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield Import(path, node.lineno, module)


def broken_rules(imported: Import) -> Iterator[str]:
    """Yield each rule that an import breaks."""
    floor, ours = imported.floor, imported.our_floor
    if imported.module == "tenantry.(relative)":
        yield "imports are absolute"
    if floor and ours and ours != floor and ours not in BELOW[floor]:
        yield f"{floor} may import only {_join_names(BELOW[floor])} of ours"
    if imported.top == "faketwilio" and imported.path.relative_to(PACKAGE).as_posix() not in FAKE_IN:
        yield f"only {_join_names(FAKE_IN)} import the fake"
    if imported.top in ONLY_IN and floor not in ONLY_IN[imported.top]:
        yield f"only {_join_names(ONLY_IN[imported.top])} imports the package {imported.top}"
    if imported.top in NEVER_IN.get(floor, frozenset()):
        yield f"{floor} never imports {imported.top}"
    if floor == "model" and imported.top != "tenantry" and imported.top not in MODEL_MAY:
        yield "model imports pydantic and the standard library only"


def capability_of(module: str) -> str:
    """Return the folder of operations that a module lies in; empty for one that lies in none."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["tenantry", "operations"] and len(parts) > 3 else ""


def find_upward_capabilities(file: SourceFile) -> Iterator[str]:
    """Yield each import between folders of operations that is not named in CAPABILITIES."""
    own = capability_of(".".join(file.path.relative_to(ROOT).with_suffix("").parts))
    for found in imports_of(file) if own else ():
        other = capability_of(found.module)
        if other and other != own and other not in CAPABILITIES[own]:
            yield f"{found.place}; operations/{own} may import only {_join_names(CAPABILITIES[own])} of operations"


def _join_names(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def find_upward_imports(file: SourceFile) -> Iterator[str]:
    """Yield each import of the package that breaks a rule of its floor."""
    if file.package == "tenantry":
        yield from (f"{found.place}; {rule}" for found in imports_of(file) for rule in broken_rules(found))


def test_imports_point_downwards(breaches):
    assert breaches("test_floors:find_upward_imports") == []


def test_capabilities_import_only_those_below_them(breaches):
    folder = PACKAGE / "operations"
    paths = folder.glob("*/**/*.py")
    assert {path.relative_to(folder).parts[0] for path in paths} == CAPABILITIES.keys()
    assert breaches("test_floors:find_upward_capabilities") == []


def test_a_capability_that_imports_upward_is_named():
    source = "from tenantry.operations.up.plan import Request"
    (breach,) = find_upward_capabilities(SourceFile(PACKAGE / "operations/drift/x.py", source))
    assert breach.endswith("; operations/drift may import only ledger, retention, stack of operations")


def test_every_folder_of_the_package_is_a_floor():
    folders = {path.parent.relative_to(PACKAGE).parts[0] for path in PACKAGE.glob("*/**/*.py")}
    assert folders <= BELOW.keys(), f"say in BELOW what {_join_names(frozenset(folders - BELOW.keys()))} may import"


@pytest.mark.parametrize(
    ("file", "source", "rule"),
    [
        ("model/x.py", "import tenantry.twilio.session", "model may import only text of ours"),
        ("text/x.py", "from tenantry.model import url", "text may import only nothing of ours"),
        ("model/x.py", "import yaml", "model imports pydantic and the standard library only"),
        ("manifest/x.py", "from tenantry.twilio import session", "manifest may import only model, text of ours"),
        ("engine/x.py", "from tenantry import providers", "engine may import only model, text of ours"),
        ("providers/x.py", "def f():\n    from tenantry.reports import x", "providers may import only engine,"),
        ("providers/x.py", "from twilio.rest import Client", "only twilio imports the package twilio"),
        ("reports/x.py", "import pulumi.automation", "reports never imports pulumi"),
        ("reports/x.py", "from faketwilio.store.store import Store", "only cli/demo.py, cli/fake.py import the fake"),
        ("text/x.py", "from tenantry.model.url import resolve", "text may import only nothing of ours"),
        ("policies/x.py", "from tenantry.policies.stack import age", "policies may import only manifest, model, text"),
        ("policies/x.py", "import pulumi_policy", "policies never imports pulumi_policy"),
        ("operations/x.py", "from tenantry.reports import about", "operations may import only engine, ledger,"),
        ("operations/x.py", "import click", "operations never imports click"),
        ("operations/x.py", "import sqlite3", "only ledger imports the package sqlite3"),
        ("ledger/x.py", "from tenantry.manifest import load", "ledger may import only model, text of ours"),
        ("operations/x.py", "import boto3", "only secret_sinks imports the package boto3"),
        ("secret_sinks/x.py", "from tenantry.engine import run", "secret_sinks may import only model, text of ours"),
        ("twilio/x.py", "from .errors import doing", "imports are absolute"),
    ],
)
def test_a_breach_names_file_line_and_rule(file, source, rule):
    (breach,) = find_upward_imports(SourceFile(PACKAGE / file, source))
    assert breach.startswith(f"tenantry/{file}:{len(source.splitlines())}: imports ")
    assert rule in breach


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("twilio/x.py", "from tenantry import __version__\nfrom twilio.rest import Client\nimport requests"),
        ("engine/x.py", "from tenantry.text.some import first_of"),
        ("model/x.py", "from tenantry.model.url import resolve\nfrom pydantic import Field\nimport re"),
        ("policies/pack/x.py", "from tenantry.policies.rule import Rule\nimport pulumi_policy"),
        ("ledger/x.py", "import sqlite3\nfrom tenantry.model.money import Nano"),
        ("cli/fake.py", "from faketwilio.server import FakeTwilio\nfrom tenantry.providers import fleet"),
    ],
)
def test_imports_that_point_downwards_pass(file, source):
    assert list(find_upward_imports(SourceFile(PACKAGE / file, source))) == []
