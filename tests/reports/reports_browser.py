"""Pages in a browser: what a person sees of them, measured by Chromium."""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

MEASURE = """
<script>
addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument, style = getComputedStyle(page.body);
  document.body.textContent = "MEASURED" + JSON.stringify({
    width: page.documentElement.clientWidth,
    content: page.documentElement.scrollWidth,
    paper: style.backgroundColor,
    text: page.body.innerText,
  }) + "END";
});
</script>
"""
NARROW = 360


def measure(page: str, folder: Path, width: int = NARROW, *flags: str) -> dict[str, Any]:
    """Return the width that a page has and needs, its colours and its text, in a window of so many pixels."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("chromium is not on PATH (.ci/system-packages)")
    frame = f'<iframe width="{width}" height="900" style="border:0" srcdoc="{html.escape(page)}"></iframe>'
    file = folder / "frame.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body>{frame}{MEASURE}</body>", encoding="utf-8")
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={folder}/profile",
        *flags,
    )
    done = subprocess.run([browser, *options, "--dump-dom", file.as_uri()], capture_output=True, text=True, timeout=120)
    found = re.search("MEASURED(.*)END", html.unescape(done.stdout), re.DOTALL)
    assert found is not None, done.stderr
    measured: dict[str, Any] = json.loads(found[1], strict=False)
    return measured
