"""GitHub's workflow commands, which show a message beside a line of a file."""

from pathlib import Path
from typing import Literal

from tenantry.text.plain import visible

Level = Literal["error", "warning", "notice"]


def write_annotation(
    level: Level,
    message: str,
    *,
    file: Path | None = None,
    line: int | None = None,
    col: int | None = None,
    title: str | None = None,
) -> str:
    """Return the command; no message or name can end it, or begin another."""
    where = {"file": file.as_posix() if file else None, "line": line, "col": col, "title": title}
    place = ",".join(f"{name}={_escape_property(str(value))}" for name, value in where.items() if value is not None)
    return f"::{level} {place}::{_escape_data(message)}"


def _escape_data(text: str) -> str:
    return "%0A".join(visible(line).replace("%", "%25") for line in text.split("\n"))


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
