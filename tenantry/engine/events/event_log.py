"""Pulumi's event log as it grows, and whether it is complete.

Pulumi (3.259) numbers its events, goes on after a failed write, and ends as if nothing had happened: a log that lacks
one event shows that only by its numbers, and a log that lacks the last shows it by the missing summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TextIO

from tenantry.engine.events.event import Event, Summary, parse_event

_NUMBER = re.compile(r'\{"sequence":(\d+),')


class EventLog:
    """The events of one run, read from its log while it is written."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._begun = ""
        self._next = 0
        self._is_broken = False
        self._is_over = False

    @property
    def is_whole(self) -> bool:
        """Whether the log has every event, up to the summary that ends a run."""
        return self._is_over and not self._is_broken and not self._begun

    def read(self) -> Iterator[Event]:
        """Yield the events that were written since the last call, without those that we don't use."""
        while line := self._lines.readline():
            self._begun += line
            if not self._begun.endswith("\n"):
                return
            whole, self._begun = self._begun, ""
            event = self._parse(whole)
            if event is not None:
                self._is_over = self._is_over or isinstance(event, Summary)
                yield event

    def _parse(self, line: str) -> Event | None:
        number = _NUMBER.match(line)
        if number and int(number[1]) != self._next:
            self._is_broken = True
        if number:
            self._next = int(number[1]) + 1
        try:
            return parse_event(line)
        except ValueError:  # the beginning of one event, and the next one after it
            self._is_broken = True
            return None
