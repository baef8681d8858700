"""What a workflow's step would miss: variables, the lock file, the stack's settings. Nothing is started or called."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tenantry.engine.install.doctor import Finding

PAGE = "docs/github.md"
PASSPHRASES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")


@dataclass(frozen=True)
class Variable:
    """A variable of a workflow's step, where GitHub keeps it, and its purpose."""

    name: str
    kept: str
    purpose: str


_TWILIOS = "a secret of `production`, `closing` and `billing`"
TWILIO = (
    Variable("TWILIO_ACCOUNT_SID", _TWILIOS, "the parent account"),
    Variable("TWILIO_AUTH_TOKEN", _TWILIOS, "the parent account's Auth Token"),
)
BACKEND = Variable("PULUMI_BACKEND_URL", "a secret of each environment", "where the state lives")


def examine_ci(folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for each variable and file that the workflows need, those that are there too."""
    stack = environ.get("STACK", "") or environ.get("PULUMI_STACK", "")
    if stack:
        yield Finding("ok", "STACK", stack)
    else:
        yield _report_missing(
            Variable("STACK", "the repository variable TENANTRY_STACK", "the name of the stack"), "fail"
        )
    yield _check_backend(environ)
    yield _check_passphrase(folder, stack, environ)
    for variable in TWILIO:
        # preview.yml works without it: a preview asks the state, not Twilio.
        yield Finding("ok", variable.name, "set") if environ.get(variable.name) else _report_missing(variable, "warn")
    yield _lock(folder)


def _check_backend(environ: Mapping[str, str]) -> Finding:
    if environ.get("PULUMI_BACKEND_URL"):
        return Finding("ok", BACKEND.name, "set")
    if environ.get("PULUMI_ACCESS_TOKEN"):
        return Finding("ok", "PULUMI_ACCESS_TOKEN", "set: the state is in Pulumi Cloud")
    finding = _report_missing(BACKEND, "fail")
    return Finding(finding.level, finding.subject, f"{finding.text}; Pulumi Cloud needs PULUMI_ACCESS_TOKEN instead")


def _check_passphrase(folder: Path, stack: str, environ: Mapping[str, str]) -> Finding:
    if any(name in environ for name in PASSPHRASES):
        return Finding("ok", PASSPHRASES[0], "set")
    settings = folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    variable = Variable(PASSPHRASES[0], "a secret of each environment", "the passphrase of the stack's secrets")
    try:
        read = yaml.safe_load(settings.read_text(encoding="utf-8")) if stack else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        read = None
    needed = isinstance(read, dict) and "encryptionsalt" in read
    return _report_missing(variable, "fail" if needed else "warn")


def _lock(folder: Path) -> Finding:
    command = ["git", "ls-files", "--error-unmatch", "uv.lock"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    except OSError as error:
        return Finding("fail", "uv.lock", f"git could not be asked whether it is committed: {error}")
    if done.returncode:
        return Finding(
            "fail", "uv.lock", "not in git; run `uv lock` and commit it: the workflows run `uv sync --locked`"
        )
    return Finding("ok", "uv.lock", "in git")


def _report_missing(variable: Variable, level: str) -> Finding:
    text = f"missing ({variable.purpose}); set it as {variable.kept}: {PAGE}"
    return Finding("fail" if level == "fail" else "warn", variable.name, text)
