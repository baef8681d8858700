"""The demo's scene of a cap, with the receiver as a process: suspended, told, and resumed in the next month."""

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from tenantry.cli.demo_caps import CAPPED, LIMIT, CapScene, show_caps
from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import load_or_refuse
from tenantry.model.resources import resources_of
from tenantry.template import write_owl
from tenantry.twilio.session import Session


@pytest.fixture
def scene(tmp_path):
    folder = tmp_path / "demo"
    write_owl(folder)
    with FakeTwilio() as fake:
        environ = {
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
        }
        fields = {"friendly_name": "Birch"}
        sid = act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": fields})["sid"]
        tenant = load_or_refuse(folder, "dev").tenants[CAPPED]
        today = fake.store.clock.now().date()
        spec = next(found.spec for found in resources_of(tenant, today) if found.entry == "usage_trigger/monthly-sms")
        trigger = Session.from_env(environ).usage_triggers.create(sid, spec)
        state = (
            StateResource("urn:birch", "", "subaccount", CAPPED, sid, {}, {}),
            StateResource("urn:sms", "", "usage_trigger", f"{CAPPED}/usage_trigger/monthly-sms", trigger.sid, {}, {}),
        )
        yield CapScene(folder, "dev", state, environ, fake.url)


def test_a_cap_suspends_and_the_next_month_resumes(scene, capsys):
    show_caps(scene)
    printed = capsys.readouterr().out
    steps = (
        f"sends {LIMIT} SMS",
        "suspended",
        "tenant.suspended",
        "by the fake's clock",
        "active again",
        "tenant.resumed",
    )
    places = [printed.index(step) for step in steps]
    assert places == sorted(places)
