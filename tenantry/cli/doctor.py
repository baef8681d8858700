"""`tenantry doctor`: what a run would find here, one line each."""

from __future__ import annotations

import os
from pathlib import Path

import click

from tenantry.engine.install.doctor import Level, examine
from tenantry.engine.install.doctor_ci import examine_ci

_MARKS: dict[Level, str] = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}
_COLOURS: dict[Level, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--ci", is_flag=True, help="Say which variables and files the workflows lack; starts and calls nothing.")
def doctor(ci: bool) -> None:
    """Say what is found: the engine, the plugin and its Python, the backend, the credentials, the clock."""
    failed = False
    findings = examine_ci if ci else examine
    for finding in findings(Path.cwd(), os.environ):
        failed = failed or finding.level == "fail"
        click.echo(
            f"{click.style(_MARKS[finding.level], fg=_COLOURS[finding.level])}  {finding.subject}: {finding.text}"
        )
    raise SystemExit(1 if failed else 0)
