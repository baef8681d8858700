"""Pydantic's search for plugins, which our commands have no use for."""

from __future__ import annotations

from collections.abc import MutableMapping

PLUGINS_VARIABLE = "PYDANTIC_DISABLE_PLUGINS"


def leave_out_plugins(environ: MutableMapping[str, str]) -> None:
    """Let Pydantic look for no plugins, in this process and those it starts, unless the user has set that.

    Else its first model reads the metadata of all that is installed: a tenth of what a process does before it works.
    """
    environ.setdefault(PLUGINS_VARIABLE, "__all__")
