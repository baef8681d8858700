"""Files of somebody who means harm: each is refused at its place, in a short line, and nothing else is read."""

import os
import unicodedata

import pytest

from tenantry.manifest.effective import as_json, as_yaml
from tenantry.manifest.load import load

ACME = "tenant: acme\nname: Acme\n"
LONG = "x" * (1024 * 1024 - 100)
OUTSIDE = "lies outside of the project, or is a link that leads out of it; put the file itself into the project"
LINK = "is a symbolic link, or behind one: what is reviewed is then not what is read; put the file itself in its place"
MOST = 600
"""Characters of a problem: it stands in a terminal, and in an annotation."""


@pytest.mark.parametrize(
    "text",
    [
        f"tenant: acme\nname: {LONG}\n",
        f"tenant: {LONG}\nname: Acme\n",
        f"{ACME}plan: {LONG}\n",
        f"{ACME}profiles: [{LONG}]\n",
        f"{ACME}labels: {{crm: {LONG}}}\n",
        f"{ACME}debugger_webhook: {{url: /{LONG}}}\n",
        f"{ACME}state_note: {{reason: {LONG}}}\n",
        f"{ACME}ignore: {{subaccount/{LONG}: {{reason: x}}}}\n",
        f"{ACME}? {LONG}\n: 1\n",
        f"{ACME}retention: {{calls: {{keep_days: {'9' * 1_000_000}}}}}\n",
        f"{ACME}name: *{LONG}\n",
        f"{ACME}name: !{LONG} x\n",
        f"{ACME}customer: &{LONG} x\n",
    ],
)
def test_a_value_of_a_megabyte_is_refused_in_a_short_line(problems, text):
    found = problems({"tenants/acme.yaml": text})
    assert 1 <= len(found) <= 3
    assert max(map(len, found)) <= MOST


@pytest.mark.parametrize("opening", ["{", "[", "? {", "{? ", "- [", "{[", "? - "])
@pytest.mark.parametrize("depth", [21, 3000, 100_000])
def test_depth_is_counted_in_keys_too(problems, opening, depth):
    found = problems({"tenants/acme.yaml": opening * depth})
    assert any("nested deeper than 20 levels" in line or "not a manifest in YAML" in line for line in found)
    assert len(found) <= 60
    assert max(map(len, found)) <= MOST


@pytest.mark.parametrize("slug", ["../x", "..", "a/b", "a\\b", "-rf", "$(id)", "~", "a b", ".", "%2e%2e", "ａ"])
def test_no_slug_leads_anywhere(problems, slug):
    found = problems({"tenants/acme.yaml": f"tenant: '{slug}'\nname: Acme\n"})
    assert any("must be a-z, 0-9 and '-'" in line for line in found)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: Ac\u202eme\n", "2:9: holds U+202E, which turns the direction of the text around it; remove it"),
        ("name: A\n# \u2066\n", "3:3: holds U+2066, which turns the direction of the text around it; remove it"),
        ('name: "\\u202e"\n', "2:7: name: holds U+202E, which turns the direction of the text around it; remove it"),
        ('name: "\\x9b31m"\n', "2:7: name: holds a control character, which can steer a terminal; remove the escape"),
        ('name: "\\e]8;;x"\n', "2:7: name: holds a control character, which can steer a terminal; remove the escape"),
    ],
)
def test_what_turns_text_around_or_steers_a_terminal_is_refused(problems, text, problem):
    assert problems({"tenants/acme.yaml": f"tenant: acme\n{text}"}) == [f"tenants/acme.yaml:{problem}"]


def test_the_name_of_a_file_can_not_steer_a_terminal(problems):
    found = problems({"tenants/x\x1b[31m\u202e\n.yaml": ACME})
    assert found
    assert not [sign for line in found for sign in line if unicodedata.category(sign)[0] == "C"]


@pytest.mark.parametrize(
    "link", ["tenantry.yaml", "defaults.yaml", "tenants/acme.yaml", "plans/p.yaml", "profiles/p.yaml"]
)
@pytest.mark.parametrize("target", ["/proc/self/environ", "../outside.yaml"])
def test_a_link_out_of_the_project_is_not_read(project, link, target):
    root = project()
    (root.parent / "outside.yaml").write_text("secret: hunter2\n")
    path = root / link
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(root.parent / "outside.yaml" if target.startswith("..") else target)
    found = [str(problem) for problem in load(root).problems]
    assert f"{link}:1:1: {OUTSIDE}" in found
    assert "hunter2" not in "".join(found)


def test_a_folder_of_tenants_that_leads_out_is_not_read(project, problems):
    root = project({"tenants/acme.yaml": None})
    (root / "tenants").symlink_to("/etc")
    assert [str(problem) for problem in load(root).problems] == [f"tenants:1:1: {OUTSIDE}"]
    found = problems({"tenants/acme.yaml": None, "tenantry.yaml": "format: 1\ntenants: ../..\n"})
    assert found == [f"../..:1:1: {OUTSIDE}"]


@pytest.mark.parametrize(
    "link", ["tenantry.yaml", "defaults.yaml", "tenants/acme.yaml", "plans/p.yaml", "profiles/p.yaml"]
)
def test_a_link_within_the_project_is_not_read_either(project, link):
    """Its text may be a manifest too, which is what a reviewer sees, and what it leads to is what a run would read."""
    root = project({"shared/acme.yaml": ACME})
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).unlink(missing_ok=True)
    (root / link).symlink_to("../shared/acme.yaml" if "/" in link else "shared/acme.yaml")
    assert f"{link}:1:1: {LINK}" in [str(problem) for problem in load(root).problems]


def test_a_manifest_behind_a_linked_folder_is_not_read(project):
    root = project({"tenants/acme.yaml": None, "shared/acme.yaml": ACME})
    (root / "tenants").symlink_to("shared")
    assert [str(problem) for problem in load(root).problems] == [f"tenants/acme.yaml:1:1: {LINK}"]


def test_a_link_whose_text_is_a_manifest_is_no_manifest(project):
    root = project({"tenants/acme.yaml": None, f"tenants/{ACME}": ACME})
    (root / "tenants" / "acme.yaml").symlink_to(ACME)
    assert f"tenants/acme.yaml:1:1: {LINK}" in [str(problem) for problem in load(root).problems]


def test_a_project_whose_own_folder_is_a_link_is_read(project, tmp_path):
    root = project({"tenants/acme.yaml": ACME})
    (tmp_path / "link").symlink_to(root)
    assert list(load(tmp_path / "link").tenants) == ["acme"]


@pytest.mark.parametrize("name", ["tenants/x.yaml", "defaults.yaml", "plans/x.yaml"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(project, name):
    root = project()
    (root / name).parent.mkdir(exist_ok=True)
    os.mkfifo(root / name)
    assert [str(problem) for problem in load(root).problems] == [
        f"{name}:1:1: is not a file; put a manifest in its place, or remove it"
    ]


@pytest.mark.parametrize(
    "name", ["zero\u200bwidth", "<script>`![x](https://e.example)`", "back\\slash", "a\u3164b\u2060"]
)
def test_what_is_shown_is_visible_and_reads_back_as_it_was(project, name):
    loaded = load(project({"tenants/acme.yaml": f"tenant: acme\nname: '{name}'\n"}))
    assert loaded.tenants["acme"].name == name
    shown = as_yaml(loaded, "acme")
    for text in (shown, as_json(loaded, "acme")):
        assert not [sign for sign in text if unicodedata.category(sign)[0] == "C" and sign != "\n"]
    again = load(project({"tenants/acme.yaml": f"{shown}\n"}))
    assert again.tenants["acme"].name == name
