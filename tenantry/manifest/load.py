"""Load a project: every manifest merged and checked, and every problem of every file at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tenantry.manifest.base import Layers, effective, read_layers
from tenantry.manifest.caps import cap_problems
from tenantry.manifest.caution import (
    find_adopted_parents,
    find_cautions,
    find_double_adoptions,
    find_offsets,
    find_unencrypted,
    find_unknown_permissions,
)
from tenantry.manifest.complaint import Context, problems_with, validate
from tenantry.manifest.customers import CustomerFile, customer_problems, read_customers
from tenantry.manifest.delivery import delivery_problems, find_deliveries, find_equal_names
from tenantry.manifest.files import PROJECT, find_misnamed, manifests_in
from tenantry.manifest.partial import tenant_file
from tenantry.manifest.plan_terms import terms_of_plans
from tenantry.manifest.problem import ManifestError, Place, Problem
from tenantry.manifest.project import ProjectFile, read_project, stack_doubt
from tenantry.manifest.shared_values import SharedValues
from tenantry.manifest.terms import terms_problems
from tenantry.manifest.yaml.reader import Reader, read
from tenantry.manifest.yaml.tree import Node, entries_of
from tenantry.model.project import Project, Stack, stack_of
from tenantry.model.stack_name import short_name
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Terms
from tenantry.text.some import first_of

NAMED = 3


@dataclass(frozen=True)
class Loaded:
    """A project as one stack sees it. Where tenantry.yaml can't be used, `project` is an empty one."""

    project: Project
    stack: Stack
    tenants: Mapping[str, Tenant]
    """The tenants without an error of their own, by slug, sorted."""
    problems: tuple[Problem, ...]
    origins: Mapping[str, Node]
    """The effective manifest of each slug, valid or not; every value knows its file and line."""
    files: Mapping[str, str]
    """The file of each slug."""
    customers: Mapping[str, CustomerFile]
    """The customers' files without an error, by slug."""
    plans: Mapping[str, Node]
    """The plans that could be read, by name."""
    plan_terms: Mapping[str, Terms]
    """The terms of each plan over defaults.yaml, by name, without any tenant; only those that are whole."""
    webhooks: Place
    """Where the stack's `webhooks` was written."""

    @property
    def managed(self) -> Mapping[str, Tenant]:
        """The tenants whose resources a run registers: all but those that are only observed."""
        return {slug: tenant for slug, tenant in self.tenants.items() if not tenant.is_observed}

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def load(root: Path, stack: str | None = None, *, strict: bool = False, reader: Reader = read) -> Loaded:
    """Load a project as a stack sees it, by any of its names; `strict` makes errors of URLs without TLS.

    A `reader` that keeps what it has read is for several stacks at one moment.
    """
    stack = short_name(stack) if stack else stack
    loading = _Loading(root, strict=strict, reader=reader)
    file = read_project(root, loading.report)
    if file.node is None:
        return loading.finish(Project(format=1), stack_of(Project(format=1), stack))
    project = file.project or Project(format=1)
    chosen = stack_of(project, stack)
    loading.project(file, stack)
    loading.tenants(file, chosen)
    return loading.finish(project, chosen)


def load_or_refuse(root: Path, stack: str | None = None, *, strict: bool = False) -> Loaded:
    """Load a project, or raise ManifestError with all of its problems if it has an error."""
    loaded = load(root, stack, strict=strict)
    if loaded.errors:
        raise ManifestError(loaded.problems)
    return loaded


@dataclass
class _Loading:
    """Collects tenants and problems while files are read."""

    root: Path
    strict: bool
    reader: Reader
    problems: set[Problem] = field(default_factory=set)
    in_layers: dict[Problem, list[str]] = field(default_factory=dict)
    """Problems in shared files, and the tenants that have them."""
    valid: dict[str, Tenant] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    customers: dict[str, CustomerFile] = field(default_factory=dict)
    plans: dict[str, Node] = field(default_factory=dict)
    plan_terms: dict[str, Terms] = field(default_factory=dict)
    shared: SharedValues = field(default_factory=SharedValues)
    webhooks: Place = field(default_factory=lambda: Place(PROJECT))

    def report(self, problem: Problem) -> None:
        self.problems.add(problem)

    def project(self, file: ProjectFile, stack: str | None) -> None:
        self.webhooks = file.place(("stacks", stack or "", "webhooks"), ("webhooks",))
        doubt = stack_doubt(file, stack)
        if doubt is not None:
            self.report(doubt)
        for path in (("webhooks",), *(("stacks", name, "webhooks") for name in _stacks(file))):
            self.problems.update(find_unencrypted(file.node, path, strict=self.strict) if file.node else ())
        for name in file.project.permission_sets if file.project else ():
            self.problems.update(find_unknown_permissions(file.node, ("permission_sets", name)) if file.node else ())

    def tenants(self, file: ProjectFile, stack: Stack) -> None:
        project = file.project
        context = {"webhooks": stack.webhooks, "permission_sets": project.permission_sets} if project else None
        layers = read_layers(self.root, _of_tenant(context, None), self.report)
        self.plans, self.plan_terms = layers.plan_trees, terms_of_plans(layers)
        paths = list(self._paths(file, stack))
        for path in paths:
            self._tenant(path, layers, context, stack if project else None)
        deliveries = find_deliveries(stack, self.valid, self.nodes)
        self.problems.update(find_equal_names(deliveries, across_stacks=False))
        self.problems.update(find_double_adoptions(self.nodes))
        self.problems.update(find_adopted_parents(self.nodes, project) if project else ())
        self.customers = read_customers(self.root, self.report)
        self.problems.update(customer_problems(self.customers, self.valid, self.nodes))

    def _paths(self, file: ProjectFile, stack: Stack) -> Iterator[Path]:
        folder = self.root / stack.tenants
        place = file.place(("stacks", stack.name or "", "tenants"), ("tenants",))
        self.problems.update(find_misnamed(self.root, folder))
        if not folder.is_dir():
            hint = "make it with `tenantry new SLUG --name NAME`, or correct the name"
            self.report(Problem.at(place, "tenants", f"the folder '{stack.tenants}' does not exist; {hint}"))
            return
        found = list(manifests_in(self.root, folder, nested=True))
        if not found:
            hint = "write the first with `tenantry new SLUG --name NAME`"
            self.report(
                Problem.at(place, "tenants", f"the folder '{stack.tenants}' holds no manifest (*.yaml); {hint}")
            )
        for item in found:
            if isinstance(item, Problem):
                self.report(item)
            else:
                yield item

    def _tenant(self, path: Path, layers: Layers, context: Context, stack: Stack | None) -> None:
        source = self.reader(self.root, path)
        self.problems.update(source.problems)
        if source.node is None:
            return
        slug = self._slug(source.node, path.stem)
        problems = list[Problem]()
        node = effective(layers, source.node, problems.append)
        if node is None:  # the contents of the missing layer are unknown, so no key can be called missing
            problems += problems_with(source.node, tenant_file(), _of_tenant(context, slug))
            checked = None
        else:
            outcome = validate(node, Tenant, _of_tenant(context, slug), self.shared.find_known(node))
            checked = outcome if isinstance(outcome, Tenant) else None
            if checked:
                self.shared.keep(checked, node, source.node)
            problems += outcome if isinstance(outcome, list) else find_cautions(outcome, node, strict=self.strict)
            problems += self.shared.find_contradictions(checked, node) if checked else ()
            problems += terms_problems(checked, node, layers.plan_trees) if checked else ()
            problems += delivery_problems(checked, node, stack.secret_sinks) if checked and stack else ()
            problems += cap_problems(checked, node, stack) if checked and stack else ()
        problems += find_offsets(node or source.node)
        self._keep(slug, source.file, node or source.node, checked)
        self._sort_out(problems, slug, source.file)

    def _slug(self, node: Node, stem: str) -> str:
        written = entries_of(node).get("tenant")
        if written is None or not isinstance(written.value, str):
            return stem
        if written.value != stem:
            sentence = f"'{written.value}' differs from the name of its file, {stem}.yaml; rename one of them"
            self.report(Problem.at(written.place, "tenant", sentence))
        if written.value in self.files:
            sentence = f"'{written.value}' is the tenant of {self.files[written.value]} too; a slug belongs to one file"
            self.report(Problem.at(written.place, "tenant", sentence))
        return written.value

    def _keep(self, slug: str, name: str, node: Node, tenant: Tenant | None) -> None:
        if slug in self.files:
            return
        self.files[slug] = name
        self.nodes[slug] = node
        if tenant is not None:
            self.valid[slug] = tenant

    def _sort_out(self, problems: list[Problem], slug: str, name: str) -> None:
        for problem in problems:
            if problem.file == name:
                self.report(problem)
            else:
                self.in_layers.setdefault(problem, []).append(slug)

    def finish(self, project: Project, stack: Stack) -> Loaded:
        reported = {(problem.file, problem.path) for problem in self.problems}
        self.problems.update(
            _with_tenants(problem, slugs)
            for problem, slugs in self.in_layers.items()
            if (problem.file, problem.path) not in reported
        )
        problems = tuple(sorted(self.problems))
        broken = {problem.file for problem in problems if problem.severity == "error"}
        valid = {slug: self.valid[slug] for slug in sorted(self.valid) if self.files[slug] not in broken}
        origins = dict(sorted(self.nodes.items()))
        return Loaded(
            project,
            stack,
            valid,
            problems,
            origins,
            self.files,
            self.customers,
            self.plans,
            self.plan_terms,
            self.webhooks,
        )


def _stacks(file: ProjectFile) -> list[str]:
    return list(file.project.stacks) if file.project else []


def _of_tenant(context: Context, slug: str | None) -> Context:
    return None if context is None else {**context, "tenant": slug}


def _with_tenants(problem: Problem, slugs: list[str]) -> Problem:
    """Add the tenants in which a problem of a layer appears: the layer alone is valid."""
    return replace(problem, message=f"{problem.message} (in {first_of(slugs, NAMED)})")
