"""`tenantry demo`: what Tenantry does, on a fake Twilio, with state in a folder of its own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenantry.cli.demo_caps import CAPPED, CapScene, NeverCameError, show_caps
from tenantry.cli.demo_statement import BILLED, commit_terms, month_of_demo, tell_statement, usage_of_demo
from tenantry.cli.fake import INSTALL
from tenantry.cli.progress import show_progress
from tenantry.cli.stack import fail
from tenantry.cli.terminal import layout, tell
from tenantry.engine.events.event import ResourceOutputs
from tenantry.engine.events.plan import Plan, plan_of
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.install.lent import NoToolchainError, lend_packages
from tenantry.engine.run import command
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import CommandError, Project, Run
from tenantry.engine.state.deployment import load_state
from tenantry.manifest.git import GitError
from tenantry.manifest.load import load_or_refuse
from tenantry.operations.changes.messages import gather_messages
from tenantry.operations.drift.story import find_drift
from tenantry.operations.export.gather import gather
from tenantry.operations.preview.report import make_preview_report
from tenantry.reports.drift.as_text import as_text as drift_as_text
from tenantry.reports.preview.as_text import as_text
from tenantry.template import write_owl
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

if TYPE_CHECKING:
    from faketwilio.server import FakeTwilio

MARK = ".tenantry-demo"
"""A folder with this file was made by a demo, so the next demo may empty it."""
STACK = "dev"
SLUG, TRIGGER = "acme", "monthly-sms"


@dataclass(frozen=True)
class Stage:
    """What the demo works on."""

    project: Project
    twilio: "FakeTwilio"


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="demo",
    show_default=True,
    help="Where the project and its state go; emptied first if a demo made it.",
)
def demo(folder: Path) -> None:
    """Show the main jobs on a fake Twilio: up, export, drift, repair, review, refusal, bill, cap."""
    try:
        with _stage(folder) as stage:
            _run_up(stage)
            _export(stage)
            _change_in_the_console(stage)
            _drift(stage)
            _repair(stage)
            _change_the_defaults(stage)
            _delete_a_manifest(stage)
            _bill(stage)
            _reach_a_cap(stage)
            _print_summary(stage)
    except (NoEngineError, NoToolchainError, CommandError) as error:
        fail(str(error))


@contextmanager
def _stage(folder: Path) -> Iterator[Stage]:
    """Prepare a folder with the sample, a fake Twilio and a stack; the fake ends with the demo."""
    try:
        from faketwilio.server import FakeTwilio
    except ModuleNotFoundError as error:
        raise click.ClickException(INSTALL) from error
    engine = find_engine(os.environ)
    _make_fresh(folder)
    lent = lend_packages(folder, os.environ)
    with FakeTwilio() as twilio:
        variables = {
            **lent,
            **local_backend(folder / ".pulumi"),
            "TWILIO_ACCOUNT_SID": twilio.account_sid,
            "TWILIO_AUTH_TOKEN": twilio.auth_token,
            "TENANTRY_TWILIO_URL": twilio.url,
        }
        project = Project(folder.resolve(), STACK, engine, variables)
        command.select_stack(project)
        click.echo(f"{engine}; a fake Twilio at {twilio.url}; everything else in {folder}/")
        yield Stage(project, twilio)


def _make_fresh(folder: Path) -> None:
    """Write the sample into an empty folder, or one that a demo filled."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            fail(f"{folder}/ holds something that no demo made; nothing was changed. Name another with --folder.")
        shutil.rmtree(folder)
    write_owl(folder)
    (folder / MARK).touch()


def _run_up(stage: Stage) -> None:
    tenants = load_or_refuse(stage.project.folder, STACK).tenants
    _print_scene(
        1, f"{len(tenants)} manifests become subaccounts, keys, triggers, webhooks and retention", "pulumi up --yes"
    )
    plan = _preview(stage)
    began = time.monotonic()
    _apply(stage, plan)
    calls, seconds = stage.twilio.store.request_log.as_json()["total"], time.monotonic() - began
    click.echo(f"{len(plan.steps) - len(tenants)} resources made in {seconds:.0f} s, with {calls} calls to Twilio.")


def _export(stage: Stage) -> None:
    _print_scene(2, "What your application needs to know", "tenantry export")
    tenants = load_or_refuse(stage.project.folder, STACK).tenants
    for tenant in gather(STACK, tenants, load_state(stage.project)).tenants:
        keys = ", ".join(f"{name}#{key.current}" for name, key in tenant.api_keys.items() if key.current)
        click.echo(f"  {tenant.tenant:10} {tenant.account_sid or 'no account':34}  {tenant.state or '':9}  {keys}")


def _change_in_the_console(stage: Stage) -> None:
    _print_scene(3, "Somebody changes a webhook in the Console", None)
    sid = _find_sid(stage, f"{SLUG}/usage_trigger/{TRIGGER}")
    _act_in_console(stage, {"set": sid, "fields": {"callback_url": "https://elsewhere.example/usage"}})
    click.echo(f"  {SLUG}: trigger {TRIGGER} ({sid}) now calls https://elsewhere.example/usage")


def _drift(stage: Stage) -> None:
    _print_scene(4, "The nightly check sees it", "tenantry drift")
    project, environ = stage.project, stage.project.environ
    try:
        found = find_drift(
            load_or_refuse(project.folder, STACK),
            load_state(project),
            Session.from_env(environ),
            datetime.now(UTC).date(),
        )
    except TwilioError as error:
        _stop_on([str(error)])
    else:
        tell(drift_as_text(found, layout()))


def _repair(stage: Stage) -> None:
    _print_scene(5, "The next up reverts it", "pulumi up --refresh --yes")
    for event in _apply(stage, refresh=True).events:
        if isinstance(event, ResourceOutputs) and event.op == "update":
            click.echo(f"  reverted: {event.name}")


def _change_the_defaults(stage: Stage) -> None:
    _print_scene(6, "Somebody moves a webhook of every customer; a reviewer sees it once", "tenantry preview")
    layer = stage.project.folder / "defaults.yaml"
    kept = layer.read_text(encoding="utf-8")
    layer.write_text(kept.replace("callback_url: /spend/{tenant}", "callback_url: /money/{tenant}"), encoding="utf-8")
    tell(as_text(make_preview_report(_preview(stage), STACK), layout()))
    layer.write_text(kept, encoding="utf-8")


def _delete_a_manifest(stage: Stage) -> None:
    _print_scene(7, "Somebody deletes a manifest", f"rm tenants/{SLUG}.yaml && pulumi up --yes")
    manifest = stage.project.folder / "tenants" / f"{SLUG}.yaml"
    kept = manifest.read_text(encoding="utf-8")
    manifest.unlink()
    run = command.up(stage.project)
    manifest.write_text(kept, encoding="utf-8")
    if not run.exit_code:
        fail("Pulumi went on without the manifest; please report this.")
    for message in gather_messages(error for error in run.errors if error.urn):
        click.echo(f"  refused: {message.text}")
    click.echo("  Nothing was changed; the manifest is back.")


def _bill(stage: Stage) -> None:
    month = f"{month_of_demo().first:%Y-%m}"
    _print_scene(
        8, f"What {BILLED} used in {month} becomes a statement", f"tenantry bill --month {month} --only {BILLED}"
    )
    folder = stage.project.folder
    try:
        day = commit_terms(folder)
    except FileNotFoundError:
        click.echo("  Left out: terms in force are read from a git history, and there is no git on this machine.")
        return
    except subprocess.CalledProcessError as error:
        click.echo(f"  Left out: git could not commit the manifests: {error.stderr.decode(errors='replace').strip()}")
        return
    _use(stage, usage_of_demo(_find_sid(stage, BILLED)))
    click.echo(
        f"  The usage is made up. Terms count from the month after their commit, so the demo dated its own {day}.\n"
    )
    try:
        tell_statement(folder, STACK, load_state(stage.project), Session.from_env(stage.project.environ))
    except (TwilioError, GitError) as error:
        _stop_on([str(error)])


def _reach_a_cap(stage: Stage) -> None:
    _print_scene(9, f"{CAPPED} reaches its cap", "tenantry serve")
    project = stage.project
    try:
        show_caps(CapScene(project.folder, STACK, load_state(project), project.environ, stage.twilio.url))
    except NeverCameError as error:
        _stop_on([str(error)])


def _print_summary(stage: Stage) -> None:
    folder = stage.project.folder.name
    click.echo(
        f"""
Shown: five kinds from one manifest each, an export, drift, its repair, a review, a guard, a statement, and a cap.
The fake Twilio has ended; the project is in {folder}/ and its state in {folder}/.pulumi/. Try next:
  tenantry show acme               what one manifest comes to, and where each value comes from
  tenantry init my-tenants         a project of your own
  tenantry fake --help             a fake Twilio to try plain `pulumi up` on"""
    )


def _print_scene(number: int, title: str, as_command: str | None) -> None:
    click.echo(f"\n{click.style(f'{number}. {title}', bold=True)}" + (f"   $ {as_command}" if as_command else ""))


def _preview(stage: Stage) -> Plan:
    plan = plan_of(command.preview(stage.project).events)
    _stop_on([error.message for error in plan.errors])
    return plan


def _apply(stage: Stage, plan: Plan | None = None, *, refresh: bool = False) -> Run:
    with show_progress("up", plan, quiet=True) as listener:
        run = command.up(stage.project, refresh=refresh, on_event=listener.event)
    if run.exit_code or not run.is_whole:
        _stop_on([error.message for error in run.errors] or ["the run failed without output"])
    return run


def _stop_on(errors: Sequence[str]) -> None:
    if errors:
        fail("\n".join(["The demo failed, which it should never do:", *errors]))


def _find_sid(stage: Stage, name: str) -> str:
    return next(resource.id for resource in load_state(stage.project) if resource.name == name)


def _use(stage: Stage, order: dict[str, object]) -> None:
    from faketwilio.control.usage import set_records

    set_records(stage.twilio.store, order)


def _act_in_console(stage: Stage, order: dict[str, object]) -> None:
    from faketwilio.control.console import act

    act(stage.twilio.store, order)
