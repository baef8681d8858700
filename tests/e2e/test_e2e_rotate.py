"""A rotation on the engine: written by a command, made and retired by `up`, every step in the manifest."""

import pytest
from e2e_leaks import leaks, watch
from e2e_project import SETTINGS, WHOLE, secrets_of

from faketwilio.store.records import ApiKey

DAY = 86_400
UP = ("up", "--yes")
ROTATES = "web: {access: standard, deliver_to: [disk], rotation: {every_days: 90, overlap_days: 7}}"
LOUD = {"TENANTRY_UNPATCHED": "debug-messages", "PULUMI_OPTION_DEBUG": "true"}


@pytest.fixture
def rotating(stack_project):
    """A deployed project in which the key web of acme rotates from now on."""
    folder = stack_project.folder
    sinks = f"secret_sinks:\n  disk: {{type: private_files, folder: {folder}/delivered}}\n"
    (folder / "tenantry.yaml").write_text(SETTINGS + sinks)
    stack_project.write("acme", WHOLE.replace("web: {access: standard}", ROTATES))
    return watch(stack_project)


def live_keys(project):
    """Return the generations of the key web of acme at Twilio."""
    account = project.account("acme")["sid"]
    keys = project.fake.store.table(ApiKey).of(account)
    return {key.friendly_name for key in keys if key.friendly_name.startswith("web#")}


def test_a_key_rotates_and_a_hasty_person_is_held_back(rotating):
    project, clock = rotating.project, rotating.project.fake.store.clock
    path = project.folder / "tenants" / "acme.yaml"
    clock.advance(90 * DAY)
    rotated = rotating.tenantry("rotate", **LOUD)
    assert (rotated.code, "generation 2 is added in tenants/acme.yaml" in rotated.output) == (0, True), rotated.output
    assert rotating.tenantry(*UP).code == 0
    both = path.read_text()
    path.write_text(both.replace("[1, 2]", "[2]"))
    hasty = rotating.tenantry(*UP)
    assert (hasty.code, "Kept: API key web#1 of acme." in hasty.output) == (2, True), hasty.output
    path.write_text(both)
    clock.advance(7 * DAY)
    assert "generation 1 is removed from tenants/acme.yaml" in rotating.tenantry("rotate", **LOUD).output
    retired = rotating.tenantry(*UP)
    assert (retired.code, live_keys(project)) == (0, {"web#2"}), retired.output
    assert rotating.tenantry("rotate", "--dry-run", "--format", "json").code == 0
    files = {"file": (project.folder / "delivered" / "acme" / "web.json").read_bytes()}
    assert len(leaks(files, secrets_of(project.fake.store))) == 1
    (project.folder / "delivered" / "acme" / "web.json").unlink()
    assert rotating.leaks() == []
