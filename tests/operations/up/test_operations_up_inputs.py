"""What a plan was made from: all that can differ when its run begins."""

import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.operations.up.inputs import digest_inputs

DAY = date(2026, 11, 30)
STATE = {"version": 3, "deployment": {"manifest": {"time": "now"}, "resources": [{"urn": "a", "id": "SK1"}]}}
FILES = {
    "tenantry.yaml": "format: 1\n",
    "tenants/acme.yaml": "tenant: acme\n",
    "tenants/dental/birch.yaml": "tenant: birch\n",
    "defaults.yaml": "{}\n",
    "plans/small.yaml": "{}\n",
    "profiles/eu.yaml": "{}\n",
    "waivers/acme.yaml": "{}\n",
    "policies/rules.py": "RULES = ()\n",
    "policies/config.yaml": "{}\n",
    "components/tenant.py": "\n",
    "__main__.py": "\n",
    "Pulumi.yaml": "name: owl\n",
    "Pulumi.dev.yaml": "config: {}\n",
    "plugin/pulumi-resource-pulumi-python": "#!/bin/sh\n",
    "uv.lock": "\n",
    "data/prices.csv": "a,b\n",
}
UNREAD = {
    "up.log": "1\n",
    "notes.txt": "a\n",
    "README.md": "a\n",
    "docs/page.md": "a\n",
    ".git/index": "a\n",
    "components/__pycache__/tenant.pyc": "a\n",
    "env/pyvenv.cfg": "\n",
    "env/lib/some.py": "\n",
    "node_modules/some/index.js": "\n",
    "backend/.pulumi/stacks/dev.json": "{}\n",
    "home/plugins/some.json": "{}\n",
    "Pulumi.production.yaml": "config: {}\n",
}


@pytest.fixture
def project(tmp_path):
    environ = {"PULUMI_BACKEND_URL": f"{(tmp_path / 'backend').as_uri()}?metadata=skip", "PULUMI_HOME": "home"}
    for name, text in {**FILES, **UNREAD}.items():
        write(tmp_path, name, text)
    package = tmp_path / ".venv/lib/python3.11/site-packages/tenantry-0.1.0.dist-info"
    write(package, "RECORD", "tenantry/__init__.py,sha256=a,1\n")
    return Project(tmp_path, "organization/owl/dev", Engine(tmp_path / "pulumi", "v3.259.0", "PATH"), environ)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def take_inputs(project, state=STATE, day=DAY, packs=()):
    return digest_inputs(project, packs, state, day)


@pytest.mark.parametrize("name", FILES)
def test_every_file_that_a_run_may_read_is_compared_by_content(project, name):
    before = take_inputs(project)
    write(project.folder, name, FILES[name])
    assert before.changes_to(take_inputs(project)) == ()
    write(project.folder, name, "else\n")
    assert before.changes_to(take_inputs(project)) == (name,)
    (project.folder / name).unlink()
    assert before.changes_to(take_inputs(project)) == (name,)


@pytest.mark.parametrize("name", UNREAD)
def test_what_no_run_reads_is_not(project, name):
    before = take_inputs(project)
    write(project.folder, name, "else\n" * 2)
    assert before.changes_to(take_inputs(project)) == ()


def test_a_new_file_and_where_a_link_leads_are_changes(project):
    before = take_inputs(project)
    (project.folder / "profiles" / "us.yaml").symlink_to("eu.yaml")
    linked = take_inputs(project)
    assert before.changes_to(linked) == ("profiles/us.yaml",)
    write(project.folder, "profiles/eu.yaml", "else\n")
    assert linked.changes_to(take_inputs(project)) == ("profiles/eu.yaml", "profiles/us.yaml")


def test_many_changed_files_are_counted(project):
    before = take_inputs(project)
    for number in range(8):
        write(project.folder, f"tenants/new-{number}.yaml", "\n")
    *named, more = before.changes_to(take_inputs(project))
    assert (len(named), more) == (5, "3 more files")


def test_the_state_counts_by_all_but_what_is_encrypted_anew(project):
    def with_secret(sign, id_="SK1"):
        return {"deployment": {"resources": [{"id": id_, "outputs": {"secret": {"ciphertext": sign}}}]}}

    before = take_inputs(project, with_secret("one"))
    assert before.changes_to(take_inputs(project, with_secret("two"))) == ()
    [text] = before.changes_to(take_inputs(project, with_secret("one", "SK2")))
    assert text == "the stack's state, which another run has written"


def test_the_day_and_what_is_installed_count(project):
    before = take_inputs(project)
    assert before.changes_to(take_inputs(project, day=date(2026, 12, 1))) == (
        "the day, which was 2026-11-30 and is 2026-12-01 (UTC)",
    )
    write(project.folder, ".venv/lib/python3.11/site-packages/twilio-9.dist-info/RECORD", "twilio/rest.py,sha256=b,1\n")
    assert before.changes_to(take_inputs(project)) == ("the packages in the virtual environment",)


def test_a_policy_pack_from_elsewhere_counts_too(project, tmp_path_factory):
    pack = tmp_path_factory.mktemp("pack")
    write(pack, "rules.py", "\n")
    before = take_inputs(project, packs=(pack,))
    write(pack, "rules.py", "else\n")
    assert [Path(name).name for name in before.changes_to(take_inputs(project, packs=(pack,)))] == ["rules.py"]


def test_the_file_that_our_own_output_goes_to_is_no_change(project, monkeypatch):
    with Path(project.folder, "tenants", "shown.yaml").open("w") as output:
        monkeypatch.setattr(sys, "__stderr__", output)
        before = take_inputs(project)
        output.write("more\n")
        output.flush()
        assert before.changes_to(take_inputs(project)) == ()


def test_inputs_of_another_moment_are_equal_where_nothing_changed(project):
    assert take_inputs(project) == replace(take_inputs(project))


def test_temporary_files_are_none_of_the_projects_own_wherever_they_are(project, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(project.folder / "tmp"))
    before = take_inputs(project)
    write(project.folder, "tmp/tenantry-shown-a/reading.json", "{}\n")
    assert before.changes_to(take_inputs(project)) == ()
