"""The part of the demo that turns usage into a statement: terms from a git history, usage, and a draft."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tenantry.cli.terminal import layout, tell
from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.model.usage_period import UsagePeriod, last_whole_month, month_before
from tenantry.operations.billing.bill import BillRequest
from tenantry.operations.billing.story import bill_month
from tenantry.operations.usage.gather import gather_usage
from tenantry.operations.usage.report import report_usage
from tenantry.reports.bill.formats import Wanted, render_bill
from tenantry.reports.usage.as_text import as_text
from tenantry.twilio.session import Session

BILLED = "birch"
_MANIFESTS = ("tenantry.yaml", "defaults.yaml", "plans", "profiles", "tenants", "customers")
_USED = (
    {"category": "sms", "count": 150, "usage": "150", "price": "1.185"},
    {"category": "sms-messages-carrierfees", "count": 150, "usage": "150", "price": "0.45"},
    {"category": "calls-outbound", "count": 12, "usage": "42", "price": "0.588"},
)


def month_of_demo() -> UsagePeriod:
    """Return the month of the demo's statement: the last complete one."""
    return last_whole_month(datetime.now(UTC))


def usage_of_demo(sid: str) -> dict[str, Any]:
    """Return the request to the fake that gives an account usage in that month."""
    day = (month_of_demo().first + timedelta(days=4)).isoformat()
    return {"account": sid, "records": [{"day": day, **row} for row in _USED]}


def commit_terms(folder: Path) -> str:
    """Bill the tenant from that month on, and commit all manifests, dated the month before; return that date.

    Raises FileNotFoundError if git is missing, and CalledProcessError if it fails.
    """
    manifest = folder / "tenants" / f"{BILLED}.yaml"
    billed_from = f'billed_from: "{month_of_demo().first}"\n'
    manifest.write_text(manifest.read_text(encoding="utf-8") + billed_from, encoding="utf-8")
    day = month_before(month_of_demo()).first.isoformat()
    for arguments in _git_commands(day):
        subprocess.run(["git", *arguments], cwd=folder, env=_git_environ(day), capture_output=True, check=True)
    return day


def tell_statement(folder: Path, stack: str, state: tuple[StateResource, ...], session: Session) -> None:
    """Print the tenant's usage of the month, and the draft of its statement."""
    loaded, period, now = load_or_refuse(folder, stack), month_of_demo(), datetime.now(UTC)
    _tell_usage(loaded, state, session, period, now)
    request = BillRequest(folder, loaded, state, session, period, now, frozenset({BILLED}))
    for _, text in render_bill(bill_month(request), Wanted("us", "text", layout())).texts:
        tell(text)


def _tell_usage(
    loaded: Loaded, state: tuple[StateResource, ...], session: Session, period: UsagePeriod, now: datetime
) -> None:
    gathered = gather_usage(loaded, state, session, period, slugs={BILLED})
    report = report_usage(gathered, stack=loaded.stack.name, parent=session.parent_sid, now=now, fleet=None)
    tell(as_text(report, "category", layout()))


def _git_commands(day: str) -> Iterator[list[str]]:
    yield ["init", "--quiet"]
    yield ["symbolic-ref", "HEAD", "refs/heads/main"]
    yield ["add", "--force", *_MANIFESTS]
    yield ["commit", "--quiet", "--message", f"The manifests of the demo, dated {day}"]


def _git_environ(day: str) -> dict[str, str]:
    names = {f"GIT_{who}_{what}": "demo@owl.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": f"{day}T00:00:00Z", "GIT_COMMITTER_DATE": f"{day}T00:00:00Z"}
    # Use neither hooks, signatures and templates of the user, nor the repository in which the demo was started.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, **names, **dates, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
