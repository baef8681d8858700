"""What was found as SARIF 2.1.0, which code scanners' dashboards read.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; what GitHub takes of it:
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tenantry import __version__
from tenantry.manifest.problem import Place, Problem
from tenantry.policies.check import CheckResult
from tenantry.policies.rule import Rule
from tenantry.policies.waivers import Waiver
from tenantry.reports.validate.groups import Group, groups_of
from tenantry.text.json_text import json_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MANIFEST = "manifest"
"""The rule that stands for every problem of a file."""


def as_sarif(judged: CheckResult, root: Path) -> str:
    """Return one SARIF log with one run; waived violations are in it, marked as suppressed."""
    driver = {
        "name": "Tenantry",
        "version": __version__,
        "rules": [_build_manifest_rule(), *(_build_rule(rule) for rule in judged.rules)],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            *(_build_problem(problem, root) for problem in judged.files.problems),
            *(_build_result(group, judged.rules, root) for group in groups_of(judged.violations)),
        ],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _build_manifest_rule() -> dict[str, Any]:
    text = "A file says what no manifest, layer, configuration or waiver can say."
    return {"id": MANIFEST, "shortDescription": {"text": text}, "defaultConfiguration": {"level": "error"}}


def _build_rule(rule: Rule) -> dict[str, Any]:
    mend = f"{rule.mend[0].upper()}{rule.mend[1:]}."
    page = next((source for source in rule.source if source.startswith("https://")), None)
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why}\n\n{mend}", "markdown": f"{rule.why}\n\n**How to comply.** {mend}"},
        **({"helpUri": page} if page else {}),
        "defaultConfiguration": {"level": "error" if rule.level == "mandatory" else "warning"},
    }


def _build_problem(problem: Problem, root: Path) -> dict[str, Any]:
    message = f"{problem.path}: {problem.message}" if problem.path else problem.message
    return {
        "ruleId": MANIFEST,
        "ruleIndex": 0,
        "level": problem.severity,
        "message": {"text": message},
        "locations": [_build_location(problem.place, problem.path, root)],
    }


def _build_result(group: Group, rules: Sequence[Rule], root: Path) -> dict[str, Any]:
    violation = group.first
    return {
        "ruleId": violation.rule.id,
        "ruleIndex": 1 + [rule.id for rule in rules].index(violation.rule.id),
        "level": "error" if violation.level == "mandatory" else "warning",
        "message": {"text": group.text},
        "locations": [_build_location(violation.place, violation.path, root)],
        "properties": {"tenants": list(group.tenants)},
        **({"suppressions": [_build_suppression(group.waiver)]} if group.waiver else {}),
    }


def _build_location(place: Place, path: str, root: Path) -> dict[str, Any]:
    uri = quote(os.fsencode((root / place.file).as_posix()))
    region = {"startLine": place.line, "startColumn": place.column}
    return {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": region},
        **({"logicalLocations": [{"fullyQualifiedName": path, "kind": "member"}]} if path else {}),
    }


def _build_suppression(waiver: Waiver) -> dict[str, str]:
    justification = f"{waiver.reason} ({waiver.owner}, until {waiver.until}; {waiver.place})"
    return {"kind": "external", "status": "accepted", "justification": justification}
