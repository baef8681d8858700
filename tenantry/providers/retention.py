"""Retention in a stack: a record of the policy, which makes no call. Twilio has no setting for it."""

from typing import Any, ClassVar

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from tenantry.model.retention import RetentionSpec
from tenantry.providers.base import Props, TwilioProvider, keep_state
from tenantry.providers.resource import TwilioResource
from tenantry.providers.resting import is_account, resting, waiting_id


class RetentionProvider(TwilioProvider[RetentionSpec]):
    """Records retention rules."""

    spec: ClassVar[type[Any]] = RetentionSpec

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Report nothing while the tenant is not active; take the real account's id once there is one."""
        return resting(id_, news) or super().diff(id_, olds, news)

    def create(self, props: Props) -> CreateResult:
        """Record the rules."""
        spec = self.of(props)
        waits = spec.released or not is_account(spec.account_sid)
        return CreateResult(waiting_id("retention") if waits else f"{spec.account_sid}/retention", spec.props())

    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """Record the new rules."""
        return UpdateResult(self.of(news).props())

    def read(self, id_: str, props: Props) -> ReadResult:
        """Repeat what is recorded: records age every day, which is no drift of the rules."""
        return keep_state(id_, props)


class Retention(TwilioResource, kind="Retention", provider=RetentionProvider):
    """The retention rules of a tenant."""
