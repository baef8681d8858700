"""Telemetry of a receiver that no command of ours started, and of one that `tenantry serve` runs."""

from tenantry.receiver.recording import record_calls
from tenantry.telemetry.recorder import is_recording, start_telemetry, stop_telemetry

ON = {"OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"}
"""Starts telemetry that is sent nowhere."""


def test_a_receiver_records_while_it_runs():
    with record_calls({}):
        assert not is_recording()
    with record_calls(ON):
        assert is_recording()
    assert not is_recording()


def test_a_command_that_serves_goes_on_recording():
    start_telemetry(ON, "tenantry", is_part=True)
    try:
        with record_calls(ON):
            assert is_recording()
        assert is_recording()
    finally:
        stop_telemetry()
