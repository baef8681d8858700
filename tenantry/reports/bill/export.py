"""What exports to other systems have in common: closed statements alone, with the customer's id in that system."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.reports.bill.customer_document import CustomerDocument, LineDocument, SectionDocument
from tenantry.reports.bill.documents import find_customer_document, find_our_document
from tenantry.reports.bill.words import line_text

Ids = Mapping[str, Mapping[str, str]]
"""What customers are called in other systems, by slug and system, as the manifests say today."""
System = Literal["stripe", "quickbooks"]


class ExportLine(NamedTuple):
    """A line for another system, which knows no sections."""

    line: LineDocument
    section: SectionDocument | None
    """Whose fees and charges it is from; None for what is for the whole statement."""
    text: str
    """What it is for, with the tenant's name where the statement is for several."""


class ExportError(Exception):
    """A statement that a system can't take as it is; the message says why, and what to do."""


@dataclass(frozen=True)
class Export:
    """What is imported elsewhere, and a sentence for each statement that is not in it."""

    text: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Exported:
    """A closed statement for another system: its number, what the customer may see of it, who the customer is there."""

    number: str
    document: CustomerDocument
    customer: str


def closed_statements(bill: Bill, system: System, ids: Ids) -> Iterator[Exported | str]:
    """Yield each statement that can be exported, or why it can't."""
    for billed in bill.statements:
        document = find_customer_document(billed) if billed.status == "closed" else None
        if document is None or document.number is None:
            yield f"{billed.customer}: the statement is not closed, so it is not exported; close it with --close."
            continue
        customer = _id_of(billed, system, ids)
        if customer is None:
            yield _missing(document, system)
        else:
            yield Exported(document.number, document, customer)


def list_lines(document: CustomerDocument) -> Iterator[ExportLine]:
    """Yield each line of a statement in its order."""
    for section in document.sections:
        name = f"{section.name}, " if len(document.sections) > 1 else ""
        yield from (ExportLine(line, section, f"{name}{line_text(line)}") for line in section.lines)
    yield from (ExportLine(line, None, line_text(line)) for line in document.lines)


def _id_of(billed: BilledStatement, system: System, ids: Ids) -> str | None:
    """Return the customer's id of today; else the one that it had when the statement was closed."""
    today = ids.get(billed.customer, {}).get(system)
    if today is not None:
        return today
    ours = find_our_document(billed)
    return ours.ids.get(system) if ours else None


def _missing(document: CustomerDocument, system: System) -> str:
    return (
        f"{document.customer}: has no id for {system}, so {document.number} is not exported; "
        f"write ids.{system} in customers/{document.customer}.yaml."
    )
