"""What a run would find: the CLI, the plugin and its Python, the backend, the credentials and the clock, as values."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tenantry.engine.events.event import plain
from tenantry.engine.install.find import Engine, NoEngineError, find_engine, is_stand_in
from tenantry.engine.install.plugin_check import check_plugin, runtime_options
from tenantry.engine.run.bounded import within
from tenantry.text.redacted import redacted

Level = Literal["ok", "warn", "fail"]

_TWILIO = "https://api.twilio.com"
_SECONDS_FOR_TWILIO = 2.0
_SECONDS_FOR_BACKEND = 15.0
# Keys made in the last 60 minutes are judged by age, and signed requests by Twilio's clock: a minute is already odd.
_ODD_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One line of the report; `text` says what to do unless the level is ok."""

    level: Level
    subject: str
    text: str


def examine(folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the findings for the project in a folder, each as soon as it is known; change and download nothing."""
    engine: Engine | None = None
    try:
        engine = find_engine(environ, install=None)
        yield Finding("ok", "engine", f"{engine}{_passed_over(engine)}")
    except NoEngineError as problem:
        yield Finding("fail", "engine", str(problem))
    yield _plugin(folder, environ)
    if engine is not None:
        yield from _toolchain(engine, folder, environ)
        yield from _backend(engine, folder, environ)
    yield _credentials(environ)
    yield from _bending(environ)
    yield _clock(environ)


def _passed_over(engine: Engine) -> str:
    return f"; passed over: {'; '.join(engine.passed_over)}" if engine.passed_over else ""


def _plugin(folder: Path, environ: Mapping[str, str]) -> Finding:
    problem, found = check_plugin(folder, environ)
    return Finding("fail", "plugin", problem) if problem else Finding("ok", "plugin", found)


def _toolchain(engine: Engine, folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    if (
        is_stand_in(engine)
        or runtime_options(folder).get("toolchain") != "uv"
        or shutil.which("uv", path=environ.get("PATH"))
    ):
        return
    yield Finding(
        "fail",
        "uv",
        "Pulumi.yaml has `toolchain: uv`, for which Pulumi needs uv on PATH: install it (https://docs.astral.sh/uv/)",
    )


def _backend(engine: Engine, folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    quiet = {**environ, "PULUMI_SKIP_UPDATE_CHECK": "true", "NO_COLOR": "1"}
    command = [str(engine.binary), "whoami", "--json", "--verbose", "--non-interactive"]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=quiet,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=True,
            timeout=_SECONDS_FOR_BACKEND,
        )
    except subprocess.CalledProcessError as problem:
        said = plain(problem.stderr).splitlines()
        yield Finding(
            "fail", "backend", f"{said[-1] if said else 'no answer'}; run `pulumi login`, or set PULUMI_BACKEND_URL"
        )
        return
    except (OSError, subprocess.TimeoutExpired) as problem:
        yield Finding(
            "fail", "backend", f"`pulumi whoami` did not work ({problem}); is the backend reachable from here?"
        )
        return
    said_of_it = json.loads(done.stdout)
    url = without_password(said_of_it.get("url", ""))
    yield Finding("ok", "backend", f"{url} as {said_of_it.get('user', 'an unknown user')}")
    if not url.startswith("http") and not _has_passphrase(environ):
        yield Finding(
            "warn",
            "secrets",
            "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set: Pulumi will ask, in CI fail, "
            "unless the stack uses a key service (`pulumi stack change-secrets-provider`)",
        )


def _has_passphrase(environ: Mapping[str, str]) -> bool:
    return "PULUMI_CONFIG_PASSPHRASE" in environ or "PULUMI_CONFIG_PASSPHRASE_FILE" in environ


def without_password(url: str) -> str:
    """Return a URL with what may be secret in it shown as ***."""
    return redacted(url)


def _credentials(environ: Mapping[str, str]) -> Finding:
    sid, token = environ.get("TWILIO_ACCOUNT_SID"), environ.get("TWILIO_AUTH_TOKEN")
    if sid and token:
        return Finding("ok", "credentials", f"TWILIO_ACCOUNT_SID is {sid} and TWILIO_AUTH_TOKEN is set")
    if not sid and not token:
        return Finding(
            "warn",
            "credentials",
            "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set; a preview without refresh needs none, all else does",
        )
    missing = "TWILIO_AUTH_TOKEN" if sid else "TWILIO_ACCOUNT_SID"
    return Finding("fail", "credentials", f"only half of the pair is set: set {missing} as well, or unset the other")


def _bending(environ: Mapping[str, str]) -> Iterator[Finding]:
    if url := environ.get("TENANTRY_TWILIO_URL"):
        yield Finding(
            "warn", "twilio", f"TENANTRY_TWILIO_URL is set: everything goes to the fake at {without_password(url)}"
        )
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        if value := environ.get(name):
            yield Finding("warn", "twilio", f"{name} is {value}; Tenantry ignores it, its tenants live in region us1")


def _clock(environ: Mapping[str, str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Finding:
    url = environ.get("TENANTRY_TWILIO_URL") or _TWILIO
    theirs = within(_SECONDS_FOR_TWILIO, lambda: _date_at(url))
    if theirs is None and url != _TWILIO:
        return Finding("fail", "clock", f"nothing answers at {without_password(url)}: start it with `tenantry fake`")
    if theirs is None:
        return Finding("warn", "clock", f"{url} gave no date within {_SECONDS_FOR_TWILIO:g} s: not compared")
    off = round((now() - theirs).total_seconds())
    if abs(off) <= _ODD_SECONDS:
        return Finding("ok", "clock", f"within {_ODD_SECONDS} s of {without_password(url)}")
    direction = "ahead of" if off > 0 else "behind"
    return Finding("warn", "clock", f"{abs(off)} s {direction} {without_password(url)}: set this machine's clock (NTP)")


def _date_at(url: str) -> datetime | None:
    if not url.startswith(("http://", "https://")):
        return None
    try:
        with urlopen(Request(url, method="HEAD"), timeout=_SECONDS_FOR_TWILIO) as answer:  # noqa: S310
            headers = answer.headers
    except HTTPError as error:
        headers = error.headers
    except (OSError, HTTPException):
        return None
    date = headers.get("Date")
    return parsedate_to_datetime(date) if date else None
