"""What really leaves the machine, read by a collector of this test: no tenant, no account, no name."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from otlp_collector import Collector, collecting

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.telemetry.attributes import NAMES

OF_THE_SDK = {"service.name", "service.version"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as server:
        yield server


@pytest.fixture
def drift(tmp_path: Path, collector: Collector) -> Iterator[subprocess.CompletedProcess[str]]:
    """A drift check of the tenant acme, exported to the collector."""
    (tmp_path / "tenantry.yaml").write_text("format: 1\n")
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenants" / "acme.yaml").write_text("tenant: acme\nname: Acme Dental\n")
    with FakeTwilio() as fake:
        fields = {"friendly_name": "Acme Dental (acme)"}
        act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": fields})
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        }
        command = [sys.executable, "-m", "tenantry.cli", "drift", "--without-state", "-C", str(tmp_path)]
        yield subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)


def test_spans_and_metrics_have_the_four_attributes_alone(drift, collector):
    assert drift.returncode == 0, drift.stderr
    names = [attribute.key for span in collector.spans for attribute in span.attributes]
    points = [
        point for metric in collector.metrics for point in (*metric.sum.data_points, *metric.histogram.data_points)
    ]
    names += [attribute.key for point in points for attribute in point.attributes]
    assert set(names) == NAMES
    sent = b"".join(body for _, body in collector.bodies)
    assert not [word for word in (b"acme", b"Acme", b"AC0", b"/Accounts") if word in sent]


def test_every_call_is_a_span_inside_of_its_command(drift, collector):
    [command] = [span for span in collector.spans if span.name == "tenantry drift"]
    calls = [span for span in collector.spans if span.name != "tenantry drift"]
    assert {span.parent_span_id for span in calls} == {command.span_id}
    assert sorted({span.name for span in calls}) == [
        "GET api_key",
        "GET event_sink",
        "GET event_subscription",
        "GET subaccount",
        "GET usage_trigger",
    ]
    assert {metric.name for metric in collector.metrics} == {
        "tenantry.calls",
        "tenantry.call.duration",
        "tenantry.command.duration",
    }


def test_buckets_are_bounded_in_seconds(drift, collector):
    points = [point for metric in collector.metrics for point in metric.histogram.data_points]
    bounds = {tuple(point.explicit_bounds) for point in points}
    assert {found[0] for found in bounds} == {0.01, 0.5}  # of calls, of commands
    assert not [point for point in points if len(point.bucket_counts) != len(point.explicit_bounds) + 1]


def test_a_collector_that_is_down_costs_seconds_and_no_result(tmp_path):
    environ = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "tenantry.cli", "status", "-C", str(tmp_path), "--help"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_collector_that_never_answers_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0), backlog=16) as silent:
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        script = (
            "import os, time\n"
            "from tenantry.telemetry.otlp import OtlpRecorder\n"
            "recorder = OtlpRecorder(os.environ, 'tenantry', is_part=False)\n"
            "recorder.command({'kind': 'status', 'status_class': 'ok'}, 0.1)\n"
            "began = time.monotonic()\n"
            "recorder.flush(200)\n"
            "print(time.monotonic() - began)\n"
        )
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env={**os.environ, **environ}, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert float(done.stdout) < 2.5  # each timeout of the SDK's alone is 3 seconds


PART = """
import os, sys
from tenantry.telemetry.recorder import start_telemetry
from tenantry.twilio.session import Session
start_telemetry(os.environ, "tenantry-plugin", is_part=True)
Session.from_env(os.environ).subaccounts.all()
sys.stdin.read()
"""


def test_a_killed_part_has_sent_its_calls_in_the_commands_trace(collector):
    trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    with FakeTwilio() as fake:
        environ = {
            **os.environ,
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
            "TRACEPARENT": f"00-{trace}-{parent}-01",
        }
        with subprocess.Popen([sys.executable, "-c", PART], env=environ, stdin=subprocess.PIPE) as process:
            assert collector.arrived.wait(60)
            process.kill()
    [span] = collector.spans
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == ("GET subaccount", trace, parent)
