"""Pages in a browser: what a person sees of them, measured by Chromium.

One Chromium a process serves all tests, over a pipe and by its DevTools protocol: to start it takes seconds.
"""

import atexit
import base64
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryDirectory
from typing import IO, Any

import pytest

MEASURE = """({
  width: document.documentElement.clientWidth,
  content: document.documentElement.scrollWidth,
  paper: getComputedStyle(document.body).backgroundColor,
  text: document.body.innerText,
})"""
NARROW = 360
HEIGHT = 900
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe")
SECONDS = 240
START = """import os, sys
orders, answers, *command = sys.argv[1:]
os.dup2(int(orders), 3)
os.dup2(int(answers), 4)
os.execv(command[0], command)
"""
"""Chromium reads its orders from 3 and answers on 4."""


def measure(page: str, width: int = NARROW, scheme: str = "light") -> dict[str, Any]:
    """Return the width that a page has and needs, its colours and its text, in a window of so many pixels."""
    tab = _open_tab()
    tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT, deviceScaleFactor=1, mobile=False)
    tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    tab.show(page)
    measured: dict[str, Any] = tab.ask("Runtime.evaluate", expression=MEASURE, returnByValue=True)["result"]["value"]
    return measured


def print_page(page: str) -> bytes:
    """Return a page as it is printed, a PDF."""
    tab = _open_tab()
    tab.ask("Emulation.setEmulatedMedia", features=[])
    tab.show(page)
    return base64.b64decode(tab.ask("Page.printToPDF")["data"])


@dataclass
class Tab:
    """A tab of a running Chromium."""

    orders: IO[bytes]
    answers: IO[bytes]
    number: int = 0
    session: str | None = None

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Give an order and return its answer; what Chromium tells meanwhile is passed over."""
        self.number += 1
        order = {"id": self.number, "method": method, "params": params}
        self.orders.write(json.dumps(order | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        self.orders.flush()
        while (answer := self._read()).get("id") != self.number:
            pass
        assert "error" not in answer, (method, answer["error"])
        found: dict[str, Any] = answer["result"]
        return found

    def show(self, page: str) -> None:
        """Put a page into the tab; it loads nothing, so it is there at once."""
        frame = self.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self.ask("Page.setDocumentContent", frameId=frame, html=page)

    def _read(self) -> dict[str, Any]:
        text = bytearray()
        while (sign := self.answers.read(1)) != b"\0":
            assert sign, "Chromium has ended"
            text += sign
        message: dict[str, Any] = json.loads(text)
        return message


@cache
def _open_tab() -> Tab:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("chromium is not on PATH (.ci/system-packages)")
    folder = TemporaryDirectory(prefix="tenantry-chromium-", ignore_cleanup_errors=True)
    (their_orders, our_orders), (our_answers, their_answers) = os.pipe(), os.pipe()
    descriptors = (their_orders, their_answers)
    start = [sys.executable, "-I", "-S", "-c", START, *map(str, descriptors)]
    command = [*start, browser, *OPTIONS, f"--user-data-dir={folder.name}"]
    process = subprocess.Popen(command, pass_fds=descriptors, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for descriptor in descriptors:
        os.close(descriptor)
    tab = Tab(os.fdopen(our_orders, "wb"), os.fdopen(our_answers, "rb"))
    atexit.register(_end, process, tab, folder)
    target = tab.ask("Target.createTarget", url="about:blank")["targetId"]
    tab.session = tab.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    return tab


def _end(process: subprocess.Popen[bytes], tab: Tab, folder: TemporaryDirectory[str]) -> None:
    tab.session = None
    tab.ask("Browser.close")
    tab.orders.close()
    tab.answers.close()
    process.wait(SECONDS)
    folder.cleanup()
