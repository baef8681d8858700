"""OpenTelemetry's SDK with the OTLP exporter over HTTP, set up by the usual variables, and imported only with them.

The command and the plugin are two processes of one trace: the command hands its context on in TRACEPARENT. The plugin
may be killed at any time, so it sends every second, and what was recorded in its last one may be lost.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from threading import Thread

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import ConsoleMetricExporter, MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.trace import SpanKind, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.trace.status import Status, StatusCode

from tenantry import __version__
from tenantry.telemetry.attributes import check_attributes
from tenantry.telemetry.recorder import TRACE_PARENT

EVERY = 1_000  # milliseconds between two exports
FLUSH_MS = 3_000  # in which what is left is sent at the end
OF_REQUESTS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
OF_CALLS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, 30, 60)
OF_COMMANDS = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
"""Bounds of the buckets in seconds: the SDK's own are meant for milliseconds, and put all calls into one of them."""
_BAD = frozenset({"5xx", "none", "failed"})


class OtlpRecorder:
    """Spans and metrics of one process."""

    def __init__(self, environ: Mapping[str, str], service: str, *, is_part: bool) -> None:
        attributes = {
            SERVICE_NAME: environ.get("OTEL_SERVICE_NAME", "").strip() or service,
            SERVICE_VERSION: __version__,
        }
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # a collector that is down concerns no command
        resource = Resource.create(attributes)
        self._traces = TracerProvider(resource=resource, shutdown_on_exit=False)
        for processor in _span_processors(environ):
            self._traces.add_span_processor(processor)
        self._metrics = MeterProvider(_metric_readers(environ), resource=resource, shutdown_on_exit=False)
        self._tracer, meter = self._traces.get_tracer("tenantry", __version__), self._metrics.get_meter("tenantry")
        self._calls = meter.create_counter("tenantry.calls", description="calls to Twilio; each try counts")
        self._call_seconds = meter.create_histogram(
            "tenantry.call.duration", unit="s", explicit_bucket_boundaries_advisory=OF_CALLS
        )
        self._requests = meter.create_counter("tenantry.requests", description="requests that the receiver answered")
        self._request_seconds = meter.create_histogram(
            "tenantry.request.duration", unit="s", explicit_bucket_boundaries_advisory=OF_REQUESTS
        )
        self._command_seconds = meter.create_histogram(
            "tenantry.command.duration", unit="s", explicit_bucket_boundaries_advisory=OF_COMMANDS
        )
        parent = _parent_of(environ)
        self._command = None if is_part else self._tracer.start_span(service, context=parent, kind=SpanKind.INTERNAL)
        self._inside = set_span_in_context(self._command, Context()) if self._command else parent
        carrier: dict[str, str] = {}
        TraceContextTextMapPropagator().inject(carrier, context=self._inside)
        if "traceparent" in carrier:
            os.environ[TRACE_PARENT] = carrier["traceparent"]  # for the processes that this one starts

    def call(self, attributes: Mapping[str, str], started: int, seconds: float) -> None:
        """Record a call, which began at a time (ns) and took so many seconds."""
        checked = self._record_span(SpanKind.CLIENT, attributes, started, seconds)
        self._calls.add(1, checked)
        self._call_seconds.record(seconds, checked)

    def request(self, attributes: Mapping[str, str], started: int, seconds: float) -> None:
        """Record a request that was answered, which began at a time (ns) and took so many seconds."""
        checked = self._record_span(SpanKind.SERVER, attributes, started, seconds)
        self._requests.add(1, checked)
        self._request_seconds.record(seconds, checked)

    def command(self, attributes: Mapping[str, str], seconds: float) -> None:
        """Record the command of this process, which ends its trace."""
        checked = dict(check_attributes(attributes))
        self._command_seconds.record(seconds, checked)
        if self._command is not None:
            self._command.update_name(f"tenantry {checked['kind']}")
            self._command.set_attributes(checked)
            if checked["status_class"] in _BAD:
                self._command.set_status(Status(StatusCode.ERROR))

    def _record_span(
        self, kind: SpanKind, attributes: Mapping[str, str], started: int, seconds: float
    ) -> dict[str, str]:
        """Record a span that is over; return its attributes, which were checked."""
        checked = dict(check_attributes(attributes))
        name = f"{checked['method']} {checked['kind']}"
        span = self._tracer.start_span(name, context=self._inside, kind=kind, attributes=checked, start_time=started)
        if checked["status_class"] in _BAD:
            span.set_status(Status(StatusCode.ERROR))
        span.end(started + int(seconds * 1e9))
        return checked

    def flush(self, milliseconds: int = FLUSH_MS) -> None:
        """End the trace and send what is left, for so many milliseconds at most: the SDK's own timeouts add up."""
        if self._command is not None:
            self._command.end(time.time_ns())
        deadline = time.monotonic() + milliseconds / 1000
        senders = [Thread(target=_finish, args=(part,), daemon=True) for part in (self._traces, self._metrics)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(max(0.0, deadline - time.monotonic()))


def _finish(part: TracerProvider | MeterProvider) -> None:
    part.force_flush(FLUSH_MS)
    part.shutdown()


def _parent_of(environ: Mapping[str, str]) -> Context:
    return TraceContextTextMapPropagator().extract({"traceparent": environ.get(TRACE_PARENT, "")}, Context())


def _span_processors(environ: Mapping[str, str]) -> list[SpanProcessor]:
    match _exporter(environ, "TRACES"):
        case "otlp":
            return [BatchSpanProcessor(OTLPSpanExporter(timeout=FLUSH_MS // 1000), schedule_delay_millis=EVERY)]
        case "console":
            return [BatchSpanProcessor(ConsoleSpanExporter(), schedule_delay_millis=EVERY)]
        case _:
            return []


def _metric_readers(environ: Mapping[str, str]) -> list[MetricReader]:
    match _exporter(environ, "METRICS"):
        case "otlp":
            exporter = OTLPMetricExporter(timeout=FLUSH_MS // 1000)
            return [PeriodicExportingMetricReader(exporter, export_interval_millis=EVERY)]
        case "console":
            return [PeriodicExportingMetricReader(ConsoleMetricExporter(), export_interval_millis=EVERY)]
        case _:
            return []


def _exporter(environ: Mapping[str, str], signal: str) -> str:
    """Return which exporter a signal has: what its variable says; else otlp where it has an endpoint."""
    named = environ.get(f"OTEL_{signal}_EXPORTER", "").strip().lower()
    own, shared = f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"
    has_endpoint = bool(environ.get(own, "").strip() or environ.get(shared, "").strip())
    return named or ("otlp" if has_endpoint else "none")
