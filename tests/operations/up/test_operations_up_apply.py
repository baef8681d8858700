"""What an `up` leaves as the marks of its stack, with a script in Pulumi's place that ends as it is told."""

import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tenantry.engine.events.event import Diagnostic, ResourcePre
from tenantry.engine.events.plan import plan_of
from tenantry.engine.install.find import Engine
from tenantry.engine.install.versions import PINNED
from tenantry.engine.run.command import Project, export_state
from tenantry.engine.run.focus import CLOSING_VARIABLE
from tenantry.engine.run.limits import Limits
from tenantry.engine.state.unfinished import Mark, Record, format_marks, parse_marks
from tenantry.operations.errors import StoppedError
from tenantry.operations.recovery.orphans import OrphanSearch
from tenantry.operations.run_listener import RunListener
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.policies import Policies
from tenantry.operations.stack.run import CountedRun
from tenantry.operations.up.apply import apply_plan
from tenantry.operations.up.closing import ClockComparison
from tenantry.operations.up.plan import PassPlan, Request, digest_current_inputs, lend_folder

NOW = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
EARLIER = (Mark(NOW.replace(hour=9)),)
SUMMARY = """echo '{"summaryEvent":{"resourceChanges":{},"durationSeconds":1}}' >"$2"\n"""
DELETED = ResourcePre("delete", "urn:pulumi:dev::owl::aws:s3/bucket:Bucket::acme/bucket", "", "acme/bucket", "SK1")
WARNING = """echo '{"diagnosticEvent":{"message":"told","severity":"warning"}}' >"$2"\n"""
PULUMI = """#!/bin/sh
[ -e "no-$3" ] && { echo 'error: forbidden' >&2; exit 255; }
case "$1 $3" in
  "stack --stack") [ -e state ] && cat state || echo '{}'; exit;;
  "stack ls") [ -e tag ] && printf '{"tenantry:unfinished": "%s"}' "$(cat tag)" || echo '{}'; exit;;
  "stack set") [ "$4" = tenantry:unfinished ] && printf '%s' "$5" >tag || touch kept; exit;;
  "stack rm") rm tag; exit;;
esac
while [ "$1" != --event-log ]; do shift; done
"""


class Silence:
    """A listener that says nothing."""

    @contextmanager
    def follow(self, command, plan=None):
        yield RunListener()

    def warn(self, sentence):
        raise AssertionError(sentence)


def find_nothing(*_arguments, **_options):
    raise AssertionError("a run that was planned asks nothing")


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path, "dev", Engine(tmp_path / "pulumi", "v3.259.0", "PATH"), {})


def apply(project, ends, *marks, existing=(), kept=True, previewed=(), meanwhile=lambda: None, ahead=timedelta()):
    """Apply an empty plan that was made where these marks were, and others are there by now."""
    project.engine.binary.write_text(PULUMI + ends)
    project.engine.binary.chmod(0o700)
    if existing or marks:
        Path(project.folder, "tag").write_text(format_marks(existing or marks))
    with lend_folder(Opened(project, None)) as opened:
        request = Request(
            opened, Limits(), False, Policies(), lambda: NOW, find_nothing, lambda: ClockComparison(ahead)
        )
        run = CountedRun(0, previewed)
        inputs = digest_current_inputs(request, export_state(project))
        plan = PassPlan(None, run, plan_of(()), Record(marks, kept), inputs, OrphanSearch(), None, False)
        meanwhile()
        return apply_plan(request, plan, Silence())


def marks_of(project):
    tag = Path(project.folder, "tag")
    return parse_marks(tag.read_text()) if tag.exists() else ()


def test_a_run_that_ends_well_removes_its_and_earlier_marks(project):
    assert apply(project, SUMMARY, *EARLIER).exit_code == 0
    assert marks_of(project) == ()


@pytest.mark.parametrize(("ends", "is_marked"), [(SUMMARY, False), (f"{WARNING}kill -9 $$", True)])
def test_on_a_backend_of_files_pulumi_starts_for_the_run_alone(project, ends, is_marked):
    stacks = project.folder / ".pulumi/stacks/owl"
    stacks.mkdir(parents=True)
    (project.folder / "Pulumi.yaml").write_text("name: owl\n")
    (project.folder / ".pulumi/meta.yaml").write_text("version: 1\n")
    (stacks / "dev.json").write_text('{"version": 3, "checkpoint": {"latest": {}}}')
    (stacks / "dev.pulumi-tags").write_text('{"version": 1, "tags": {"tenantry:kept": "yes"}}')
    for word in ("ls", "set", "rm", "--stack"):  # each start of `pulumi stack` fails
        (project.folder / f"no-{word}").touch()
    engine = Engine(project.engine.binary, PINNED, "PATH")
    on_files = replace(project, engine=engine, environ={"PULUMI_BACKEND_URL": project.folder.as_uri()})
    assert apply(on_files, ends).is_cut_off == is_marked
    tags = json.loads((stacks / "dev.pulumi-tags").read_text())["tags"]
    assert parse_marks(tags.get("tenantry:unfinished", "")) == ((Mark(NOW),) if is_marked else ())


@pytest.mark.parametrize(
    "ends",
    [
        f"{WARNING}kill -9 $$",
        f"{SUMMARY}echo 'error: writing snapshot: no space left on device'; exit 255",
        f"{WARNING}exit 0",
        "exit 0",
    ],
    ids=["killed", "unwritten", "cut", "silent"],
)
def test_a_killed_run_or_an_unwritten_state_stays_marked(project, ends):
    assert apply(project, ends).is_cut_off
    assert marks_of(project) == (Mark(NOW),)


@pytest.mark.parametrize("ahead", [timedelta(hours=12), timedelta(days=-60)])
def test_a_run_is_marked_by_twilios_clock_for_objects_bear_its_dates(project, ahead):
    assert apply(project, f"{WARNING}kill -9 $$", ahead=ahead).is_cut_off
    assert marks_of(project) == (Mark(NOW + ahead),)


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (
            timedelta(days=-60),
            "This machine's clock is 60 days ahead of Twilio's, so it is unknown whether the day has come",
        ),
        (timedelta(minutes=5), "This machine's clock is 5 minutes behind Twilio's"),
        (timedelta(seconds=61), "This machine's clock is 61 seconds behind Twilio's"),
        (None, "No answer from Twilio has a time"),
    ],
)
def test_no_account_is_closed_by_a_clock_that_is_not_twilios(project, ahead, sentence):
    closing = replace(project, environ={CLOSING_VARIABLE: "acme,birch"})
    with pytest.raises(StoppedError, match=f"^{sentence}.* acme, birch may be closed.*Nothing was begun"):
        apply(closing, "touch begun", ahead=ahead)
    assert not Path(project.folder, "begun").exists()


def test_a_minute_between_the_clocks_is_allowed(project):
    closing = replace(project, environ={CLOSING_VARIABLE: "acme"})
    assert apply(closing, SUMMARY, ahead=timedelta(minutes=-1)).exit_code == 0


def test_nothing_is_begun_where_the_mark_can_not_be_set(project):
    Path(project.folder, "no-set").touch()
    with pytest.raises(StoppedError, match=r"(?s)stack tag set tenantry:unfinished .*forbidden.*Nothing was begun"):
        apply(project, "touch begun")
    assert not Path(project.folder, "begun").exists()


def test_a_mark_that_can_not_be_removed_is_a_warning(project):
    Path(project.folder, "no-rm").touch()
    done = apply(project, SUMMARY)
    assert (done.exit_code, done.is_cut_off, marks_of(project)) == (0, False, (Mark(NOW),))
    (warning,) = (event for event in done.events if isinstance(event, Diagnostic))
    assert warning.message.startswith("The stack is still marked as unfinished, so that the next run looks:")


def test_the_mark_of_the_run_that_holds_the_lock_stays(project):
    with pytest.raises(StoppedError, match="currently locked"):
        apply(project, "echo 'error: the stack is currently locked by 1 lock(s)'; exit 255", *EARLIER)
    assert marks_of(project) == EARLIER


def test_nothing_begins_where_another_run_began_since_the_plan(project):
    with pytest.raises(StoppedError, match="of stack dev began, or ended with failures, since this was planned"):
        apply(project, "touch begun", existing=EARLIER)
    assert marks_of(project) == EARLIER
    assert not Path(project.folder, "begun").exists()


def test_nothing_is_begun_where_what_was_planned_from_has_changed(project):
    manifest = Path(project.folder, "tenantry.yaml")
    manifest.write_text("format: 1\n")
    with pytest.raises(StoppedError, match=r"^Changed since this was planned: tenantry\.yaml\. Nothing was begun\."):
        apply(project, "touch begun", meanwhile=lambda: manifest.write_text("format: 2\n"))
    with pytest.raises(StoppedError, match="the stack's state, which another run has written"):
        apply(project, "touch begun", meanwhile=lambda: Path(project.folder, "state").write_text('{"version": 3}'))
    assert not Path(project.folder, "begun").exists()
    assert marks_of(project) == ()


def test_the_run_reads_what_its_preview_showed_and_removes_it(project):
    apply(
        project,
        f'cat "$TENANTRY_SHOWN"/operations.json >found; echo "$TENANTRY_SHOWN" >where\n{SUMMARY}',
        previewed=(DELETED,),
    )
    assert Path(project.folder, "found").read_text() == f'[["Delete", "{DELETED.urn}", "SK1"]]'
    assert not Path(Path(project.folder, "where").read_text().strip()).exists()


def test_a_run_that_did_what_was_not_shown_fails(project):
    event = {"metadata": {"op": "delete", "urn": DELETED.urn, "type": "aws:s3/bucket:Bucket", "old": {"id": "logs"}}}
    did = f"""printf '%s\\n' '{json.dumps({"resOutputsEvent": event})}' >"$2"\n{SUMMARY.replace(">", ">>", 1)}"""
    done = apply(project, did)
    assert done.exit_code == 1
    [error] = [event for event in done.events if isinstance(event, Diagnostic)]
    assert error.message.startswith("The run did what its preview had not shown: acme/bucket. Something changed after")
    assert apply(project, did, previewed=(DELETED,)).exit_code == 0


def test_the_first_run_records_that_marks_are_kept(project):
    apply(project, SUMMARY)
    assert not Path(project.folder, "kept").exists()
    apply(project, SUMMARY, kept=False)
    assert Path(project.folder, "kept").exists()
