"""The messages of a run: what a rule finds in many tenants is told once."""

import pytest

from tenantry.operations.changes.messages import join_findings
from tenantry.operations.changes.values import Message


def advice(number: int, severity: str = "advisory", about: str = "calls") -> Message:
    text = f"Why.\ntenants/t{number}.yaml:2:1: retention.{about}: nothing says how long"
    return Message.model_validate(
        {"severity": severity, "policy": "retention-set", "text": text, "resources": (f"t{number}",)}
    )


@pytest.mark.parametrize("severity", ["advisory", "mandatory"])
def test_what_a_rule_finds_in_many_tenants_is_told_once(severity):
    messages = [advice(number, severity, about) for about in ("calls", "messages") for number in range(8)]
    calls, texts = join_findings(messages)
    assert calls.text == "Why.\ntenants/t0.yaml:2:1: retention.calls: nothing says how long (and at 7 more places)"
    assert calls.resources == texts.resources == tuple(f"t{number}" for number in range(8))


def test_few_and_errors_are_told_one_by_one():
    few = tuple(advice(number) for number in range(5))
    assert join_findings(few) == few
    stops = tuple(advice(number, "error") for number in range(8))
    assert join_findings(stops) == stops
