"""Deliveries of keys: sinks that nobody knows, and names that two keys would share."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.sentence import did_you_mean
from tenantry.manifest.yaml.tree import Node, Path, node_at
from tenantry.model.project import Project, Stack, stack_of
from tenantry.model.secret_sink import SecretSink
from tenantry.model.sink_target import Target, is_legal, target_of
from tenantry.model.tenant import Tenant
from tenantry.text.counts import format_count

SINKS = "secret_sinks"
DELIVER_TO = "deliver_to"


@dataclass(frozen=True)
class Delivery:
    """A key that goes to a sink, and where it was written that it does."""

    stack: str | None
    sink: str
    tenant: str
    key: str
    target: Target
    place: Place

    @property
    def words(self) -> str:
        """Which key it is, and of whom."""
        of_stack = f" of the stack '{self.stack}'" if self.stack else ""
        return f"the key '{self.key}' of {self.tenant}{of_stack}, by {self.sink} ({self.place})"


def delivery_problems(tenant: Tenant, node: Node, sinks: Mapping[str, SecretSink]) -> Iterator[Problem]:
    """Yield what is wrong with where a tenant's keys go."""
    for key, entry in tenant.api_keys.items():
        path: Path = ("api_keys", key)
        for index, name in enumerate(entry.deliver_to):
            if name not in sinks:
                hint = did_you_mean(name, list(sinks)) or (
                    f"; there are {', '.join(sinks)}" if sinks else "; it has no secret_sinks"
                )
                sentence = f"tenantry.yaml has no sink '{name}'{hint}"
                yield Problem.at(_place(node, (*path, DELIVER_TO, index)), format_path((*path, DELIVER_TO)), sentence)
        if entry.rotation is not None and not entry.deliver_to:
            sentence = (
                "no sink gets the next key, so whoever uses this one has to fetch it by hand; add `deliver_to` with "
                "the name of a sink"
            )
            yield Problem.at(_place(node, (*path, "rotation")), format_path((*path, "rotation")), sentence, "warning")


def find_illegal_names(node: Node, project: Project) -> Iterator[Problem]:
    """Yield a problem for each sink that would not take a name with its stack's name in it."""
    for key in project.stacks:
        stack = stack_of(project, key)
        for name, sink in stack.secret_sinks.items():
            target = target_of(sink, stack=stack.name, tenant="t", key="k")
            if not is_legal(sink, target.name):
                path = ("stacks", key, SINKS, name)
                own = path if node_at(node, path) is not None else (SINKS, name)
                sentence = (
                    f"in the stack '{stack.name}' it makes names like '{target.name}', which {sink.type} does not take"
                )
                yield Problem.at(_place(node, own), format_path(own), f"{sentence}; leave {{stack}} out")


def find_deliveries(stack: Stack, tenants: Mapping[str, Tenant], origins: Mapping[str, Node]) -> Iterator[Delivery]:
    """Yield each key of a stack that goes to a sink which is there."""
    for slug, tenant in tenants.items():
        for key, entry in tenant.api_keys.items():
            for name in entry.deliver_to:
                if name in stack.secret_sinks:
                    target = target_of(stack.secret_sinks[name], stack=stack.name, tenant=slug, key=key)
                    place = _place(origins[slug], ("api_keys", key, DELIVER_TO))
                    yield Delivery(stack.name, name, slug, key, target, place)


def find_equal_names(deliveries: Iterable[Delivery], *, across_stacks: bool) -> Iterator[Problem]:
    """Yield a problem for each pair of sinks with an equal name, in one stack or in two; more of them are counted."""
    first: dict[Target, Delivery] = {}
    pairs: dict[tuple[str | None, ...], list[tuple[Delivery, Delivery]]] = {}
    for delivery in deliveries:
        other = first.setdefault(delivery.target, delivery)
        if other is not delivery and (other.stack != delivery.stack) == across_stacks:
            sinks = (other.stack, other.sink, delivery.stack, delivery.sink)
            pairs.setdefault(sinks, []).append((other, delivery))
    for found in pairs.values():
        other, delivery = found[0]
        more = f" {format_count(len(found) - 1, 'more name')} of these sinks would be equal." if found[1:] else ""
        sentence = (
            f"'{delivery.target.name}' in {delivery.target.store} would hold {delivery.words}, and {other.words}; "
            f"give them names that differ, such as with {'{stack}' if across_stacks else '/'} in them.{more}"
        )
        yield Problem.at(delivery.place, f"api_keys.{delivery.key}.{DELIVER_TO}", sentence)


def _place(root: Node, path: Path) -> Place:
    """Return the place of a value, or of the nearest mapping around it that was written."""
    return next(found.place for end in range(len(path), -1, -1) if (found := node_at(root, path[:end])) is not None)
