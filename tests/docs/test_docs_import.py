"""The page for who has accounts already, played on the real engine from an empty folder to a clean preview."""

import os
import re
import shlex
from collections.abc import Iterator

import pytest
from docs_text import ROOT
from e2e_backend import new_backend
from e2e_nursery import warm_engine, warm_environment
from e2e_project import Project, environment
from e2e_transit import KEY
from importing_world import Fleet, make_ten

from faketwilio.server import FakeTwilio
from tenantry.engine.install.find import find_engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK

TEXT = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
SHOWN = re.compile(r"<!-- shows (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)
LEFT_OUT = "..."
CODES = {"tenantry import": 2, "tenantry preview": 2}
"""What commands end with that find something to tell; all others end with 0."""


class Play:
    """A fleet that Twilio lets nobody change, and the project that comes of it."""

    def __init__(self, fleet: Fleet) -> None:
        engine = warm_engine(find_engine(os.environ, install=None), os.environ)
        backend = new_backend(fleet.folder.parent / "backend")
        self.fleet = fleet
        fleet.folder.mkdir()
        self.project = Project(fleet.folder, engine, fleet.fake, backend, environment(backend, engine, fleet.fake))
        fleet.switch(read_only=True)

    def run(self, line: str) -> str:
        """Run a command of the page, and return what it prints, as the page has it."""
        program, *words = shlex.split(line)
        if words[:2] == ["stack", "init"]:
            words += ["--secrets-provider", KEY]  # a passphrase's key would be made anew in each run
        done = self.project.tenantry(*words) if program == "tenantry" else self.project.pulumi(*words)
        assert done.code == CODES.get(" ".join([program, words[0]]), 0), done.output
        if words[0] == "import":
            self._sync()
        return stable(done.output)

    def _sync(self) -> None:
        """Do what `uv sync` does: the environment of the tests stands in for that of the project."""
        (self.project.folder / "pyproject.toml").unlink()
        (self.project.folder / ".venv").symlink_to(warm_environment())
        (self.project.folder / LOCK).write_text(EMPTY_LOCK)


def stable(text: str) -> str:
    """Return text without what differs from run to run."""
    rows = (re.sub(r"(?<=\S) {2,}", "  ", row.rstrip()) for row in text.splitlines())
    return "\n".join(re.sub(r"\b(AC|SK|UT|DG|DF)[0-9a-f]{32}\b", r"\1…", row) for row in rows)


def steps(block: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each command of a block with the lines that it prints."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, *printed = part.splitlines()
        yield line, printed


def missing_lines(printed: list[str], output: str) -> list[str]:
    """Return the lines of a page that an output does not have in this order; between them others may stand."""
    rows = iter(output.splitlines())
    return [line for line in printed if line not in (LEFT_OUT, "") and line not in rows]


@pytest.fixture
def fleet(tmp_path):
    with FakeTwilio() as fake:
        yield Fleet(tmp_path / "project", fake)


def test_the_page_leads_from_an_empty_folder_to_a_clean_preview(fleet):
    make_ten(fleet)
    play = Play(fleet)
    for block in CONSOLE.findall(TEXT):
        for line, printed in steps(block):
            output = play.run(line)
            assert missing_lines(printed, output) == [], f"{line}\n{output}"
    for name, text in SHOWN.findall(TEXT):
        assert stable(fleet.text(name)).splitlines() == text.splitlines()
    assert {line[0] for line in play.project.requests()} == {"GET"}
