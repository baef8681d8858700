"""Terms in force in a month: what the branch said when the month began, and the amendments that its head has.

A merge in March counts from 1 April. Only `amendments`, `billed_from` and `billed_until` are read from the head: they
are dated, so they say themselves from when they count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tenantry.manifest.complaint import validate
from tenantry.manifest.git import write_manifests
from tenantry.manifest.git_history import Commit, History, files_of, read_history
from tenantry.manifest.load import Loaded, load
from tenantry.manifest.terms import TERMS, contradictions, lay_over
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Customer, Terms
from tenantry.model.usage_period import UsagePeriod
from tenantry.operations.billing.rating.values.inputs import DatedTerms
from tenantry.operations.billing.rating.values.problems import BillingProblem, ProblemCode


@dataclass(frozen=True)
class TenantTerms:
    """What a tenant pays in a month, and which commit says so."""

    tenant: Tenant
    """As that commit has it."""
    terms: tuple[DatedTerms, ...]
    billed_from: date | None
    billed_until: date | None
    customer: Customer | None
    commit: Commit
    began: bool
    """Whether the branch had no terms for it when the month began."""


@dataclass(frozen=True)
class TermsInForce:
    """The tenants that have terms in a month by slug, and why others have none."""

    tenants: Mapping[str, TenantTerms]
    problems: tuple[BillingProblem, ...]


def read_terms(root: Path, stack: str | None, period: UsagePeriod, branch: str) -> TermsInForce:
    """Return the terms in force of a stack's tenants; raises GitError where the history can't say."""
    return _Reading(root, stack, period, read_history(root, branch)).read()


@dataclass
class _Reading:
    """Reads manifests as they were, each commit once."""

    root: Path
    stack: str | None
    period: UsagePeriod
    history: History
    snapshots: dict[str, Loaded] = field(default_factory=dict)
    problems: list[BillingProblem] = field(default_factory=list)

    def read(self) -> TermsInForce:
        found = dict(self._at_the_beginning())
        for commit in self.history.between(self.period.begin, self.period.end):
            if commit.at < self.period.end and self._may_bring_terms(commit, found):
                found |= {slug: (commit, True) for slug in self._with_terms(commit) if slug not in found}
        tenants = {slug: self._terms_of(slug, *found[slug]) for slug in sorted(found)}
        self._explain_others(found)
        return TermsInForce({slug: terms for slug, terms in tenants.items() if terms}, tuple(self.problems))

    def _at_the_beginning(self) -> Iterator[tuple[str, tuple[Commit, bool]]]:
        commit = self.history.until(self.period.begin)
        if commit is not None:
            yield from ((slug, (commit, False)) for slug in self._with_terms(commit))

    def _may_bring_terms(self, commit: Commit, found: Mapping[str, object]) -> bool:
        """Return whether a commit touches more than manifests of tenants that have terms already."""
        return any(PurePosixPath(name).stem not in found for name in files_of(self.root, commit))

    def _with_terms(self, commit: Commit) -> Iterator[str]:
        return (slug for slug, tenant in self._at(commit.id).tenants.items() if tenant.terms is not None)

    def _at(self, commit_id: str) -> Loaded:
        if commit_id not in self.snapshots:
            with TemporaryDirectory(prefix="tenantry-history-") as folder:
                write_manifests(self.root, commit_id, Path(folder))
                self.snapshots[commit_id] = load(Path(folder), self.stack)
        return self.snapshots[commit_id]

    @cached_property
    def head(self) -> Loaded:
        return self._at(self.history.head)

    def _terms_of(self, slug: str, commit: Commit, began: bool) -> TenantTerms | None:
        loaded = self._at(commit.id)
        tenant, latest = loaded.tenants[slug], self.head.tenants.get(slug)
        if latest is None and slug in self.head.files:
            self._refuse("broken_manifest", slug, f"its manifest has a mistake now: {_find_mistake(self.head, slug)}")
            return None
        dated = self._amend(slug, loaded, latest)
        dates = latest or tenant
        customer = loaded.customers.get(tenant.customer_key)
        return (
            TenantTerms(
                tenant=tenant,
                terms=dated,
                billed_from=dates.billed_from,
                billed_until=dates.billed_until,
                customer=customer.customer if customer else None,
                commit=commit,
                began=began,
            )
            if dated
            else None
        )

    def _amend(self, slug: str, loaded: Loaded, latest: Tenant | None) -> tuple[DatedTerms, ...]:
        """Return the terms in force, and those of each amendment that begins until the month's last day."""
        terms, node = loaded.tenants[slug].terms, node_at(loaded.origins[slug], TERMS)
        if terms is None or node is None:
            return ()
        dated = [DatedTerms(self.period.first, terms)]
        for index, amendment in enumerate(latest.amendments if latest else ()):
            if amendment.from_ > self.period.last:
                break
            node = lay_over(node, node_at(self.head.origins[slug], ("amendments", index)), loaded.plans)
            amended = self._check(slug, amendment.from_, node)
            if amended is None:
                return ()
            dated.append(DatedTerms(amendment.from_, amended))
        return tuple(dated)

    def _check(self, slug: str, day: date, node: Node) -> Terms | None:
        amended = validate(node, Terms, None)
        problems = amended if isinstance(amended, list) else [*contradictions(amended, node, ())]
        errors = [problem for problem in problems if problem.severity == "error"]
        for problem in errors:
            self._refuse("broken_manifest", slug, f"its amendment from {day} makes terms with a mistake: {problem}")
        return amended if isinstance(amended, Terms) and not errors else None

    def _explain_others(self, found: Mapping[str, object]) -> None:
        """Report each tenant of the head that has no terms in this month, with the reason."""
        for slug in sorted(self.head.files.keys() - found.keys()):
            self._refuse(*self._reason(slug))

    def _reason(self, slug: str) -> tuple[ProblemCode, str, str]:
        begin = self.history.until(self.period.begin)
        then = self._at(begin.id) if begin is not None else None
        if begin and then and slug in then.files and slug not in then.tenants:
            return (
                "broken_manifest",
                slug,
                f"its manifest had a mistake in {begin.id[:12]}: {_find_mistake(then, slug)}",
            )
        if slug not in self.head.tenants:
            return "broken_manifest", slug, f"its manifest has a mistake now: {_find_mistake(self.head, slug)}"
        if self.head.tenants[slug].terms is None:
            return "no_terms", slug, "it has no terms; write `terms` in its manifest or in a layer"
        end = self.period.end.date()
        return "did_not_exist", slug, f"there were no terms for it before {end}, so {self.period} can't be billed"

    def _refuse(self, code: ProblemCode, slug: str, sentence: str) -> None:
        self.problems.append(BillingProblem(code, slug, sentence))


def _find_mistake(loaded: Loaded, slug: str) -> str:
    """Return the first mistake in a tenant's manifest, or in one of its layers."""
    own = [problem for problem in loaded.errors if problem.file == loaded.files[slug]]
    return str((own or list(loaded.errors))[0])
