"""Write docs/fake-coverage.md anew: `python tools/fake/coverage.py`, in the environment that runs the tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "fake"))

from shape_page import FILE, page

if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
