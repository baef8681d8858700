"""Versions of Pulumi as numbers that compare."""

from __future__ import annotations

import re

Version = tuple[int, int, int]

# What we use and since when: `import --file` with inputs and outputs (3.254), exit code 7 for changes (3.227), inputs
# from a `read` (3.216), flags from the environment, which is our focus (3.208). The highest counts.
MINIMUM: Version = (3, 254, 0)

# What we install where there is none, and all tests run on: tools/engine/go.mod has the same.
PINNED: Version = (3, 259, 0)


def parse_version(text: str) -> Version | None:
    """Return the numbers of `v3.259.0`, `3.260.0-alpha.1` and the like; None if there are none."""
    found = re.search(r"(?<![\d.])v?(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def format_version(version: Version) -> str:
    """Return the version as people write it, such as 3.259.0."""
    return ".".join(str(part) for part in version)
