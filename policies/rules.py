"""The rules of this project: ours, and your own. `tenantry validate` and the policy pack both take them from here.

docs/policies.md of Tenantry has every rule of ours. Levels and parameters are set in config.yaml, yours too.
"""

from collections.abc import Iterator

from tenantry.policies.registry import RULES as OURS
from tenantry.policies.rule import Example, Finding, Parameters, Rule, TenantRule
from tenantry.policies.subject import Subject


def _nobody_knows_why(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    note = subject.tenant.state_note
    if subject.tenant.state == "suspended" and (note is None or not note.ticket):
        yield Finding(("state_note", "ticket"), "is suspended, and no ticket says who decided it")


SUSPENDED_FOR_A_REASON = TenantRule(
    id="suspended-for-a-reason",
    title="A tenant that we suspend names the ticket in which it was decided.",
    level="advisory",
    why="Whoever is called by the customer has to find out what it takes to be active again.",
    mend="write state_note.ticket",
    source=("a rule of your own: keep it, change it or take it out",),
    example=Example(
        breaks="state: suspended\n",
        keeps='state: suspended\nstate_note: {since: "2026-10-14", reason: two invoices are open, ticket: OWL-4821}\n',
    ),
    parameters=Parameters,
    check=_nobody_knows_why,
)

RULES: tuple[Rule, ...] = (*OURS, SUSPENDED_FOR_A_REASON)
