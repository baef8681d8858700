"""Attributes of telemetry: kind, method, status class and host, and nothing else by anybody."""

import subprocess
import sys

import pytest

from tenantry.telemetry.attributes import check_attributes, kind_of, status_class
from tenantry.telemetry.recorder import is_wanted

GOOD = {"kind": "api_key", "method": "GET", "status_class": "2xx", "host": "api.twilio.com"}
SID = "AC" + "0" * 32


def test_the_four_are_allowed():
    assert check_attributes(GOOD) == GOOD


@pytest.mark.parametrize(
    "attributes",
    [
        {"tenant": "acme"},
        {"account_sid": SID},
        {"kind": SID},
        {"kind": "Acme Dental"},
        {"host": "acme.example"},
        {"host": f"{SID}.twilio.com"},
        {"method": "acme"},
        {"status_class": "200"},
        {"http.url": "https://api.twilio.com"},
    ],
)
def test_any_other_attribute_is_refused(attributes):
    with pytest.raises(ValueError, match="telemetry"):
        check_attributes(GOOD | attributes)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (f"/2010-04-01/Accounts/{SID}.json", "subaccount"),
        ("/2010-04-01/Accounts.json", "subaccount"),
        (f"/2010-04-01/Accounts/{SID}/Keys/SK1.json", "api_key"),
        (f"/2010-04-01/Accounts/{SID}/Usage/Records/Daily.json", "usage_record"),
        ("/v1/Sinks/DG1", "event_sink"),
        ("/v2/Organizations/OR1/scim/Users", "organization"),
        ("/v9/Whatever/acme", "other"),
    ],
)
def test_a_kind_is_told_by_the_path_and_holds_nothing_of_it(path, kind):
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    ("status", "name"), [(None, "none"), (200, "2xx"), (429, "429"), (404, "4xx"), (503, "5xx"), (999, "none")]
)
def test_a_429_is_a_class_of_its_own(status, name):
    assert status_class(status) == name


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "x"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_it_is_on_where_an_endpoint_or_exporter_is_named(environ, wanted):
    assert is_wanted(environ) is wanted


def test_nothing_is_imported_while_it_is_off():
    script = "import sys, tenantry.twilio.http.transport, tenantry.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert [name for name in done.stdout.split() if name.startswith("opentelemetry.")] == []
