"""An erasure as lines for a terminal; the number is in none of them."""

from collections.abc import Iterator, Sequence

from tenantry.operations.erasure.values import ErasedKind, ErasedTenant, ErasureReport
from tenantry.reports.alike import Reason, group_alike, group_reasons
from tenantry.text.colour import Style
from tenantry.text.columns import align_columns
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

DRY_RUN = "A dry run: nothing was deleted. The same command with --apply does it."
MOST_HEADS = 20
"""So many ends of audits are printed; `--format json` has all."""
HIDDEN = "Records whose numbers Twilio shows with XXXX (AddressRetention: obfuscate) can't be found by a number."


def as_text(report: ErasureReport, layout: Layout = PLAIN) -> str:
    """Return the report: a row a tenant and kind, and a line that counts."""
    return lay_out(_lines(report), layout)


def _lines(report: ErasureReport) -> Iterator[Line]:
    yield sentence(f"Records of one person on {report.today} (UTC)", "bold")
    yield Line()
    last = ("deleted", "gone", "failed", "unfinished") if report.applied else ()
    rows = [_row(report, tenant, kind) for tenant in report.tenants for kind in tenant.kinds]
    if rows:
        header = ("tenant", "kind", "found", "oldest", *last)
        for number, text in enumerate(align_columns([header, *rows], {2, *range(4, len(header))})):
            yield Line((Span(text, None if number else "dim", whole=True),))
    yield from _reasons(report.tenants)
    for table, number in report.in_ledger.items():
        yield sentence(
            f"{format_count(number, 'row')} of {table} in our ledger hold the number: look at them.", "yellow"
        )
    yield Line()
    yield sentence(_summary(report), "bold")
    if not report.applied:
        yield sentence(DRY_RUN)
    yield sentence(HIDDEN)
    if report.person is not None:
        yield sentence(f"In the audit the person is {report.person}.", "dim")
    yield from _heads(report.tenants)


def _reasons(tenants: Sequence[ErasedTenant]) -> Iterator[Line]:
    """Yield why tenants were held, left out or failed: tenants with the same reason in one line."""
    for same in group_alike(tenants, lambda tenant: tenant.standing):
        style: Style = "alarm" if same[0].standing == "failed" else "yellow"
        for alike in group_reasons(Reason(tenant.tenant, tenant.reason) for tenant in same if tenant.reason):
            yield sentence(plain(f"{alike.write_tenants(same[0].standing.replace('_', ' '))}: {alike.text}"), style)


def _heads(tenants: Sequence[ErasedTenant]) -> Iterator[Line]:
    """Yield the ends of the audits, to be noted down where the ledger is not."""
    ends = [(tenant.tenant, tenant.audit) for tenant in tenants if tenant.audit and tenant.audit[0] != "0"]
    for slug, end in ends[:MOST_HEADS]:
        yield sentence(f"Its audit: --head {plain(slug)}={end}", "dim")
    if len(ends) > MOST_HEADS:
        yield sentence(f"{len(ends) - MOST_HEADS} more ends of audits are in --format json.", "dim")


def _row(report: ErasureReport, tenant: ErasedTenant, kind: ErasedKind) -> tuple[str, ...]:
    done = (str(kind.done), str(kind.gone), str(kind.failed), str(kind.unfinished)) if report.applied else ()
    return (plain(tenant.tenant), kind.kind, str(kind.found), str(kind.oldest or "-"), *done)


def _summary(report: ErasureReport) -> str:
    if report.stopped:
        return report.stopped
    tenants = format_count(len(report.tenants), "tenant")
    if not report.applied:
        return f"{tenants}: {format_count(report.found, 'record')} of this person."
    return f"{tenants}: {format_count(report.done, 'record')} of {report.found} deleted."
