"""Where the Tenantry that runs was installed from, for a new project's pyproject.toml.

An index needs no word. A wheel, a folder, a git repository or a URL must be named there: else `uv sync` looks for
`tenantry` on the index, where it may not be, or where it is another one.
"""

from __future__ import annotations

import json
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

_TABLE = """\

# The Tenantry that wrote this project was installed from here. Other machines, CI too, don't have that: delete these
# lines once `tenantry` is on your package index, or name a wheel that is in git (docs/github.md).
[tool.uv.sources]
tenantry = {{ {} }}
"""


def sources_table() -> str:
    """Return the lines of pyproject.toml that name it, none where that is an index, or nothing that lasts."""
    try:
        source = source_of(distribution("tenantry"))
    except PackageNotFoundError:
        return ""
    return _TABLE.format(", ".join(f"{key} = {json.dumps(value)}" for key, value in source.items())) if source else ""


def source_of(distribution: Distribution) -> dict[str, Any]:
    """Return uv's source of a package (https://docs.astral.sh/uv/concepts/projects/dependencies/), empty for an index.

    A URL with a user or a password is left out: the file goes into git.
    """
    record = distribution.read_text("direct_url.json")
    if record is None:
        return {}
    held = json.loads(record)
    url = urlsplit(held["url"])
    if url.scheme == "file":
        return _build_local(Path(unquote(url.path)), editable=held.get("dir_info", {}).get("editable", False))
    if "@" in url.netloc:
        return {}
    if commit := held.get("vcs_info", {}).get("commit_id"):
        return {"git": held["url"], "rev": commit}
    return {"url": held["url"]}


def _build_local(path: Path, *, editable: bool) -> dict[str, Any]:
    if not path.exists():
        return {}
    return {"path": str(path), "editable": True} if editable else {"path": str(path)}
