"""`tenantry credits`: record packs that customers bought, and show the credits that you still owe."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from tenantry.cli.desk import by_option, open_desk
from tenantry.cli.options import project_option, refuse_blank, stack_option
from tenantry.cli.stack import end_on_errors
from tenantry.cli.terminal import tell
from tenantry.operations.billing.credits.liabilities import list_liabilities
from tenantry.operations.billing.credits.purchases import Asked, AskedRow, Desk
from tenantry.operations.billing.credits.story import import_purchases, record_purchases
from tenantry.reports.credits.formats import FORMATS, render_liabilities, render_purchases

DAY = click.DateTime(["%Y-%m-%d"])
FORM = click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)


@click.group(invoke_without_command=True)
@click.option("--liability", is_flag=True, help="Show the unused credits of each lot, which you still owe.")
@project_option
@stack_option
@FORM
@click.pass_context
def credits(context: click.Context, root: Path, stack: str | None, form: str, *, liability: bool) -> None:  # noqa: A001
    """Record packs of credits that customers bought, or show the credits that you still owe."""
    if context.invoked_subcommand is not None:
        return
    if not liability:
        raise click.UsageError("Use --liability, or the command add or import.")
    with open_desk(root, stack) as desk:
        rows = list_liabilities(desk.ledger, desk.stack, datetime.now(UTC))
    _tell(render_liabilities(rows, form))


@credits.command()
@click.argument("tenant")
@click.argument("charge")
@click.argument("pack")
@click.option("--on", required=True, type=DAY, metavar="DAY", help="First day on which the pack is valid, in UTC.")
@click.option("--expires", type=DAY, metavar="DAY", help="Last day, in UTC.  [default: from the `days` of the pack]")
@click.option("--ref", required=True, callback=refuse_blank, help="Reference of the payment; it is recorded only once.")
@by_option
@project_option
@stack_option
@FORM
def add(
    tenant: str,
    charge: str,
    pack: str,
    on: datetime,
    expires: datetime | None,
    ref: str,
    by: str,
    root: Path,
    stack: str | None,
    form: str,
) -> None:
    """Record that TENANT bought PACK for CHARGE and paid elsewhere. Statements show it, but never charge it."""
    asked = Asked(tenant, charge, pack, on.date(), expires.date() if expires else None, ref)
    with _open(root, stack, by) as desk:
        recorded = record_purchases(desk, [AskedRow(asked)])
    _tell(render_purchases(recorded, form))


@credits.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@by_option
@project_option
@stack_option
@FORM
def import_(file: Path, by: str, root: Path, stack: str | None, form: str) -> None:
    """Record all purchases of FILE, or none. FILE is a CSV with the columns tenant,charge,pack,on,expires,ref."""
    with _open(root, stack, by) as desk:
        recorded = import_purchases(desk, file)
    _tell(render_purchases(recorded, form))


@contextmanager
def _open(root: Path, stack: str | None, by: str) -> Iterator[Desk]:
    with end_on_errors(), open_desk(root, stack) as desk:
        yield Desk(desk.ledger, desk.stack, desk.tenants, datetime.now(UTC).date(), by)


def _tell(text: str) -> None:
    tell(text, nl=not text.endswith("\n"))
