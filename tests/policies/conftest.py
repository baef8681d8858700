"""The rules, importable as the pack's own process sees them: its folder is first on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "policies"))
