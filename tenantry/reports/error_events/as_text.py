"""Errors as lines for people."""

from collections.abc import Iterator

from tenantry.operations.error_events.values import ErrorsReport, FleetCode, TenantCode
from tenantry.reports.error_events.words import notes, rate_text, summary
from tenantry.text.columns import align_columns
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

_CODES = ("code", "level", "count", "tenants", "first seen", "last seen", "", "title")
_TENANTS = ("tenant", "errors", "warnings", "errors per message or call", "most frequent")


def as_text(report: ErrorsReport, layout: Layout = PLAIN) -> str:
    """Return a table of codes, and one of tenants."""
    return lay_out(list(_lines(report)), layout)


def _lines(report: ErrorsReport) -> Iterator[Line]:
    yield sentence(summary(report), "bold")
    if report.codes:
        yield sentence("")
        yield from _table([_CODES, *map(_code_cells, report.codes)], right=(2, 3))
        yield sentence("")
        rows = [
            (tenant.tenant, str(tenant.errors), str(tenant.warnings), rate_text(tenant), _frequent(tenant.codes))
            for tenant in report.tenants
        ]
        yield from _table([_TENANTS, *rows], right=(1, 2))
    for note in notes(report):
        yield sentence(plain(note), "yellow")


def _table(rows: list[tuple[str, ...]], right: tuple[int, ...]) -> Iterator[Line]:
    for number, text in enumerate(align_columns(rows, right=right)):
        yield Line((Span(text, None if number else "bold"),))


def _code_cells(code: FleetCode) -> tuple[str, ...]:
    seen = (f"{code.first_seen:%Y-%m-%d %H:%M}", f"{code.last_seen:%Y-%m-%d %H:%M}")
    new = "new" if code.is_new else ""
    return (code.code or "none", code.level, str(code.count), str(code.tenants), *seen, new, plain(code.name))


def _frequent(codes: tuple[TenantCode, ...]) -> str:
    return ", ".join(f"{code.code or 'none'} × {code.count}" for code in codes[:3])
