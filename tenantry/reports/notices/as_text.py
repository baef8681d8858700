"""Notices as lines for people."""

from collections.abc import Iterator

from tenantry.operations.notices.values import ListedNotice, NoticesReport
from tenantry.text.columns import align_columns
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

_HEADINGS = ("created", "type", "tenant", "status", "attempts", "id", "last error")


def as_text(report: NoticesReport, layout: Layout = PLAIN) -> str:
    """Return a table of notices, and where they go."""
    return lay_out(list(_lines(report)), layout)


def _lines(report: NoticesReport) -> Iterator[Line]:
    if report.notices:
        rows = [_HEADINGS, *map(_cells, report.notices)]
        for number, text in enumerate(align_columns(rows)):
            yield Line((Span(text.rstrip(), None if number else "bold"),))
    if report.replayed is not None:
        queued = f"{format_count(len(report.replayed), 'notice')} queued again; the receiver sends them."
        yield sentence(queued if report.replayed else "No notice is dead, so none was queued again.")
        return
    counts = dict.fromkeys(("waiting", "sent", "dead"), 0)
    for notice in report.notices:
        counts[notice.status] += 1
    yield sentence(", ".join(f"{number} {status}" for status, number in counts.items()) + ".")
    if report.url is None:
        yield sentence("tenantry.yaml has no `notices`, so they are kept and not sent.")
    elif counts["dead"]:
        yield sentence("The dead ones are sent again with `tenantry notices --replay`.")


def _cells(notice: ListedNotice) -> tuple[str, ...]:
    created = f"{notice.created_at:%Y-%m-%d %H:%M:%S}"
    error = plain(notice.last_error) if notice.last_error else ""
    return (created, notice.type, notice.tenant or "", notice.status, str(notice.attempts), notice.id, error)
