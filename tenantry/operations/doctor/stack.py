"""Whether the backend answers, which stack it is, and whether its state and secrets can be read, by reading them."""

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tenantry.engine.events.changes import is_secret
from tenantry.engine.events.event import plain
from tenantry.engine.install.doctor import Finding
from tenantry.engine.run.command import CommandError, Project, backend_of, export_state, run_plain
from tenantry.engine.run.state_file import UNREAD
from tenantry.engine.state.deployment import read_state, selected_stack
from tenantry.manifest.project import read_project
from tenantry.model.project import stack_of
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.run import find_way_out
from tenantry.text.redaction import redact

_SECONDS = 15.0
NO_STACK = "no stack named"
"""What Pulumi says of a stack that is not there (CLI 3.259)."""
_UNSET = (
    "neither PULUMI_CONFIG_PASSPHRASE nor PULUMI_CONFIG_PASSPHRASE_FILE is set: Pulumi will ask, in CI fail, unless "
    "the stack uses a key service (`pulumi stack change-secrets-provider`)"
)
_OTHER_PARENT = (
    "the state of {stack} belongs to the parent account {settled}, and tenantry.yaml gives it {written}: one stack is "
    "one parent; correct tenantry.yaml, or take another stack"
)


@dataclass(frozen=True)
class SeenStack:
    """What was seen of a stack: its name and its parent account."""

    stack: str | None = None
    parent: str | None = None
    hint: str = ""
    """What to do where the accounts of the stack are not known to whoever is asked."""
    is_read: bool = False
    """Whether its state could be read, so that what it does not name is not there."""


def examine_stack(project: Project, named: str | None) -> Generator[Finding, None, SeenStack]:
    """Yield what is found of the backend, the stack and its secrets; of no stack in particular, which there are."""
    try:
        url, user = backend_of(project, seconds=_SECONDS)
    except (CommandError, OSError, ValueError) as error:
        yield Finding("fail", "backend", f"{_find_last_line(error)}; run `pulumi login`, or set PULUMI_BACKEND_URL")
        return SeenStack(named)
    backend = Finding("ok", "backend", f"{redact(url)} as {user}")
    try:
        stack = named or selected_stack(project.folder, project.engine, project.environ)
    except CommandError as error:
        yield from _without_stack(project, backend, error)
        return SeenStack()
    return (yield from _examine_state(replace(project, stack=stack), url, backend))


def _examine_state(project: Project, url: str, backend: Finding) -> Generator[Finding, None, SeenStack]:
    stack = project.stack
    try:
        exported = export_state(project, seconds=_SECONDS)
    except CommandError as error:
        is_read = NO_STACK in str(error) or UNREAD in str(error)
        yield backend if is_read else Finding("fail", "backend", f"{backend.text}: {_describe_error(error)}")
        if is_read:
            yield Finding("fail", "stack", f"{stack}: {_with_advice(project, error)}")
        return SeenStack(stack, _find_parent(project))
    yield backend
    state = read_state(exported)
    fleet = next((resource for resource in state if resource.kind == "fleet"), None)
    settled, written = (fleet.outputs.get("account_sid") if fleet else None), _find_parent(project)
    seen = SeenStack(stack, settled or written, hint_at_fake(state, project.environ).strip(), is_read=True)
    if settled and written and settled != written:
        yield Finding("fail", "stack", _OTHER_PARENT.format(stack=stack, settled=settled, written=written))
    else:
        yield Finding("ok", "stack", _describe_stack(seen, exported))
    yield from _examine_secrets(project, url, exported)
    return seen


def _find_parent(project: Project) -> str | None:
    """Return the parent account that tenantry.yaml gives the stack; `validate` reports what is wrong in it."""
    read = read_project(project.folder, lambda _: None).project
    return stack_of(read, project.stack).parent if read else None


def _describe_stack(seen: SeenStack, exported: Mapping[str, Any]) -> str:
    deployment = exported.get("deployment") or {}
    count, written = len(deployment.get("resources") or ()), (deployment.get("manifest") or {}).get("time", "")
    when = f", last written {written[:16].replace('T', ' ')}" if count else ""
    owner = f"its parent account is {seen.parent}" if seen.parent else "no run has given it a parent account yet"
    return f"{seen.stack} has {count:,} resources{when}; {owner}"


def _examine_secrets(project: Project, url: str, exported: Mapping[str, Any]) -> Iterator[Finding]:
    """Open the secrets of the state; where there are none, report what a first run would lack."""
    if _has_secrets(exported):
        try:
            export_state(project, show_secrets=True, seconds=_SECONDS)
            yield Finding("ok", "secrets", f"those in the state of {project.stack} can be opened")
        except CommandError as error:
            yield Finding("fail", "secrets", f"{_with_advice(project, error)}")
    elif not url.startswith("http") and not _has_passphrase(project.environ):
        yield Finding("warn", "secrets", _UNSET)


def _without_stack(project: Project, backend: Finding, error: CommandError) -> Iterator[Finding]:
    """Say which stacks there are, which tries the backend too."""
    try:
        stacks = json.loads(run_plain(project, "stack", "ls", "--json", seconds=_SECONDS))
    except (CommandError, ValueError) as failure:
        yield Finding("fail", "backend", f"{backend.text}: {_describe_error(failure)}")
        return
    yield backend
    names = ", ".join(str(stack.get("name")) for stack in stacks) or "there is none yet: `pulumi stack init dev`"
    yield Finding(
        "fail", "stack", f"none is selected ({_find_last_line(error)}); choose with `pulumi stack select`: {names}"
    )


def _with_advice(project: Project, error: CommandError) -> str:
    """Return an error in one line, with what to do about it."""
    way = find_way_out(project, str(error)).strip()
    return f"{_describe_error(error).rstrip('.')}. {way}" if way else _describe_error(error)


def _has_secrets(value: Any) -> bool:
    if isinstance(value, Mapping):
        return is_secret(value) or any(map(_has_secrets, value.values()))
    return isinstance(value, list) and any(map(_has_secrets, value))


def _has_passphrase(environ: Mapping[str, str]) -> bool:
    return "PULUMI_CONFIG_PASSPHRASE" in environ or "PULUMI_CONFIG_PASSPHRASE_FILE" in environ


def _describe_error(error: Exception) -> str:
    return " ".join(plain(str(error)).split())


def _find_last_line(error: Exception) -> str:
    lines = plain(str(error)).splitlines()
    return lines[-1] if lines else "no answer"
