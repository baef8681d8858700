"""Warnings of providers: lines that Pulumi passes on as it does any output of a plugin, and that begin with a mark."""

from __future__ import annotations

import logging

OURS = "tenantry"
MARK = "warning: "


def warn_engine() -> None:
    """Write what our own code warns of to standard error, of which Pulumi makes a message; for the plugin process."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter(f"{MARK}%(name)s: %(message)s"))
    logging.getLogger(OURS).addHandler(handler)


def warning_in(severity: str, message: str) -> str | None:
    """Return what our own code warned of, if that is what a message says."""
    name, _, text = message.removeprefix(MARK).partition(": ")
    is_ours = message.startswith(MARK) and name.partition(".")[0] == OURS
    return text if severity == "info#err" and is_ours else None
