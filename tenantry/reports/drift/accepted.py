"""What `drift --accept` wrote, and what it could not, as text and JSON."""

from collections.abc import Iterator
from typing import Any

from tenantry.operations.importing.accepted_values import AcceptReport
from tenantry.reports.alike import Reason, group_alike, group_reasons
from tenantry.reports.schema import publish_schema
from tenantry.text.counts import format_count
from tenantry.text.json_text import json_text
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

NO_TENANT = "no tenant"


def accepted_text(report: AcceptReport, layout: Layout = PLAIN) -> str:
    """Return a line a value, a line a refused finding, and one that counts."""
    return lay_out(_lines(report), layout)


def accepted_json(report: AcceptReport) -> str:
    """Return the report as one JSON document, ASCII only."""
    return json_text(report.model_dump(mode="json"))


def accepted_schema() -> dict[str, Any]:
    """Return the JSON Schema of the document."""
    return publish_schema("Tenantry: what drift --accept wrote", AcceptReport)


def _lines(report: AcceptReport) -> Iterator[Line]:
    for value in report.accepted:
        where = "all its tenants agree" if value.tenant is None else value.tenant
        yield Line((Span(plain(value.file), "bold"), Span(f": {plain(value.path)} ({where})")))
    for same in group_alike(report.refused, lambda refused: refused.entry):
        for alike in group_reasons(Reason(refused.tenant or NO_TENANT, refused.reason) for refused in same):
            about = alike.write_tenants() if len(alike.tenants) > 1 else f"{alike.tenants[0]} {same[0].entry}"
            entry = f"{same[0].entry}, " if len(alike.tenants) > 1 else ""
            yield Line((Span("not accepted: ", "yellow"), Span(plain(f"{entry}{about}: {alike.text}."))))
    number = format_count(len(report.accepted), "value")
    yield sentence(
        f"{number} written, {len(report.refused):,} not accepted. Look at `git diff`, then `tenantry preview`.", "bold"
    )
