"""Changes in a comment: blocks of Markdown, of which only whole ones are left out where not all fit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tenantry.model.kinds import BY_TOKEN
from tenantry.operations.changes.danger import DANGERS, Danger
from tenantry.operations.changes.values import ChangedField, Group, Op, ResourceChange
from tenantry.reports.changes.lines import (
    NO_TENANT,
    danger_name,
    fields_left,
    fields_told,
    forces,
    items_of,
    many,
    remark_on,
    resource_name,
    value_text,
)
from tenantry.text.markdown import code, details, fence, text
from tenantry.text.plain import plain
from tenantry.text.some import and_more

UNFOLDED = 3
"""So many tenants are named in the open; more are folded."""
NAMES_LENGTH = 20_000
"""Characters of the names that are folded in one block, and of its lines in DIFF_LENGTH: no block is longer than a
comment, or the worst of all dangers could be left out for its size."""
DIFF_LENGTH = 30_000
CUT_LENGTH = 500
"""Characters that are kept free to say what was left out."""

# GitHub colours the lines of a diff by their first character.
_COLOURS: dict[Op, str] = {
    "create": "+",
    "import": "+",
    "adopt": "!",
    "delete": "-",
    "finish": "-",
    "update": "!",
    "replace": "!",
}
_NO_COLOUR = "#"


@dataclass(frozen=True)
class Block:
    """A part of a comment that is kept or left out as a whole; its section's heading stands before the first of it."""

    section: str
    body: str
    group: Group | None = None


def group_blocks(groups: Iterable[Group], section: str) -> Iterator[Block]:
    """Yield a block for each group; each danger is a section of its own."""
    for group in groups:
        yield Block(
            _danger(group.danger) if group.danger else f"#### {section}",
            put_under_tenants(group.tenants, fence(_lines(group), "diff")),
            group,
        )


def put_under_tenants(tenants: Sequence[str], block: str) -> str:
    """Return a block of Markdown with the tenants that it is about, folded below it where they are many."""
    names = ", ".join(map(code, tenants)) or NO_TENANT
    if len(tenants) <= UNFOLDED:
        return f"{names}\n\n{block}"
    return f"{block}\n\n{details(many(len(tenants), 'tenant'), _fold_names(tenants))}"


def comment(head: Sequence[str], blocks: Iterable[Block], cut: Callable[[Sequence[Block]], str], limit: int) -> str:
    """Return a comment within a limit of characters: the blocks that fit, in their order; `cut` describes the others.

    `cut` may take CUT_LENGTH characters, and comes before the blocks, where nobody overlooks it.
    """
    parts, left_out, section = [], [], ""
    room = limit - CUT_LENGTH - sum(len(part) + 2 for part in head)
    for block in blocks:
        added = [block.body] if block.section == section else [block.section, block.body]
        length = sum(len(part) + 2 for part in added)
        if length > room:
            left_out.append(block)
            continue
        room, section = room - length, block.section
        parts += added
    return "\n\n".join([*head, *([cut(left_out)] if left_out else []), *parts]) + "\n"


def _danger(danger: Danger) -> str:
    return f"#### DANGER: {danger_name(danger)}\n\nHere {DANGERS[danger]}."


def _lines(group: Group) -> list[str]:
    """Return the lines of a group; of one that is very long without properties, and if need be not of all resources."""
    lines = [line for change in group.changes for line in _diff(change)]
    if _length(lines) <= DIFF_LENGTH:
        return lines
    names = [next(_diff(change)) for change in group.changes]
    while _length(names) > DIFF_LENGTH:
        names = names[: len(names) * 9 // 10]
    more = len(group.changes) - len(names)
    return [*names, f"{_NO_COLOUR} properties{and_more(more, 'resources')} are in --format json"]


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _fold_names(slugs: Sequence[str]) -> str:
    names = ", ".join(map(text, slugs))
    if len(names) <= NAMES_LENGTH:
        return names
    kept = names[:NAMES_LENGTH].rpartition(", ")[0]
    return f"{kept}{and_more(len(slugs) - kept.count(', ') - 1)}"


def _diff(change: ResourceChange) -> Iterator[str]:
    if BY_TOKEN.get(change.type) == "fleet":
        yield f"{_NO_COLOUR} the stack's own list of its tenants; nothing in Twilio"
        return
    yield f"{_COLOURS.get(change.op, _NO_COLOUR)} {change.op} {resource_name(change)}{remark_on(change)}"
    for field in fields_told(change):
        yield from _field_diff(field)
    yield from (f"{_NO_COLOUR}     {line}" for line in fields_left(change))


def _field_diff(field: ChangedField) -> Iterator[str]:
    path = plain(field.path)
    if items := items_of(field):
        yield f"{_NO_COLOUR}     {path}:{forces(field)}"
        yield from (f"{mark}       {value_text(item)}" for mark, item in items)
        return
    if field.change != "add":
        yield f"-     {path}: {value_text(field.old)}"
    if field.change != "delete":
        yield f"+     {path}: {value_text(field.new)}{forces(field)}"
