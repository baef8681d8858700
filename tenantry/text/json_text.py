"""JSON for people and pipes, in which a runner of CI finds no command."""

import json
import re
from typing import Any

COMMAND = re.compile(r"#(?=#\w*\[)")
"""Where a runner sees a command anywhere in a line: `##[error]` on GitHub, `##vso[…]` on Azure, `##teamcity[…]`."""


def json_text(value: Any) -> str:
    """Return a value as one JSON document, ASCII only: nothing in a name can steer a terminal or a runner."""
    return COMMAND.sub(r"\\u0023", json.dumps(value, indent=2, default=str))
