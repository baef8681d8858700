"""Plans for the tests of reports, step by step."""

from typing import Any

from tenantry.engine.events.changes import Change
from tenantry.engine.events.event import Diagnostic, PolicyViolation
from tenantry.engine.events.plan import Plan, Step
from tenantry.engine.events.urn import COMPONENT
from tenantry.model.kinds import find_kind
from tenantry.operations.preview.report import PreviewReport, make_preview_report


def step(op: Any, name: str, *changes: Change) -> Step:
    """A step of a resource by its name in the stack: `acme`, `acme/usage_trigger/sms`, `fleet`."""
    slug, _, entry = name.partition("/")
    if name == "fleet":
        return Step(op, "urn:pulumi:dev::owl::fleet::fleet", _token("fleet"), name, None, changes)
    token = _token(entry.partition("/")[0] or "subaccount")
    return Step(op, f"urn:pulumi:dev::owl::{COMPONENT}${token}::{name}", token, name, slug, changes)


def update_change(path: str, old: Any, new: Any, *, replaces: bool = False) -> Change:
    return Change(path, "update", old, new, replaces)


def add_change(path: str, new: Any) -> Change:
    return Change(path, "add", None, new)


def remove_change(path: str, old: Any) -> Change:
    return Change(path, "delete", old, None)


def plan(
    *steps: Step,
    drift: tuple[Step, ...] = (),
    waiting: tuple[Step, ...] = (),
    diagnostics: tuple[Diagnostic, ...] = (),
    violations: tuple[PolicyViolation, ...] = (),
    same: int = 7,
) -> Plan:
    return Plan(steps, drift, {"same": same}, (), diagnostics, violations, waiting)


def report(*steps: Step, **options: Any) -> PreviewReport:
    return make_preview_report(plan(*steps, **options), "dev")


def slugs(number: int) -> list[str]:
    return [f"customer-{item:04}" for item in range(number)]


def _token(kind: str) -> str:
    known = find_kind(kind)
    return known.token if known else "aws:s3/bucket:Bucket"
