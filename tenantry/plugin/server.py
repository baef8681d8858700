"""The process that serves our resources to Pulumi: `pulumi.dynamic` unchanged, behind a gRPC server of ours."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from tenantry.engine.events.warned import warn_engine
from tenantry.engine.install.describe import DESCRIBE, description
from tenantry.engine.run.failed_calls import RememberedFailures
from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.engine.run.life_lock import end_with_run
from tenantry.engine.run.lifeline import die_on_signals, die_with_parent
from tenantry.engine.run.request import KnownUrns
from tenantry.engine.run.shown import OnlyShown
from tenantry.plugin.echo import EchoedChecks
from tenantry.plugin.failures import ShortFailures

# The stock plugin has 4, and creates that wait for Twilio hold up every other call: 100 tenants took 24 s, now 7 s.
THREADS = 64


def main() -> None:
    """Serve until the engine, or whoever started us, ends; asked to describe itself, only do that."""
    if sys.argv[1:] == [DESCRIBE]:
        sys.stdout.write(f"{description()}\n")
        return
    die_on_signals()
    die_with_parent()
    end_with_run(os.environ)
    widen_servers()
    collect_less_garbage()
    warn_engine()
    # Not an import: pulumi.dynamic.__main__ starts serving when it is imported.
    runpy.run_module("pulumi.dynamic", run_name="__main__")


def widen_servers() -> None:
    """Make every gRPC server of this process use our threads and our interceptors."""
    ours = (RememberedFailures(), EchoedChecks(), OnlyShown(), KnownUrns(), ShortFailures())
    stock = grpc.server

    def server(pool: object, *, interceptors: Sequence[Any] = (), **settings: Any) -> Any:  # noqa: ARG001
        return stock(ThreadPoolExecutor(THREADS), interceptors=[*interceptors, *ours], **settings)

    grpc.server = server


if __name__ == "__main__":
    main()
