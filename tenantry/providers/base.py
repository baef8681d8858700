"""What all providers share: reading property bags, check, and diff by meaning.

Facts that shape this file (Pulumi Python SDK 3.272): numbers arrive as floats and None vanishes; values that a preview
does not know yet arrive as `Unknown` objects; `diff` gets the old *outputs*; an exception in check or diff stops the
whole run, so neither raises nor asks Twilio. Providers hold nothing: a class of an importable module is saved in the
state as a reference of some 70 bytes, so today's code runs for yesterday's resources.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, DiffResult, ReadResult, ResourceProvider
from pulumi.output import Unknown
from pydantic import ValidationError

from tenantry.model.spec import Spec

S = TypeVar("S", bound=Spec)
Props = dict[str, Any]

WAITING = "waiting-"
"""Ids of objects that are not made yet, because their tenant is not active, start so."""


class TwilioProvider(ResourceProvider, Generic[S]):
    """A dynamic provider of one kind of resource, whose inputs are a `Spec`."""

    serialize_as_secret_always = False  # nothing is captured, and a readable state makes readable previews

    spec: ClassVar[type[Any]]
    """The spec's class; `Any`, because a class variable can't name the type parameter."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Return the inputs in canonical form, and what is wrong with them."""
        known = {key: value for key, value in news.items() if not isinstance(value, Unknown)}
        unknown = {key: value for key, value in news.items() if isinstance(value, Unknown)}
        if "owner_account_sid" not in news and "owner_account_sid" in olds:
            known["owner_account_sid"] = olds["owner_account_sid"]  # a preview without credentials knows no parent
        try:
            checked = self.spec.of(known).props()
        except ValidationError as error:
            failures = _failures(error, unknown)
            return CheckResult(news, failures)
        return self.checked(olds, {**checked, **unknown})

    def checked(self, olds: Props, news: Props) -> CheckResult:  # noqa: ARG002
        """Check what takes the old inputs to see; a kind overrides it."""
        return CheckResult(news, [])

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Compare the old outputs with the new inputs by meaning."""
        replacing = self.replacing(id_, olds, news)
        return DiffResult(changes=bool(replacing | self.changed(id_, olds, news)), replaces=sorted(replacing))

    def changed(self, id_: str, olds: Props, news: Props) -> frozenset[str]:  # noqa: ARG002
        """Return the inputs that differ from what Twilio has; what only steers us is never a difference."""
        return differing(self.spec, olds, news) - frozenset(self.spec.OURS)

    def replacing(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Return the differences that only another object can settle."""
        return self.changed(id_, olds, news) & frozenset(self.spec.REPLACES)


def differing(spec: type[Spec], olds: Mapping[str, Any], news: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields of a spec in which two property bags differ in meaning."""
    old, new = _canonical(spec, olds), _canonical(spec, news)
    return frozenset(field for field in spec.model_fields if old.get(field) != new.get(field))


def as_inputs(spec: type[Spec], props: Mapping[str, Any], live: Mapping[str, Any]) -> Props:
    """Return the inputs after a read: what steers us as it was, all else as Twilio has it now."""
    steering = {key: props[key] for key in spec.OURS if props.get(key) is not None}
    return {**live, **steering}


def unchanged(id_: str, props: Props) -> ReadResult:
    """Return the answer of a read that learnt nothing: the state stays as it is."""
    return ReadResult(id_, dict(props))


def is_account(account_sid: object) -> bool:
    """Return whether there is an account at all, and not one that waits to be made."""
    return isinstance(account_sid, str) and account_sid.startswith("AC")


def _canonical(spec: type[Spec], bag: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a bag in canonical form; one that is partly unknown, or from another version, as far as it goes."""
    unknown = {key: value for key, value in bag.items() if isinstance(value, Unknown)}
    known = {key: value for key, value in bag.items() if key not in unknown}
    try:
        return {**spec.of(known).props(), **unknown}
    except ValidationError:
        return bag


def _failures(error: ValidationError, unknown: Mapping[str, Any]) -> list[CheckFailure]:
    return [
        CheckFailure(".".join(str(part) for part in problem["loc"]), problem["msg"])
        for problem in error.errors(include_url=False, include_input=False)
        if problem["loc"][0] not in unknown
    ]
