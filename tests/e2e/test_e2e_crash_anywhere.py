"""A run that is killed at any request, whoever of its three processes is: run again at once, and it ends the same.

Each of the four runs with few tenants in `make check`; fifty with twenty tenants in `make soak`, each previewed
afterwards.
"""

import copy
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e_killing import Kill, run_killed, unusable_keys, wait_for_session_end
from e2e_picture import Picture, differences, picture
from e2e_project import WHOLE, Project, make_project, same_project, still

from faketwilio.server import FakeTwilio
from tenantry.engine.install.find import Engine
from tenantry.engine.run.environment import CHEAPER
from tenantry.engine.state.unfinished import TAG, format_marks
from tenantry.operations.recovery.marks import begin_run

FEW, MANY = 3, 20
UP = ("up", "--yes", "--skip-preview", "--continue-on-error")
AGAIN = ("up", "--yes", "--max-deletes", "1000", "--max-deletes-percent", "100")
CLEAN = ("preview", "--refresh", "--expect-no-changes")

BEFORE = WHOLE.replace("web: {access: standard}", "web: {access: standard, generations: [1, 2]}")
ROTATED = BEFORE.replace("[1, 2]", "[2, 3]")
REPLACED = (
    BEFORE.replace("1000", "2000")
    .replace("/errors/", "/problems/")
    .replace("access: standard, gen", "access: [/twilio/messaging/messages/read], gen")
)
"""A trigger, two keys, a sink and with it a subscription of each tenant have to be made anew."""
RAISED = BEFORE.replace("1000", "2000").replace("/errors/", "/problems/")
"""The same without the keys, whose new secrets would be lost where the state is written once."""
EDITS = {"first up": BEFORE, "replacements": REPLACED, "rotation": ROTATED, "limits raised": RAISED}
ONCE = ("first up", "limits raised")
"""The runs in which `tenantry up` has the state written once, at their end."""
BARE = "api_keys:\n  web: {access: standard}\n"
WRITTEN_ONCE = {"PULUMI_SKIP_CHECKPOINTS": "true"}
"""What `tenantry up` sets where the next run makes good what a kill loses."""


@dataclass(frozen=True)
class World:
    """A project before each of the runs that are killed, and how Twilio looks after each that is not."""

    empty: Project
    full: Project
    ends: dict[str, Picture]
    requests: dict[str, int]

    def before(self, run: str) -> Project:
        return self.empty if run == "first up" else self.full


@pytest.mark.parametrize("seed", [0, 2, 3])  # the seed between kills the plugin in replacements, as the next test does
def test_a_run_killed_at_any_request_ends_like_an_undisturbed_one(few, copy_project, seed):
    _killed_and_run_again(few, copy_project, *_by(seed, few))


def test_killed_replacements_with_old_objects_left_are_finished(few, copy_project):
    last_but_one = Kill("plugin", few.requests["replacements"] - 1, answered=False)
    _killed_and_run_again(few, copy_project, "replacements", last_but_one)


def test_what_a_killed_run_deleted_is_made_again_when_wanted_again(few, copy_project):
    project = copy_project(few.full)
    _write_all(project, BARE)
    _mark(project)
    killed = run_killed(project, Kill("cli", 6, answered=True, writes=True), *UP, **CHEAPER, **WRITTEN_ONCE)
    assert (killed.struck, killed.code) == (True, -signal.SIGKILL)
    assert wait_for_session_end(killed.session) == []
    assert differences(picture(project.fake.store), few.ends["first up"]) != []
    _write_all(project, BEFORE)
    _clear_the_lock(project, project.tenantry(*AGAIN).output)
    done = project.tenantry(*AGAIN)
    assert (done.code, "This run compares the state with Twilio first" in " ".join(done.output.split())) == (0, True)
    assert differences(picture(project.fake.store), few.ends["first up"]) == []
    assert unusable_keys(project) == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_a_killed_run_for_twenty_tenants_ends_like_an_undisturbed_one(many, copy_project, seed):
    project = _killed_and_run_again(many, copy_project, *_by(seed, many))
    done = project.pulumi(*CLEAN)
    assert done.code == 0, done.output


def _by(seed, world):
    run = list(EDITS)[seed % len(EDITS)]
    return run, Kill.by(seed, world.requests[run])


def _killed_and_run_again(world, copy_project, run, kill):
    project = copy_project(world.before(run))
    _edit(project, run)
    _mark(project)
    killed = run_killed(project, kill, *UP, **_variables(run))
    assert killed.struck
    assert (killed.code == -signal.SIGKILL) == (kill.victim == "cli")
    done = project.tenantry(*AGAIN)
    if kill.victim == "cli":
        assert done.code == 1
        _clear_the_lock(project, done.output)
        done = project.tenantry(*AGAIN)
    assert done.code == 0, done.output
    assert differences(picture(project.fake.store), world.ends[run]) == []
    assert unusable_keys(project) == []
    assert wait_for_session_end(killed.session) == []
    return project


def _mark(project):
    """Mark the stack, as `tenantry up` does before each run."""
    mark = format_marks(begin_run((), datetime.now(UTC), None))
    done = project.pulumi("stack", "tag", "set", TAG, mark)
    assert done.code == 0, done.output


def _clear_the_lock(project, sentence):
    """Run the command that the refusal names."""
    text = re.search(r"If it was killed, clear its lock with `(\S+) (cancel [^`]+)` in (\S+) and run again", sentence)
    assert text, sentence
    assert text[1].endswith("pulumi")
    assert text[3] == str(project.folder)
    cleared = project.pulumi(*text[2].split())
    assert cleared.code == 0, cleared.output


@pytest.fixture(scope="module")
def few(worlds_once: Callable[[str, Callable[[Path], World]], World], pulumi_engine: Engine) -> World:
    return worlds_once("few", lambda folder: _world(folder, pulumi_engine, FEW))


@pytest.fixture(scope="module")
def many(worlds_once: Callable[[str, Callable[[Path], World]], World], pulumi_engine: Engine) -> World:
    return worlds_once("many", lambda folder: _world(folder, pulumi_engine, MANY))


@pytest.fixture
def copy_project(tmp_path: Path) -> Iterator[Callable[[Project], Project]]:
    """Copy a project with its state, and its fake with its contents."""
    fakes = []

    def copy_of(project: Project) -> Project:
        fakes.append(FakeTwilio(copy.deepcopy(project.fake.store)).start())
        return same_project(project, tmp_path / f"copy-{len(fakes)}", fakes[-1])

    yield copy_of
    for fake in fakes:
        fake.stop()


def _world(folder: Path, engine: Engine, tenants: int) -> World:
    ends, requests = {}, {}
    with FakeTwilio() as fake:
        project = make_project(folder / "new", engine, fake, dict.fromkeys(_slugs(tenants), BEFORE))
        project.make_stack()
        empty = still(project, folder / "empty")
        ends["first up"], requests["first up"] = _run_undisturbed(project, "first up")
        full = still(project, folder / "full")
    for run in list(EDITS)[1:]:
        with FakeTwilio(copy.deepcopy(full.fake.store)) as fake:
            ends[run], requests[run] = _run_undisturbed(same_project(full, folder / run, fake), run)
    return World(empty, full, ends, requests)


def _slugs(tenants: int) -> list[str]:
    return ["acme", *(f"acme-{number}" for number in range(2, tenants + 1))]


def _run_undisturbed(project: Project, run: str) -> tuple[Picture, int]:
    _edit(project, run)
    project.fake.store.request_log.clear()
    done = project.pulumi(*UP, **_variables(run))
    assert done.code == 0, done.output
    return picture(project.fake.store), project.fake.store.request_log.total


def _edit(project: Project, run: str) -> None:
    _write_all(project, EDITS[run])


def _write_all(project: Project, text: str) -> None:
    for manifest in (project.folder / "tenants").iterdir():
        project.write(manifest.stem, text)


def _variables(run: str) -> dict[str, str]:
    return {**CHEAPER, **(WRITTEN_ONCE if run in ONCE else {})}
