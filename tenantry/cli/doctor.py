"""`tenantry doctor`: what a run would find here, one line each."""

import os
from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.terminal import color_option, tell_lines
from tenantry.engine.install.doctor import Level
from tenantry.engine.install.doctor_ci import examine_ci
from tenantry.operations.doctor.examine import examine
from tenantry.text.colour import Style
from tenantry.text.plain import plain
from tenantry.text.wrapping import Line, Span, spans_of

_MARKS: dict[Level, str] = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}
_STYLES: dict[Level, Style] = {"ok": "green", "warn": "yellow", "fail": "red"}
_HANG = 6


@click.command()
@project_option
@stack_option
@click.option("--ci", is_flag=True, help="Say which variables and files the workflows lack; starts and calls nothing.")
@color_option
def doctor(root: Path, stack: str | None, *, ci: bool) -> None:
    """Say what works and what does not: engine, plugin, backend, stack, its state and secrets, credentials, clock.

    Each is tried: the state is read, and Twilio is asked for the account of the credentials. Changes nothing; exit 1 if
    something does not work.
    """
    failed = False
    findings = examine_ci(root, os.environ) if ci else examine(root.resolve(), os.environ, stack)
    for finding in findings:
        failed = failed or finding.level == "fail"
        mark = Span(_MARKS[finding.level], _STYLES[finding.level], whole=True)
        text = spans_of(f"  {finding.subject}: {plain(finding.text)}")
        tell_lines([Line((mark, *text), hang=_HANG)])
    raise SystemExit(1 if failed else 0)
