"""customers/<customer>.yaml: values of a customer that has several tenants, and what must hold between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.complaint import validate
from tenantry.manifest.files import CUSTOMERS, find_misnamed, is_there, manifests_in
from tenantry.manifest.layers import Report, merge_all
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import Node, node_at
from tenantry.model.tenant import Tenant
from tenantry.model.terms import Customer

ONCE = ("discount", "minimum", "tax")
"""On a statement for several tenants these stand once, on the sum."""


@dataclass(frozen=True)
class CustomerFile:
    """A customer's file without an error, and the tree that it was read from."""

    customer: Customer
    node: Node


def read_customers(root: Path, report: Report) -> dict[str, CustomerFile]:
    """Return the customers' files by the name of the file, and report what is wrong with each."""
    for problem in find_misnamed(root, root / CUSTOMERS):
        report(problem)
    files: dict[str, CustomerFile] = {}
    for found in manifests_in(root, root / CUSTOMERS, nested=False) if is_there(root / CUSTOMERS) else ():
        if isinstance(found, Problem):
            report(found)
            continue
        source = read(root, found)
        for problem in source.problems:
            report(problem)
        if source.node is not None:
            file = _check_file(found.stem, source.node, report)
            files |= {found.stem: file} if file else {}
    return files


def _check_file(stem: str, node: Node, report: Report) -> CustomerFile | None:
    merge_all([node], report)  # it has no layers below it, so each null in it removes nothing
    customer = validate(node, Customer, None)
    if not isinstance(customer, Customer):
        for problem in customer:
            report(problem)
        return None
    if customer.customer != stem:
        sentence = f"'{customer.customer}' differs from the name of its file, {stem}.yaml; rename one of them"
        report(Problem.at(_place(node, "customer"), "customer", sentence))
    return CustomerFile(customer, node)


def customer_problems(
    files: Mapping[str, CustomerFile], tenants: Mapping[str, Tenant], origins: Mapping[str, Node]
) -> Iterator[Problem]:
    """Yield what contradicts itself between customers' files and tenants."""
    billed: dict[str, list[str]] = {}
    for slug, tenant in tenants.items():
        billed.setdefault(tenant.customer_key, []).append(slug)
    for name, file in files.items():
        if file.customer.statement == "together":
            terms = [(slug, tenants[slug]) for slug in billed.get(name, ()) if tenants[slug].terms is not None]
            yield from _check_written_once(file.customer, file.node, terms, origins)
            yield from _check_one_currency(file.customer, terms, origins)


def find_unused_customers(files: Mapping[str, CustomerFile], tenants: Mapping[str, Node]) -> Iterator[Problem]:
    """Yield a warning for each customer's file that no tenant belongs to; `tenants` are the trees of all stacks."""
    named = {_customer_of(slug, node) for slug, node in tenants.items()}
    for name, file in files.items():
        if name not in named:
            sentence = f"no tenant has `customer: {name}`, and none is called so; remove the file, or name it there"
            yield Problem.at(_place(file.node, "customer"), "customer", sentence, "warning")


def _customer_of(slug: str, node: Node) -> str:
    written = node_at(node, ("customer",))
    return str(written.value) if written is not None else slug


def _check_written_once(
    customer: Customer, node: Node, tenants: list[tuple[str, Tenant]], origins: Mapping[str, Node]
) -> Iterator[Problem]:
    for slug, tenant in tenants:
        for key in ONCE:
            if getattr(tenant.terms, key) is not None and getattr(customer.terms, key) is None:
                place = _place(node, "statement")
                sentence = (
                    f"'{customer.customer}' gets one statement for all its tenants ({place}), on whose sum this stands "
                    f"once; move `{key}` to terms in customers/{customer.customer}.yaml"
                )
                yield Problem.at(_place(origins[slug], "terms", key), f"terms.{key}", sentence)


def _check_one_currency(
    customer: Customer, tenants: list[tuple[str, Tenant]], origins: Mapping[str, Node]
) -> Iterator[Problem]:
    if customer.terms.currency is not None or not tenants:
        return
    first_slug, first = tenants[0]
    for slug, tenant in tenants[1:]:
        if tenant.terms and first.terms and tenant.terms.currency != first.terms.currency:
            other = _place(origins[first_slug], "terms", "currency")
            sentence = (
                f"is {tenant.terms.currency}, and that of '{first_slug}' is {first.terms.currency} ({other}); "
                f"'{customer.customer}' gets one statement for both, in one currency"
            )
            yield Problem.at(_place(origins[slug], "terms", "currency"), "terms.currency", sentence)


def _place(node: Node, *path: str) -> Place:
    found = node_at(node, path)
    return found.place if found is not None else node.place
