"""The audit of `tenantry retain`: verified, exported for an auditor, or gone on with after a break."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from tenantry.cli.desk import by_option
from tenantry.cli.stack import fail
from tenantry.cli.terminal import layout, tell
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.project import require_stack
from tenantry.model.project import Stack
from tenantry.operations.ledger.opening import Place, open_for_facts, open_for_readings
from tenantry.operations.retention.audit import accept_broken_audit, export_lines, verify_file, verify_ledger
from tenantry.operations.retention.values import AuditReport
from tenantry.reports.retention.as_json import as_json
from tenantry.reports.retention.as_text import audit_as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session


@dataclass(frozen=True)
class AuditOptions:
    """What is asked of the audit, in place of a look at records."""

    verify: bool
    noted: tuple[str, ...]
    exported: Path | None
    target: Path | None
    accepts: bool
    ref: str | None
    by: str

    @property
    def is_asked(self) -> bool:
        """Whether the run is about the audit."""
        return self.verify or self.accepts or self.target is not None


def audit_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that are about the audit."""
    path = click.Path(path_type=Path, dir_okay=False)
    options = (
        click.option("--verify", is_flag=True, help="Instead: look over the audit, of one tenant or of all."),
        click.option(
            "--head", "noted", multiple=True, metavar="TENANT=END", help="With --verify: an end that was noted down."
        ),
        click.option("--file", "exported", type=path, help="With --verify: an exported audit."),
        click.option("--export", "target", type=path, help="Instead: write the audit."),
        click.option("--accept-break", "accepts", is_flag=True, help="Instead: go on behind a break of an audit."),
        click.option("--ref", metavar="REF", help="With --accept-break: your reference, such as a ticket."),
        by_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def refuse_audit_mixture(asked: AuditOptions, *, apply: bool, form: str) -> None:
    """Raise UsageError where options don't go together."""
    if asked.accepts != bool((asked.ref or "").strip()):
        raise click.UsageError("--accept-break and --ref go together.")
    if sum((asked.verify, asked.target is not None, asked.accepts, apply)) > 1:
        raise click.UsageError("--apply, --verify, --export and --accept-break are runs of their own; use one of them.")
    if asked.is_asked and (form == "html" or (form != "text" and asked.target is not None)):
        raise click.UsageError("--verify has --format text and json, and --export writes lines of JSON.")
    if (asked.noted or asked.exported) and not asked.verify:
        raise click.UsageError("--head and --file are for --verify.")


def run_audit(root: Path, stack: str | None, names: tuple[str, ...], asked: AuditOptions, form: str) -> None:
    """Verify the audit, export it, or accept a break of it, and end the command; raises StoppedError."""
    if len(names) > 1 or (asked.accepts and not names):
        raise click.UsageError("An audit is of one tenant, or of all of them; a break is of one tenant.")
    tenant = names[0] if names else None
    try:
        if asked.target is not None:
            _export(root, stack, tenant, asked.target)
            return
        report = _accept(root, stack, str(tenant), asked) if asked.accepts else _verify(root, stack, tenant, asked)
    except (LedgerError, ManifestError, TwilioError) as error:
        fail(str(error))
    tell(as_json(report) if form == "json" else audit_as_text(report, layout()))
    raise SystemExit(0 if asked.accepts else report.exit_code)


def _verify(root: Path, stack: str | None, tenant: str | None, asked: AuditOptions) -> AuditReport:
    if asked.exported is not None:
        return verify_file(asked.exported, asked.noted)
    settings = _settings(root, stack)
    with open_for_readings(Place(root, settings, os.environ)) as ledger:
        return verify_ledger(ledger, _parent(settings), tenant, asked.noted)


def _accept(root: Path, stack: str | None, tenant: str, asked: AuditOptions) -> AuditReport:
    settings = _settings(root, stack)
    with open_for_facts(Place(root, settings, os.environ)) as ledger:
        return accept_broken_audit(ledger, _parent(settings), tenant, ref=str(asked.ref).strip(), by=asked.by)


def _export(root: Path, stack: str | None, tenant: str | None, target: Path) -> None:
    """Write the audit into a new file that only we may read."""
    settings = _settings(root, stack)
    try:
        with open_for_readings(Place(root, settings, os.environ)) as ledger:
            descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                for line in export_lines(ledger, _parent(settings), tenant):
                    file.write(f"{line}\n")
    except FileExistsError:
        fail(f"{target} is there already, and is left as it is. Name another file.")
    except OSError as error:
        fail(f"{target} can't be written: {error.strerror}. Name another file.")
    tell(f"wrote {target}")


def _settings(root: Path, stack: str | None) -> Stack:
    return require_stack(root, stack or os.environ.get("PULUMI_STACK"))


def _parent(settings: Stack) -> str:
    return settings.parent or Session.from_env(os.environ).parent_sid
