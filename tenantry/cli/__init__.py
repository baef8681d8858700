"""FLOOR 3. The command line: one thin command a file, and the only place that prints and exits.

Exit codes: 0 clean, 1 error, 2 differences.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from tenantry.cli.output import escape_what_streams_lack, writable_output
from tenantry.cli.signals import INTERRUPTED, ending_on_signals
from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.engine.run.pydantic_plugins import leave_out_plugins

COMMANDS = {
    "init": "Write a new project into a folder.",
    "new": "Write the manifest of a new tenant.",
    "import": "Write manifests for the existing subaccounts of a parent account.",
    "validate": "Check every manifest; nothing is sent to Twilio.",
    "show": "Show a tenant's effective manifest, and where each value comes from.",
    "schema": "Print the JSON Schema of the manifests.",
    "preview": "Show what `up` would change.",
    "overlay": "Lay the manifests of a merge over a checkout of main, to preview them.",
    "up": "Make Twilio as the manifests say.",
    "drift": "Show what differs between git and Twilio, and why.",
    "serve": "Receive what Twilio calls: usage triggers, and errors.",
    "sync": "Write what the receiver needs of each tenant into the ledger, after a plain `pulumi up`.",
    "sweep": "Enforce limits and resume tenants once, for cron.",
    "caps": "List caps, approve a suspension, or override a limit.",
    "notices": "List the notices to your application, and send them again.",
    "health": "Show how tenants fare, and which objectives burn.",
    "access": "Show who may do what in Twilio: Console users, roles, unknown keys.",
    "status": "Show what Twilio's status page says, and which tenants that concerns.",
    "errors": "List the errors of tenants that Twilio reported.",
    "usage": "Show what tenants used, and reconcile it.",
    "bill": "Draft or close the statements of a month, adjust the next ones, or void one.",
    "credits": "Record packs of credits that customers bought, or show what you still owe.",
    "suspend": "Suspend a tenant for a reason, such as an unpaid invoice.",
    "resume": "Lift a reason of a suspension; without any reason left, the tenant is active again.",
    "retain": "Show which records are too old, and delete them with proof.",
    "erase": "Show the records of one person, and delete them with proof.",
    "offboard": "Show where a customer that leaves stands, and what is next.",
    "ledger": "Create, check, back up or move the ledger of statements, credits and suspensions.",
    "secrets": "Deliver the secrets of API keys to where applications read them.",
    "rotate": "Write the next step of each key's rotation into the manifests.",
    "export": "Export accounts, keys and settings of the tenants.",
    "doctor": "Try what a run needs: engine, plugin, backend, stack, credentials, clock.",
    "demo": "Show what Tenantry does, on a fake Twilio in a folder of its own.",
    "fake": "Run a fake Twilio.",
}
"""Commands and their short helps, here so that `--help` need not import what the commands need."""


def module_of(command: str) -> str:
    """Return the name of a command's module, and of the function in it: `import` is a word of Python's own."""
    return f"{command}_" if iskeyword(command) else command


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
        collect_less_garbage()
        leave_out_plugins(os.environ)
        if sys.dont_write_bytecode:
            from tenantry.engine.run.byte_code import keep_own_byte_code  # a tenth of what `--help` takes

            keep_own_byte_code(os.environ)
        escape_what_streams_lack()
        with writable_output(), ending_on_signals():
            return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = module_of(cmd_name)
        command: click.Command = getattr(import_module(f"tenantry.cli.{name}"), name)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _exit_1_on_usage():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        # Not above: `--help` invokes nothing, and these are an eighth of what it takes.
        from tenantry.cli.scratch import scratch
        from tenantry.telemetry.recorder import record_command, start_telemetry, stop_telemetry

        complaint = start_telemetry(os.environ, "tenantry")
        if complaint:
            click.echo(f"warning: {complaint}", err=True)
        try:
            with scratch(), _exit_1_on_usage(), record_command(lambda: ctx.invoked_subcommand):
                return super().invoke(ctx)
        except KeyboardInterrupt:  # click itself would end with 1, which is an error
            click.echo("Interrupted.", err=True)
            raise SystemExit(INTERRUPTED) from None
        finally:
            stop_telemetry()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tenantry", prog_name="tenantry")
def main() -> None:
    """Twilio tenants as code: one YAML manifest per customer, on Pulumi."""
