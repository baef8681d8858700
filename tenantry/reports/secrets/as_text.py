"""What became of deliveries as lines for people."""

from collections.abc import Iterator, Mapping, Sequence

from tenantry.operations.rotation.values import Delivery, SecretsReport, Status
from tenantry.reports.alike import group_alike
from tenantry.text.colour import Style
from tenantry.text.columns import align_columns
from tenantry.text.counts import format_count
from tenantry.text.own_names import leave_out_names
from tenantry.text.plain import plain
from tenantry.text.some import first_of
from tenantry.text.wrapping import PLAIN, Layout, Line, Span, lay_out, sentence

NAMED = 10
FEW = 50
"""So many deliveries are a table; of more, only those that are not as they should be are named."""
_WORDS: Mapping[Status, tuple[str, Style | None]] = {
    "failed": ("failed", "alarm"),
    "refused": ("refused", "alarm"),
    "missing": ("missing", "yellow"),
    "newer": ("left, the sink has a later one", "yellow"),
    "unknown_secret": ("secret unknown", "yellow"),
    "not_made": ("not made yet", "dim"),
    "delivered": ("delivered", "green"),
    "current": ("there already", None),
}
"""Each status in words, what matters most first."""


def as_text(report: SecretsReport, layout: Layout = PLAIN) -> str:
    """Return a row for each of a few deliveries, the reasons of those that are not well, and a line that counts."""
    return lay_out(_lines(report), layout)


def change_lines(report: SecretsReport) -> Iterator[Line]:
    """Yield what an `up` tells of its deliveries: what was put, what was not and why, and the count."""
    yield from _reason_lines(report.deliveries)
    yield from _unknown_lines(report)
    yield from _note_lines(report)
    yield sentence(summary(report))


def summary(report: SecretsReport) -> str:
    """Return how many deliveries there are, and what became of them."""
    if not report.deliveries:
        return "No key goes to a sink: see `deliver_to` in docs/secrets.md."
    statuses = [delivery.status for delivery in report.deliveries]
    parts = [f"{statuses.count(status):,} {words}" for status, (words, _) in _WORDS.items() if status in statuses]
    noun = "delivery" if len(statuses) == 1 else "deliveries"
    return f"Secrets: {len(statuses):,} {noun} of the current generation: {', '.join(parts)}."


def _lines(report: SecretsReport) -> Iterator[Line]:
    if len(report.deliveries) <= FEW:
        yield from _table(report.deliveries)
    yield from _reason_lines(report.deliveries, also_done=len(report.deliveries) > FEW)
    yield from _unknown_lines(report)
    yield from _note_lines(report)
    yield sentence(summary(report), "bold")


def _note_lines(report: SecretsReport) -> Iterator[Line]:
    return (sentence(plain(f"warning: {note}"), "yellow") for note in report.notes)


def _table(deliveries: Sequence[Delivery]) -> Iterator[Line]:
    if not deliveries:
        return
    header = ("key", "SID", "age", "due", "sink", "name", "")
    rows = [tuple(map(plain, _cells(delivery))) for delivery in deliveries]
    first, *rest = align_columns([header, *rows])
    yield Line((Span(first, "bold", whole=True),))
    for delivery, text in zip(deliveries, rest, strict=True):
        yield Line((Span(text, _WORDS[delivery.status][1], whole=True),))


def _cells(delivery: Delivery) -> tuple[str, ...]:
    words = _WORDS[delivery.status][0]
    due = str(delivery.due_on or "-")
    return (_key(delivery), delivery.sid or "-", _age(delivery), due, delivery.sink, delivery.name, words)


def _key(delivery: Delivery) -> str:
    number = f"#{delivery.generation}" if delivery.generation is not None else ""
    return f"{delivery.tenant} {delivery.key}{number}"


def _age(delivery: Delivery) -> str:
    return format_count(delivery.age_days, "day") if delivery.age_days is not None else "-"


def _reason_lines(deliveries: Sequence[Delivery], *, also_done: bool = True) -> Iterator[Line]:
    """Yield a line for each status, sink and reason, with the keys that share it."""
    shown = [delivery for delivery in deliveries if delivery.reason or (also_done and delivery.status == "delivered")]
    order = list(_WORDS)
    for group in sorted(group_alike(shown, _find_cause), key=lambda group: order.index(group[0].status)):
        first, keys = group[0], [_key(delivery) for delivery in group]
        words, style = _WORDS[first.status]
        reason = f". {first.reason}" if first.reason else ""
        text = f"{words}, {first.sink}: {first_of(keys, NAMED)}{reason}"
        yield sentence(plain(f"{text[:1].upper()}{text[1:]}"), style)


def _find_cause(delivery: Delivery) -> tuple[Status, str, tuple[str, ...]]:
    return (delivery.status, delivery.sink, leave_out_names([delivery.reason or ""], delivery.tenant))


def _unknown_lines(report: SecretsReport) -> Iterator[Line]:
    undelivered = {(delivery.tenant, delivery.key) for delivery in report.deliveries if delivery.generation is None}
    names = [
        f"{unknown.tenant} {unknown.key}#{unknown.generation} ({unknown.sid})"
        for unknown in report.unknown_secrets
        if (unknown.tenant, unknown.key) not in undelivered
    ]
    if names:
        text = f"Secret unknown, so a generation before it was delivered: {first_of(names, NAMED)}."
        yield sentence(plain(text), "yellow")
