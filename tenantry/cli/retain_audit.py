"""The audit of `tenantry retain`: verified, or exported for an auditor."""

import os
from pathlib import Path

import click

from tenantry.cli.stack import fail
from tenantry.cli.terminal import layout, tell
from tenantry.ledger.errors import LedgerError
from tenantry.manifest.problem import ManifestError
from tenantry.manifest.project import require_stack
from tenantry.model.project import Stack
from tenantry.operations.ledger.opening import Place, open_for_readings
from tenantry.operations.retention.audit import export_lines, verify_file, verify_ledger
from tenantry.reports.retention.as_json import as_json
from tenantry.reports.retention.as_text import audit_as_text
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session


def verify_audit(
    root: Path, stack: str | None, names: tuple[str, ...], noted: tuple[str, ...], file: Path | None, form: str
) -> None:
    """Look the audit over, print what is wrong, and end the command; raises StoppedError."""
    try:
        if file is not None:
            report = verify_file(file, noted)
        else:
            settings = _settings(root, stack)
            with open_for_readings(Place(root, settings, os.environ)) as ledger:
                report = verify_ledger(ledger, _parent(settings), _one_name(names), noted)
    except (LedgerError, ManifestError, TwilioError) as error:
        fail(str(error))
    tell(as_json(report) if form == "json" else audit_as_text(report, layout()))
    raise SystemExit(1 if report.problems else 0)


def export_audit(root: Path, stack: str | None, names: tuple[str, ...], target: Path) -> None:
    """Write the audit into a new file that only we may read."""
    try:
        settings = _settings(root, stack)
        with open_for_readings(Place(root, settings, os.environ)) as ledger:
            descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                for line in export_lines(ledger, _parent(settings), _one_name(names)):
                    file.write(f"{line}\n")
    except FileExistsError:
        fail(f"{target} is there already, and is left as it is. Name another file.")
    except (LedgerError, ManifestError, TwilioError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{target} can't be written: {error.strerror}. Name another file.")
    tell(f"wrote {target}")


def _settings(root: Path, stack: str | None) -> Stack:
    return require_stack(root, stack or os.environ.get("PULUMI_STACK"))


def _parent(settings: Stack) -> str:
    return settings.parent or Session.from_env(os.environ).parent_sid


def _one_name(names: tuple[str, ...]) -> str | None:
    if len(names) > 1:
        raise click.UsageError("An audit is of one tenant, or of all of them.")
    return names[0] if names else None
