"""A focused preview reads a part of the state, and shows what the whole state would have shown."""

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from e2e_backend import is_on_server
from e2e_project import WHOLE, Project

from tenantry.engine.events.event import ResourceEvent, ResourceOutputs, Summary
from tenantry.engine.run import command, partial_backend
from tenantry.engine.run.command import Run

WHOLE_STATE = {partial_backend.EVERYTHING_VARIABLE: "1"}
SENDER = "  sender: {access: [/twilio/messaging/messages/create]}\n"
TRIGGER = "  calls: {usage_category: calls, trigger_value: 7, recurring: monthly, callback_url: /usage}\n"
MARKER = "        super().__init__("


def preview(project: Project, slugs: Collection[str], **variables: str) -> Run:
    environ = {**project.environ, **variables}
    return command.preview(command.Project(project.folder, "dev", project.engine, environ), slugs=slugs)


def list_reports(run: Run) -> list[Any]:
    """Return all that a run reported of resources, in an order of our own, and its counts."""
    resources = [event for event in run.events if isinstance(event, ResourceEvent)]
    outputs = {event.name: event.outputs for event in resources if isinstance(event, ResourceOutputs)}
    counts = [event.changes for event in run.events if isinstance(event, Summary)]
    return [sorted(map(repr, resources)), sorted(outputs), counts]


def values_of(run: Run, slug: str) -> dict[str, Any]:
    """Return what the rules are told of a tenant, less the secrets."""
    outputs = [event for event in run.events if isinstance(event, ResourceOutputs)]
    return {
        event.urn: {name: value for name, value in event.outputs.items() if name != "secret"}
        for event in outputs
        if event.name.partition("/")[0] == slug
    }


def edit(project: Project) -> None:
    """Update, replace, delete and make something of acme, and add birch."""
    text = WHOLE.replace(SENDER, "").replace("1000", "2000").replace("/errors/{tenant}", "/other/{tenant}")
    project.write("acme", text.replace("usage_triggers:\n", f"usage_triggers:\n{TRIGGER}"))
    project.write("birch", WHOLE)


def test_a_part_of_the_state_shows_what_the_whole_shows(stack_project):
    for slugs in (["acme"], ["acme", "birch"]):
        part, whole = (preview(stack_project, slugs, **variables) for variables in ({}, WHOLE_STATE))
        assert list_reports(part) == list_reports(whole)
        assert values_of(part, "acme-2") == values_of(whole, "acme-2")
        assert len(values_of(part, "acme-2")) > 5
        edit(stack_project)
    operations = {event.op for event in part.events if isinstance(event, ResourceEvent)}
    assert operations >= {"same", "create", "update", "delete", "replace"}
    asked = ("preview", "--only", "acme", "--only", "birch", "--format", "json")
    reports = [stack_project.tenantry(*asked, **variables).output for variables in ({}, WHOLE_STATE)]
    # How many of four calls are in flight at once is luck.
    reports = [re.sub(r"at most \d in flight", "in flight", report) for report in reports]
    assert reports[0] == reports[1]
    unchanged = re.search(r'"unchanged": (\d+)', reports[0])
    assert unchanged is not None
    assert int(unchanged[1]) > len(values_of(part, "acme-2"))


def test_a_preview_that_fails_with_a_part_reads_the_whole(stack_project):
    component = stack_project.folder / "components" / "tenant.py"
    failing = f'        import os\n        assert "{partial_backend.WHOLE_VARIABLE}" not in os.environ\n{MARKER}'
    # In `with no_stack_trace():`, four blanks deeper.
    component.write_text(component.read_text().replace(f"    {MARKER}", failing.replace("        ", " " * 12)))
    stack_project.write("acme", WHOLE.replace("1000", "2000"))
    part, whole = (preview(stack_project, ["acme"], **variables) for variables in ({}, WHOLE_STATE))
    assert (part.exit_code, list_reports(part)) == (0, list_reports(whole))


def test_secrets_are_copied_as_they_are_and_the_copy_goes(stack_project, tmp_path, monkeypatch):
    if is_on_server():
        pytest.skip("only of a backend of files a part is copied")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    environ, place = stack_project.environ, (stack_project.folder, "dev", stack_project.engine.version)
    with partial_backend.partial_backend(environ, *place, ["acme"]) as part:
        assert part is not None
        folder = Path(part.variables[partial_backend.REMOVED_VARIABLE])
        assert folder.stat().st_mode & 0o077 == 0
        state = json.loads(next(folder.glob(".pulumi/stacks/*/dev.json")).read_text())["checkpoint"]["latest"]
        kept = {entry["urn"].split("::", 3)[-1]: entry for entry in state["resources"]}
        assert kept == {name: entry for name, entry in stack_project.resources().items() if name in kept}
        assert state["secrets_providers"]
        assert "acme/api_key/web-1" in kept
        assert not [name for name in kept if name.startswith("acme-2")]
    assert not folder.exists()
