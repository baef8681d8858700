"""Why no statement can be made, or why one can be made and not be closed."""

from dataclasses import dataclass
from typing import Literal

ProblemCode = Literal[
    "not_available",
    "not_billed",
    "no_terms",
    "broken_manifest",
    "did_not_exist",
    "currencies_differ",
    "no_exchange",
    "no_totalprice",
    "no_daily_readings",
    "missing_figure",
    "mixed_units",
    "categories_overlap",
    "tenant_beside_customer",
    "uncovered_cost",
    "no_number",
    "too_early",
    "as_of_too_early",
    "earlier_month",
    "outdated",
    "too_large",
]


@dataclass(frozen=True, slots=True)
class BillingProblem:
    """One problem of one tenant: what it is, and what to do."""

    code: ProblemCode
    tenant: str
    sentence: str


class RatingError(Exception):
    """No statement can be made; it has every problem that was found."""

    def __init__(self, problems: tuple[BillingProblem, ...]) -> None:
        super().__init__("\n".join(f"{problem.tenant}: {problem.sentence}" for problem in problems))
        self.problems = problems
