"""`tenantry doctor`: what a run would find here, one line each."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from tenantry.cli.doctor_stack import Seen, examine_stack
from tenantry.cli.doctor_twilio import examine_credentials
from tenantry.cli.options import project_option, stack_option
from tenantry.cli.terminal import color_option, tell_lines
from tenantry.engine.install.doctor import Finding, Level, examine_address, examine_clock, examine_engine
from tenantry.engine.install.doctor_ci import examine_ci
from tenantry.engine.run.command import Project
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
        told = spans_of(f"  {finding.subject}: {plain(finding.text)}")
        tell_lines([Line((mark, *told), hang=_HANG)])
    raise SystemExit(1 if failed else 0)


def examine(folder: Path, environ: Mapping[str, str], stack: str | None = None) -> Iterator[Finding]:
    """Yield the findings for the project in a folder and a stack of it, each as soon as it is known."""
    named = stack or environ.get("PULUMI_STACK") or None
    engine = yield from examine_engine(folder, environ)
    seen = Seen(named)
    if engine is not None:
        seen = yield from examine_stack(Project(folder, "", engine, environ), named)
    yield examine_credentials(environ, seen)
    yield from examine_address(environ)
    yield examine_clock(environ)
