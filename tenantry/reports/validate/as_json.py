"""What was found as JSON, and the published schema of it."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from tenantry.manifest.problem import Problem
from tenantry.policies.check import CheckResult
from tenantry.policies.violation import Violation
from tenantry.policies.waivers import Waiver
from tenantry.reports.schema import publish_schema
from tenantry.text.json_text import json_text
from tenantry.text.plain import plain


class ProblemEntry(BaseModel):
    """Something that is wrong in a file."""

    file: str = Field(description="from the project's folder")
    line: int
    column: int
    path: str = Field(description="dotted path of the key; empty for a whole file")
    message: str
    severity: Literal["error", "warning"]


class WaiverEntry(BaseModel):
    """A rule from which a tenant is exempt for some time."""

    tenant: str
    rule: str
    reason: str
    owner: str
    until: date = Field(description="last day on which it holds")
    holds: bool = Field(description="false once it has expired")
    file: str
    line: int


class ViolationEntry(BaseModel):
    """A tenant that does not keep to a rule, at the line that set the value."""

    rule: str = Field(description="id of the rule")
    level: Literal["advisory", "mandatory"]
    tenant: str | None = Field(description="slug; null where it is about the stack as a whole")
    file: str
    line: int
    column: int
    path: str = Field(description="dotted path of the value in the manifest; of one that is missing, where it would be")
    message: str = Field(description="what is wrong")
    why: str
    mend: str = Field(description="what to do")
    waived: bool = Field(description="true where a waiver exempts the tenant; it then counts as no violation")


class Report(BaseModel):
    """What `tenantry validate` found."""

    tenants: int = Field(description="number of tenants that were checked")
    errors: int = Field(description="number of errors, violations of mandatory rules among them")
    warnings: int = Field(description="number of warnings, violations of advisory rules among them")
    problems: tuple[ProblemEntry, ...] = Field(description="what is wrong in files")
    violations: tuple[ViolationEntry, ...] = Field(description="violations of rules")
    waivers: tuple[WaiverEntry, ...] = Field(description="all waivers, expired ones too")


def as_json(judged: CheckResult, today: date) -> str:
    """Return the result as one JSON document, ASCII only: nothing in a name can steer a terminal."""
    report = Report(
        tenants=judged.files.tenants,
        errors=judged.errors,
        warnings=judged.warnings,
        problems=tuple(map(_build_problem, judged.files.problems)),
        violations=tuple(map(_build_violation, judged.violations)),
        waivers=tuple(_build_waiver(waiver, today) for waiver in judged.waivers),
    )
    return json_text(report.model_dump(mode="json"))


def validate_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: what validate found", Report)


def _build_problem(problem: Problem) -> ProblemEntry:
    # A file's name may be no text at all, which no JSON can say.
    names = {"file": plain(problem.file), "path": plain(problem.path), "message": plain(problem.message)}
    return ProblemEntry(**names, line=problem.line, column=problem.column, severity=problem.severity)


def _build_violation(violation: Violation) -> ViolationEntry:
    return ViolationEntry(
        rule=violation.rule.id,
        level="mandatory" if violation.level == "mandatory" else "advisory",
        tenant=violation.tenant,
        **violation.place._asdict(),
        path=violation.path,
        message=violation.sentence,
        why=violation.rule.why,
        mend=violation.rule.mend,
        waived=violation.waiver is not None,
    )


def _build_waiver(waiver: Waiver, today: date) -> WaiverEntry:
    return WaiverEntry(
        tenant=waiver.tenant,
        rule=waiver.rule,
        reason=waiver.reason,
        owner=waiver.owner,
        until=waiver.until,
        holds=waiver.holds(today),
        file=waiver.place.file,
        line=waiver.place.line,
    )
