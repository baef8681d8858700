"""The tenants that a run is for, and exit codes of wrong options."""

from collections.abc import Callable

import click
import pytest
from click.testing import CliRunner, Result

from tenantry.cli import main
from tenantry.cli.run_options import tenants_options
from tenantry.operations.stack.wanted import Wanted


@pytest.fixture
def parse_options() -> Callable[..., Wanted | Result]:
    """Return what a command is given for its arguments; the result of the command where it refuses them."""
    given: list[Wanted] = []

    @click.command()
    @tenants_options
    def command(wanted: Wanted) -> None:
        given.append(wanted)

    def parse(*arguments: str) -> Wanted | Result:
        result = CliRunner().invoke(command, arguments)
        return given.pop() if given else result

    return parse


def test_names_come_as_arguments_and_by_only_with_commas_or_repeated(parse_options):
    assert parse_options("acme", "--only", "birch, cedar,acme", "--only", "elm") == Wanted(
        ("acme", "birch", "cedar", "elm")
    )
    assert parse_options() == Wanted()
    assert parse_options("--changed-since", "origin/main") == Wanted((), "origin/main")


@pytest.mark.parametrize("empty", [("--only", ""), ("--only", " , "), ("",)], ids=["only", "commas", "argument"])
def test_an_empty_variable_of_a_script_is_no_run_for_all(parse_options, empty):
    refused = parse_options(*empty)
    assert refused.exit_code != 0
    assert "No tenant is named; leave the option or argument out, which means all of them." in refused.stderr


@pytest.mark.parametrize("command", ["access", "errors", "health", "retain", "secrets", "usage", "drift", "preview"])
def test_no_command_takes_an_empty_variable_for_all(command):
    refused = CliRunner().invoke(main, [command, ""])
    assert (refused.exit_code, "No tenant is named; leave" in refused.stderr) == (1, True)


def test_names_and_changed_since_exclude_each_other(parse_options):
    refused = parse_options("acme", "--changed-since", "main")
    assert "--changed-since finds the tenants itself; name some, or use it, not both." in refused.stderr


@pytest.mark.parametrize(
    "arguments", [("--bogus",), ("validate", "--bogus"), ("preview", "--format", "xml"), ("new",), ("nothing",)]
)
def test_a_wrong_option_exits_with_1_and_never_with_2(arguments):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "Usage: " in result.stderr
