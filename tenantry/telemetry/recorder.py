"""Recording commands, calls and requests: one recorder a process, which does nothing until telemetry is started."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from tenantry.telemetry.attributes import METHODS, OTHER, kind_of, status_class

ENDPOINTS = (
    *("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"),
    *("OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER"),
)
"""Any of these, set, starts telemetry; OTEL_SDK_DISABLED=true keeps it off."""
TRACE_PARENT = "TRACEPARENT"
"""The W3C trace context, by which the plugin's spans are children of the command's."""
Answered = Callable[[int], None]


class Recorder(Protocol):
    """What is told of each command and call, with attributes that were checked."""

    def call(self, attributes: Mapping[str, str], started: int, seconds: float) -> None: ...

    def request(self, attributes: Mapping[str, str], started: int, seconds: float) -> None: ...

    def command(self, attributes: Mapping[str, str], seconds: float) -> None: ...

    def flush(self) -> None: ...


_recorders: list[Recorder] = []


def is_wanted(environ: Mapping[str, str]) -> bool:
    """Return whether the environment asks for telemetry."""
    is_off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not is_off and any(environ.get(name, "").strip() for name in ENDPOINTS)


def start_telemetry(environ: Mapping[str, str], service: str, *, is_part: bool = False) -> str | None:
    """Start telemetry where it is asked for; returns why it can't be started, as a sentence, else None.

    `is_part` says that the process has no command of its own: the plugin is a part of one, the receiver serves.
    """
    if not is_wanted(environ) or _recorders:
        return None
    try:
        from tenantry.telemetry.otlp import OtlpRecorder
    except ImportError:
        from tenantry.text.extra import tell_install

        return f"OTEL_* variables are set, and OpenTelemetry is not installed. {tell_install('telemetry')}"
    _recorders.append(OtlpRecorder(environ, service, is_part=is_part))
    return None


def stop_telemetry() -> None:
    """Send what was recorded, within seconds, and stop; where nobody listens, what was recorded is lost."""
    while _recorders:
        _recorders.pop().flush()


@contextmanager
def record_call(host: str, method: str, path: str) -> Iterator[Answered]:
    """Record a call; the block tells its status, or none where there was no answer."""
    if not _recorders:
        yield _ignore
        return
    statuses: list[int] = []
    started, began = time.time_ns(), time.monotonic()
    try:
        yield statuses.append
    finally:
        attributes = {
            "kind": kind_of(path),
            "method": method if method in METHODS else "GET",
            "status_class": status_class(statuses[0] if statuses else None),
            "host": host,
        }
        for recorder in _recorders:
            recorder.call(attributes, started, time.monotonic() - began)


def record_request(kind: str, method: str, status: int, seconds: float) -> None:
    """Record a request that the receiver has just answered: of which kind it was, its status, and how long it took."""
    if not _recorders:
        return
    attributes = {
        "kind": kind,
        "method": method if method in METHODS else "GET",
        "status_class": status_class(status),
    }
    for recorder in _recorders:
        recorder.request(attributes, time.time_ns() - int(seconds * 1e9), seconds)


@contextmanager
def record_command(find_name: Callable[[], str | None]) -> Iterator[None]:
    """Record a command, whose name is known at its end, and how it ended, by its exit code."""
    if not _recorders:
        yield
        return
    began, ended = time.monotonic(), "ok"
    try:
        yield
    except SystemExit as end:
        ended = {0: "ok", None: "ok", 2: "differences"}.get(end.code, "failed")  # type: ignore[arg-type]
        raise
    except BaseException:
        ended = "failed"
        raise
    finally:
        for recorder in _recorders:
            recorder.command({"kind": find_name() or OTHER, "status_class": ended}, time.monotonic() - began)


def _ignore(_: int) -> None:
    """Take a status that nobody wants."""
