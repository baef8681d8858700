"""What a process imports before it does anything: the Twilio SDK and gRPC would be a third of its start."""

import subprocess
import sys

import pytest

UNUSED = {
    "tenantry.cli.preview": {"pydantic", "tenantry.manifest.load", "twilio.rest", "requests", "grpc", "pulumi"},
    "tenantry.cli.up": {"twilio.rest", "requests", "urllib3", "grpc", "pulumi"},
    "tenantry.cli.ledger": {"psycopg", "twilio.rest", "requests", "urllib3", "grpc", "pulumi"},
    "tenantry.cli.usage": {
        "tenantry.operations.preview.report",
        "tenantry.policies.check",
        "psycopg",
        "grpc",
        "pulumi",
    },
    "tenantry.providers.program": {"twilio.rest", "requests", "urllib3"},
}
"""A module that a process begins with, and what it needs only when it talks to Twilio or serves the engine."""


@pytest.mark.parametrize("module", UNUSED)
def test_a_process_starts_without_what_only_calls_need(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    assert UNUSED[module] & set(done.stdout.split()) == set()
