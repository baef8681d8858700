"""`tenantry serve`: answer Twilio. uvicorn runs `tenantry.receiver:application`."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenantry.cli.options import keep_days_option, project_option, stack_option
from tenantry.cli.stack import fail
from tenantry.cli.terminal import color_option, tell_lines
from tenantry.telemetry.recorder import stop_telemetry
from tenantry.text.extra import tell_install
from tenantry.text.wrapping import sentence

if TYPE_CHECKING:
    from socket import socket

    import uvicorn

APPLICATION = "tenantry.receiver:application"
MOST_AT_ONCE = 1_000
GRACE = 20
"""Seconds in which requests that were accepted are answered after SIGTERM."""
EXTRA = f"`tenantry serve` needs packages that are not installed. {tell_install('receiver')}"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8600, show_default=True, help="Port to listen at.")
@click.option(
    "--path-prefix",
    default="",
    metavar="/PATH",
    help="What your proxy takes away from the path of `webhooks` before it passes a request on.",
)
@click.option("--shadow", is_flag=True, help="Only write down what it would do: no suspension, no notice.")
@keep_days_option
@click.option("--keep-personal", is_flag=True, help="Keep numbers, addresses and texts in errors; else [redacted].")
@project_option
@stack_option
@color_option
def serve(
    host: str,
    port: int,
    path_prefix: str,
    root: Path,
    stack: str | None,
    *,
    shadow: bool,
    keep_days: int | None,
    keep_personal: bool,
) -> None:
    """Receive what Twilio calls: usage triggers, and errors.

    Needs a ledger, into which `tenantry up` wrote how tenants stand, and the parent account's credentials. TLS belongs
    to the proxy before it; signatures are checked against `webhooks` of tenantry.yaml, whatever the proxy says.
    """
    if path_prefix and (not path_prefix.startswith("/") or path_prefix.endswith("/")):
        raise click.BadParameter("it begins with / and does not end with one.", param_hint="--path-prefix")
    os.environ.update(_environment(root, stack, shadow=shadow, keep_days=keep_days, keep_personal=keep_personal))
    _check()
    server = _make_server(host, port, path_prefix, shadow=shadow)
    stop_telemetry()  # of this command: the receiver has its own
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    _run(server)


def _make_server(host: str, port: int, path_prefix: str, *, shadow: bool) -> "uvicorn.Server":
    """Return uvicorn with the application: it logs as we do, and believes no header of a proxy.

    It says where it receives once it does: before that the port may turn out to be taken.
    """
    try:
        import uvicorn
    except ImportError:
        fail(EXTRA)
    settings = uvicorn.Config(
        APPLICATION,
        host=host,
        port=port,
        root_path=path_prefix,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE,
    )
    where = f"Receiving at http://{host}:{port}{', in shadow: nothing is done' if shadow else ''}."

    class _Server(uvicorn.Server):
        async def startup(self, sockets: "list[socket] | None" = None) -> None:
            await super().startup(sockets)
            if self.started:
                tell_lines([sentence(where)], err=True)

    return _Server(settings)


def _run(server: "uvicorn.Server") -> None:
    """Serve until a signal ends it: what was accepted is answered, and that is exit code 0."""
    try:
        server.run()
    except (SystemExit, KeyboardInterrupt):  # uvicorn repeats the signal that it has obeyed
        if server.started and not server.should_exit:
            raise
    if not server.started:  # it has logged why, such as a port that is taken
        raise SystemExit(1)


def _environment(
    root: Path, stack: str | None, *, shadow: bool, keep_days: int | None, keep_personal: bool
) -> Mapping[str, str]:
    """Return what the application reads: it may run in another process than this one."""
    values = {
        "TENANTRY_PROJECT": str(root.resolve()),
        "PULUMI_STACK": stack,
        "TENANTRY_SHADOW": "1" if shadow else None,
        "TENANTRY_ERRORS_KEEP_DAYS": str(keep_days) if keep_days else None,
        "TENANTRY_ERRORS_KEEP_PERSONAL": "1" if keep_personal else None,
    }
    return {name: value for name, value in values.items() if value}


def _check() -> None:
    """End with what is wrong before anything listens."""
    from importlib import import_module

    from tenantry.ledger.errors import LedgerError
    from tenantry.manifest.problem import ManifestError
    from tenantry.operations.errors import OperationError
    from tenantry.twilio.errors import TwilioError

    try:
        import_module("tenantry.receiver.settings").settings_here()
    except (LedgerError, ManifestError, OperationError, TwilioError) as error:
        fail(str(error))
    except ImportError:
        fail(EXTRA)
