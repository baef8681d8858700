"""The messages of a run: advice that many tenants get is told once."""

from tenantry.operations.changes.messages import join_advice
from tenantry.operations.changes.values import Message


def advice(number: int, severity: str = "advisory", about: str = "calls") -> Message:
    text = f"Why.\ntenants/t{number}.yaml:2:1: retention.{about}: nothing says how long"
    return Message.model_validate(
        {"severity": severity, "policy": "retention-set", "text": text, "resources": (f"t{number}",)}
    )


def test_advice_that_many_tenants_get_is_told_once():
    messages = [advice(number, about=about) for about in ("calls", "messages") for number in range(8)]
    calls, texts = join_advice(messages)
    assert calls.text == "Why.\ntenants/t0.yaml:2:1: retention.calls: nothing says how long (and at 7 more places)"
    assert calls.resources == texts.resources == tuple(f"t{number}" for number in range(8))


def test_few_and_what_stops_a_run_are_told_one_by_one():
    few = tuple(advice(number) for number in range(5))
    assert join_advice(few) == few
    stops = tuple(advice(number, "mandatory") for number in range(8))
    assert join_advice(stops) == stops
