"""Laying a merge over main: real repositories, with what somebody may put into a pull request to make a preview lie."""

from collections.abc import Callable

import pytest
from overlay_repository import ACME, MAIN, manifests

from tenantry.manifest.git import GitError
from tenantry.manifest.overlay import OverlayError, lay_over


def test_manifests_are_those_of_the_merge_and_nothing_else_is(pull):
    evil = {"policies/rules.py": "evil\n", "__main__.py": "evil\n", "Pulumi.yaml": "name: evil\n"}
    pull.write({**evil, "tenants/acme.yaml": f"{ACME}state: active\n", "tenants/code.py": "evil\n"})
    pull.write({"tenants/in a folder/cedar.yaml": "tenant: cedar\nname: C\n", "plans/small.yaml": "{}\n"})
    (pull.root / "tenants" / "birch.yaml").unlink()
    pull.main_moves_on({"tenants/newer.yaml": "tenant: newer\nname: N\n"})
    pull.lay_over()
    assert manifests(pull.root) == pull.checked_out()
    assert sorted(manifests(pull.root)) == [
        "plans/small.yaml",
        "tenantry.yaml",
        "tenants/acme.yaml",
        "tenants/in a folder/cedar.yaml",
        "tenants/newer.yaml",
    ]
    assert [(pull.root / name).read_text() for name in evil] == [MAIN[name] for name in evil]
    assert not (pull.root / "tenants" / "code.py").exists()


def test_files_that_a_run_reads_and_that_are_not_taken_are_named(pull):
    changed = (
        ".gitattributes",
        ".github/workflows/up.yml",
        "Pulumi.production.yaml",
        "components/tenant.py",
        "policies/rules.py",
        "tenants/code.py",
        "uv.lock",
    )
    pull.write(dict.fromkeys(changed, "# other\n"))
    pull.write({"README.md": "other\n", "docs/x.md": "x\n", "tests/test_x.py": "x\n", "waivers/acme.yaml": "{}\n"})
    (pull.root / "__main__.py").unlink()
    assert pull.lay_over().not_covered == tuple(sorted((*changed, "__main__.py")))


def test_a_pull_request_of_manifests_alone_is_covered(pull):
    pull.write({"tenants/acme.yaml": f"{ACME}state: active\n", "plans/small.yaml": "{}\n", "defaults.yml": "{}\n"})
    assert pull.lay_over().not_covered == ()
    assert (pull.root / "defaults.yml").exists()


def test_changes_of_main_that_the_pull_request_lacks_do_not_count(pull):
    pull.write({"tenants/acme.yaml": f"{ACME}state: active\n"})
    pull.main_moves_on({"policies/rules.py": "better\n"})
    assert pull.lay_over().not_covered == ()
    assert (pull.root / "policies" / "rules.py").read_text() == "better\n"


def test_a_base_that_is_not_main_brings_no_code(pull):
    """A pull request into another branch of the attacker, whose code was the first parent of the merge."""
    pull.write({"policies/rules.py": "evil\n", "__main__.py": "evil\n"})
    pull.commit()
    pull.git("switch", "-qc", "on-top")
    pull.write({"tenants/acme.yaml": f"{ACME}state: active\n"})
    pull.commit()
    pull.git("switch", "-q", "main")
    laid = lay_over(pull.root, "on-top")
    assert (pull.root / "__main__.py").read_text() == "good\n"
    assert laid.not_covered == ("__main__.py", "policies/rules.py")


@pytest.mark.parametrize(
    "path",
    [
        "tenants/leak.yaml",
        "tenants/acme.yaml",
        "tenants/OWNERS",
        "plans/small.yaml",
        "plans",
        "waivers",
        "tenantry.yaml",
        "defaults.yaml",
        "defaults.yml",
        "tenants/more",
    ],
)
@pytest.mark.parametrize("target", ["tenant: acme\nname: Shown\n", "../secret", "tenants", "/proc/self/environ"])
def test_a_link_is_refused_whatever_its_text_is(pull, path, target):
    (pull.root / path).parent.mkdir(exist_ok=True)
    (pull.root / path).unlink(missing_ok=True)
    (pull.root / path).symlink_to(target)
    [text] = pull.list_refusals()
    assert text.startswith(f"{path}:1:1: is a symbolic link")


def test_a_link_above_the_folder_of_a_stack_is_refused(pull):
    pull.git("switch", "-q", "main")
    pull.write({"tenantry.yaml": "format: 1\nstacks: {production: {tenants: fleet/eu}}\n", "fleet/eu/x.yaml": "{}\n"})
    pull.commit()
    pull.git("switch", "-qC", "theirs")
    pull.git("rm", "-rq", "fleet")
    (pull.root / "fleet").symlink_to("policies")
    assert [refusal.partition(":")[0] for refusal in pull.list_refusals()] == ["fleet"]


def test_a_submodule_is_refused(pull):
    head = pull.git("rev-parse", "HEAD")
    pull.git("update-index", "--add", "--cacheinfo", f"160000,{head},tenants/theirs")
    pull.git("commit", "-qm", "x")
    pull.git("switch", "-q", "main")
    with pytest.raises(OverlayError, match="tenants/theirs:1:1: is a submodule"):
        lay_over(pull.root, "theirs")


@pytest.mark.parametrize(
    ("attribute", "sentence"),
    [
        ("filter=lfs", "filter (lfs)"),
        ("filter=sh", "filter (sh)"),
        ("eol=crlf", "eol (crlf)"),
        ("ident", "ident (set)"),
        ("working-tree-encoding=latin1", "working-tree-encoding (latin1)"),
        ("export-ignore", "export-ignore (set)"),
        ("export-subst", "export-subst (set)"),
    ],
)
@pytest.mark.parametrize("file", [".gitattributes", "tenants/.gitattributes"])
def test_an_attribute_that_makes_a_checkout_read_other_bytes_is_refused(pull, attribute, sentence, file):
    pull.write({file: f"acme.yaml {attribute}\n", "tenants/acme.yaml": f"{ACME}state: active\n"})
    assert pull.list_refusals() == [
        f"tenants/acme.yaml:1:1: has the attribute {sentence}, so a checkout has other bytes than a reviewer saw; "
        "remove it in .gitattributes"
    ]


def test_attributes_that_change_nothing_are_no_reason(pull):
    pull.write({".gitattributes": "* text=auto eol=lf\n*.yaml -filter linguist-detectable\n"})
    assert pull.lay_over().not_covered == (".gitattributes",)


def test_a_checkout_with_such_an_attribute_does_read_other_bytes(pull):
    """Why it is refused: what git has, and a reviewer saw, is not what is on disk."""
    pull.write({".gitattributes": "*.yaml ident\n", "tenants/acme.yaml": f"{ACME}# $Id$\n"})
    pull.commit()
    assert pull.checked_out()["tenants/acme.yaml"] != f"{ACME}# $Id$\n".encode()


def test_a_filter_of_the_pull_request_does_not_run(pull):
    pull.git("config", "filter.sh.smudge", f"touch {pull.root}/pwned")
    pull.write({".gitattributes": "*.yaml filter=sh\n", "tenants/acme.yaml": f"{ACME}state: active\n"})
    pull.commit()
    pull.git("-c", "filter.sh.smudge=cat", "switch", "-q", "main")
    with pytest.raises(OverlayError):
        lay_over(pull.root, "theirs")
    assert not (pull.root / "pwned").exists()


@pytest.mark.parametrize("path", ["tenants/Acme.yaml", "Tenants/acme.yaml", "TENANTRY.yaml", "tenants/ACME.YAML"])
def test_names_that_differ_in_case_alone_are_refused(pull, path):
    pull.write({path: ACME})
    assert any("only in case or in the composition of characters" in refusal for refusal in pull.list_refusals())


def test_names_that_differ_in_composed_signs_alone_are_refused(pull):
    pull.write({"tenants/caf\u00e9.yaml": "{}\n", "tenants/cafe\u0301.yaml": "{}\n"})
    assert ["only in case or in the composition of characters" in refusal for refusal in pull.list_refusals()] == [True]


def test_a_manifest_that_becomes_a_program_is_refused(pull):
    (pull.root / "tenants" / "acme.yaml").chmod(0o755)
    [text] = pull.list_refusals()
    assert text.startswith("tenants/acme.yaml:1:1: has the mode 100755")


def test_a_manifest_that_pulumi_reads_is_refused(pull):
    pull.write({"tenants/Pulumi.yaml": "name: evil\nruntime: nodejs\n"})
    assert "reads as a program's" in pull.list_refusals()[0]


def test_a_file_that_is_larger_than_any_manifest_is_refused(pull):
    pull.write({"tenants/large.yaml": "#" * (1024 * 1024 + 1)})
    assert pull.list_refusals() == ["tenants/large.yaml:1:1: is larger than 1 MiB, which no manifest is"]


@pytest.mark.parametrize(
    "folder", ["policies", "policies/more", "Policies/more", ".", "..", ".github", "/etc", "secret"]
)
def test_a_folder_of_tenants_that_may_hold_code_is_refused(pull, folder):
    pull.write({"tenantry.yaml": f"format: 1\ntenants: {folder}\n"})
    assert f"the folder '{folder}' holds what main has there" in " ".join(pull.list_refusals())


@pytest.mark.parametrize("folder", ["fleet", "fleet/eu", "tenants/eu"])
def test_a_new_folder_of_tenants_is_taken(pull, folder):
    pull.write({"tenantry.yaml": f"format: 1\nstacks: {{eu: {{tenants: {folder}}}}}\n", f"{folder}/oak.yaml": "{}\n"})
    assert pull.lay_over().not_covered == ()
    assert (pull.root / folder / "oak.yaml").exists()


def test_a_folder_of_main_is_taken_though_the_pull_request_drops_it(pull):
    pull.git("switch", "-q", "main")
    pull.write({"tenantry.yaml": "format: 1\nstacks: {eu: {tenants: fleet}}\n", "fleet/oak.yaml": "{}\n"})
    pull.commit()
    pull.git("switch", "-qC", "theirs")
    pull.write({"tenantry.yaml": "format: 1\n", "fleet/oak.yaml": "tenant: oak\n"})
    assert pull.lay_over().not_covered == ()
    assert (pull.root / "fleet" / "oak.yaml").read_text() == "tenant: oak\n"


def test_a_pull_request_that_deletes_every_manifest_leaves_none(pull):
    pull.git("rm", "-rq", "tenants", "tenantry.yaml")
    pull.write({"__main__.py": "evil\n"})
    assert pull.lay_over().not_covered == ("__main__.py", "tenants/OWNERS")
    assert manifests(pull.root) == {}
    assert (pull.root / "__main__.py").read_text() == "good\n"


def test_a_conflict_is_told_and_changes_nothing(pull):
    pull.write({"tenants/acme.yaml": f"{ACME}state: active\n"})
    pull.main_moves_on({"tenants/acme.yaml": f"{ACME}state: suspended\n"})
    with pytest.raises(GitError, match=r"it conflicts in tenants/acme.yaml\. Nothing was changed"):
        pull.lay_over()
    assert pull.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda pull: pull.write({"__main__.py": "mine\n"}), "__main__.py has changes that are not committed"),
        (lambda pull: pull.write({"tenants/mine.yaml": "{}\n"}), "tenants/mine.yaml:1:1: is not in git"),
        (lambda pull: (pull.root / "tenants" / "m.yaml").symlink_to("policies"), "tenants/m.yaml:1:1: is not in git"),
    ],
    ids=["changed", "untracked", "an untracked link"],
)
def test_nobodys_own_files_are_lost_or_taken_for_those_of_the_merge(pull, prepare: Callable[..., None], sentence):
    pull.commit()
    pull.git("switch", "-q", "main")
    prepare(pull)
    with pytest.raises((OverlayError, GitError), match=sentence):
        lay_over(pull.root, "theirs")


@pytest.mark.parametrize("name", ["nothing", "--help", "0" * 40])
def test_a_commit_that_is_not_there_is_told(pull, name):
    with pytest.raises(GitError, match=f"git does not know a commit '{name}' here"):
        lay_over(pull.root, name)


def test_a_shallow_clone_is_told(pull, tmp_path):
    pull.commit()
    pull.git("clone", "-q", "--depth", "1", f"file://{pull.root}", str(tmp_path / "shallow"))
    with pytest.raises(GitError, match="this clone is shallow"):
        lay_over(tmp_path / "shallow", "HEAD")


def test_a_folder_below_the_top_is_told(pull):
    with pytest.raises(GitError, match="is not the top of its repository"):
        lay_over(pull.root / "tenants", "HEAD")
