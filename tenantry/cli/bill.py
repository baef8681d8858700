"""`tenantry bill`: the statements of a month, drafted or closed; and what is done with one of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryFile

import click

from tenantry.cli.desk import by_option, open_desk
from tenantry.cli.messages import tell_traffic
from tenantry.cli.options import only_option, project_option, refuse_blank, stack_option
from tenantry.cli.stack import end_on_errors, fail, warn
from tenantry.cli.state import count_accounts, open_with_state
from tenantry.cli.terminal import color_option, layout, tell
from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.git import GitError
from tenantry.model.usage_period import UsagePeriod, last_whole_month, read_month
from tenantry.operations.billing.adjusting import adjust_tenant, void_of_stack
from tenantry.operations.billing.bill import Bill, BillRequest
from tenantry.operations.billing.month import bill_month, close_month
from tenantry.operations.ledger.opening import Place, open_for_facts, open_for_readings
from tenantry.operations.usage.gather import PeriodError, refuse_future
from tenantry.reports.bill.audience import Audience
from tenantry.reports.bill.documents import write_documents
from tenantry.reports.bill.export import Ids
from tenantry.reports.bill.formats import FORMATS, USAGE, Rendered, Wanted, render_bill, render_files
from tenantry.text.plain import plain
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class _Asked:
    """What a run is about."""

    root: Path
    stack: str | None
    period: UsagePeriod
    names: frozenset[str]
    now: datetime
    without_state: bool


@dataclass(frozen=True)
class _Done:
    """A bill, what it took at Twilio, and what customers are called in other systems."""

    bill: Bill
    traffic: Traffic
    ids: Ids


@click.group(invoke_without_command=True)
@only_option
@project_option
@stack_option
@click.option("--month", metavar="YYYY-MM", help="The month, in UTC.  [default: the last whole one]")
@click.option("--close", is_flag=True, help="Close the statements: each gets its number, and never changes again.")
@click.option(
    "--for",
    "audience",
    type=click.Choice(["us", "customer"]),
    default="us",
    show_default=True,
    help="us: with costs and margins; customer: what each customer may see.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="usage: what customers used; stripe, quickbooks: closed statements, to be imported there.",
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write a file for each statement here.")
@click.option("--without-state", is_flag=True, help="Read no state: look accounts up by name.")
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
    """Draft the statements of a month, or close them; --only names tenants and customers.

    Exit 2 where a statement was refused or a tenant left out for a stated reason, 1 where something failed.
    """
    if context.invoked_subcommand is not None:
        return
    if form == USAGE and audience == "us":
        raise click.UsageError("--format usage is what customers may see; say --for customer.")
    if out is not None:
        _make_folder(out)  # before anything is closed
    now = datetime.now(UTC)
    asked = _Asked(root, stack, _period(month, now), frozenset(only), now, without_state)
    try:
        with end_on_errors():
            done = _bill_tenants(asked, close=close)
    except (GitError, TwilioError, LedgerError) as error:
        fail(f"{error} No statement was made.")
    wanted = Wanted(audience, form, layout(), done.ids)
    left_out = _tell_bill(done.bill, wanted, out)
    tell_traffic(done.traffic)
    raise SystemExit(done.bill.exit_code or (2 if left_out else 0))


def _tell_bill(done: Bill, wanted: Wanted, out: Path | None) -> tuple[str, ...]:
    """Print a bill, or write its files; return why an export lacks statements."""
    rendered = render_bill(done, wanted) if out is None else render_files(done, wanted)
    if out is not None:
        _write_files(rendered, out)
    else:
        for _, text in rendered.texts:
            tell(text, nl=not text.endswith("\n"))
    for sentence in (*(_problems(done) if wanted.audience == "customer" else ()), *rendered.problems):
        warn(plain(sentence))
    return rendered.problems


def _problems(done: Bill) -> Iterator[str]:
    """Yield why customers get no statement: nothing that is for them says so."""
    refused = (problem for row in done.statements if row.status == "refused" for problem in row.problems)
    for problem in (*refused, *done.left_out):
        yield f"{problem.tenant}: no statement; {problem.sentence}"


def _period(month: str | None, now: datetime) -> UsagePeriod:
    try:
        period = read_month(month) if month is not None else last_whole_month(now)
        refuse_future(period, now)
    except PeriodError as error:
        fail(f"{error}. No statement was made; name a month that has begun.")
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    return period


def _bill_tenants(asked: _Asked, *, close: bool) -> _Done:
    loaded, state = open_with_state(
        asked.root, asked.stack, without_state=asked.without_state, undone="No statement was made."
    )
    ids = {slug: file.customer.ids.model_dump(exclude_none=True) for slug, file in loaded.customers.items()}
    session = Session.from_env(os.environ)
    place = Place(asked.root, loaded.stack, os.environ)
    with _ledger(place, close=close) as ledger, count_accounts() as listener:
        request = BillRequest(
            root=asked.root,
            loaded=loaded,
            state=state,
            session=session,
            period=asked.period,
            now=asked.now,
            names=asked.names,
            ledger=ledger,
            listener=listener,
        )
        if close and ledger is not None:
            return _Done(close_month(request, ledger, write_documents), session.traffic, ids)
        return _Done(bill_month(request), session.traffic, ids)


@contextmanager
def _ledger(place: Place, *, close: bool) -> Iterator[Ledger | None]:
    """Yield the stack's ledger; None where a draft has none, which then lacks purchases and corrections."""
    if close:
        with open_for_facts(place) as ledger:
            yield ledger
    elif place.stack.ledger is None:
        yield None
    else:
        with open_for_readings(place) as ledger:
            yield ledger


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=out):
            pass
    except OSError as error:
        fail(f"Can't write {out}: {error.strerror}. No statement was made. Name another folder with --out.")


def _write_files(rendered: Rendered, out: Path) -> None:
    try:
        for name, text in rendered.texts:
            (out / name).write_text(text, encoding="utf-8", newline="")
            tell(f"wrote {out / name}")
    except OSError as error:
        fail(f"Can't write {error.filename}: {error.strerror}. Name another folder with --out.")


@bill.command("void")
@click.argument("number")
@click.option("--reason", required=True, callback=refuse_blank, help="Why it does not count any more.")
@by_option
@project_option
@stack_option
def void_(number: str, reason: str, by: str, root: Path, stack: str | None) -> None:
    """Make the closed statement NUMBER void. Its number is never used again; the month can be closed anew."""
    with open_desk(root, stack) as desk:
        recorded = void_of_stack(desk.ledger, desk.stack, number, reason=reason, by=by)
    tell(f"{number} is void." if recorded.is_new else f"{number} was void already; nothing was changed.")


@bill.command()
@click.argument("tenant")
@click.option("--amount", required=True, metavar="AMOUNT", help="Added to the next statement; below 0 taken off.")
@click.option("--reason", required=True, callback=refuse_blank, help="What the customer reads.")
@click.option(
    "--ref", required=True, callback=refuse_blank, help="Your reference, such as a ticket: it is recorded once."
)
@by_option
@project_option
@stack_option
def adjust(tenant: str, amount: str, reason: str, ref: str, by: str, root: Path, stack: str | None) -> None:
    """Add an amount to the next statement of TENANT, or take one off."""
    try:
        exact = Decimal(amount)
    except InvalidOperation:
        raise click.UsageError(f"--amount: '{amount}' is no amount such as -12.50.") from None
    with open_desk(root, stack) as desk:
        recorded = adjust_tenant(
            desk.ledger, desk.stack, desk.tenants, tenant, amount=exact, reason=reason, ref=ref, by=by
        )
    asked = recorded.value.asked
    done = "goes on the next statement" if recorded.is_new else "was recorded before; nothing was changed"
    tell(f"{exact:f} {asked.currency.upper()} for {tenant} ({ref}) {done}.")
