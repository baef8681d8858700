"""Warnings of providers: lines of the plugin's output that begin with a mark; Pulumi passes them on."""

from __future__ import annotations

import logging

OURS = "tenantry"
MARK = "warning: "


def warn_engine() -> None:
    """Write warnings of our own code to standard error, which Pulumi turns into messages; for the plugin process."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter(f"{MARK}%(name)s: %(message)s"))
    logging.getLogger(OURS).addHandler(handler)


def read_warning(severity: str, message: str) -> str | None:
    """Return the warning of our own code that a message contains, if any."""
    name, _, text = message.removeprefix(MARK).partition(": ")
    is_ours = message.startswith(MARK) and name.partition(".")[0] == OURS
    return text if severity == "info#err" and is_ours else None
