"""Names and messages of somebody who means harm, in manifests and from Twilio: shown everywhere, obeyed nowhere."""

import csv
import io
import re
import unicodedata

import pytest
from e2e_project import WHOLE, name_of
from markdown_it import MarkdownIt

EVIL = (
    "\x1b[2J\x1b]8;;https://e.example\x07\x9b31m\u202e\u2028\n::error::x\r<img src=x>"
    "![x](https://e.example)|@ana `$(touch pwned)`"
)
"""Terminal codes, text turned around, a line for GitHub's log, HTML, Markdown, a mention, a command of a shell."""
WRITTEN = "=HYPERLINK(1)<b>[x](https://e.example)@ana\u200b`$(touch pwned)`"
"""What a manifest may hold of that; the rest is refused there."""
OBEYED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
HARMLESS = {"h2", "h3", "h4", "p", "strong", "code", "pre", "details", "summary", "ul", "li", "br"}
OURS = re.compile(r"::(error|warning|notice) (file=tenants/[a-z0-9-]+\.yaml,line=\d+,)?title=Drift%2C \w+::")


@pytest.fixture
def hostile_project(stack_project):
    """A project of which one tenant's manifest, and another's account and objects, were written to deceive."""
    account = stack_project.account("acme")
    stack_project.console({"set": account["sid"], "fields": {"friendly_name": f"{EVIL} (acme)"}})
    fields = {"usage_triggers": "callback_url", "api_keys": "friendly_name", "event_sinks": "description"}
    for kind, field in fields.items():
        stack_project.console({"set": account[kind][0]["sid"], "fields": {field: f"https://e.example/{EVIL}"}})
    stack_project.console({"create": "api_key", "account": account["sid"], "fields": {"friendly_name": EVIL}})
    stranger = {"create": "subaccount", "account": stack_project.fake.account_sid, "fields": {"friendly_name": EVIL}}
    stack_project.console(stranger)
    path = stack_project.manifest("acme-2")
    path.write_text(path.read_text().replace(name_of("acme-2"), f"'{WRITTEN}'") + f"labels: {{crm: '{WRITTEN}'}}\n")
    return stack_project


def test_names_that_inject_are_plain_text_in_every_report_and_run_nothing(hostile_project):
    run = {
        " ".join(words): hostile_project.tenantry(*words)
        for words in (
            ("show", "acme-2"),
            ("preview", "--refresh", "--format", "markdown"),  # as text: tests/reports/test_reports_preview_hostile.py
            ("drift",),
            ("drift", "--format", "markdown"),
            ("drift", "--format", "github"),
            ("drift", "--format", "json"),
            ("export",),
            ("export", "--format", "csv"),
        )
    }
    assert {name: done.code for name, done in run.items() if done.code != 2} == {
        "show acme-2": 0,
        "export": 0,
        "export --format csv": 0,
    }
    assert r"\x1b[2J" in run["drift"].output
    assert {name: found for name, done in run.items() if (found := steering(done.output))} == {}
    for name in ("preview --refresh --format markdown", "drift --format markdown"):
        assert tags(run[name].output) <= HARMLESS, run[name].output
    commands = [line for line in run["drift --format github"].output.splitlines() if line.startswith("::")]
    assert commands
    assert [line for line in commands if not OURS.match(line)] == []
    cells = [cell for row in csv.reader(io.StringIO(run["export --format csv"].output)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert list(hostile_project.folder.rglob("pwned")) == []


def test_an_error_that_injects_is_one_short_line_and_makes_nothing_happen(stack_project):
    stack_project.write("acme", WHOLE.replace("api_keys:\n", "api_keys:\n  late: {access: standard}\n"))
    stack_project.fault(mode="error", status=400, code=20001, message=EVIL * 10_000, method="POST", times=None)
    done = stack_project.tenantry("up", "--yes", "--format", "markdown")
    assert (done.code, steering(done.output)) == (1, set())
    assert tags(done.output) <= HARMLESS
    assert max(map(len, done.output.splitlines())) < 1000
    stack_project.requests()
    stack_project.fault(mode="error", status=400, code=20001, message=EVIL * 10_000, method="GET", times=None)
    done = stack_project.tenantry("drift")
    assert (done.code, steering(done.output), stack_project.writes()) == (1, set(), [])
    assert len(done.output) < 1000


def steering(text):
    """Return the characters of a text that a terminal would obey or not show."""
    return {hex(ord(sign)) for sign in text if unicodedata.category(sign) in OBEYED and sign != "\n"}


def tags(markdown):
    """Return the HTML elements that a comment would be made of."""
    return set(re.findall(r"<(\w+)", MarkdownIt("commonmark").enable(["table"]).render(markdown)))
