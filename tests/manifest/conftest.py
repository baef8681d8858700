"""A small project to spoil: one valid tenant, and whatever a test writes over it."""

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


@pytest.fixture
def pull(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A pull request, on whose branch a test may do what it likes."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    root = tmp_path / "repository"
    root.mkdir()
    return Repository(root)
