"""Which tenants a change is about: by proof for random edits of manifests and layers, through git; code means all."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenantry.manifest.changed import Changed, changed_since, find_changed_tenants, is_code
from tenantry.manifest.load import Loaded, load
from tenantry.model.resources import Resource, resources_of

SLUGS = ("acme", "acme-2", "birch")
PLANS = ("plans/small.yaml", "plans/medium.yaml")
PROFILES = ("profiles/eu.yaml", "profiles/hipaa.yaml")
TODAY = date(2026, 11, 22)
GIT = ("git", "-c", "user.name=Ana", "-c", "user.email=ana@owl.example", "-c", "commit.gpgsign=false")
SETTINGS = {"format": 1, "webhooks": "https://hooks.owl.example"}

Files = dict[str, dict[str, Any]]

triggers = st.fixed_dictionaries(
    {"usage_category": st.just("sms"), "trigger_value": st.integers(1, 2), "callback_url": st.just("/usage")}
)
values = st.fixed_dictionaries(
    {},
    optional={
        "usage_triggers": st.dictionaries(st.sampled_from(["sms", "calls"]), triggers, min_size=1),
        "api_keys": st.dictionaries(st.sampled_from(["web", "batch"]), st.just({"access": "standard"}), min_size=1),
        "labels": st.dictionaries(st.just("tier"), st.sampled_from(["a", "b"]), min_size=1),
    },
)


@st.composite
def projects(draw: st.DrawFn) -> Files:
    """Draw the files of a valid project: tenants, the layers that they name, and perhaps some that nobody names."""
    layers = draw(st.sets(st.sampled_from(["defaults.yaml", *PLANS, *PROFILES])))
    files: Files = {name: draw(values) for name in layers}
    files["tenantry.yaml"] = {**SETTINGS, "webhooks": draw(st.sampled_from(["https://a.example", "https://b.example"]))}
    for slug in draw(st.sets(st.sampled_from(SLUGS), min_size=1)):
        plan = draw(st.none() | st.sampled_from(sorted(layers & set(PLANS)) or [None]))
        profiles = draw(st.lists(st.sampled_from(sorted(layers & set(PROFILES)) or [""]), unique=True))
        chosen = {"plan": plan and Path(plan).stem, "profiles": [Path(name).stem for name in profiles if name]}
        kept = {key: value for key, value in chosen.items() if value}
        files[f"tenants/{slug}.yaml"] = {"tenant": slug, "name": slug, **kept, **draw(values)}
    return files


@st.composite
def edits(draw: st.DrawFn) -> tuple[Files, Files]:
    """Draw a project and an edited one: some files are those of another project, the others stay."""
    before, other = draw(projects()), draw(projects())
    names = draw(st.sets(st.sampled_from(sorted(before.keys() | other.keys())), max_size=3))
    mixed = {name: (other if name in names else before).get(name) for name in before.keys() | names}
    return before, {name: content for name, content in mixed.items() if content is not None}


def write(root: Path, files: Mapping[str, dict[str, Any]]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))  # which is YAML, and has no aliases


def rewrite(root: Path, files: Files) -> None:
    for path in [*root.rglob("*.yaml")]:
        path.unlink()
    write(root, files)


def git(root: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")


def repository(root: Path, files: Files) -> Path:
    write(root, files)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


def expand(loaded: Loaded) -> dict[str, tuple[Resource, ...]]:
    return {slug: resources_of(tenant, TODAY) for slug, tenant in loaded.tenants.items()}


def in_a_folder(files: Files) -> Loaded:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), files)
        return load(Path(folder))


@given(edits())
def test_every_tenant_whose_resources_differ_is_selected_and_nobody_without_a_reason(edit):
    old, now = map(in_a_folder, edit)
    assume(not now.errors)  # a command stops there, before it asks what changed
    selected = find_changed_tenants(old, now).slugs
    was, is_now = expand(old), expand(now)
    if was.keys() - is_now.keys():
        assert selected is None
    else:
        assert selected is not None
        assert {slug for slug in is_now if was.get(slug) != is_now[slug]} <= selected
        assert selected == {slug for slug in now.tenants if old.tenants.get(slug) != now.tenants[slug]}


@given(edits())
def test_git_brings_back_what_was_there_whatever_was_edited(edit):
    before, after = edit
    now = in_a_folder(after)
    assume(not now.errors)
    with tempfile.TemporaryDirectory() as folder:
        root = repository(Path(folder), before)
        rewrite(root, after)
        assert changed_since(root, now, "HEAD") == find_changed_tenants(in_a_folder(before), now)


def project(**tenants: dict[str, Any]) -> Files:
    files = {f"tenants/{slug.replace('_', '-')}.yaml": {"name": slug, **written} for slug, written in tenants.items()}
    for name, written in files.items():
        written["tenant"] = Path(name).stem
    return {"tenantry.yaml": SETTINGS, **files}


WEB, BATCH = {"api_keys": {"web": {"access": "standard"}}}, {"api_keys": {"batch": {"access": "standard"}}}


def find_changed(root: Path, files: Files, after: Files, stack: str | None = None) -> Changed:
    repository(root, files)
    rewrite(root, after)
    now = load(root, stack)
    assert now.errors == ()
    return changed_since(root, now, "HEAD")


def test_only_the_tenant_that_moved_between_plans_is_selected(tmp_path):
    plans = {"plans/small.yaml": WEB, "plans/medium.yaml": BATCH}
    before = project(acme={"plan": "small"}, acme_2={"plan": "small"}) | plans
    after = project(acme={"plan": "medium"}, acme_2={"plan": "small"}) | plans
    assert find_changed(tmp_path, before, after).slugs == {"acme"}


def test_a_deleted_profile_selects_those_that_named_it_before(tmp_path):
    before = project(acme={"profiles": ["eu"]}, acme_2={}) | {"profiles/eu.yaml": WEB}
    assert find_changed(tmp_path, before, project(acme={}, acme_2={})).slugs == {"acme"}


def test_a_plan_that_only_got_a_comment_selects_nobody(tmp_path):
    root = repository(tmp_path, project(acme={"plan": "small"}) | {"plans/small.yaml": WEB})
    plan = root / "plans" / "small.yaml"
    plan.write_text(f"# why\n{plan.read_text()}")
    assert changed_since(root, load(root), "HEAD") == Changed(frozenset(), "")


def test_a_deleted_or_renamed_manifest_selects_all(tmp_path):
    found = find_changed(tmp_path, project(acme={}, birch={}), project(acme={}, cedar={}))
    assert found == Changed(None, "the manifest of birch is gone or renamed")


def test_another_parent_account_selects_all_and_that_of_another_stack_nobody(tmp_path):
    def parents(dev: str, production: str) -> Files:
        stacks = {"dev": {"parent": f"AC{dev * 32}"}, "production": {"parent": f"AC{production * 32}"}}
        return project(acme={}) | {"tenantry.yaml": {**SETTINGS, "stacks": stacks}}

    found = find_changed(tmp_path / "a", parents("1", "2"), parents("3", "2"), "dev")
    assert found == Changed(None, "tenantry.yaml changed for every tenant")
    assert find_changed(tmp_path / "b", parents("1", "2"), parents("1", "3"), "dev").slugs == set()


def test_a_base_with_an_error_selects_all(tmp_path):
    before = project(acme={}) | {"plans/small.yaml": {"no_such_key": 1}}
    assert find_changed(tmp_path, before, project(acme={})).slugs is None


def test_changed_code_selects_all_and_says_which_file(tmp_path):
    root = repository(tmp_path, project(acme={}))
    (root / "components").mkdir()
    (root / "components" / "tenant.py").write_text("x = 1\n")
    (root / "uv.lock").write_text("x = 1\n")
    assert changed_since(root, load(root), "HEAD") == Changed(
        None, "components/tenant.py and 1 more changed, which may matter to every tenant"
    )


def test_changed_waivers_select_their_tenant(tmp_path):
    root = repository(tmp_path, project(acme={}, birch={}))
    write(root, {"waivers/acme.yaml": {}, "waivers/nobody.yaml": {}})
    assert changed_since(root, load(root), "HEAD").slugs == {"acme"}


def test_what_nobody_runs_selects_nobody(tmp_path):
    root = repository(tmp_path, project(acme={}))
    (root / "README.md").write_text("# Owl\n")
    (root / "docs").mkdir()
    (root / "docs" / "guide.txt").write_text("x\n")
    (root / "tenants" / "CODEOWNERS").write_text("* @owl\n")
    assert changed_since(root, load(root), "HEAD").slugs == set()


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("__main__.py", True),
        ("components/tenant.py", True),
        ("policies/__main__.py", True),
        ("plugin/pulumi-resource-pulumi-python", True),
        ("pyproject.toml", True),
        ("uv.lock", True),
        ("Pulumi.yaml", True),
        ("Pulumi.dev.yaml", True),
        ("Pulumi.production.yaml", False),
        ("owl/prices.csv", True),
        ("plans-old/small.yaml", True),
        ("tenants/acme.yaml", False),
        ("staging/acme.yaml", False),
        ("plans/small.yaml", False),
        ("defaults.yaml", False),
        ("waivers/acme.yaml", False),
        ("tenantry.yaml", False),
        ("README.md", False),
        (".github/workflows/up.yml", False),
        ("schemas/tenant.schema.json", False),
    ],
)
def test_code_is_what_may_change_any_tenant(tmp_path, file, code):
    write(
        tmp_path, project(acme={}) | {"tenantry.yaml": {**SETTINGS, "stacks": {"staging": {"tenants": "./staging/"}}}}
    )
    assert is_code(file, load(tmp_path, "dev")) is code
