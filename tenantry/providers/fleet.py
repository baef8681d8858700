"""The fleet: registered before anything else, so that its check can stop a run that would lose a tenant."""

import os
from typing import Any, ClassVar

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, ReadResult, UpdateResult

from tenantry.model.fleet import FleetSpec, lost_tenants
from tenantry.providers.base import Props, TwilioProvider, unchanged
from tenantry.providers.connection import connect
from tenantry.providers.resource import TwilioResource


class FleetProvider(TwilioProvider[FleetSpec]):
    """Refuses another parent than before, and a tenant whose manifest is gone."""

    spec: ClassVar[type[Any]] = FleetSpec

    def checked(self, olds: Props, news: Props) -> CheckResult:
        """Keep what can't be undone, and refuse what would lose something."""
        old, new = FleetSpec.of(olds), FleetSpec.of(news)
        account_sid = new.account_sid or old.account_sid
        kept = {slug: old.standing.get(slug) for slug in new.standing if old.standing.get(slug) == "closed"}
        inputs = FleetSpec(account_sid=account_sid, standing={**new.standing, **kept}).props()
        failures = [*_parent_failures(old.account_sid, account_sid), *_lost_failures(old, new)]
        return CheckResult(inputs, failures)

    def create(self, props: Props) -> CreateResult:
        """Ask Twilio for the parent account once: wrong credentials are found before anything is made."""
        fleet = FleetSpec.of(props)
        session = connect(fleet.account_sid).session
        session.subaccounts.fetch(session.parent_sid)
        return CreateResult("fleet", {**fleet.props(), "account_sid": session.parent_sid})

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:  # noqa: ARG002
        """Record where the tenants stand now."""
        return UpdateResult(FleetSpec.of(news).props())

    def read(self, id_: str, props: Props) -> ReadResult:
        """Compare the credentials with the parent, before a refresh asks for anything else."""
        connect(FleetSpec.of(props).account_sid)
        return unchanged(id_, props)


class Fleet(TwilioResource, kind="Fleet", provider=FleetProvider):
    """The fleet of a stack."""


def _parent_failures(old: str | None, new: str | None) -> list[CheckFailure]:
    credentials = os.environ.get("TWILIO_ACCOUNT_SID")
    if old and new and old != new:
        reason = (
            f"this stack belongs to the parent account {old}, and now {new} is asked for; nothing was changed. "
            "One stack is one parent: use that parent's credentials, or another stack"
        )
        return [CheckFailure("account_sid", reason)]
    if new and credentials and credentials != new:
        reason = (
            f"TWILIO_ACCOUNT_SID is {credentials}, but this stack belongs to the parent account {new}; nothing was "
            "changed. Use that parent's credentials, or another stack"
        )
        return [CheckFailure("account_sid", reason)]
    return []


def _lost_failures(old: FleetSpec, new: FleetSpec) -> list[CheckFailure]:
    return [
        CheckFailure(f"standing.{slug}", f"{slug}: the manifest is gone; put it back, or set state: closed first")
        for slug in lost_tenants(old, new)
    ]
