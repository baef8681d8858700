"""What a run would find: the CLI, the plugin and its Python, the address of Twilio and the clock, as values.

An "ok" says that the thing was tried. The stack and the account are in tenantry/operations/doctor/.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tenantry.engine.install.find import Engine, NoEngineError, find_engine, is_stand_in, language_host, start_problem
from tenantry.engine.install.plugin_check import check_plugin
from tenantry.engine.install.toolchain import find_missing
from tenantry.engine.run.bounded import call_within
from tenantry.text.redaction import redact

Level = Literal["ok", "warn", "fail"]

_TWILIO = "https://api.twilio.com"
_SECONDS_FOR_TWILIO = 2.0
# Keys made in the last 60 minutes are judged by age, and signed requests by Twilio's clock: a minute is already odd.
_ODD_SECONDS = 60


@dataclass(frozen=True)
class Finding:
    """One line of the report; `text` says what to do unless the level is ok."""

    level: Level
    subject: str
    text: str


def examine_engine(folder: Path, environ: Mapping[str, str]) -> Generator[Finding, None, Engine | None]:
    """Yield what is found of the engine and the project's plugin, and return the engine; download nothing."""
    engine: Engine | None = None
    try:
        engine = find_engine(environ, install=None)
        yield _check_engine(engine, environ)
    except NoEngineError as problem:
        yield Finding("fail", "engine", str(problem))
    yield _check_plugin(folder, environ)
    if engine is not None:
        yield from _check_language_host(engine, folder, environ)
    return engine


def _check_engine(engine: Engine, environ: Mapping[str, str]) -> Finding:
    if problem := start_problem(engine, environ):
        way = f"remove {engine.binary.parent.parent} and run `make engine`, or install Pulumi"
        return Finding("fail", "engine", f"{problem}; {way}")
    return Finding("ok", "engine", f"{engine}{_describe_passed_over(engine)}")


def _describe_passed_over(engine: Engine) -> str:
    return f"; passed over: {'; '.join(engine.passed_over)}" if engine.passed_over else ""


def _check_plugin(folder: Path, environ: Mapping[str, str]) -> Finding:
    problem, found = check_plugin(folder, environ)
    return Finding("fail", "plugin", problem) if problem else Finding("ok", "plugin", found)


def _check_language_host(engine: Engine, folder: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    host = language_host(engine, environ)
    whose = "Tenantry's stand-in for Pulumi's own (docs/engine.md)" if is_stand_in(host) else "Pulumi's own"
    yield Finding("ok", "language host", f"{host}, {whose}")
    if reason := find_missing(folder, environ):
        yield Finding("fail", "toolchain", reason)


def without_password(url: str) -> str:
    """Return a URL with what may be secret in it shown as ***."""
    return redact(url)


def examine_address(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what makes calls go elsewhere than to Twilio."""
    if url := environ.get("TENANTRY_TWILIO_URL"):
        yield Finding(
            "warn", "twilio", f"TENANTRY_TWILIO_URL is set: everything goes to the fake at {without_password(url)}"
        )
    for name in ("TWILIO_EDGE", "TWILIO_REGION"):
        if value := environ.get(name):
            yield Finding("warn", "twilio", f"{name} is {value}; Tenantry ignores it, its tenants live in region us1")


def examine_clock(environ: Mapping[str, str], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Finding:
    """Compare this machine's clock with Twilio's, by a call that needs no credentials."""
    url = environ.get("TENANTRY_TWILIO_URL") or _TWILIO
    theirs = call_within(_SECONDS_FOR_TWILIO, lambda: _fetch_date(url))
    if theirs is None and url != _TWILIO:
        return Finding("fail", "clock", f"nothing answers at {without_password(url)}: start it with `tenantry fake`")
    if theirs is None:
        return Finding("warn", "clock", f"{url} gave no date within {_SECONDS_FOR_TWILIO:g} s: not compared")
    off = round((now() - theirs).total_seconds())
    if abs(off) <= _ODD_SECONDS:
        return Finding("ok", "clock", f"within {_ODD_SECONDS} s of {without_password(url)}")
    direction = "ahead of" if off > 0 else "behind"
    return Finding("warn", "clock", f"{abs(off)} s {direction} {without_password(url)}: set this machine's clock (NTP)")


def _fetch_date(url: str) -> datetime | None:
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
