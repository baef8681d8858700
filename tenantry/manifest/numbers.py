"""Numbers of statements across stacks: each text around a sequence is counted in one ledger."""

from collections.abc import Iterator

from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.model.project import Project, Stack, stack_of
from tenantry.model.stack_name import short_name
from tenantry.model.statement_number import text_around


def find_numbers_counted_twice(node: Node, project: Project) -> Iterator[Problem]:
    """Yield a problem for each stack that numbers its statements as another one does, in another ledger."""
    first: dict[str, Stack] = {}
    for key in project.stacks:
        stack = stack_of(project, key)
        if stack.statements is None or stack.ledger is None:
            continue
        text = text_around(stack.statements.number.replace("{stack}", short_name(key)))
        other = first.setdefault(text, stack)
        if other.ledger != stack.ledger:
            sentence = (
                f"the stack '{stack.name}' would number its statements {text} in {stack.ledger}, and '{other.name}' "
                f"does so in {other.ledger}: the same number would be given out twice; write {{stack}} into "
                "statements.number, or give both one ledger"
            )
            path = f"stacks.{key}.ledger"
            yield Problem.at(_place(node, ("stacks", key, "ledger"), ("stacks", key)), path, sentence)


def _place(node: Node, *paths: tuple[str, ...]) -> Place:
    return next(found.place for path in (*paths, ()) if (found := node_at(node, path)) is not None)
