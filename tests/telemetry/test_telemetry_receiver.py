"""What leaves a receiver: its requests and calls, each a trace of its own, and never whose they are."""

import os
import socket
import subprocess
import sys

import pytest
import requests
from otlp_collector import collecting

from faketwilio.server import FakeTwilio
from tenantry.ledger.address import SqliteAddress
from tenantry.ledger.opening import make_ledger

COMMAND_TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def collector(tmp_path):
    """What a receiver exported that answered two requests and was stopped."""
    address = SqliteAddress(tmp_path / "ledger.db")
    make_ledger(address)
    (tmp_path / "owl").mkdir()
    (tmp_path / "owl" / "tenantry.yaml").write_text(f"format: 1\nwebhooks: https://owl.example\nledger: {address}\n")
    with collecting() as server, FakeTwilio() as fake, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("OTEL_")},
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "TRACEPARENT": f"00-{COMMAND_TRACE}-b7ad6b7169203331-01",
        }
        command = [sys.executable, "-m", "tenantry.cli", "serve", "--port", str(port), "-C", str(tmp_path / "owl")]
        with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                if "Uvicorn running" in line:
                    break
            url = f"http://127.0.0.1:{port}/usage"
            requests.post(url, data={"AccountSid": "AC1"}, timeout=120)
            requests.get(url, headers={"X-Twilio-Signature": "x"}, timeout=120)
            process.terminate()
            assert process.wait(60) == 0
        yield server


def test_a_receivers_requests_are_traces_of_their_own(collector):
    spans = {span.name: span for span in collector.spans if span.name.endswith("other")}
    found = {name: {part.key: part.value.string_value for part in span.attributes} for name, span in spans.items()}
    assert found == {
        "POST other": {"kind": "other", "method": "POST", "status_class": "4xx"},
        "GET other": {"kind": "other", "method": "GET", "status_class": "5xx"},
    }
    calls = [span for span in collector.spans if span.name == "GET subaccount"]
    served = [*spans.values(), *calls[-1:]]
    assert len({span.trace_id for span in served}) == 3
    assert {"tenantry.requests", "tenantry.request.duration"} <= {metric.name for metric in collector.metrics}
