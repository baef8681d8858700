"""`tenantry bill`: draft or close the statements of a month, adjust the next one, or void a closed one."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.desk import by_option, open_desk
from tenantry.cli.files import make_folder, write_files
from tenantry.cli.options import only_option, project_option, refuse_blank, stack_option, without_state_option
from tenantry.cli.stack import end_on_errors, warn
from tenantry.cli.state import open_with_state
from tenantry.cli.terminal import color_option, count_on_line, layout, tell, tell_lines
from tenantry.cli.traffic import tell_traffic
from tenantry.manifest.load import Loaded
from tenantry.operations.billing.adjusting import AskedAmount, adjust_tenant, make_void
from tenantry.operations.billing.bill import Bill
from tenantry.operations.billing.story import BillOrder, bill_stack
from tenantry.operations.usage.periods import choose_month
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.by_hand import amount_text, void_text
from tenantry.reports.bill.documents import write_documents
from tenantry.reports.bill.export import Ids
from tenantry.reports.bill.formats import (
    FORMATS,
    USAGE,
    Wanted,
    explain_missing,
    head_text,
    render_bill,
    render_files,
)
from tenantry.text.plain import plain
from tenantry.text.wrapping import sentence

UNDONE = "No statement was made."


@click.group(invoke_without_command=True)
@only_option
@project_option
@stack_option
@click.option("--month", metavar="YYYY-MM", help="The month, in UTC.  [default: the last complete one]")
@click.option("--close", is_flag=True, help="Close the statements: each gets a number, and never changes again.")
@click.option(
    "--for",
    "audience",
    type=click.Choice(["us", "customer"]),
    default="us",
    show_default=True,
    help="us: with costs and margins; customer: only what the customer may see.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="usage: what customers used; stripe, quickbooks: closed statements, for import there.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write one file per statement into this folder."
)
@without_state_option
@color_option
@click.pass_context
def bill(
    context: click.Context,
    only: tuple[str, ...],
    root: Path,
    stack: str | None,
    month: str | None,
    audience: Audience,
    form: str,
    out: Path | None,
    *,
    close: bool,
    without_state: bool,
) -> None:
    """Draft the statements of a month, or close them. --only also accepts customers.

    Exit 2 if a statement was refused or a tenant was left out, with the reason; 1 if something failed.
    """
    if context.invoked_subcommand is not None:
        return
    if form == USAGE and audience == "us":
        raise click.UsageError("--format usage is for customers; add --for customer.")
    if out is not None:
        make_folder(out, UNDONE)  # before anything is closed
    now = datetime.now(UTC)
    with end_on_errors():
        period = choose_month(month, now, UNDONE.rstrip("."))
    loaded, state = open_with_state(root, stack, without_state=without_state, undone=UNDONE, has_rows=True)
    with end_on_errors(), count_on_line("accounts read") as listener:
        order = BillOrder(root, loaded, state, frozenset(only), period, now, os.environ, listener)
        billed = bill_stack(order, write_documents if close else None)
    is_whole = _tell_bill(billed.bill, Wanted(audience, form, layout(), _ids(loaded)), out)
    tell_traffic(billed.traffic)
    raise SystemExit(billed.bill.exit_code or (0 if is_whole else 2))


def _ids(loaded: Loaded) -> Ids:
    """Return the ids of customers in other systems."""
    return {slug: file.customer.ids.model_dump(exclude_none=True) for slug, file in loaded.customers.items()}


def _tell_bill(bill: Bill, wanted: Wanted, out: Path | None) -> bool:
    """Print a bill, or write its files; return whether it has all statements."""
    rendered = render_bill(bill, wanted) if out is None else render_files(bill, wanted)
    if out is not None:
        # Write all files first: the reader of the output may stop early, as `| head` does.
        for file in write_files(rendered.texts, out):
            tell(f"wrote {file}")
    else:
        for _, text in rendered.texts:
            tell(text, nl=not text.endswith("\n"))
    for problem in (*(explain_missing(bill) if wanted.audience == "customer" else ()), *rendered.problems):
        warn(plain(problem))
    if bill.ledger_head is not None:
        tell_lines([sentence(head_text(bill.ledger_head))], err=True)
    return not rendered.problems


@bill.command("void")
@click.argument("number")
@click.option("--reason", required=True, callback=refuse_blank, help="Why you void it.")
@by_option
@project_option
@stack_option
def void_(number: str, reason: str, by: str, root: Path, stack: str | None) -> None:
    """Void the closed statement NUMBER. Its number is never used again; you can close the month again."""
    with open_desk(root, stack) as desk:
        void = make_void(desk.ledger, desk.stack, number, reason=reason, by=by)
    tell(void_text(void))


@bill.command()
@click.argument("tenant")
@click.option("--amount", required=True, metavar="AMOUNT", help="Amount to add; below 0 is a reduction.")
@click.option("--reason", required=True, callback=refuse_blank, help="The reason that the customer sees.")
@click.option(
    "--ref", required=True, callback=refuse_blank, help="Your reference, such as a ticket; it is recorded only once."
)
@by_option
@project_option
@stack_option
def adjust(tenant: str, amount: str, reason: str, ref: str, by: str, root: Path, stack: str | None) -> None:
    """Add an amount to the next statement of TENANT, or subtract one."""
    with open_desk(root, stack) as desk:
        asked = AskedAmount(tenant, amount, reason, ref, by)
        recorded = adjust_tenant(desk.ledger, desk.stack, desk.tenants, asked)
    tell(amount_text(recorded))
