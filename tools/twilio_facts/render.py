"""JSON in which a field or a parameter is one line, so that a difference reads well."""

import json
from typing import Any


def render(value: Any, depth: int = 0) -> str:
    """The value as JSON; what holds no object is written on one line."""
    if not isinstance(value, dict) or not any(isinstance(item, dict) for item in value.values()):
        return json.dumps(value, ensure_ascii=False)
    if "type" in value and isinstance(value["type"], str):
        return json.dumps(value, ensure_ascii=False)
    indent = " " * (depth + 1)
    lines = [f"{indent}{json.dumps(name)}: {render(item, depth + 1)}" for name, item in value.items()]
    return "{\n" + ",\n".join(lines) + "\n" + " " * depth + "}"
