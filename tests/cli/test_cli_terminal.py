"""Where reports are coloured and how wide they are."""

import io
import os
import pty
import struct
import subprocess
import sys
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import click
import pytest
import yaml
from click.testing import CliRunner

from tenantry.cli import main
from tenantry.cli.terminal import layout_of
from tenantry.text.wrapping import Layout

ROOT = Path(__file__).resolve().parents[2]
REPORTING = ("preview", "up", "drift", "validate", "show", "doctor")


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and has no size."""

    def isatty(self) -> bool:
        return True


def test_a_file_has_endless_rows_and_no_colours():
    assert layout_of(io.StringIO(), "auto", {"COLUMNS": "40"}) == Layout()


def test_a_terminal_without_a_size_has_endless_rows():
    assert layout_of(Terminal(), "auto", {}) == Layout(None, coloured=True)
    assert layout_of(Terminal(), "auto", {"COLUMNS": "40", "TERM": "dumb"}) == Layout(40, coloured=False)


@pytest.mark.parametrize("name", REPORTING)
def test_every_command_that_reports_can_be_told_whether_to_use_colours(name):
    command = main.get_command(click.Context(main), name)
    assert "--color" in {option for parameter in command.params for option in parameter.opts}


def test_option_and_variables_set_colours_in_a_pipe():
    def run_show(*options, **environ):
        return CliRunner(env=environ).invoke(main, ["show", "acme", "-C", str(ROOT), *options]).stdout

    plain = run_show()
    assert "\x1b" not in plain
    for coloured in (run_show("--color", "always"), run_show(FORCE_COLOR="1")):
        assert "\x1b[2m# tenants/acme.yaml:" in coloured
        assert click.unstyle(coloured) == plain
    assert run_show(FORCE_COLOR="1", NO_COLOR="1") == plain


@pytest.mark.parametrize("command", [("show", "acme"), ("validate",)])
def test_rows_fit_a_terminal_and_no_word_of_them_is_broken(command, tmp_path):
    width = 64
    rows = at_a_terminal(width, *command, "-C", str(ROOT))
    piped = CliRunner().invoke(main, [*command, "-C", str(ROOT)]).stdout
    words = set(piped.split())
    for row in rows:
        assert set(row.split()) <= words
        assert len(row) <= width or len(row.split()) == 1 or row.lstrip().startswith("url:")


def test_show_on_a_narrow_terminal_prints_yaml_of_the_same_value():
    narrow = "\n".join(at_a_terminal(50, "show", "acme", "-C", str(ROOT)))
    piped = CliRunner().invoke(main, ["show", "acme", "-C", str(ROOT)]).stdout
    assert yaml.safe_load(narrow) == yaml.safe_load(piped)
    assert narrow.count("# tenants/acme.yaml:") == piped.count("# tenants/acme.yaml:")


def at_a_terminal(width, *command):
    """Run a command of ours at a terminal of this width; return the rows that it shows, without their colours."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tenantry.cli", *command], env={**environ, "TERM": "xterm"}, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    text = b""
    while chunk := rest(ours):
        text += chunk
    os.close(ours)
    process.wait(60)
    assert b"\x1b[" in text
    return click.unstyle(text.decode()).replace("\r\n", "\n").splitlines()


def rest(terminal):
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that the other side has closed
        return b""
