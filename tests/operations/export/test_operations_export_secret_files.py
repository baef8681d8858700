"""Secrets of keys into files."""

import json
import os
import stat
import subprocess

import pytest
from stack_state import ACCOUNT, account, acme, child, plain_secret, sid, state

from tenantry.operations.export.gather import ExportError
from tenantry.operations.export.secret_files import file_name, write_secrets
from tenantry.operations.export.work_tree import refuse_seen
from tenantry.operations.key_secrets import Key, read_stored_keys

WEB = "plAntedWebSecret"
SENDER = "plAntedSenderSecret"


def keys(*more, slugs=("acme",)):
    return read_stored_keys(state(*acme(web_2=plain_secret(WEB), sender_10=plain_secret(SENDER)), *more), slugs)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    """Set a umask for one test."""
    before = os.umask(0)
    yield os.umask
    os.umask(before)


def test_a_file_is_what_aws_wants_in_a_twilio_api_key_secret(tmp_path):
    write_secrets(tmp_path / "out", keys())
    assert json.loads((tmp_path / "out" / "acme.web.2.json").read_text()) == {
        "accountSid": ACCOUNT,
        "apiKeySid": sid("SK", 2),
        "apiKeySecret": WEB,
    }


def test_a_restricted_key_that_may_list_messages_can_be_validated_so(tmp_path):
    write_secrets(tmp_path / "out", keys())
    assert json.loads((tmp_path / "out" / "acme.sender.10.json").read_text()) == {
        "accountSid": ACCOUNT,
        "apiKeySid": sid("SK", 3),
        "apiKeySecret": SENDER,
        "validationUrl": f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=1",
    }


def test_a_restricted_key_that_may_not_gets_no_url_that_would_fail(tmp_path):
    reader = child("api_key", "acme/api_key/r-1", "SK9", policy=["/twilio/voice/calls/read"], secret=plain_secret("s"))
    write_secrets(tmp_path / "out", keys(reader))
    assert "validationUrl" not in json.loads((tmp_path / "out" / "acme.r.1.json").read_text())


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777 & ~0o700])
def test_only_we_can_look_whatever_the_umask(tmp_path, umask, mask):
    umask(mask)
    write_secrets(tmp_path / "out", keys())
    assert mode(tmp_path / "out") == 0o700
    assert {mode(path) for path in (tmp_path / "out").iterdir()} == {0o600}


def test_files_are_told_by_tenant_and_key(tmp_path):
    assert write_secrets(tmp_path / "out", keys()) == {
        ("acme", Key("sender", 10)): tmp_path / "out" / "acme.sender.10.json",
        ("acme", Key("web", 2)): tmp_path / "out" / "acme.web.2.json",
    }


def test_a_key_without_a_known_secret_gets_no_file(tmp_path):
    found = keys()
    assert [(key.key, key.sid) for key in found if not key.secret] == [(Key("web", 1), sid("SK", 1))]
    write_secrets(tmp_path / "out", found)
    assert not (tmp_path / "out" / "acme.web.1.json").exists()


def test_a_key_that_waits_is_no_key():
    assert read_stored_keys(state(child("api_key", "acme/api_key/web-1", "waiting-web#1")), ["acme"]) == ()


def test_only_the_keys_of_the_wanted_tenants_are_taken():
    other = child("api_key", "acme-2/api_key/web-1", "SK9", secret=plain_secret("other"))
    assert {key.tenant for key in keys(account("acme-2"), other)} == {"acme"}


def test_two_customers_never_share_a_file():
    first = child("api_key", "acme/api_key/x-web-1", "SK8", secret=plain_secret("one"))
    two = child("api_key", "acme-x/api_key/web-1", "SK9", secret=plain_secret("two"))
    names = [file_name(key) for key in read_stored_keys(state(first, two), ["acme", "acme-x"])]
    assert names == ["acme.x-web.1.json", "acme-x.web.1.json"]


def test_a_second_run_writes_the_same_and_leaves_nothing_else(tmp_path):
    write_secrets(tmp_path / "out", keys())
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    write_secrets(tmp_path / "out", keys())
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_a_file_that_others_could_read_is_replaced(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    (folder / "acme.web.2.json").write_text("old")
    (folder / "acme.web.2.json").chmod(0o644)
    with (folder / "acme.web.2.json").open() as watching:
        write_secrets(folder, keys())
        assert watching.read() == "old"
    assert mode(folder / "acme.web.2.json") == 0o600


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path):
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    folder.mkdir(mode=0o700)
    (folder / "acme.web.2.json").symlink_to(elsewhere)
    write_secrets(folder, keys())
    assert not elsewhere.exists()
    assert not (folder / "acme.web.2.json").is_symlink()


@pytest.mark.parametrize("open_to_others", [0o750, 0o705, 0o710, 0o777])
def test_a_folder_that_others_can_look_into_is_refused_and_stays_empty(tmp_path, open_to_others):
    folder = tmp_path / "out"
    folder.mkdir()
    folder.chmod(open_to_others)
    with pytest.raises(ExportError, match=rf"open to others \(mode {open_to_others:04o}\).*chmod 700"):
        write_secrets(folder, keys())
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused_and_stays_empty(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    os.chown(folder, 54321, -1)
    with pytest.raises(ExportError, match="belongs to another user"):
        write_secrets(folder, keys())
    assert list(folder.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(ExportError, match=r"Writing secrets to .* failed: File exists"):
        write_secrets(tmp_path / "out", keys())


def test_a_write_that_fails_leaves_no_half_of_a_file(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    (folder / "acme.web.2.json").mkdir()  # a rename can't take the place of a folder
    with pytest.raises(ExportError, match="failed: Is a directory") as refused:
        write_secrets(folder, keys())
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert WEB not in str(refused.value)


def test_secrets_show_in_no_repr():
    assert "plAnted" not in repr(keys())


@pytest.fixture
def work_tree(tmp_path):
    """A git work tree that ignores /private/ and *.txt."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("/private/\n*.txt\n/by-name/*.json\n")
    return tmp_path


NAMES = ("acme.web.2.json", ".acme.web.2.json.x")


@pytest.mark.parametrize("folder", ["", "out", "out/deep", "by-name", "private-2"])
def test_a_folder_where_git_would_see_a_secret_is_refused(work_tree, folder):
    with pytest.raises(ExportError) as refused:
        refuse_seen(work_tree / folder, NAMES, os.environ)
    assert f"lies in the git work tree {work_tree}, where git would see" in str(refused.value)
    assert "no secret was written" in str(refused.value)


@pytest.mark.parametrize("folder", ["private", "private/deep"])
def test_a_folder_that_git_ignores_is_fine(work_tree, folder):
    refuse_seen(work_tree / folder, NAMES, os.environ)


def test_a_folder_outside_a_work_tree_passes_whatever_git_variables_say(work_tree, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    refuse_seen(elsewhere / "out", NAMES, os.environ)
    turned = {**os.environ, "GIT_DIR": str(elsewhere / ".git"), "GIT_WORK_TREE": str(elsewhere)}
    with pytest.raises(ExportError, match="git would see"):
        refuse_seen(work_tree / "out", NAMES, turned)


def test_an_indexed_file_is_seen_despite_an_ignore_pattern(work_tree):
    (work_tree / "private").mkdir()
    (work_tree / "private" / "acme.web.2.json").write_text("{}")
    subprocess.run(["git", "-C", str(work_tree), "add", "-f", "private/acme.web.2.json"], check=True)
    with pytest.raises(ExportError, match=r"git would see private/acme\.web\.2\.json"):
        refuse_seen(work_tree / "private", NAMES, os.environ)


def test_a_link_that_leads_into_a_work_tree_is_followed(work_tree, tmp_path_factory):
    link = tmp_path_factory.mktemp("home") / "secrets"
    link.symlink_to(work_tree / "out")
    with pytest.raises(ExportError, match="lies in the git work tree"):
        refuse_seen(link, NAMES, os.environ)


@pytest.mark.parametrize("path", ["", "broken"])
def test_where_git_can_not_say_nothing_is_written(work_tree, tmp_path_factory, path):
    if path:
        (work_tree / ".git" / "config").write_text("[broken")
    environ = dict(os.environ) if path else {"PATH": str(tmp_path_factory.mktemp("bin"))}
    with pytest.raises(ExportError, match=r"Asking git .* failed: .*; no secret was written"):
        refuse_seen(work_tree / "private", NAMES, environ)
