"""The formats of `tenantry bill`, by name: as one text, or as a file for each statement."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.reports.alike import Reason, group_reasons
from tenantry.reports.bill.as_csv import as_csv
from tenantry.reports.bill.as_html import as_html, statement_as_html
from tenantry.reports.bill.as_json import as_json
from tenantry.reports.bill.as_quickbooks import as_quickbooks
from tenantry.reports.bill.as_stripe import as_stripe
from tenantry.reports.bill.as_text import as_text
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.customer_usage import customer_usage, customer_usage_json
from tenantry.reports.bill.documents import find_customer_document, find_customer_text, find_our_document, find_our_text
from tenantry.reports.bill.export import Export, Ids
from tenantry.reports.bill.our_document import OurDocument
from tenantry.text.json_text import json_text
from tenantry.text.wrapping import PLAIN, Layout

EXPORTS: Mapping[str, tuple[Callable[[Bill, Ids], Export], str]] = {
    "stripe": (as_stripe, "jsonl"),
    "quickbooks": (as_quickbooks, "csv"),
}
"""Exports to other systems, and the endings of their files."""
ENDINGS = {"text": "txt", "json": "json", "csv": "csv", "html": "html"}
USAGE = "usage"
"""What each tenant used, for customers alone."""
FORMATS = (*ENDINGS, USAGE, *EXPORTS)


@dataclass(frozen=True)
class Wanted:
    """How a bill is wanted: for whom, in which format."""

    audience: Audience
    form: str
    layout: Layout = PLAIN
    ids: Ids = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """A bill as texts with their names, and sentences on what is not in them."""

    texts: Iterable[tuple[str, str]]
    problems: tuple[str, ...] = ()


def explain_missing(bill: Bill) -> Iterator[str]:
    """Yield why customers get no statement: nothing that is for them says so."""
    refused = (problem for row in bill.statements if row.status == "refused" for problem in row.problems)
    for alike in group_reasons(Reason(problem.tenant, problem.sentence) for problem in (*refused, *bill.left_out)):
        yield f"{alike.write_tenants()}: no statement; {alike.text}"


def head_text(head: str) -> str:
    """Return the ledger's head after a close, and what it is for."""
    return (
        f"The ledger's head is {head}. Note it down: `tenantry ledger check --head {head}` notices an older copy "
        "that was restored."
    )


def render_bill(bill: Bill, wanted: Wanted) -> Rendered:
    """Return a bill as one text, with a name for its file."""
    name = f"{bill.period.first:%Y-%m}"
    if wanted.form in EXPORTS:
        write, ending = EXPORTS[wanted.form]
        export = write(bill, wanted.ids)
        return Rendered([(f"{name}-{wanted.form}.{ending}", export.text)], export.problems)
    if wanted.form == USAGE:
        plain = [customer_usage(document, slug).plain() for document, slug in _tenants(bill)]
        return Rendered([(f"{name}-usage.json", json_text(plain))])
    return Rendered([(f"{name}.{ENDINGS[wanted.form]}", _whole(bill, wanted))])


def render_files(bill: Bill, wanted: Wanted) -> Rendered:
    """Return a bill as a file for each statement, and for us one of the whole; an export is one file anyway."""
    if wanted.form in EXPORTS:
        return render_bill(bill, wanted)
    if wanted.form == USAGE:
        return Rendered(_usage_files(bill))
    return Rendered(_statement_files(bill, wanted))


def _whole(bill: Bill, wanted: Wanted) -> str:
    match wanted.form:
        case "json":
            return as_json(bill, wanted.audience)
        case "csv":
            return as_csv(bill, wanted.audience)
        case "html":
            return as_html(bill, wanted.audience)
        case _:
            return as_text(bill, wanted.audience, wanted.layout)


def _statement_files(bill: Bill, wanted: Wanted) -> Iterator[tuple[str, str]]:
    if wanted.audience == "us":
        yield from render_bill(bill, wanted).texts
    for billed, name in zip(bill.statements, _names(bill), strict=True):
        text = _statement_text(bill, billed, wanted)
        if text is not None:
            yield f"{name}-{bill.period.first:%Y-%m}.{ENDINGS[wanted.form]}", text


def _statement_text(bill: Bill, billed: BilledStatement, wanted: Wanted) -> str | None:
    """Return one statement; None where there is none to show."""
    if wanted.form == "json":
        return find_our_text(billed) if wanted.audience == "us" else find_customer_text(billed)
    if wanted.audience == "us":
        is_rated = billed.for_us is not None or billed.statement is not None
        return _whole(replace(bill, statements=(billed,), left_out=()), wanted) if is_rated else None
    document = find_customer_document(billed)
    if document is None:
        return None
    if wanted.form == "html":
        return statement_as_html(document)
    return _whole(replace(bill, statements=(billed,)), wanted)


def _names(bill: Bill) -> list[str]:
    """Return a name for each statement: `elm`, `oak-north`; `oak.north` where two would have the same."""
    slugs = [tuple(dict.fromkeys(filter(None, (row.customer, row.tenant)))) for row in bill.statements]
    names = Counter("-".join(parts) for parts in slugs)
    return ["-".join(parts) if names["-".join(parts)] == 1 else ".".join(parts) for parts in slugs]


def _usage_files(bill: Bill) -> Iterator[tuple[str, str]]:
    for document, slug in _tenants(bill):
        yield f"{slug}-{bill.period.first:%Y-%m}-usage.json", customer_usage_json(document, slug)


def _tenants(bill: Bill) -> Iterator[tuple[OurDocument, str]]:
    """Yield each tenant that is on a statement, with the statement."""
    for billed in bill.statements:
        document = find_our_document(billed) if billed.status != "refused" else None
        if document is not None:
            yield from ((document, tenant.tenant) for tenant in document.tenants)
