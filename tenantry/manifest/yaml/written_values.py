"""Plain data as YAML text: in one line, or as an entry of a block."""

from collections.abc import Mapping
from typing import Any

from tenantry.manifest.effective import scalar

WIDTH = 100
STEP = 2


def flow_text(value: Any) -> str:
    """Return data in one line: `{generations: [1, 2]}`. It reads back as the same data."""
    match value:
        case Mapping():
            return "{" + ", ".join(f"{scalar(str(key))}: {flow_text(child)}" for key, child in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(flow_text(item) for item in value) + "]"
        case _:
            return scalar(value)


def write_block_entry(key: str, value: Any, column: int) -> list[str]:
    """Return the lines of an entry of a block mapping that is indented by `column`.

    A section of a file is a block; below it an entry stands in one line, as long as that fits.
    """
    head = f"{' ' * column}{scalar(key)}:"
    line = f"{head} {flow_text(value)}"
    if isinstance(value, Mapping) and value and (column == 0 or len(line) > WIDTH):
        below = [write_block_entry(str(name), child, column + STEP) for name, child in value.items()]
        return [head, *(row for rows in below for row in rows)]
    if isinstance(value, list | tuple) and value and len(line) > WIDTH:
        return [head, *(f"{' ' * (column + STEP)}- {flow_text(item)}" for item in value)]
    return [line]
