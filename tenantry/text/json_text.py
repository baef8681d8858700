"""JSON for people and pipes, in which a CI runner finds no command."""

import json
import re
from typing import Any

COMMAND = re.compile(r"#(?=#\w*\[)")
"""Where a runner sees a command anywhere in a line: `##[error]` on GitHub, `##vso[…]` on Azure, `##teamcity[…]`."""


def json_text(value: Any) -> str:
    """Return a value as one JSON document, ASCII only: no name can control a terminal or a CI runner."""
    return COMMAND.sub(r"\\u0023", json.dumps(value, indent=2, default=str))
