"""The signs before changes, in every report for people: which there are, what they mean, and their colours."""

from collections.abc import Iterable, Iterator, Mapping

from tenantry.operations.changes.values import Group, Op
from tenantry.reports.changes.lines import items_of
from tenantry.text.colour import Style
from tenantry.text.wrapping import Line, Span

MARKS: Mapping[Op, str] = {
    "create": "+",
    "adopt": ">",
    "update": "~",
    "replace": "±",
    "delete": "-",
    "finish": "∓",
    "import": "=",
    "forget": "x",
    "wait": ".",
}
STYLES: Mapping[Op, Style] = {
    "create": "green",
    "adopt": "cyan",
    "update": "yellow",
    "replace": "magenta",
    "delete": "red",
    "finish": "red",
    "import": "cyan",
    "forget": "dim",
    "wait": "dim",
}
MEANINGS: Mapping[Op, str] = {
    "create": "create",
    "adopt": "take over",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
    "finish": "delete the old half of a replacement",
    "import": "import",
    "forget": "forget, untouched in Twilio",
    "wait": "wait for an active tenant",
}
REFUSED = "!"
"""The sign of what a check refused, before anything was tried."""
_ITEMS = "  (in a list: + joins, - leaves)"


def legend(groups: Iterable[Group], failed: Iterable[Op | None] = ()) -> Iterator[Line]:
    """Yield one line that explains the signs which occur in a report; nothing where none does."""
    kept, failed_ops = tuple(groups), frozenset(failed)
    changes = [change for group in kept for change in group.changes]
    ops = {change.op for change in changes} | failed_ops
    signs = [(MARKS[op], MEANINGS[op], STYLES[op]) for op in MARKS if op in ops]
    if None in failed_ops:
        signs.append((REFUSED, "refused", "red"))
    if not signs:
        return
    spans = [span for sign in signs for span in _explain_sign(*sign)][1:]
    lists = [Span(_ITEMS, "dim")] if any(items_of(field) for change in changes for field in change.fields) else []
    yield Line((Span("Signs: ", "dim"), *spans, *lists))


def _explain_sign(sign: str, meaning: str, style: Style) -> Iterator[Span]:
    yield Span("  ")
    yield Span(f"{sign} {meaning}", style, whole=True)
