"""What commands print on stderr beside their report: messages of a run, and resources that a focus misses."""

from collections.abc import Collection

from tenantry.cli.terminal import tell_lines
from tenantry.engine.events.plan import Plan
from tenantry.engine.run.command import Run
from tenantry.engine.state.strays import find_strays
from tenantry.operations.changes.messages import gather_messages, join_findings
from tenantry.reports.changes.styled import message_styled
from tenantry.reports.preview.summary import describe_stray
from tenantry.text.wrapping import sentence

STRAYS = 3
"""Only so many are named: one line of a component makes one for each tenant."""


def tell_messages(plan: Plan) -> None:
    """Print errors, violated policies and warnings, each sentence once with the resources it is about."""
    for message in join_findings(gather_messages((*plan.errors, *plan.warnings), plan.violations)):
        tell_lines(message_styled(message), err=True)


def tell_strays(run: Run, tenants: Collection[str]) -> None:
    """Warn of resources that `--only` and `--changed-since` would pass over."""
    for name in find_strays(run.events, tenants)[:STRAYS]:
        tell_lines([sentence(describe_stray(name))], err=True)
