"""URLs without TLS: manifests and the rule https-urls both report them; people see each once."""

from collections.abc import Iterable
from dataclasses import replace

from tenantry.manifest.caution import is_unencrypted
from tenantry.manifest.problem import Problem
from tenantry.policies.catalogue.https_urls import HTTPS_URLS
from tenantry.policies.violation import Violation


def as_strict(violation: Violation) -> Violation:
    """Return a violation as `--strict` takes it: a URL without TLS stops a run whatever the level of its rule."""
    return replace(violation, level="mandatory") if violation.rule.id == HTTPS_URLS.id else violation


def drop_repeated(problems: Iterable[Problem], violations: Iterable[Violation], *, strict: bool) -> tuple[Problem, ...]:
    """Return the problems without warnings that a violation repeats, waived or not; `strict` makes errors of the rest.

    The rule does not check tenants that are to be closed, and a project may have disabled or removed it.
    """
    places = {violation.place for violation in violations if violation.rule.id == HTTPS_URLS.id}
    remaining = (problem for problem in problems if not (is_unencrypted(problem) and problem.place in places))
    return tuple(
        replace(problem, severity="error") if strict and is_unencrypted(problem) else problem for problem in remaining
    )
