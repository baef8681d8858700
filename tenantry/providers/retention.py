"""Retention in a stack: a record of the policy, which makes no call. Twilio has no setting that it could make."""

from typing import Any, ClassVar

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from tenantry.model.retention import RetentionSpec
from tenantry.providers.base import WAITING, Props, TwilioProvider, is_account, unchanged
from tenantry.providers.resource import TwilioResource


class RetentionProvider(TwilioProvider[RetentionSpec]):
    """Records retention rules."""

    spec: ClassVar[type[Any]] = RetentionSpec

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Say nothing while the tenant rests; take the real account's id once there is one."""
        if news.get("frozen"):
            return DiffResult(changes=False, replaces=[])
        if id_.startswith(WAITING):
            return DiffResult(changes=True, replaces=["account_sid"])
        return super().diff(id_, olds, news)

    def create(self, props: Props) -> CreateResult:
        """Record the rules."""
        spec = RetentionSpec.of(props)
        waits = spec.released or not is_account(spec.account_sid)
        return CreateResult(f"{WAITING}retention" if waits else f"{spec.account_sid}/retention", spec.props())

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:  # noqa: ARG002
        """Record the new rules."""
        return UpdateResult(RetentionSpec.of(news).props())

    def read(self, id_: str, props: Props) -> ReadResult:
        """Repeat what is recorded: overdue records are a finding of `tenantry drift`, not Pulumi's drift."""
        return unchanged(id_, props)


class Retention(TwilioResource, kind="Retention", provider=RetentionProvider):
    """The retention rules of a tenant."""
