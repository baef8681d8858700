"""The drift report as a page: a heat map of tenants by kind, then each cause with what settles it."""

from collections.abc import Mapping

from tenantry.model.kinds import KINDS
from tenantry.operations.drift.values import Group, Report, Severity
from tenantry.reports.drift.sentences import NO_STATE, list_members, name_subject, summarise, write_headline
from tenantry.reports.heat_map import HeatCell, State, heat_rows
from tenantry.reports.page import render_page
from tenantry.text.some import first_of

NAMED = 50
STATES: Mapping[Severity, State] = {"high": "alarm", "low": "attention", "note": "aside"}
OTHER = "other"
"""The column of what belongs to no kind, such as an `ignore` that fits nothing."""


TITLES: Mapping[str, str] = {name: kind.title for name, kind in KINDS.items()}


def as_html(report: Report) -> str:
    """Return the report as one file, without a script and without a request to anybody."""
    columns = _columns(report)
    return render_page(
        "drift.html",
        {"headline": write_headline, "what": name_subject, "names": _names},
        report=report,
        summary=summarise(report),
        warnings=[NO_STATE] if report.state == "none" else [],
        columns=[TITLES.get(column, OTHER) for column in columns],
        rows=heat_rows(_cells(report), columns, "nothing differs"),
    )


def _names(group: Group) -> str:
    return first_of(list_members(group), NAMED)


def _column(entry: str) -> str:
    kind = entry.partition("/")[0]
    return kind if kind in KINDS else OTHER


def _columns(report: Report) -> tuple[str, ...]:
    used = {_column(finding.entry) for group in report.groups for finding in group.findings if finding.tenant}
    return tuple(column for column in (*KINDS, OTHER) if column in used)


def _cells(report: Report) -> dict[str, dict[str, list[HeatCell]]]:
    found: dict[str, dict[str, list[HeatCell]]] = {}
    for group in report.groups:
        for finding in group.findings:
            if finding.tenant is not None:
                cell = HeatCell(STATES[group.severity], f"{name_subject(group)}: {write_headline(group)}")
                found.setdefault(finding.tenant, {}).setdefault(_column(finding.entry), []).append(cell)
    return found
