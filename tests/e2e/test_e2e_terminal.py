"""`tenantry up` where a person looks: it asks, and shows a bar."""

import os
import pty
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

from e2e_project import WHOLE, Project

SECONDS = 240


def up_at_a_terminal(project: Project, answer: str, meanwhile: Callable[[], object] = lambda: None) -> tuple[int, str]:
    """Run `tenantry up` at a terminal of its own, answer its question, return its exit code and what was shown.

    `meanwhile` happens while it waits for the answer.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(Path(sysconfig.get_path("scripts"), "tenantry")), "up"],
        cwd=project.folder,
        env={**project.environ, "TERM": "xterm", "COLUMNS": "120"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while b"? [y/N]:" not in shown:
        shown += os.read(ours, 4096)
    meanwhile()
    os.write(ours, f"{answer}\n".encode())
    while chunk := _rest(ours):
        shown += chunk
    os.close(ours)
    return process.wait(SECONDS), shown.decode()


def _rest(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that the other side has closed
        return b""


def test_up_asks_after_the_preview_and_shows_a_bar(stack_project):
    stack_project.write("acme", WHOLE.replace("/usage", "/other"))
    code, shown = up_at_a_terminal(stack_project, "n")
    assert code == 1
    assert "1 to update" in shown
    assert "Nothing was changed." in shown
    assert stack_project.writes() == []

    code, shown = up_at_a_terminal(stack_project, "y")
    assert code == 0, shown
    assert "0 of 1 done" in shown
    assert "Done: 1 updated; 1 tenant." in shown
    assert "Twilio: " in shown
    assert stack_project.account("acme")["usage_triggers"][0]["callback_url"].endswith("/other")
