"""`tenantry drift` at a terminal: how far it is, in a line that is gone when it ends, however it does."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from faketwilio.control.console import act
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import fault_of

CLEARED = "\r\x1b[K"
SECONDS = 240


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    """Has the accounts of the tenants acme and birch."""
    with FakeTwilio() as fake:
        for name in ("Acme (acme)", "Birch (birch)"):
            act(fake.store, {"create": "subaccount", "account": fake.account_sid, "fields": {"friendly_name": name}})
        yield fake


def start_drift(folder: Path, fake: FakeTwilio) -> tuple[subprocess.Popen[bytes], int]:
    """Start a comparison of both at a terminal; return it and the terminal's other side."""
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "tenants").mkdir()
    for slug in ("acme", "birch"):
        (folder / "tenants" / f"{slug}.yaml").write_text(f"tenant: {slug}\nname: {slug.title()}\n")
    credentials = {"TWILIO_ACCOUNT_SID": fake.account_sid, "TWILIO_AUTH_TOKEN": fake.auth_token}
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tenantry.cli", "drift", "--without-state"],
        cwd=folder,
        env={**os.environ, **credentials, "TENANTRY_TWILIO_URL": fake.url, "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    return process, ours


def read_screen(terminal: int, until: str = "\0") -> str:
    """Return what a terminal shows, up to some text or to its end."""
    text = ""
    while until not in text:
        try:
            text += os.read(terminal, 4096).decode()
        except OSError:  # how Linux says that the other side has closed
            break
    return text


def test_the_line_is_gone_before_the_answer_is_printed(tmp_path, fake):
    process, terminal = start_drift(tmp_path, fake)
    text = read_screen(terminal)
    os.close(terminal)
    assert process.wait(SECONDS) == 0, text
    assert f"2 accounts read{CLEARED}No stack named, parent AC" in text


def test_the_line_is_gone_when_somebody_ends_it_half_way(tmp_path, fake):
    [birch] = [item.sid for item in fake.store.accounts_of(fake.account_sid) if item.friendly_name == "Birch (birch)"]
    fake.store.faults.append(fault_of({"mode": "latency", "ms": 2000, "path_contains": f"{birch}/Keys"}))
    process, terminal = start_drift(tmp_path, fake)
    text = read_screen(terminal, until="1 accounts read")
    os.kill(process.pid, signal.SIGINT)
    text += read_screen(terminal)
    os.close(terminal)
    assert process.wait(SECONDS) == 130, text
    assert text.rpartition("accounts read")[2].startswith(CLEARED), text
