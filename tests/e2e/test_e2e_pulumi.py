"""Plain Pulumi does all of it, without our command line."""

import json

import pytest
from e2e_project import WHOLE, credentials, objects, paths, secrets_of

from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store

CLEAN = ("preview", "--refresh", "--expect-no-changes")


def test_plain_pulumi_makes_shows_and_repairs_everything(new_project, fake):
    project = new_project({"acme": WHOLE})
    printed = [project.pulumi("up", "--yes")]
    assert printed[0].code == 0, printed[0].output
    assert objects(project) == {
        "accounts": ["Acme Dental (acme) active"],
        "api_keys": [
            "Acme Dental (acme): sender#1 ['/twilio/messaging/messages/create']",
            "Acme Dental (acme): web#1 None",
        ],
        "usage_triggers": ["Acme Dental (acme): monthly-sms 1000.000000"],
        "event_sinks": ["Acme Dental (acme): https://hooks.owl.example/twilio/errors/acme"],
        "event_subscriptions": ["Acme Dental (acme): tenantry:debugger"],
    }
    assert project.resources()["acme/retention"]["outputs"]["messages"] == {"keep_days": "30", "action": "delete"}

    printed.append(project.pulumi(*CLEAN))
    assert printed[-1].code == 0, printed[-1].output

    trigger = project.account("acme")["usage_triggers"][0]["sid"]
    project.console({"set": trigger, "fields": {"callback_url": "https://elsewhere.example/"}})
    printed.append(project.pulumi(*CLEAN, "--diff"))
    assert printed[-1].code == 7, printed[-1].output
    assert "callback_url" in printed[-1].output
    assert "https://elsewhere.example" in printed[-1].output

    printed.append(project.pulumi("up", "--refresh", "--yes"))
    assert printed[-1].code == 0, printed[-1].output
    found = project.account("acme")["usage_triggers"]
    assert [(item["sid"], item["callback_url"]) for item in found] == [
        (trigger, "https://hooks.owl.example/twilio/usage")
    ]
    assert project.pulumi(*CLEAN).code == 0

    _parent_stayed_on_its_host(project.requests(), fake.account_sid, project.account("acme")["sid"])
    _keeps_its_secrets(project, printed, secrets_of(fake.store))


def _keeps_its_secrets(project, printed, secrets):
    assert len(secrets) == 4  # two tokens, two keys
    texts = [path.read_text(errors="replace") for path in project.folder.rglob("*") if path.is_file()]
    texts = [text for text in [*texts, *(done.output for done in printed)] if any(secret in text for secret in secrets)]
    assert texts == []
    assert "ciphertext" in json.dumps(project.resources()["acme/api_key/web-1"]["outputs"]["secret"])


def _parent_stayed_on_its_host(lines, parent, account):
    """Product hosts act on the account of the credentials, so the parent's may never be used there."""
    used = {(host, who) for _, host, _, _, who in lines}
    assert used == {
        ("api.twilio.com", parent),
        ("iam.twilio.com", account),
        ("events.twilio.com", account),
    }


def test_a_deleted_or_renamed_manifest_stops_the_run_first(stack_project):
    gone = stack_project.manifest("acme").read_text()
    stack_project.manifest("acme").unlink()
    stack_project.write("acme-2", WHOLE.replace("1000", "2000"))
    done = stack_project.pulumi("up", "--skip-preview", "--yes")
    assert done.code != 0
    assert "acme: the manifest is gone; put it back. A slug can't be renamed" in done.output
    assert stack_project.requests() == []

    stack_project.write("acme-3", WHOLE)
    done = stack_project.tenantry("up", "--yes")
    assert done.code == 1
    assert "acme: the manifest is gone; put it back. A slug can't be renamed" in done.output
    assert "Nothing was changed." in done.output
    assert stack_project.requests() == []

    stack_project.manifest("acme-3").unlink()
    stack_project.manifest("acme").write_text(gone)
    done = stack_project.pulumi("up", "--skip-preview", "--yes")
    assert done.code == 0, done.output
    acme_2 = stack_project.account("acme-2")["sid"]
    trigger = stack_project.account("acme-2")["usage_triggers"][0]["sid"]
    assert paths(stack_project.writes())[:1] == [f"POST /2010-04-01/Accounts/{acme_2}/Usage/Triggers.json"], trigger


@pytest.mark.parametrize(
    "command",
    [
        ("refresh", "--yes", "--skip-preview"),
        ("destroy", "--yes", "--skip-preview"),
    ],
    ids=lambda command: command[0],
)
def test_credentials_of_another_parent_are_refused_before_anything_is_sent(stack_project, command):
    before = stack_project.read_state()
    with FakeTwilio(Store()) as other:
        done = stack_project.pulumi(*command, **credentials(other))
        assert done.code != 0, done.output
        assert f"belongs to {stack_project.fake.account_sid}" in done.output.replace("the parent account ", "")
        assert other.store.request_log.total == 0
    assert stack_project.requests() == []
    assert stack_project.read_state() == before
