"""A rotation from due to retired, on a fake whose clock moves; its state is git, Twilio's dates and the sinks."""

import json

from rotation_world import ROTATED

from tenantry.reports.rotate.as_json import as_json
from tenantry.reports.rotate.as_text import as_text

TWO = "generations: [1, 2]"


def test_two_tenants_rotate_from_due_to_retired(rotation):
    rotation.write("birch", ROTATED)
    rotation.up()
    rotation.pass_days(90)
    assert {step.action for step in rotation.rotate().keys} == {"added"}
    assert TWO in rotation.manifest("acme")
    assert TWO in rotation.manifest("birch")
    assert {step.action for step in rotation.rotate().keys} == {"not_made"}
    rotation.up()
    assert rotation.sid_in(slug="birch") == rotation.sid("birch/api_key/web-2")
    steps = rotation.rotate().keys
    assert {(step.action, step.works, step.delivered_to) for step in steps} == {("overlapping", True, ("disk",))}
    rotation.pass_days(7)
    assert {(step.action, step.removed) for step in rotation.rotate().keys} == {("removed", (1,))}
    assert "generations: [2]" in rotation.manifest("acme")
    rotation.up()
    assert rotation.live_names() == {"web#2"}
    assert {step.action for step in rotation.rotate().keys} == {"not_due"}


def test_no_report_holds_a_secret(rotation):
    rotation.write("acme", ROTATED.replace("standard,", "standard, generations: [1, 2],"))
    rotation.up()
    report = rotation.rotate()
    secrets = [rotation.state[f"acme/api_key/web-{number}"].outputs["secret"].value for number in (1, 2)]
    assert json.loads(as_json(report))["keys"][0]["works"] is True
    assert not any(secret in text for secret in secrets for text in (as_json(report), as_text(report), repr(report)))
