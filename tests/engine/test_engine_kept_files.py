"""State and tags of a backend of files, read without Pulumi: as Pulumi prints them, or not at all."""

import json
from pathlib import Path

import pytest

from tenantry.engine.install.versions import PINNED
from tenantry.engine.run.command import export_state, read_tags, run_plain, up
from tenantry.engine.run.kept_files import read_kept_state, read_kept_tags, set_kept_tag

CHECKPOINT = '{"version": 3, "checkpoint": {"stack": "organization/owl/dev", "latest": {"resources": []}}}'
TAGS = '{"version": 1, "tags": {"tenantry:kept": "yes"}}'
STATE = {"version": 3, "deployment": {"resources": []}}


@pytest.fixture
def stacks(tmp_path: Path) -> Path:
    """The folder with the files of stack dev of project owl."""
    (tmp_path / "Pulumi.yaml").write_text("name: owl\n")
    stacks = tmp_path / ".pulumi/stacks/owl"
    stacks.mkdir(parents=True)
    (tmp_path / ".pulumi/meta.yaml").write_text("version: 1\n")
    (stacks / "dev.json").write_text(CHECKPOINT)
    (stacks / "dev.pulumi-tags").write_text(TAGS)
    return stacks


def read(folder: Path, *, stack: str = "dev", version=PINNED, url: str | None = None):
    place = ({"PULUMI_BACKEND_URL": folder.as_uri() if url is None else url}, folder, stack, version)
    return read_kept_state(*place), read_kept_tags(*place)


def test_state_and_tags_are_those_that_pulumi_prints(tiny_project):
    project = tiny_project.where(TINY_TENANTS="acme")
    assert up(project).exit_code == 0
    run_plain(project, "stack", "tag", "set", "tenantry:kept", "yes", "--stack", "dev")
    state, tags = (json.loads(run_plain(project, "stack", *words)) for words in (("export",), ("tag", "ls", "--json")))
    place = (project.environ, project.folder, "dev", project.engine.version)
    assert (read_kept_state(*place), read_kept_tags(*place)) == (state, tags)
    assert (export_state(project), read_tags(project)) == (state, tags)
    assert set_kept_tag(*place, ("other", "é, =\n<x>"))
    printed = run_plain(project, "stack", "tag", "ls", "--json")
    assert json.loads(printed) == {"tenantry:kept": "yes", "other": "é, =\n<x>"}


def test_whole_files_of_a_known_format_are_read(stacks, tmp_path):
    assert read(tmp_path) == (STATE, {"tenantry:kept": "yes"})
    assert read(tmp_path, url=f"{tmp_path.as_uri()}?metadata=skip") == (STATE, {"tenantry:kept": "yes"})


@pytest.mark.parametrize(
    "place",
    [
        {"url": ""},
        {"url": "s3://bucket"},
        {"stack": "organization/owl/dev"},
        {"stack": "other"},
        {"version": (*PINNED[:2], PINNED[2] + 1)},
    ],
)
def test_pulumi_is_asked_of_other_backends_stacks_and_versions(stacks, tmp_path, place):
    assert read(tmp_path, **place) == (None, None)


@pytest.mark.parametrize("file", ["dev.json.gz", "dev.json.zst"])
def test_pulumi_is_asked_which_of_two_states_counts(stacks, tmp_path, file):
    (stacks / file).touch()
    assert read(tmp_path) == (None, None)


@pytest.mark.parametrize("layout", [None, "", "version: 0\n", "version: 2\n"])
def test_pulumi_is_asked_where_files_lie_otherwise(stacks, tmp_path, layout):
    meta = tmp_path / ".pulumi/meta.yaml"
    meta.unlink()
    if layout is not None:
        meta.write_text(layout)
    assert read(tmp_path) == (None, None)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("dev.json", (CHECKPOINT[:40], "[]", CHECKPOINT.replace("3", "4", 1), CHECKPOINT.replace("latest", "last"))),
        ("dev.json", ('{"version": 3, "features": ["new"], "checkpoint": {"latest": {}}}',)),
        ("dev.json", ('{"version": 3, "checkpoint": null}', '{"version": 3, "checkpoint": {"latest": null}}')),
        ("dev.json", [CHECKPOINT.replace("[]", resources) for resources in ('"x"', "[1]", '[{"type": 1}]')]),
        ("dev.json", [CHECKPOINT.replace("[]", '[{"type": "t", "urn": "u", "outputs": [1]}]')]),
        ("dev.pulumi-tags", ("", TAGS[:20], TAGS.replace("1", "2"), '{"version": 1, "tags": null}')),
    ],
)
def test_pulumi_is_asked_where_a_file_is_cut_or_of_another_format(stacks, tmp_path, name, texts):
    for text in texts:
        (stacks / name).write_text(text)
        state, tags = read(tmp_path)
        assert (state if name == "dev.json" else tags) is None


def test_pulumi_is_asked_for_the_tags_of_a_stack_without_any(stacks, tmp_path):
    (stacks / "dev.pulumi-tags").unlink()
    assert read(tmp_path) == (STATE, None)


def set_tag(folder: Path, name: str, value: str | None, **place):
    settings = {"PULUMI_BACKEND_URL": folder.as_uri()}
    return set_kept_tag(settings, folder, place.get("stack", "dev"), place.get("version", PINNED), (name, value))


def test_a_tag_is_set_and_removed_and_the_others_stay(stacks, tmp_path):
    mode = (stacks / "dev.pulumi-tags").stat().st_mode
    assert set_tag(tmp_path, "other", "é, =\n")
    assert read(tmp_path)[1] == {"tenantry:kept": "yes", "other": "é, =\n"}
    assert set_tag(tmp_path, "other", None)
    assert read(tmp_path)[1] == {"tenantry:kept": "yes"}
    assert (stacks / "dev.pulumi-tags").stat().st_mode == mode
    assert sorted(file.name for file in stacks.iterdir()) == ["dev.json", "dev.pulumi-tags"]


@pytest.mark.parametrize("reason", ["no tags", "the last one", "a digest", "a link", "another version"])
def test_pulumi_is_asked_to_set_what_is_not_only_a_file(stacks, tmp_path, reason):
    tags, place = stacks / "dev.pulumi-tags", {}
    match reason:
        case "no tags":
            tags.unlink()
        case "a digest":
            (stacks / "dev.pulumi-tags.attrs").touch()
        case "a link":
            tags.rename(tmp_path / "elsewhere")
            tags.symlink_to(tmp_path / "elsewhere")
        case "another version":
            place = {"version": (*PINNED[:2], PINNED[2] + 1)}
    name, value = ("tenantry:kept", None) if reason == "the last one" else ("other", "x")
    assert not set_tag(tmp_path, name, value, **place)
    assert not tags.exists() or tags.read_text() == TAGS


def test_a_folder_that_can_not_be_written_leaves_the_tags_to_pulumi(stacks, tmp_path):
    (stacks / "dev.pulumi-tags").unlink()
    (stacks / "dev.pulumi-tags").mkdir()
    assert not set_tag(tmp_path, "other", "x")
