"""`--without-state`: one option, with one help, for every command that can do without a state."""

from importlib import import_module

import click

from tenantry.cli import COMMANDS, module_of


def find_help(name):
    command = getattr(import_module(f"tenantry.cli.{module_of(name)}"), module_of(name))
    return {
        option.help
        for option in command.params
        if isinstance(option, click.Option) and "--without-state" in option.opts
    }


def test_every_command_explains_without_state_alike():
    helps = [text for name in COMMANDS for text in find_help(name)]
    assert len(helps) > 5
    assert set(helps) == {"Do not read the stack's state: find everything in Twilio by `adopt`, otherwise by name."}
