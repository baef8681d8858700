"""FLOOR 3. The command line: one thin command a file, and the only place that prints and exits.

Exit codes: 0 clean, 1 error, 2 differences.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from tenantry import __version__
from tenantry.cli.output import escape_what_streams_lack, writable_output
from tenantry.cli.scratch import scratch
from tenantry.cli.signals import ending_on_signals
from tenantry.telemetry.recorder import record_command, start_telemetry, stop_telemetry

COMMANDS = {
    "init": "Write a new project into a folder.",
    "new": "Write the manifest of a new tenant.",
    "validate": "Check every manifest; nothing is sent to Twilio.",
    "show": "Show a tenant's effective manifest, and where each value comes from.",
    "schema": "Print the JSON Schema of the manifests.",
    "preview": "Show what `up` would change.",
    "overlay": "Lay the manifests of a merge over a checkout of main, to preview them.",
    "up": "Make Twilio as the manifests say.",
    "drift": "Show what somebody changed in Twilio behind our back.",
    "health": "Show how tenants fare, and which objectives burn.",
    "access": "Show who may do what in Twilio: Console users, roles, unknown keys.",
    "status": "Show what Twilio's status page says, and which tenants that concerns.",
    "usage": "Show what tenants used, and reconcile it.",
    "bill": "Draft or close the statements of a month.",
    "credits": "Record packs of credits that customers bought.",
    "suspend": "Suspend a tenant for a reason, such as an unpaid invoice.",
    "resume": "Lift a reason; without one left, the tenant is active again.",
    "ledger": "Make, check, back up or move the ledger of statements, credits and suspensions.",
    "secrets": "Deliver the secrets of API keys to where applications read them.",
    "export": "Export accounts, keys and settings of the tenants.",
    "doctor": "Try what a run needs: engine, plugin, backend, stack, credentials, clock.",
    "demo": "Show what Tenantry does, on a fake Twilio in a folder of its own.",
    "fake": "Run a fake Twilio.",
}
"""Commands and their short helps, here so that `--help` need not import what the commands need."""


@contextmanager
def _exit_1_on_usage() -> Iterator[None]:
    """Make a wrong option an error like any other: click exits with 2, which here says that there are differences."""
    try:
        yield
    except click.UsageError as error:
        error.exit_code = 1  # type: ignore[misc]  # click reads it from the instance
        raise


class _LazyGroup(click.Group):
    """A group that imports a command only when it is asked for: `validate` need not wait for Pulumi's SDK."""

    def main(self, *args: Any, **extra: Any) -> Any:
        escape_what_streams_lack()
        with writable_output(), ending_on_signals(), scratch():
            return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"tenantry.cli.{cmd_name}"), cmd_name)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _exit_1_on_usage():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        complaint = start_telemetry(os.environ, "tenantry")
        if complaint:
            click.echo(f"warning: {complaint}", err=True)
        try:
            with _exit_1_on_usage(), record_command(lambda: ctx.invoked_subcommand):
                return super().invoke(ctx)
        finally:
            stop_telemetry()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tenantry")
def main() -> None:
    """Twilio tenants as code: one YAML manifest per customer, on Pulumi."""
