"""The story of a drift check: manifests and the state are read once, Twilio is listed, and nothing is changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.operations.drift.accounts import ENTRY
from tenantry.operations.drift.report import find_drift
from tenantry.operations.drift.values import Report
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.about import hint_at_fake
from tenantry.operations.stack.focus import Focus, Wanted, refuse_unknown
from tenantry.operations.stack.open import Opened, load_manifests, read_state_of
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.http.traffic import Traffic
from tenantry.twilio.session import Session

WITHOUT_STATE = "With --without-state accounts and objects are looked up by name."


@dataclass(frozen=True)
class Source:
    """What Twilio is compared with: manifests, the state where it was read, and the tenants that are asked for."""

    loaded: Loaded
    state: tuple[StateResource, ...] | None
    slugs: Focus


@dataclass(frozen=True)
class FoundDrift:
    """The report, what it has cost, and a hint where accounts are missing that were those of a fake."""

    report: Report
    traffic: Traffic
    hint: str = ""


def read_stack(opened: Opened, slugs: Focus) -> Source:
    """Read the state of a stack; raises StoppedError."""
    return Source(opened.loaded, read_state_of(opened, "Nothing was compared.", WITHOUT_STATE), slugs)


def read_manifests(root: Path, stack: str | None, wanted: Wanted, environ: Mapping[str, str]) -> Source:
    """Read manifests and no state, for which no engine is needed; raises StoppedError."""
    loaded = load_manifests(root, stack or environ.get("PULUMI_STACK"))
    refuse_unknown(loaded, wanted.names)
    return Source(loaded, None, frozenset(wanted.names) or None)


def look_for_drift(
    source: Source,
    environ: Mapping[str, str],
    today: date,
    *,
    retention: bool = False,
    on_account: Callable[[int], None] = lambda _: None,
) -> FoundDrift:
    """Compare with Twilio; raises StoppedError. `on_account` is called with the number of accounts looked at."""
    try:
        session = Session.from_env(environ)
        report = find_drift(
            source.loaded,
            source.state,
            session,
            today,
            slugs=source.slugs,
            retention=retention,
            on_account=on_account,
        )
    except TwilioError as error:
        raise StoppedError(f"{error} Nothing was compared.{hint_at_fake(source.state, environ)}") from error
    is_missing = any(group.kind == "missing" and group.entry == ENTRY for group in report.groups)
    return FoundDrift(report, session.traffic, hint_at_fake(source.state, environ) if is_missing else "")
