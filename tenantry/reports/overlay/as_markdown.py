"""The part of a pull request's comment that stands before its preview: of which merge it is, and what it leaves out."""

from collections.abc import Iterable

from tenantry.manifest.overlay import Overlay
from tenantry.reports.changes.lines import many
from tenantry.text.markdown import BESIDE_LENGTH, code, text
from tenantry.text.some import and_more

_LIST_LENGTH = BESIDE_LENGTH - 700
"""Characters for names or reasons; the sentences around them are shorter than the rest."""
_LINE = "\n"
_SHORT = 12  # digits of a commit's id


def explain_coverage(overlay: Overlay) -> str:
    """Return which merge is previewed, and which changed files that a run reads are not part of it."""
    merge = f"This is the merge of {code(overlay.head[:_SHORT])} into {code(overlay.main[:_SHORT])}."
    if not overlay.not_covered:
        return f"{merge}\n"
    names = _join_within((code(path) for path in overlay.not_covered), ", ")
    count = many(len(overlay.not_covered), "changed file")
    return (
        f"{merge}\n\n**Not covered by this preview: {count} that an `up` may read.** The preview takes manifests "
        f"alone, and runs the code, policies and settings that main has, so what these would change is not shown here. "
        f"Read them: {names}\n"
    )


def explain_refusal(reasons: Iterable[str]) -> str:
    """Return why a pull request can't be previewed, each reason as an item of a list."""
    items = _join_within((f"* {text(reason)}" for reason in reasons), _LINE)
    return f"**Tenantry: there is no preview, because this pull request can't be previewed as it is.**\n\n{items}\n"


def _join_within(items: Iterable[str], joint: str) -> str:
    """Return the items that fit, with how many more there are."""
    kept, left_out, room = list[str](), 0, _LIST_LENGTH
    for item in items:
        room -= len(item) + len(joint)
        if left_out or room < 0:
            left_out += 1
        else:
            kept.append(item)
    more = [f"{'* ' if joint == _LINE else ''}{and_more(left_out).lstrip()}, which the log names"] if left_out else []
    return joint.join([*kept, *more])
