"""Terms that contradict themselves: what a model can't see in one value, with both places."""

from collections.abc import Iterator, Mapping

from tenantry.manifest.complaint import problems_with, validate
from tenantry.manifest.layers import merge
from tenantry.manifest.partial import part_of
from tenantry.manifest.problem import Place, Problem, format_path
from tenantry.manifest.sentence import did_you_mean
from tenantry.manifest.yaml.tree import Node, Path, entries_of, node_at
from tenantry.model.charge import (
    EVERYTHING_ELSE,
    AnyCharge,
    Credits,
    Dynamic,
    Fixed,
    Tiers,
    TiersWithOverage,
    counted_by,
    covered_by,
)
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Terms
from tenantry.model.usage_categories_tree import contains
from tenantry.model.usage_category import doubt

TERMS: Path = ("terms",)


def terms_problems(tenant: Tenant, node: Node, plans: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield what contradicts a tenant's terms in its manifest; `plans` are the trees of plans by name."""
    if tenant.terms is None:
        return
    yield from _find_setup_outside(tenant, node)
    yield from _check_amendments(tenant, node, plans)


def contradictions(terms: Terms, root: Node, path: Path) -> Iterator[Problem]:
    """Yield what contradicts itself in terms that are written at a path."""
    for name, charge in terms.charges.items():
        yield from _check_charge(name, charge, root, (*path, "charges", name))
    yield from _find_covered_twice(terms, root, path)
    if EVERYTHING_ELSE in terms.absorbed:
        sentence = 'must name categories; "*" would hide every cost that no charge covers'
        yield _place_problem(root, (*path, "absorbed"), sentence)


def _check_charge(name: str, charge: AnyCharge, root: Node, path: Path) -> Iterator[Problem]:
    if name == EVERYTHING_ELSE:
        yield from _check_everything_else(charge, root, path)
        return
    covered = covered_by(name, charge)
    for category in covered:
        if sentence := doubt(category):
            yield _place_problem(root, (*path, "usage_categories"), sentence, "warning")
    if not _is_counted(charge):
        return
    if charge.quantity is None:
        sentence = "units are counted here; add `quantity: count` (events) or `quantity: usage` (what Twilio bills)"
        yield _place_problem(root, path, sentence)
    if len(covered) > 1 and not charge.quantity_of:
        sentence = f"covers {len(covered)} categories; add `quantity_of` with those whose units are counted"
        yield _place_problem(root, (*path, "usage_categories"), sentence)
    for category in counted_by(name, charge):
        if category not in covered:
            sentence = f"'{category}' is not among the usage_categories that this charge covers"
            yield _place_problem(root, (*path, "quantity_of"), f"{sentence}{did_you_mean(category, covered)}")


def _check_everything_else(charge: AnyCharge, root: Node, path: Path) -> Iterator[Problem]:
    if not isinstance(charge, Fixed) or charge.price is not None:
        sentence = '"*" is what is left of totalprice, which has no units; use strategy fixed with a margin or mark-up'
        yield _place_problem(root, (*path, "strategy"), sentence)
    for key in ("usage_categories", "quantity_of", "quantity"):
        if key in charge.model_fields_set:
            yield _place_problem(root, (*path, key), '"*" is what no other charge covers; remove this key')


def _is_counted(charge: AnyCharge) -> bool:
    match charge:
        case Fixed(price=price):
            return price is not None
        case Tiers(included=included):
            return included is not None
        case Dynamic() | TiersWithOverage() | Credits():
            return True
    return False


def _find_covered_twice(terms: Terms, root: Node, path: Path) -> Iterator[Problem]:
    """Yield a problem for each category that stands in two places, itself or in one that contains it."""
    places: list[tuple[str, Path]] = [
        (category, (*path, "charges", name, "usage_categories"))
        for name, charge in terms.charges.items()
        for category in covered_by(name, charge)
    ]
    places += [(category, (*path, "absorbed")) for category in terms.absorbed]
    for index, (category, path_of_it) in enumerate(places):
        for other, path_of_other in places[:index]:
            if category == other or contains(category, other) or contains(other, category):
                yield _place_problem(root, path_of_it, _overlap(category, other, _place(root, path_of_other)))


def _overlap(category: str, other: str, place: Place) -> str:
    if category == other:
        return f"'{category}' stands at {place} too; its cost would count twice, so remove one of them"
    outer, inner = (category, other) if contains(category, other) else (other, category)
    return f"'{outer}' contains '{inner}' ('{other}' stands at {place}); its cost would count twice, so remove one"


def _find_setup_outside(tenant: Tenant, node: Node) -> Iterator[Problem]:
    setup = tenant.terms.fees.setup if tenant.terms else None
    if setup is None:
        return
    early = tenant.billed_from is not None and setup.once < tenant.billed_from.replace(day=1)
    late = tenant.billed_until is not None and setup.once > tenant.billed_until
    if early or late:
        sentence = "lies in no month that is billed (billed_from, billed_until), so it is never charged"
        yield _place_problem(node, ("terms", "fees", "setup", "once"), sentence, "warning")


def _check_amendments(tenant: Tenant, node: Node, plans: Mapping[str, Node]) -> Iterator[Problem]:
    terms, before = node_at(node, TERMS), None
    for index, amendment in enumerate(tenant.amendments):
        path: Path = ("amendments", index)
        if before is not None and amendment.from_ <= before:
            yield _place_problem(
                node, (*path, "from"), f"must be after the amendment before it, {before}; sort them by day"
            )
        before = amendment.from_
        if tenant.billed_until is not None and amendment.from_ > tenant.billed_until:
            yield _place_problem(
                node, (*path, "from"), f"is after billed_until, {tenant.billed_until}, so it changes nothing"
            )
        if tenant.billed_from is not None and amendment.from_ <= tenant.billed_from:
            sentence = f"is not after billed_from, {tenant.billed_from}; change terms themselves, or the day"
            yield _place_problem(node, (*path, "from"), sentence)
        problems = list(_check_laid_over(node, path, plans))
        yield from problems
        if not problems and terms is not None:
            terms = lay_over(terms, node_at(node, path), plans)
            yield from _check_amended(terms, node, path)


def _check_laid_over(node: Node, path: Path, plans: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield what is wrong with what an amendment lays over, by itself."""
    plan, own = node_at(node, (*path, "plan")), node_at(node, (*path, "terms"))
    if own is not None:
        for problem in problems_with(own, part_of(Terms), None):
            yield Problem.at(problem.place, f"{format_path(path)}.terms.{problem.path}", problem.message)
    elif plan is not None and str(plan.value) not in plans:
        hint = did_you_mean(str(plan.value), list(plans))
        yield Problem.at(plan.place, format_path((*path, "plan")), f"the plan '{plan.value}' does not exist{hint}")
    elif plan is not None and "terms" not in entries_of(plans[str(plan.value)]):
        sentence = f"the plan '{plan.value}' has no terms, so nothing changes; name another plan, or write terms here"
        yield Problem.at(plan.place, format_path((*path, "plan")), sentence)


def _check_amended(terms: Node, node: Node, path: Path) -> Iterator[Problem]:
    """Yield what is wrong with the terms that an amendment makes."""
    outcome = validate(terms, Terms, None)
    problems = outcome if isinstance(outcome, list) else list(contradictions(outcome, terms, ()))
    for problem in problems:
        if problem.severity == "error":
            sentence = f"makes terms with a mistake at {problem.place} ({problem.path}: {problem.message})"
            yield _place_problem(node, path, sentence)


def lay_over(terms: Node, amendment: Node | None, plans: Mapping[str, Node]) -> Node:
    """Return the tree of terms with an amendment laid over: its plan's terms, or its own."""
    entries = entries_of(amendment)
    if "terms" in entries:
        return merge(terms, entries["terms"], _report_nothing, at=TERMS)
    plan = plans.get(str(entries["plan"].value)) if "plan" in entries else None
    above = entries_of(plan).get("terms")
    return merge(terms, above, _report_nothing, at=TERMS) if above is not None else terms


def _report_nothing(_: Problem) -> None:
    """A null that removes nothing is harmless here: what is laid over is written for other terms too."""


def _place_problem(root: Node, path: Path, sentence: str, severity: str = "error") -> Problem:
    return Problem.at(_place(root, path), format_path(path), sentence, "warning" if severity == "warning" else "error")


def _place(root: Node, path: Path) -> Place:
    """Return the place of a value, or of the nearest mapping around it that was written."""
    for end in range(len(path), 0, -1):
        node = node_at(root, path[:end])
        if node is not None:
            return node.place if end == len(path) else node.key
    return root.place
