"""Listing errors: by code over all tenants, and by tenant, with what each sent in the same days."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tenantry.ledger.connection import Ledger
from tenantry.ledger.error_events import CodeCount, ErrorEvent, count_codes, first_seen, newest_error
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.standing import read_standing
from tenantry.model.error_titles import ERROR_TITLES
from tenantry.model.tenant_standing import TenantStanding, parse_standing
from tenantry.operations.error_events.traffic import NOT_READ, ReadTraffic, Sent, percent_of
from tenantry.operations.error_events.values import (
    ErrorExample,
    ErrorsReport,
    FleetCode,
    TenantCode,
    TenantErrors,
)
from tenantry.text.spelling import closest

NEW = timedelta(days=7)


@dataclass(frozen=True)
class ErrorsRequest:
    """Whose errors, and since which day (UTC)."""

    parent: str
    stack: str
    first_day: date
    slugs: Collection[str] = ()
    """Empty: all tenants."""


def list_errors(ledger: Ledger, request: ErrorsRequest, read_traffic: ReadTraffic = lambda _: {}) -> ErrorsReport:
    """Return what the ledger has of errors; raises LedgerError, and RefusedError for a tenant that nobody knows.

    `read_traffic` is asked once, with the account of each tenant that had errors.
    """
    now = ledger.now()
    tenants = {row.tenant: parse_standing(row.document) for row in read_standing(ledger, request.parent)}
    since = datetime.combine(request.first_day, time(), UTC)
    counts = count_codes(ledger, request.parent, since, now + timedelta(days=1))
    known = {*tenants, *(count.tenant for count in counts)}
    _refuse_unknown(request.slugs, known)
    chosen = set(request.slugs) or known
    counts = tuple(count for count in counts if count.tenant in chosen)
    first = first_seen(ledger, request.parent)
    had = dict.fromkeys(count.tenant for count in counts)
    sent = read_traffic({slug: tenants[slug].account_sid for slug in had if slug in tenants})
    listed = [
        _describe(ledger, request.parent, slug, tenants.get(slug), _CodesOf(counts, first, now), sent) for slug in had
    ]
    return ErrorsReport(
        stack=request.stack,
        first_day=request.first_day,
        as_of=now,
        codes=_sum_codes(listed),
        tenants=tuple(sorted(listed, key=lambda tenant: (-tenant.errors, -tenant.warnings, tenant.tenant))),
        without_errors=len(chosen) - len(had),
        not_received=tuple(slug for slug, tenant in tenants.items() if slug in chosen and tenant.error_url is None),
    )


@dataclass(frozen=True)
class _CodesOf:
    """The codes of some days, and since when each is known."""

    counts: tuple[CodeCount, ...]
    first: Mapping[tuple[str, str], datetime]
    now: datetime


def _describe(
    ledger: Ledger, parent: str, slug: str, tenant: TenantStanding | None, found: _CodesOf, sent: Mapping[str, Sent]
) -> TenantErrors:
    own = [count for count in found.counts if count.tenant == slug]
    codes = tuple(
        _describe_code(count, found, newest)
        for count in own
        if (newest := newest_error(ledger, parent, slug, count.code)) is not None
    )
    errors = sum(count.count for count in own if count.level == "error")
    traffic = sent.get(slug, NOT_READ)
    return TenantErrors(
        tenant=slug,
        account_sid=tenant.account_sid if tenant else None,
        errors=errors,
        warnings=sum(count.count for count in own) - errors,
        traffic=traffic.units,
        traffic_problem=traffic.problem,
        errors_percent=percent_of(errors, traffic.units),
        codes=tuple(sorted(codes, key=lambda code: (-code.count, code.code))),
    )


def _describe_code(count: CodeCount, found: _CodesOf, newest: ErrorEvent) -> TenantCode:
    since = found.first.get((count.tenant, count.code), count.first)
    return TenantCode(
        code=count.code,
        name=ERROR_TITLES.get(count.code) or newest.message or "An error without a message",
        level=count.level,
        count=count.count,
        first_seen=since,
        last_seen=count.last,
        is_new=since > found.now - NEW,
        example=ErrorExample(
            sid=newest.identity,
            happened_at=newest.happened_at,
            message=newest.message,
            product=newest.product,
            resource_sid=newest.resource_sid,
            method=newest.method,
            url=newest.url,
            parameters=newest.parameters,
        ),
    )


def _sum_codes(tenants: Iterable[TenantErrors]) -> tuple[FleetCode, ...]:
    """Return each code over all tenants; it is new where it is new for every one that had it."""
    by_code: dict[tuple[str, str], list[TenantCode]] = {}
    for tenant in tenants:
        for code in tenant.codes:
            by_code.setdefault((code.code, code.level), []).append(code)
    sums = [
        FleetCode(
            code=found[0].code,
            name=found[0].name,
            level=found[0].level,
            count=sum(code.count for code in found),
            tenants=len(found),
            first_seen=min(code.first_seen for code in found),
            last_seen=max(code.last_seen for code in found),
            is_new=all(code.is_new for code in found),
        )
        for found in by_code.values()
    ]
    return tuple(sorted(sums, key=lambda code: (-code.count, code.code)))


def _refuse_unknown(slugs: Collection[str], known: Collection[str]) -> None:
    for slug in slugs:
        if slug not in known:
            close = closest(slug, known)
            hint = f"Did you mean '{close}'?" if close else "Run `tenantry sync`, which writes all tenants."
            raise RefusedError(f"The ledger knows no tenant '{slug}'. {hint}")
