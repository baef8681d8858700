"""What a run would change, for people, for pull requests and for programs."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from tenantry.engine.changes import Change
from tenantry.engine.plan import COMPONENT, Op, Plan, Step

MARKS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "import": "="}
TO_DO: dict[Op, str] = {
    "create": "to create",
    "update": "to update",
    "replace": "to replace",
    "delete": "to delete",
    "import": "to import",
}
OURS = frozenset({"owner_account_sid", "account_sid", "sink_sid", "slug", "frozen", "released", "ending", "adopt"})
"""Properties that steer a resource: of no interest where a whole object comes or goes."""

COMMENT_LENGTH = 60_000
"""What a table may take of the 65,536 characters that GitHub allows a comment."""


def as_text(plan: Plan) -> str:
    """Return the plan as lines: a block for each tenant, a line for each resource and for each changed property."""
    return "\n".join([*_blocks(_told(plan)), summary(plan)])


def as_markdown(plan: Plan) -> str:
    """Return the plan for a comment on a pull request: a sentence, then a table a tenant."""
    rows = [row for slug, steps in _by_tenant(_told(plan)) for row in _rows(slug, steps)]
    shown = list(_that_fit(rows))
    left_out = (
        [f"\n…and {len(rows) - len(shown)} more; `tenantry preview` shows all."] if len(shown) < len(rows) else []
    )
    table = ["| | tenant | resource | what |", "|---|---|---|---|", *shown, *left_out] if rows else []
    return "\n".join([f"**Tenantry**: {summary(plan)}", "", *table]).rstrip()


def as_json(plan: Plan) -> str:
    """Return the plan as JSON, in a stable order."""
    steps = [
        {"op": step.op, "tenant": step.slug, "name": step.name, "type": step.type, "changes": _changes_json(step)}
        for step in sorted(plan.steps, key=_order)
    ]
    return json.dumps({"format": 1, "counts": dict(sorted(plan.counts.items())), "steps": steps}, indent=2, default=str)


def summary(plan: Plan) -> str:
    """Return one line that counts."""
    unchanged = plan.counts.get("same", 0)
    numbers = Counter(step.op for step in _told(plan))
    counts = [f"{numbers[op]} {text}" for op, text in TO_DO.items() if numbers[op]]
    if not counts:
        return f"Nothing to change; {unchanged} resources are as the manifests say."
    return f"{', '.join(counts)}, {unchanged} unchanged."


def _told(plan: Plan) -> list[Step]:
    """Return the steps that people are told of: a component is only a bracket around its resources."""
    return [step for step in plan.steps if step.type != COMPONENT]


def _blocks(steps: Iterable[Step]) -> Iterator[str]:
    for slug, group in _by_tenant(steps):
        yield slug
        for step in group:
            yield f"  {MARKS[step.op]} {_entry(step)}"
            yield from (f"      {line}" for line in _shown(step))
        yield ""


def _rows(slug: str, steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        what = "<br>".join(line.replace("|", "\\|") for line in _shown(step))
        yield f"| {MARKS[step.op]} | {slug} | {_entry(step)} | {what} |"


def _that_fit(rows: Iterable[str]) -> Iterator[str]:
    """Yield the rows that fit into one comment."""
    length = 0
    for row in rows:
        length += len(row) + 1
        if length > COMMENT_LENGTH:
            return
        yield row


def _shown(step: Step) -> list[str]:
    """Return the properties that changed; of an object that comes or goes nothing, its name says it."""
    if step.op in ("create", "delete", "import"):
        return []
    return [_line(change) for change in step.changes if change.path not in OURS]


def _line(change: Change) -> str:
    forces = "  (makes a new one)" if change.replaces else ""
    match change.kind:
        case "add":
            return f"{change.path}: {_value(change.new)}{forces}"
        case "delete":
            return f"{change.path}: {_value(change.old)} => (left out){forces}"
        case "update":
            return f"{change.path}: {_value(change.old)} => {_value(change.new)}{forces}"


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _changes_json(step: Step) -> list[dict[str, Any]]:
    return [{"path": change.path, "old": change.old, "new": change.new} for change in step.changes]


def _entry(step: Step) -> str:
    return step.name.partition("/")[2] or step.type.rpartition(":")[2].lower()


def _by_tenant(steps: Iterable[Step]) -> Iterator[tuple[str, list[Step]]]:
    for slug, group in groupby(sorted(steps, key=_order), key=lambda step: step.slug or step.name):
        yield slug, list(group)


def _order(step: Step) -> tuple[str, str]:
    return (step.slug or "", step.name)


FORMATS: dict[str, Callable[[Plan], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
"""How a plan can be rendered, by the name that `--format` has for it."""
