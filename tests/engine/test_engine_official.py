"""Pulumi's own release: whose bytes are not those that Pulumi lists is never run, nor anything else of it."""

import hashlib
import io
import os
import stat
import tarfile
import time
from email.message import Message
from urllib.error import URLError
from urllib.request import Request

import pytest

from tenantry.engine.install.cache import check_engine
from tenantry.engine.install.official import (
    ARCHIVES,
    CHECKSUMS,
    InstallerError,
    _HttpsOnly,
    install_official,
    install_release,
    name_archive,
)
from tenantry.engine.install.versions import PINNED, format_version

VERSION = format_version(PINNED)
PROGRAMS = {"pulumi": b"#!/bin/sh\n", "pulumi-language-python": b"host", "pulumi-language-python-exec": b"exec"}


def archive(members: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
        for name, target in (links or {}).items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            file.addfile(info)
    return held.getvalue()


GOOD = archive({f"pulumi/{name}": content for name, content in PROGRAMS.items()})


class Release:
    """Serves one archive, and checksums that list another or the same."""

    def __init__(self, served: bytes = GOOD, listed: bytes | None = GOOD) -> None:
        self.asked: list[str] = []
        lines = [f"{'0' * 64}  pulumi-v{VERSION}-plan9-x64.tar.gz"]
        lines += [] if listed is None else [f"{hashlib.sha256(listed).hexdigest()}  {name_archive()}"]
        self._files = {
            f"{ARCHIVES}{name_archive()}": served,
            f"{CHECKSUMS}v{VERSION}/pulumi-{VERSION}-checksums.txt": "\n".join(lines).encode(),
        }

    def __call__(self, url: str) -> io.BytesIO:
        self.asked.append(url)
        return io.BytesIO(self._files[url])


@pytest.fixture(autouse=True)
def _a_group_may_write_what_is_made():
    before = os.umask(0o002)
    yield
    os.umask(before)


def test_a_release_with_the_checksum_that_pulumi_lists_is_installed(tmp_path):
    binary = install_release(tmp_path / "engine", Release())
    assert binary == tmp_path / "engine" / f"v{VERSION}" / "bin" / "pulumi"
    assert {path.name: path.read_bytes() for path in binary.parent.iterdir()} == PROGRAMS
    assert all(os.access(path, os.X_OK) for path in binary.parent.iterdir())
    assert stat.S_IMODE((tmp_path / "engine").stat().st_mode) == 0o700
    check_engine(tmp_path / "engine", binary.parent.parent)


@pytest.mark.parametrize("listed", [GOOD + b"x", None], ids=["another", "none"])
def test_a_release_with_another_checksum_is_deleted_unused(tmp_path, listed):
    with pytest.raises(InstallerError, match="it was deleted unused"):
        install_release(tmp_path / "engine", Release(listed=listed))
    assert [path.name for path in (tmp_path / "engine").iterdir()] == ["lock"]


def test_the_archive_and_its_checksum_come_from_two_places_over_tls(tmp_path):
    release = Release()
    install_release(tmp_path / "engine", release)
    assert [url.split("/")[:3] for url in release.asked] == [CHECKSUMS.split("/")[:3], ARCHIVES.split("/")[:3]]
    assert {url.split(":")[0] for url in release.asked} == {"https"}
    assert ARCHIVES.split("/")[2] != CHECKSUMS.split("/")[2]


def test_nothing_is_unpacked_outside_of_the_engine(tmp_path):
    members = {f"pulumi/{name}": content for name, content in PROGRAMS.items()}
    hostile = archive(
        {**members, "../../escaped": b"x", "/tmp/escaped": b"x", "pulumi/deep/escaped": b"x", "x/pulumi/..": b"x"},
        {"pulumi/linked": "/etc/passwd"},
    )
    try:
        install_release(tmp_path / "engine", Release(hostile, hostile))
    except InstallerError:
        assert [path.name for path in (tmp_path / "engine").iterdir()] == ["lock"]
    else:
        assert {path.name for path in (tmp_path / "engine").rglob("*") if path.is_file()} == {*PROGRAMS, "lock"}
    assert list(tmp_path.rglob("*escaped*")) == []


@pytest.mark.parametrize("served", [b"", b"<html>", GOOD[:40]], ids=["empty", "html", "cut"])
def test_an_archive_that_is_none_is_an_error_and_leaves_nothing(tmp_path, served):
    with pytest.raises(InstallerError, match=f"installing Pulumi {VERSION} failed"):
        install_release(tmp_path / "engine", Release(served, served))
    assert [path.name for path in (tmp_path / "engine").iterdir()] == ["lock"]


def test_nothing_is_installed_into_a_cache_that_others_can_write(tmp_path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine").chmod(0o777)
    release = Release()
    with pytest.raises(InstallerError, match="can be written by other users"):
        install_release(tmp_path / "engine", release)
    assert release.asked == []


def test_a_redirect_out_of_tls_is_not_followed():
    request = Request(f"{ARCHIVES}x")
    with pytest.raises(URLError, match="which is not https"):
        _HttpsOnly().redirect_request(request, io.BytesIO(), 302, "", Message(), "http://get.pulumi.com/x")


def test_without_the_network_it_gives_up_within_five_seconds(monkeypatch, tmp_path):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    begun = time.monotonic()
    with pytest.raises(InstallerError, match="can't be reached"):
        install_official(tmp_path)
    assert time.monotonic() - begun < 5
    assert list(tmp_path.iterdir()) == []
