"""Which policy packs a run is checked with."""

from pathlib import Path

import pytest

from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.policies import PACK, Policies, choose_policies

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / PACK).write_text("runtime: python\n")
    return tmp_path


def test_a_project_without_policies_has_those_that_were_named(tmp_path):
    assert choose_policies(tmp_path, (), skip=False) == Policies()
    assert choose_policies(tmp_path, (tmp_path / "other",), skip=True) == Policies((tmp_path / "other",))
    assert choose_policies(tmp_path, (), skip=False).asked is None


def test_the_projects_own_are_asked_without_a_word_once_and_before_others(root, tmp_path):
    own, other = root / "policies", tmp_path / "other"
    assert choose_policies(root, (), skip=False) == Policies((own,))
    assert choose_policies(root, (other, own), skip=False) == Policies((own, other))
    assert choose_policies(root, (), skip=False).asked is True


def test_they_can_be_left_out_and_others_are_asked_all_the_same(root, tmp_path):
    assert choose_policies(root, (), skip=True) == Policies((), skipped=True)
    assert choose_policies(root, (), skip=True).asked is False
    assert choose_policies(root, (tmp_path / "other",), skip=True) == Policies((tmp_path / "other",), skipped=True)


def test_we_ask_the_rules_of_an_unchanged_pack(root):
    own = root / "policies"
    text = (ROOT / "policies" / "__main__.py").read_text()
    (own / "__main__.py").write_text(f"# ours\r\n{text}")
    policies = choose_policies(root, (), skip=False)
    assert (policies.are_own_ours, policies.packs, policies.for_engine, policies.asked) == (True, (own,), (), True)


@pytest.mark.parametrize("more", ["print(1)\n", "import mine\n", "(\n", "\0"])
def test_the_engine_asks_a_pack_whose_program_was_changed(root, more):
    text = (ROOT / "policies" / "__main__.py").read_text()
    (root / "policies" / "__main__.py").write_text(f"{more}{text}")
    assert choose_policies(root, (), skip=False).for_engine == (root / "policies",)


def test_the_engine_asks_the_own_pack_where_somebody_names_it(root):
    own = root / "policies"
    (own / "__main__.py").write_text((ROOT / "policies" / "__main__.py").read_text())
    assert choose_policies(root, (own,), skip=False).for_engine == (own,)


@pytest.mark.parametrize("what", ["a folder without a pack", "a link that leads nowhere", "a file"])
def test_policies_that_can_not_be_asked_end_the_command(tmp_path, what):
    path = tmp_path / "policies"
    if what == "a file":
        path.write_text("")
    elif "link" in what:
        path.symlink_to("gone")
    else:
        path.mkdir()
    with pytest.raises(StoppedError, match=r"^policies/ holds no policy pack that the engine can ask"):
        choose_policies(tmp_path, (), skip=False)
