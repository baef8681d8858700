"""Counting for another process: ours starts Pulumi, Pulumi starts the one that talks to Twilio.

That process is ended by a signal and may be killed, so it can't sum up at its end: it appends each count to a file.
"""

import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tenantry.twilio.http.traffic import Count, Traffic

TRAFFIC_VARIABLE = "TENANTRY_TRAFFIC"
"""Names the file that counts are appended to."""

_logger = logging.getLogger(__name__)


def note_in(environ: Mapping[str, str]) -> Callable[[Count], None]:
    """Return a function that appends counts to the file that the environment names; without a file it does nothing."""
    path = environ.get(TRAFFIC_VARIABLE)
    if not path:
        return lambda _: None
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)  # for as long as this process lives
    return lambda count: _append(file, count)


def read_traffic(path: Path) -> Traffic:
    """Sum up a file of counts; the line that a killed process did not finish is left out."""
    traffic = Traffic()
    for count in _read_counts(path):
        traffic = traffic.plus(count)
    return traffic


def _read_counts(path: Path) -> Iterator[Count]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.endswith("\n"):
                yield Count(*json.loads(line))


def _append(file: int, count: Count) -> None:
    """Append a line in one write, which no other thread's cuts; a full disk costs the figures, not the run."""
    try:
        os.write(file, f"{json.dumps(count)}\n".encode())
    except OSError as error:
        _logger.warning("A call to Twilio was not counted: %s", error.strerror)
