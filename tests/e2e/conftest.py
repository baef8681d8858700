"""The whole thing: projects on the real engine, each with a fake Twilio and a state of its own."""

import copy
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e_backend import CHOICES, all_on, is_on_server
from e2e_nursery import warm_engine
from e2e_postgres import PACKAGE, Postgres, programs, running_postgres
from e2e_project import SETTINGS, WHOLE, Project, make_project, same_project, still

from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store
from tenantry.engine.install.find import Engine, NoEngineError, find_engine
from tenantry.engine.state.unfinished import KEPT


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/e2e --backend postgres` runs all of it on PostgreSQL; without, a few histories do."""
    parser.addoption(
        "--backend", choices=CHOICES, default=CHOICES[0], help="where the projects of tests/e2e keep state"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this process; without the system's package, tests that need one are skipped."""
    where = programs()
    if where is None:
        pytest.skip(f"needs the system's package {PACKAGE}: no initdb on PATH or in /usr/lib/postgresql")
    with running_postgres(where) as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _on_the_chosen_backend(request: pytest.FixtureRequest) -> Iterator[None]:
    # Collected from above, this file comes too late for its option, which is left at its default then.
    if request.config.getoption("--backend", default=CHOICES[0]) == CHOICES[0]:
        yield
        return
    with all_on(request.getfixturevalue("postgres")):
        yield


@pytest.fixture(scope="session")
def pulumi_engine() -> Engine:
    """The engine of this machine; nothing is downloaded for a test."""
    try:
        return warm_engine(find_engine(os.environ, install=None), os.environ)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with FakeTwilio() as fake:
        yield fake


@pytest.fixture(autouse=True)
def _nothing_lives_on_after_a_test(tmp_path: Path) -> Iterator[None]:
    """End what a killed Pulumi left of its own language host, which would see so only after minutes."""
    yield
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"={tmp_path}/".encode() in path.read_bytes():
                os.kill(int(path.parent.name), signal.SIGKILL)
        except OSError:
            continue  # it ended, or it is not ours


@pytest.fixture(scope="session")
def worlds_once(
    made_once: Callable[[str, Callable[[Path], Any]], Any], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Callable[[Path], Any]], Any]:
    """Make a world once for all workers; on PostgreSQL once for each, for each has a server of its own."""
    return made_once if not is_on_server() else lambda name, make: make(tmp_path_factory.mktemp(name))


@pytest.fixture(scope="session")
def _empty_once(worlds_once: Callable[[str, Callable[[Path], Project]], Project], pulumi_engine: Engine) -> Project:
    """A project without manifests whose stack `dev` is ready and empty; nobody serves its fake."""

    def make(folder: Path) -> Project:
        with FakeTwilio() as fake:
            project = make_project(folder / "project", pulumi_engine, fake, {})
            project.make_stack()
            return still(project, folder / "still")

    return worlds_once("empty", make)


@pytest.fixture
def new_project(tmp_path: Path, _empty_once: Project, fake: FakeTwilio) -> Callable[..., Project]:
    """Make a project from manifests, its stack `dev` ready and empty."""

    def make(manifests: dict[str, str], settings: str = SETTINGS) -> Project:
        project = same_project(_empty_once, tmp_path / "new", fake)
        (project.folder / "tenantry.yaml").write_text(settings)
        for slug, text in manifests.items():
            project.write(slug, text)
        return project

    return make


@pytest.fixture(scope="session")
def _deployed_once(worlds_once: Callable[[str, Callable[[Path], Project]], Project], pulumi_engine: Engine) -> Project:
    """The tenants acme and acme-2 after their first `up`; nobody serves its fake."""

    def make(folder: Path) -> Project:
        with FakeTwilio() as fake:
            project = make_project(folder / "project", pulumi_engine, fake, {"acme": WHOLE, "acme-2": WHOLE})
            project.make_stack()
            done = project.pulumi("up", "--yes", "--skip-preview", PULUMI_SKIP_CHECKPOINTS="true")
            assert done.code == 0, done.output
            assert project.pulumi("stack", "tag", "set", KEPT, "yes").code == 0  # as the first `tenantry up` does
            return still(project, folder / "still")

    return worlds_once("deployed", make)


@pytest.fixture
def stack_project(tmp_path: Path, _deployed_once: Project) -> Iterator[Project]:
    """A copy of the project with its state, and of the fake with its contents: tests don't see each other's changes."""
    store: Store = copy.deepcopy(_deployed_once.fake.store)
    store.request_log.clear()
    with FakeTwilio(store) as fake:
        yield same_project(_deployed_once, tmp_path / "project", fake)
