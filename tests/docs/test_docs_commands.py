"""Every command and option of ours that the documentation names is there."""

import pytest
from docs_text import PAGES, SHELL, Snippet, blocks, commands, mistake, our_options, spans

OTHERS = frozenset(
    {
        "--continue-on-error",
        "--expect-no-changes",
        "--extra-index-url",
        "--fake-twilio-behaviour",
        "--fake-twilio-seed",
        "--import-file",
        "--non-interactive",
        "--plan",
        "--skip-preview",
        "--target",
        "--user",
    }
)
"""Options of Pulumi and others that a page names without their program."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_ours_is_there_with_its_options(page):
    text = page.read_text()
    code = [*spans(page, text), *(block for block in blocks(page, text) if block.words and block.words[0] in SHELL)]
    wrong = [f"{used.place}: {why}" for piece in code for used in commands(piece) if (why := mistake(used.text))]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_that_is_named_alone_is_there(page):
    named = [piece for piece in spans(page, page.read_text()) if piece.text.startswith("--")]
    options = our_options() | OTHERS
    wrong = [f"{piece.place}: {piece.text}" for piece in named if piece.text.split()[0].split("=")[0] not in options]
    assert not wrong, "none of our commands has\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        ("validate --strict --format github", None),
        ("up [TENANT]... [--refresh] [--close TENANT]", None),
        (r"validate [--format text\|json]", None),
        ("--version", None),
        ("ledger check --head 12:0123456789abcdef", None),
        (r"ledger init\|check", None),
        ("ledger chek", "`tenantry ledger` has no command chek; it has init, check, backup, copy"),
        ("ledger init --head 12:0123456789abcdef", "`tenantry ledger` has no option --head"),
        ("aply", "there is no command `tenantry aply`"),
        ("up --forse", "`tenantry up` has no option --forse"),
        ("validate --format xml", "--format of `tenantry validate` is text or json or github or sarif, not xml"),
        ("validate --format=xml", "--format of `tenantry validate` is text or json or github or sarif, not xml"),
    ],
)
def test_a_mistake_in_a_command_is_told(command, wrong):
    found = mistake(command)
    assert found is None if wrong is None else found and found.startswith(wrong)


def test_commands_are_found_and_cut_where_the_shell_begins():
    text = (
        "tenantry up --yes   # applies\nuv run tenantry fake > fake.env &\ncd tenantry/cli && python -m faketwilio\n"
        "tenantry init owl && cd owl\nx=$(tenantry show acme)\ntenantry export \\\n  --only acme\n"
    )
    piece = Snippet(PAGES[0], 1, text)
    assert [(found.line, found.text) for found in commands(piece)] == [
        (1, "up --yes"),
        (2, "fake"),
        (4, "init owl"),
        (5, "show acme"),
        (6, "export --only acme"),
    ]
