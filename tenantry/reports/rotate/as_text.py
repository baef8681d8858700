"""A rotation as lines for people: a line for each key that something is to be said of, and a line that counts."""

from collections.abc import Iterator, Mapping

from tenantry.operations.rotation.rotation_values import Action, KeyRotation, RotationReport
from tenantry.text.colour import Style
from tenantry.text.counts import format_count
from tenantry.text.plain import plain
from tenantry.text.some import and_more
from tenantry.text.wrapping import PLAIN, Layout, Line, lay_out, sentence

NAMED = 20
_WORDS: Mapping[Action, tuple[str, Style | None]] = {
    "failed": ("failed", "alarm"),
    "left_out": ("left out", "yellow"),
    "undelivered": ("not delivered", "yellow"),
    "waiting": ("held back", "yellow"),
    "added": ("added", "green"),
    "removed": ("removed", "green"),
    "not_made": ("not made yet", None),
    "overlapping": ("in their overlap", None),
    "not_due": ("not due", None),
}
"""Each action in words, what matters most first."""
_DRY: Mapping[Action, str] = {"added": "to be added", "removed": "to be removed"}
NOTHING = (
    "No key rotates here: only one with `rotation` does, in a tenant that is active. A key without it is named whole, "
    "TENANT/KEY. See docs/secrets.md."
)
NEXT = "Commit the manifests, then run `tenantry up`: it makes, delivers and retires what they say."


def as_text(report: RotationReport, layout: Layout = PLAIN) -> str:
    """Return what was written and why, what was not, and how many keys are not due."""
    return lay_out(_lines(report), layout)


def summary(report: RotationReport) -> str:
    """Return how many keys rotate, and what became of them."""
    if not report.keys:
        return NOTHING
    actions = [key.action for key in report.keys]
    words_of = {**{action: words for action, (words, _) in _WORDS.items()}, **(_DRY if report.dry_run else {})}
    parts = [f"{actions.count(action):,} {words}" for action, words in words_of.items() if action in actions]
    dry = " Nothing was written: this was a dry run." if report.dry_run else ""
    return f"Rotation of {format_count(len(actions), 'key')}: {', '.join(parts)}.{_next_due(report)}{dry}"


def _lines(report: RotationReport) -> Iterator[Line]:
    for action, (_, style) in _WORDS.items():
        keys = report.with_action(action) if action != "not_due" or len(report.keys) == 1 else ()
        for key in keys[:NAMED]:
            yield sentence(
                plain(f"{key.tenant} {key.key}: {_describe_step(key, is_dry=report.dry_run)}{key.reason}"), style
            )
        if len(keys) > NAMED:
            yield sentence(f"…{and_more(len(keys) - NAMED)} {_WORDS[action][0]}; --format json names them", style)
    yield sentence(summary(report), "bold")
    if report.with_action("added", "removed") and not report.dry_run:
        yield sentence(NEXT)
    yield from (sentence(note) for note in report.notes)


def _describe_step(key: KeyRotation, *, is_dry: bool) -> str:
    """Return what was written, before the reason of it."""
    verb = "would be" if is_dry else "is"
    if key.added is not None:
        return f"generation {key.added} {verb} added in {key.file}. "
    if key.removed:
        verb = verb if len(key.removed) == 1 or is_dry else "are"
        noun = "generation" if len(key.removed) == 1 else "generations"
        return f"{noun} {', '.join(map(str, key.removed))} {verb} removed from {key.file}. "
    return ""


def _next_due(report: RotationReport) -> str:
    days = [key.due_on for key in report.with_action("not_due") if key.due_on is not None]
    return f" The next is due on {min(days)}." if days else ""
