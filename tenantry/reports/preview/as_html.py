"""A preview as a page: a heat map of tenants by kind, then every group of equal changes, dangers first."""

from collections.abc import Mapping

from tenantry.operations.changes.messages import join_findings
from tenantry.operations.changes.values import Group, Op
from tenantry.operations.preview.report import PreviewReport
from tenantry.operations.stack.about import About
from tenantry.reports.about import describe_owner, describe_scope
from tenantry.reports.changes.lines import (
    NO_TENANT,
    danger_name,
    fields_left,
    fields_told,
    forces,
    message_lines,
    resource_name,
    value_text,
)
from tenantry.reports.changes.marks import MARKS, MEANINGS
from tenantry.reports.heat_map import HeatCell, State, heat_rows
from tenantry.reports.page import render_page
from tenantry.reports.preview.summary import SEEN, WAITING, list_remarks, list_waived, summarise
from tenantry.text.some import first_of

NAMED = 50
STATES: Mapping[Op, State] = {
    "delete": "alarm",
    "replace": "alarm",
    "finish": "aside",
    "forget": "aside",
    "wait": "aside",
}
"""How a change looks in the map; every other one is a change to look at."""


def as_html(report: PreviewReport) -> str:
    """Return the preview as one file, without a script and without a request to anybody."""
    cells = _cells(report)
    columns = sorted({column for kinds in cells.values() for column in kinds})
    return render_page(
        "preview.html",
        {
            "names": _names,
            "danger": danger_name,
            "resource": resource_name,
            "told": fields_told,
            "more": fields_left,
            "value": value_text,
            "forces": forces,
            "message": lambda message: "\n".join(message_lines(message)),
        },
        report=report,
        messages=join_findings(report.messages),
        summary=summarise(report),
        remarks=list(list_remarks(report)),
        waived=list(list_waived(report.waivers)),
        whose=describe_owner(About(report.parent, report.address)),
        scope=describe_scope(report.scope) if report.scope else "all tenants",
        parts=(("Changes", report.groups), (WAITING, report.waiting), (SEEN, report.seen)),
        marks=MARKS,
        meanings=MEANINGS,
        columns=[column.replace("_", " ") for column in columns],
        rows=heat_rows(cells, columns, "unchanged"),
    )


def _names(group: Group) -> str:
    return first_of(group.tenants, NAMED) or NO_TENANT


def _cells(report: PreviewReport) -> dict[str, dict[str, list[HeatCell]]]:
    found: dict[str, dict[str, list[HeatCell]]] = {}
    for group in report.groups:
        for change in group.changes:
            cell = HeatCell(STATES.get(change.op, "attention"), f"{MEANINGS[change.op]} {change.resource}")
            for tenant in group.tenants:
                found.setdefault(tenant, {}).setdefault(change.resource.partition("/")[0], []).append(cell)
    return found
