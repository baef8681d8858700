"""The layers of a tenant: defaults.yaml, one plan, and profiles in their order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.manifest.caution import find_offsets
from tenantry.manifest.complaint import Context, problems_with
from tenantry.manifest.files import (
    DEFAULTS,
    PLANS,
    POLICIES,
    PROFILES,
    WAIVERS,
    file_name,
    find_misnamed,
    is_there,
    manifests_in,
)
from tenantry.manifest.layers import EMPTY, Report, merge, merge_all
from tenantry.manifest.locked import find_broken, find_broken_locks, locks_of, without_locks
from tenantry.manifest.partial import layer_file
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.sentence import did_you_mean
from tenantry.manifest.yaml.reader import Source, read
from tenantry.manifest.yaml.tree import Node, entries_of

NOT_OF_PLANS = ("plan",)
NOT_OF_PROFILES = ("plan", "profiles")


@dataclass(frozen=True)
class Stacked:
    """Layers that lie one over the other below tenants: as one tree, with what is wrong between them."""

    node: Node
    locks: tuple[Node, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Layers:
    """The layers of a project, by name."""

    defaults: Source | None
    plans: Mapping[str, Source]
    profiles: Mapping[str, Source]
    stacked: dict[tuple[str, ...], Stacked] = field(default_factory=dict, compare=False, repr=False)
    """By their files: hardly a fleet has more than ten different ones below its tenants, and each is merged once."""

    @property
    def plan_trees(self) -> dict[str, Node]:
        """The trees of the plans that could be read, by name."""
        return {name: source.node for name, source in self.plans.items() if source.node is not None}


def read_layers(root: Path, context: Context, report: Report) -> Layers:
    """Read every layer and report the problems of each, whether a tenant uses it or not."""
    for name in (DEFAULTS, PLANS, PROFILES, WAIVERS, POLICIES):
        for problem in find_misnamed(root, root / name):
            report(problem)
    defaults = _load_layer(root, root / DEFAULTS, (), context, report) if is_there(root / DEFAULTS) else None
    plans = _load_folder(root, PLANS, NOT_OF_PLANS, context, report)
    return Layers(defaults, plans, _load_folder(root, PROFILES, NOT_OF_PROFILES, context, report))


def effective(layers: Layers, tenant: Node, report: Report) -> Node | None:
    """Return a tenant's manifest merged over its layers; None if a layer does not exist or can't be read."""
    chosen = list(_choose_layers(layers, tenant, report))
    files = tuple(source.file for source in chosen if source is not None and source.node is not None)
    if len(files) != len(chosen):
        return None
    if files not in layers.stacked:
        layers.stacked[files] = _stack([source.node for source in chosen if source and source.node])
    below = layers.stacked[files]
    for problem in (*below.problems, *find_broken(below.locks, tenant)):
        report(problem)
    return merge(below.node, tenant, report)


def _stack(trees: list[Node]) -> Stacked:
    problems: list[Problem] = []
    node = merge_all([EMPTY, *map(without_locks, trees)], problems.append)
    problems += find_broken_locks(trees)
    return Stacked(node, tuple(lock for tree in trees for lock in locks_of(tree)), tuple(problems))


def _load_folder(
    root: Path, name: str, refused: tuple[str, ...], context: Context, report: Report
) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for found in manifests_in(root, root / name, nested=False) if is_there(root / name) else ():
        if isinstance(found, Problem):
            report(found)
        else:
            if found.stem != found.stem.lower():
                sentence = (
                    f"no tenant can name it, as names of {name} are in lower case; rename it to {found.name.lower()}"
                )
                report(Problem.at(Place(file_name(root, found)), "", sentence))
            sources[found.stem] = _load_layer(root, found, refused, context, report)
    return sources


def _load_layer(root: Path, path: Path, refused: tuple[str, ...], context: Context, report: Report) -> Source:
    source = read(root, path)
    for problem in source.problems:
        report(problem)
    if source.node is not None:
        for problem in (*problems_with(source.node, layer_file(*refused), context), *find_offsets(source.node)):
            report(problem)
    return source


def _choose_layers(layers: Layers, tenant: Node, report: Report) -> Iterator[Source | None]:
    """Yield the layers of a tenant: those it names itself, else those that the layers under it name.

    A name without a file is reported, and yields None.
    """
    below: list[Source | None] = [layers.defaults] if layers.defaults else []
    plan = _find_value("plan", tenant, below)
    if plan is not None and isinstance(plan.value, str):
        below.append(_find_source("plan", plan, layers.plans, report))
    yield from below
    profiles = _find_value("profiles", tenant, below)
    for profile in profiles.value if profiles is not None and isinstance(profiles.value, tuple) else ():
        if isinstance(profile.value, str):
            yield _find_source("profile", profile, layers.profiles, report)


def _find_value(key: str, tenant: Node, below: list[Source | None]) -> Node | None:
    """Return the value of a key in the highest layer that has it."""
    trees = [*(source.node for source in below if source is not None), tenant]
    return next((entries_of(tree)[key] for tree in reversed(trees) if key in entries_of(tree)), None)


def _find_source(kind: str, name: Node, sources: Mapping[str, Source], report: Report) -> Source | None:
    written = str(name.value)
    if written not in sources:
        hint = did_you_mean(written, list(sources)) or f"; write {kind}s/{written}.yaml, or correct the name"
        path = kind if kind == "plan" else "profiles"
        report(Problem.at(name.place, path, f"the {kind} '{written}' does not exist{hint}"))
    return sources.get(written)
