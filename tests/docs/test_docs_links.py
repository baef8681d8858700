"""Links and paths in the documentation lead somewhere."""

import re
import subprocess
from pathlib import Path

import pytest
from docs_text import PAGES, ROOT, spans

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PATH = re.compile(r"^[\w.-]+(?:/[\w.*-]+)*/?$")
_TOLD = re.compile(r"`([\w./-]+\.py)` \(([^)]*)\)")
_ENDINGS = (".py", ".md", ".yaml", ".yml", ".json", ".toml", ".mod", ".txt", "/")
PATHS_MUST_BE = ("adding-a-kind.md", "architecture.md", "cursed-knowledge.md")
"""Pages in which every path in code is a path of this repository."""


def test_the_pages_that_tell_how_the_code_works_are_there():
    assert {*PATHS_MUST_BE, "README.md", "CHANGELOG.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_somewhere(page):
    links = [link for link in _LINK.findall(page.read_text()) if not re.match(r"[a-z]+:", link)]
    assert [link for link in links if not leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", [page for page in PAGES if page.name in PATHS_MUST_BE], ids=lambda page: page.name)
def test_paths_in_code_are_there(page):
    paths = [span for span in spans(page, page.read_text()) if is_path(span.text)]
    wrong = [f"{span.place}: {span.text}" for span in paths if not list(ROOT.glob(span.text.rstrip("/")))]
    assert not wrong, "not in this repository:\n" + "\n".join(wrong)


def test_the_tree_names_every_folder_of_the_repository():
    listed = subprocess.run(["git", "ls-files", "*/*"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    tree = (ROOT / "docs" / "architecture.md").read_text().split("\n## ")[1]
    folders = {line.partition("/")[0] for line in listed.splitlines()}
    assert {folder for folder in folders if f"`{folder}/" not in tree} == set()


def test_what_cursed_knowledge_names_in_a_file_is_in_that_file():
    page = ROOT / "docs" / "cursed-knowledge.md"
    wrong = [
        f"{page.name}:{number}: {file} has no {name}"
        for number, line in enumerate(page.read_text().splitlines(), 1)
        for file, text in _TOLD.findall(line)
        for name in re.findall(r"`(\w+)`", text)
        if not re.search(rf"\b{name}\b", (ROOT / file).read_text())
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tenantry/cli/up.py", True),
        ("tests/", True),
        ("tenantry/*/usage_trigger.py", True),
        ("Pulumi.yaml", True),
        ("tenants/acme", False),
        ("state: closed", False),
        ("/errors/{tenant}", False),
    ],
)
def test_a_path_is_told_from_other_code(text, expected):
    assert is_path(text) is expected


def is_path(text: str) -> bool:
    return bool(_PATH.match(text)) and text.endswith(_ENDINGS)


def leads_somewhere(page: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (page.parent / file).resolve() if file else page
    if not target.exists():
        return False
    return not anchor or anchor in {anchor_of(line) for line in target.read_text().splitlines() if line.startswith("#")}


def anchor_of(heading: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    text = re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().lower())
    return text.replace(" ", "-")
