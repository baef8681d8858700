"""Groups of changes as lines for a terminal: with colours, and whole values."""

from collections.abc import Iterable, Iterator, Sequence

from tenantry.operations.changes.danger import DANGERS, Danger
from tenantry.operations.changes.values import ChangedField, Group, Message, ResourceChange
from tenantry.reports.changes.lines import (
    NAMED,
    NO_TENANT,
    danger_name,
    fields_left,
    fields_told,
    forces,
    items_of,
    many,
    message_lines,
    remark_on,
    resource_name,
    value_text,
)
from tenantry.reports.changes.marks import MARKS, STYLES
from tenantry.text.colour import Style
from tenantry.text.plain import plain
from tenantry.text.wrapping import Line, Span, list_names

_SEVERITIES: dict[str, Style] = {"error": "red", "mandatory": "red", "warning": "yellow"}
_VALUE_HANG = 4


def groups_lines(groups: Iterable[Group]) -> Iterator[Line]:
    """Yield groups as lines, before each danger what it means."""
    danger = None
    for group in groups:
        if group.danger not in (None, danger):
            yield _danger_line(group.danger)
        danger = group.danger
        yield from group_lines(group)
        yield Line()


def group_lines(group: Group, *, fields: bool = True) -> Iterator[Line]:
    """Yield a line for who a group is about, one for each resource, one for each property."""
    yield tenants_line(group.tenants)
    for change in group.changes:
        yield from _change_lines(change, fields=fields)


def tenants_line(tenants: Sequence[str]) -> Line:
    """Return a line that says who a group is about: `2 tenants: acme, birch`."""
    if not tenants:
        return Line((Span(NO_TENANT, "bold"),))
    number = [Span(f"{many(len(tenants), 'tenant')}: ")] if len(tenants) > 1 else []
    return Line((*number, *list_names([plain(slug) for slug in tenants], NAMED, "bold")))


def message_styled(message: Message) -> Iterator[Line]:
    """Yield the lines of a message, its severity coloured."""
    style = _SEVERITIES.get(message.severity)
    for number, text in enumerate(message_lines(message)):
        before, colon, after = text.partition(":")
        spans = (Span(f"{before}{colon}", style), Span(after)) if not number else (Span(text),)
        yield Line(spans)


def _danger_line(danger: Danger) -> Line:
    return Line((Span(f"DANGER: {danger_name(danger)}.", "alarm"), Span(f" Here {DANGERS[danger]}.")))


def _change_lines(change: ResourceChange, *, fields: bool) -> Iterator[Line]:
    name = Span(f"{MARKS[change.op]} {resource_name(change)}", STYLES[change.op])
    yield Line((name, *([Span(remark)] if (remark := remark_on(change)) else [])), 2)
    if fields:
        yield from (line.inside(6) for field in fields_told(change) for line in _field_lines(field))
        yield from (Line((Span(text, "dim"),), 6) for text in fields_left(change))


def _field_lines(field: ChangedField) -> Iterator[Line]:
    path, forced = Span(f"{plain(field.path)}:"), Span(forces(field), "magenta")
    if items := items_of(field):
        yield Line((path, forced))
        yield from (_item_line(mark, item) for mark, item in items)
        return
    match field.change:
        case "add":
            yield Line((path, Span(" "), _value(field.new), forced), hang=_VALUE_HANG)
        case "delete":
            yield Line((path, Span(" "), _value(field.old), Span(" => (left out)"), forced), hang=_VALUE_HANG)
        case "update":
            values = (_value(field.old), Span(" => "), _value(field.new))
            yield Line((path, Span(" "), *values, forced), hang=_VALUE_HANG)


def _value(value: object, style: Style | None = None) -> Span:
    return Span(value_text(value), style, whole=True)


def _item_line(mark: str, item: object) -> Line:
    style = _item_style(mark)
    return Line((Span(f"{mark} ", style), _value(item, style)), 2)


def _item_style(mark: str) -> Style:
    return "red" if mark == "-" else "green"
