"""How the plugin describes itself when `tenantry doctor` asks."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version

# The plugin script passes it on; the engine never does, its only argument is an address.
DESCRIBE = "--describe"


def describe_engines() -> str:
    """Return which Python and which packages serve the resources."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("tenantry", "pulumi", "twilio"))
    return f"{sys.executable}, Python {platform.python_version()}, {packages}"
