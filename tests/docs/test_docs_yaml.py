"""Every YAML block of the documentation is what its fence says it is."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from docs_text import ROOT, Snippet, find_marked

from tenantry.manifest.load import load

SAMPLE = ("tenantry.yaml", "defaults.yaml", "plans", "profiles", "tenants")
READER = {"tenants/reader.yaml": "tenant: reader\nname: Reader\nprofiles: [written]\n"}

Problems = Callable[..., list[str]]


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    """Write a block into a fresh copy of the sample of Owl Inc.; return that file's problems, warnings too."""

    def check(block: Snippet, file: str, beside: dict[str, str] | None = None) -> list[str]:
        root = tmp_path / f"{block.page.stem}-{block.line}"
        for name in SAMPLE:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            root.mkdir(exist_ok=True)
            copy(ROOT / name, root / name)
        for name, text in {file: block.text, **(beside or {})}.items():
            (root / name).write_text(text)
        return [f"{block.place}: {problem}" for problem in load(root, None).problems if problem.file == file]

    return check


def test_manifests_are_valid(problems):
    blocks = find_marked("yaml", "manifest")
    assert [text for block in blocks for text in problems(block, f"tenants/{slug_of(block.text)}.yaml")] == []


def test_layers_are_valid(problems):
    blocks = find_marked("yaml", "layer")
    assert [text for block in blocks for text in problems(block, "profiles/written.yaml", READER)] == []


def test_projects_are_valid(problems):
    assert [text for block in find_marked("yaml", "project") for text in problems(block, "tenantry.yaml")] == []


def test_parts_of_files_are_yaml():
    parts = [yaml.safe_load(block.text) for block in find_marked("yaml")]
    assert parts


def test_the_words_of_a_fence_are_known():
    words = {block.words[1] for block in find_marked("yaml") if len(block.words) > 1}
    assert words <= {"manifest", "layer", "project"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("tenants/birch.yaml", "tenant: birch\nname: Birch\nplan: gigantic\n"),
        ("profiles/written.yaml", "api_key: {}\n"),
        ("tenantry.yaml", "format: 2\n"),
    ],
)
def test_a_wrong_block_is_found(problems, file, text):
    assert problems(Snippet(ROOT / "README.md", 1, text), file, READER)


def slug_of(text: str) -> str:
    """Return the tenant of a manifest, which is its file's name."""
    found = re.search(r"^tenant: *(\S+)", text, re.MULTILINE)
    assert found, "a manifest names its tenant"
    return found[1]
