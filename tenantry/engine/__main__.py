"""`python -m tenantry.engine`: say which Pulumi is used, fetched with Pulumi's installer if need be; exit 1 without."""

from __future__ import annotations

import os
import sys

from tenantry.engine.install.find import NoEngineError, find_engine


def main() -> int:
    """Print the engine on one line, or why there is none."""
    try:
        engine = find_engine(os.environ)
    except NoEngineError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"{engine}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
