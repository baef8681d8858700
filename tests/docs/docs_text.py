"""Reading our own documentation: its fenced blocks, its inline code, and the commands in both.

What the word after the language of a fenced block says (the tests of this folder hold us to it):

* `yaml manifest`, `yaml layer`, `yaml project`: a whole file of that sort, valid beside the sample of Owl Inc.
* `yaml` alone: a part of a file, at least YAML.
* `sh run`: runs, with the blocks before it of the same page, in a copy of the sample project, and ends with 0.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from tenantry.cli import COMMANDS, main, module_of

ROOT = Path(__file__).resolve().parents[2]
USERS_WORKFLOWS = ROOT / "tenantry" / "template" / "workflows"
OUR_WORKFLOWS = ROOT / ".github" / "workflows"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))

SHELL = ("sh", "console", "bash")
_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^(?P=indent)``` *$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
# `tenantry up`, not `tenantry/cli/up.py`, `tenantry.cli` or `import tenantry`.
_COMMAND = re.compile(r"(?<![\w./$@-])tenantry(?= +[\w\[<-])([^\n`]*)")
_END = re.compile(r"\s(?:#|&&|\|\||[|;&>]|\d>)|\)|$")


@dataclass(frozen=True)
class Snippet:
    """A piece of code of a page, with where it starts and, if it is a fenced block, the words after its fence."""

    page: Path
    line: int
    text: str
    words: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, text: str) -> Iterator[Snippet]:
    """Yield the fenced blocks of a page."""
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 2
        yield Snippet(page, line, found["text"], tuple(found["info"].split()))


def spans(page: Path, text: str) -> Iterator[Snippet]:
    """Yield the inline code of a page."""
    outside = _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in _SPAN.finditer(outside):
        yield Snippet(page, outside.count("\n", 0, found.start()) + 1, found[1])


def find_marked(*words: str) -> list[Snippet]:
    """Return the blocks of all pages whose fence begins with these words."""
    return [
        block for page in PAGES for block in blocks(page, page.read_text()) if block.words[: len(words)] == tuple(words)
    ]


def commands(snippet: Snippet) -> Iterator[Snippet]:
    """Yield each command of ours in a piece of code, without `tenantry` and without what the shell does with it."""
    joined = snippet.text.replace("\\\n", "  ")
    for found in _COMMAND.finditer(joined):
        line = snippet.line + joined.count("\n", 0, found.start())
        end = _END.search(found[1])
        yield Snippet(snippet.page, line, " ".join(found[1][: end.start() if end else None].split()))


def mistake(command: str) -> str | None:
    """Return what is wrong with a command of ours, as a sentence; values only where there is a choice of them."""
    name, *words = shlex.split(re.sub(r"\[([^\]]*)\]", r"\1", command.replace(r"\|", "|")))
    if name.startswith("-"):
        return None if name in _names(main) else f"`tenantry` has no option {name}"
    if name not in COMMANDS:
        return f"there is no command `tenantry {name}`; there are {', '.join(COMMANDS)}"
    if not (ROOT / "tenantry" / "cli" / f"{module_of(name)}.py").is_file():
        return f"`tenantry {name}` is in COMMANDS, but tenantry/cli/{module_of(name)}.py is not there"
    command = _command(name)
    if isinstance(command, click.Group) and words and not words[0].startswith("-"):
        if unknown := [word for word in words[0].split("|") if word not in command.commands]:
            return f"`tenantry {name}` has no command {unknown[0]}; it has {', '.join(command.commands)}"
        command = command.commands[words[0].split("|")[0]]
    known = _names(command)
    for word, following in zip(words, [*words, ""][1:], strict=True):
        option, _, value = word.partition("=")
        if option.startswith("-") and option not in known:
            return f"`tenantry {name}` has no option {option}; it has {', '.join(sorted(known))}"
        if (choices := known.get(option)) and not set((value or following).split("|")) <= {*choices, ""}:
            return f"{option} of `tenantry {name}` is {' or '.join(choices)}, not {value or following}"
    return None


def our_options() -> frozenset[str]:
    """Return the options of all our commands."""
    groups = [_command(name) for name in COMMANDS]
    below = [part for group in groups if isinstance(group, click.Group) for part in group.commands.values()]
    return frozenset(option for command in (main, *groups, *below) for option in _names(command))


def _command(name: str) -> click.Command:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


def _names(command: click.Command) -> dict[str, tuple[str, ...]]:
    """Return each option of a command with the values that it takes, none where it takes any."""
    context = click.Context(command, help_option_names=["-h", "--help"])
    return {
        option: tuple(map(str, parameter.type.choices)) if isinstance(parameter.type, click.Choice) else ()
        for parameter in command.get_params(context)
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    }
