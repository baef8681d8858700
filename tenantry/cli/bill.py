"""`tenantry bill`: the statements of a month, drafted or closed; and what is done with one of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from tenantry.cli.desk import by_option, open_desk
from tenantry.cli.messages import tell_traffic
from tenantry.cli.options import only_option, project_option, stack_option
from tenantry.cli.stack import fail
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
from tenantry.reports.bill.documents import write_documents
from tenantry.reports.bill.formats import FORMATS, Audience, render_bill, statement_files
from tenantry.twilio.errors import TwilioError
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


@click.group(invoke_without_command=True)
@only_option
@project_option
@stack_option
@click.option("--month", metavar="YYYY-MM", help="The month, in UTC.  [default: the last whole one]")
@click.option("--close", is_flag=True, help="Close the statements: each gets its number, and never changes again.")
@click.option("--for", "audience", type=click.Choice(["us", "customer"]), default="us", show_default=True)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
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
    now = datetime.now(UTC)
    asked = _Asked(root, stack, _period(month, now), frozenset(only), now, without_state)
    try:
        done, traffic = _bill_tenants(asked, close=close)
    except (GitError, TwilioError, LedgerError) as error:
        fail(f"{error} No statement was made.")
    if out is not None:
        _write_files(done, audience, form, out)
    else:
        text = render_bill(done, audience, form, layout())
        tell(text, nl=not text.endswith("\n"))
    tell_traffic(traffic)
    raise SystemExit(done.exit_code)


def _period(month: str | None, now: datetime) -> UsagePeriod:
    try:
        return read_month(month) if month is not None else last_whole_month(now)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error


def _bill_tenants(asked: _Asked, *, close: bool) -> tuple[Bill, Any]:
    loaded, state = open_with_state(
        asked.root, asked.stack, without_state=asked.without_state, undone="No statement was made."
    )
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
            return close_month(request, ledger, write_documents), session.traffic
        return bill_month(request), session.traffic


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


def _write_files(done: Bill, audience: Audience, form: str, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in statement_files(done, audience, form):
            (out / name).write_text(text, encoding="utf-8")
            tell(f"wrote {out / name}")
    except OSError as error:
        fail(f"Can't write {error.filename}: {error.strerror}. Name another folder with --out.")


@bill.command("void")
@click.argument("number")
@click.option("--reason", required=True, help="Why it does not count any more.")
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
@click.option("--reason", required=True, help="What the customer reads.")
@click.option("--ref", required=True, help="Your reference, such as a ticket: it is recorded once.")
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
