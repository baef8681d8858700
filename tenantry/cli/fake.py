"""`tenantry fake`: a Twilio of one's own on this machine, until it is interrupted."""

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import click

from tenantry.text.extra import tell_install

if TYPE_CHECKING:
    from faketwilio.store.store import Store

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INSTALL = f"The fake needs packages of an extra. {tell_install('fake')}"


@click.command(name="fake")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default="a free one", help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 in a container.")
@click.option("--latency-ms", type=click.FloatRange(0), default=0.0, show_default=True, help="Wait before each answer.")
@click.option("--seed", type=int, help="The same seed gives the same SIDs, tokens and secrets.")
@click.option("--behaviour", multiple=True, metavar="NAME=VALUE", help="Set a switch of docs/fake.md; can be repeated.")
@click.option(
    "--deliver", multiple=True, metavar="HOST=URL", help="Deliver what goes to that host to a URL of this machine."
)
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Go on with what this file holds, and write it at the end. It holds tokens and secrets: keep it out of git.",
)
def fake(
    port: int,
    host: str,
    latency_ms: float,
    seed: int | None,
    behaviour: tuple[str, ...],
    deliver: tuple[str, ...],
    state: Path | None,
) -> None:
    """Run a fake Twilio and print the variables that point Tenantry at it.

    It stays in the foreground until Ctrl-C or a TERM signal, and then forgets everything, unless --state is given. To
    go on in the same shell:

    \b
      tenantry fake > fake.env &
      while [ ! -s fake.env ] && kill -0 $!; do sleep 0.1; done
      . ./fake.env
      kill $!     # at the end
    """
    store = _open(state, seed, behaviour, deliver)
    if state is not None:
        _try_folder(state)
    store.latency_ms = latency_ms
    try:
        _serve(store, port, host)
    finally:
        if state is not None:
            _save(store, state)


def _open(state: Path | None, seed: int | None, behaviour: tuple[str, ...], deliver: tuple[str, ...]) -> "Store":
    """Return the store of the file, or a new one."""
    try:
        from faketwilio.store.behaviour import behaviour_of
        from faketwilio.store.routes import routes_of
        from faketwilio.store.store import Store
    except ModuleNotFoundError as error:
        raise click.ClickException(INSTALL) from error
    if state is not None and state.exists():
        if seed is not None or behaviour or deliver:
            raise click.UsageError(f"{state} has its own seed, switches and routes; leave those options out, or it")
        return _load(state)
    with _option("--behaviour"):
        switches = behaviour_of(behaviour)
    with _option("--deliver"):
        return Store(seed=seed, behaviour=switches, routes=routes_of(deliver))


def _serve(store: "Store", port: int, host: str) -> None:
    """Serve until a signal."""
    try:
        from faketwilio.server import FakeTwilio
    except ModuleNotFoundError as error:
        raise click.ClickException(INSTALL) from error
    # Blocked here, before there are threads, the signals reach sigwait and nothing else.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    twilio = FakeTwilio(store, port=port, host=host)
    try:
        twilio.start()
    except OSError as error:
        raise click.ClickException(
            f"can't listen on {host}:{port}: {error.strerror}; choose another --port or --host"
        ) from error
    try:
        _print_variables(twilio.account_sid, twilio.auth_token, twilio.url)
        signal.sigwait(ENDS)
    finally:
        twilio.stop()


def _load(path: Path) -> "Store":
    from faketwilio.store.saved import NotSavedError, load

    try:
        return load(path)
    except (NotSavedError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _try_folder(path: Path) -> None:
    """End the command where the file could not be written at its end."""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}."):
            pass
    except OSError as error:
        raise click.ClickException(
            f"the state could not be written to {path}: {error.strerror}; make its folder, or name another file"
        ) from error


def _save(store: "Store", path: Path) -> None:
    from faketwilio.store.saved import save

    try:
        save(store, path)
    except OSError as error:
        raise click.ClickException(f"the state was not written to {path}: {error.strerror}; it is lost") from error


@contextlib.contextmanager
def _option(name: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=name) from error


def _print_variables(account_sid: str, auth_token: str, url: str) -> None:
    click.echo(
        f"export TWILIO_ACCOUNT_SID={account_sid}\n"
        f"export TWILIO_AUTH_TOKEN={auth_token}\n"
        f"export TENANTRY_TWILIO_URL={url}"
    )
    click.echo(
        f"fake Twilio at {url}, until Ctrl-C; what is in it: curl {url}/_fake/state\n"
        "paste the three lines into another shell, or see tenantry fake --help",
        err=True,
    )
