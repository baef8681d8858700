"""The access report as SARIF 2.1.0, which code scanners' dashboards read: a rule a kind, a result a finding."""

import os
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

from tenantry import __version__
from tenantry.operations.access.values import SEVERITY, AccessFinding, AccessReport, FindingKind
from tenantry.reports.access.words import WHAT, finding_text
from tenantry.reports.validate.as_sarif import SCHEMA
from tenantry.text.json_text import json_text

LEVELS = {"high": "error", "low": "warning", "note": "note"}
KINDS: tuple[FindingKind, ...] = get_args(FindingKind)


def as_sarif(report: AccessReport, root: Path) -> str:
    """Return one SARIF log with one run."""
    driver = {"name": "Tenantry", "version": __version__, "rules": [_rule(kind) for kind in KINDS]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, root) for finding in report.findings],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(kind: FindingKind) -> dict[str, Any]:
    return {
        "id": f"access-{kind.replace('_', '-')}",
        "shortDescription": {"text": f"{WHAT[kind][0].upper()}{WHAT[kind][1:]}"},
        "defaultConfiguration": {"level": LEVELS[SEVERITY[kind]]},
    }


def _result(finding: AccessFinding, root: Path) -> dict[str, Any]:
    uri = quote(os.fsencode((root / finding.file).as_posix()))
    region = {"startLine": finding.line}
    return {
        "ruleId": f"access-{finding.kind.replace('_', '-')}",
        "ruleIndex": KINDS.index(finding.kind),
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding_text(finding)}. {finding.settle}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }
