"""What telling costs: 10,000 statements of one month as JSON, CSV and HTML, for customers and for us.

`make bench` or `python benchmarks/statements.py --statements 10000`. Statements are rated before the clock starts.
Nothing here is a test: a slow machine must not fail a build.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from rating import TERMS, readings

from tenantry.model.terms import Terms
from tenantry.model.usage_period import month_of
from tenantry.operations.billing.bill import Bill, BilledStatement
from tenantry.operations.billing.rating.rate_statement import rate_statement
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, DatedTerms, MonthUsage, TenantMonth
from tenantry.operations.billing.rating.values.internal_statement import InternalStatement
from tenantry.reports.bill.as_csv import as_csv
from tenantry.reports.bill.as_html import as_html
from tenantry.reports.bill.as_json import as_json
from tenantry.reports.bill.documents import write_documents
from tenantry.reports.bill.formats import Wanted, render_files

MARCH = month_of(2026, 3)
NOW = datetime(2026, 4, 4, tzinfo=UTC)


def rate(number: int) -> InternalStatement:
    """Return a statement with four charges, discount, minimum and tax, of 20 usage categories."""
    usage = MonthUsage(readings(MARCH, number % 97))
    terms = (DatedTerms(MARCH.first, Terms.model_validate(TERMS["full"])),)
    month = TenantMonth(f"t{number}", f"Tenant {number}", MARCH, terms, usage)
    return replace(rate_statement(BilledCustomer(f"t{number}", f"Tenant {number}"), [month]), number=f"OWL-{number:06}")


def close(statement: InternalStatement) -> BilledStatement:
    """Return a statement as the ledger has it."""
    for_customer, for_us = write_documents(statement, NOW)
    return BilledStatement(
        customer=statement.customer.slug,
        tenant=statement.customer.slug,
        status="closed",
        number=statement.number,
        currency=statement.currency,
        total=statement.total,
        for_customer=for_customer,
        for_us=for_us,
    )


def count_bytes(bill: Bill, wanted: Wanted) -> int:
    """Make a file for each statement, as `--out` does, and return the bytes of all."""
    return sum(len(text) for _, text in render_files(bill, wanted).texts)


def works(bill: Bill) -> Iterator[tuple[str, Callable[[], int]]]:
    """Yield what is measured: a file for each customer, then the whole month."""
    for form in ("json", "csv", "html"):
        yield f"{form}, a file a customer", lambda form=form: count_bytes(bill, Wanted("customer", form))
    yield "json, whole, for us", lambda: len(as_json(bill, "us"))
    yield "csv, whole, for us", lambda: len(as_csv(bill, "us"))
    yield "html, whole, for us", lambda: len(as_html(bill, "us"))


def main() -> None:
    """Print seconds, memory and size of each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=10_000)
    asked = parser.parse_args()
    rated = [rate(number) for number in range(asked.statements)]
    start = time.process_time()
    statements = tuple(map(close, rated))
    print(f"{'documents that are closed':<28} {time.process_time() - start:6.2f} s")
    del rated
    bill = Bill("prod", "AC0", MARCH, NOW, statements, (), is_closing=False, has_ledger=True)
    for name, work in works(bill):
        start = time.process_time()
        size = work()
        seconds = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name:<28} {seconds:6.2f} s  {size / 1e6:6.1f} MB  {memory:5.0f} MiB at most")


if __name__ == "__main__":
    main()
