"""The one line in which a command with another purpose mentions an open incident of Twilio's."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from threading import Thread

from tenantry.cli.terminal import tell_lines
from tenantry.model.tenant import Tenant
from tenantry.text.plain import plain
from tenantry.text.wrapping import sentence
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.status_page import is_asked_in_passing

STATUS_SECONDS = 2.0
"""Seconds that the page is waited for; a run never fails or stops because of it."""


def ask_for_incidents(tenants: Mapping[str, Tenant]) -> Callable[[], None]:
    """Ask the status page beside a run, and return what prints the line on stderr, if there is anything to say."""
    lines: list[str] = []

    def ask() -> None:
        from tenantry.operations.status.story import look_at_status
        from tenantry.reports.status.words import incident_line

        try:
            line = incident_line(look_at_status(os.environ, tenants, datetime.now(UTC), STATUS_SECONDS))
        except TwilioError as error:
            line = str(error)
        if line is not None:
            lines.append(line)

    if not is_asked_in_passing(os.environ):
        return lambda: None
    thread = Thread(target=ask, daemon=True)
    thread.start()

    def tell_incidents() -> None:
        thread.join(STATUS_SECONDS)
        tell_lines([sentence(plain(line)) for line in lines], err=True)

    return tell_incidents
