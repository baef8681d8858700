"""A small project to spoil: one valid tenant, and whatever a test writes over it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from overlay_repository import Repository

from tenantry.manifest.load import load

ACME = "tenant: acme\nname: Acme Dental\n"


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Write files below a folder, by name; a file with None is left out."""

    def write(files: dict[str, str | bytes | None] | None = None) -> Path:
        base = {"tenantry.yaml": "format: 1\nwebhooks: https://hooks.example\n", "tenants/acme.yaml": ACME}
        for name, text in {**base, **(files or {})}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


@pytest.fixture
def problems(project: Callable[..., Path]) -> Callable[..., list[str]]:
    """Return the problems of a project, as people read them."""

    def check(files: dict[str, str | bytes | None], stack: str | None = None, *, strict: bool = False) -> list[str]:
        return [str(problem) for problem in load(project(files), stack, strict=strict).problems]

    return check


@pytest.fixture
def acme_problems(problems: Callable[..., list[str]]) -> Callable[[str], list[str]]:
    """Return the problems of tenants/acme.yaml with lines added to it, from line 3 on, without the file's name."""

    def check(lines: str) -> list[str]:
        return [text.removeprefix("tenants/acme.yaml:") for text in problems({"tenants/acme.yaml": ACME + lines})]

    return check


NO_CONFIGURATION = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture(scope="session")
def begun_pull(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """What each test copies: to make it takes four processes."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in NO_CONFIGURATION.items():
            patch.setenv(name, value)
        return Repository.begin(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def pull(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun_pull: Repository) -> Repository:
    """A pull request, on whose branch a test may do what it likes."""
    for name, value in NO_CONFIGURATION.items():
        monkeypatch.setenv(name, value)
    return Repository(shutil.copytree(begun_pull.root, tmp_path / "repository"))
