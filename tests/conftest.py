"""What all tests need of the machine: uv, as `make` finds it. Pulumi's language hosts look for it."""

import os
import shutil
from pathlib import Path

OWN_UV = Path(__file__).resolve().parents[1] / ".uv" / "bin" / "uv"


def pytest_configure() -> None:
    if shutil.which("uv") is None and OWN_UV.exists():
        os.environ.setdefault("UV", str(OWN_UV))
