"""What all providers share: reading property bags, check, and diff by meaning.

Facts that shape this file (Pulumi Python SDK 3.272): numbers arrive as floats and None vanishes; values that a preview
does not know yet arrive as `Unknown` objects; `diff` gets the old *outputs*; an exception in check or diff stops the
whole run, so neither raises nor asks Twilio. Providers hold nothing: a class of an importable module is saved in the
state as a reference of some 70 bytes, so today's code runs for yesterday's resources.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, DiffResult, ReadResult, ResourceProvider
from pulumi.output import contains_unknowns
from pydantic import ValidationError

from tenantry.model import comparison
from tenantry.model.spec import Spec
from tenantry.providers.ownership import held_failures
from tenantry.twilio.errors import Refused

S = TypeVar("S", bound=Spec)
Props = dict[str, Any]
Problem = tuple[str, str]
"""A field, and what is wrong with it."""


class TwilioProvider(ResourceProvider, Generic[S]):
    """A dynamic provider of one kind of resource, whose inputs are a `Spec`."""

    serialize_as_secret_always = False  # the class captures no value, and a readable state makes readable previews

    spec: ClassVar[type[Any]]
    """The spec's class; `Any`, because a class variable can't name the type parameter."""

    def check(self, olds: Props, news: Props) -> CheckResult:
        """Return the inputs in canonical form, and what is wrong with them."""
        known, unknown = split_known(news)
        if "owner_account_sid" not in news and "owner_account_sid" in olds:
            known["owner_account_sid"] = olds["owner_account_sid"]  # a preview without credentials knows no parent
        try:
            checked = self.spec.of(known).props()
        except ValidationError as error:
            wrong = [
                CheckFailure(*problem) for problem in _read_problems(error) if problem[0].split(".")[0] not in unknown
            ]
            return CheckResult(news, wrong)
        return self.check_with_state(olds, {**checked, **unknown})

    def check_with_state(self, olds: Props, news: Props) -> CheckResult:
        """Check what needs the old inputs, such as an object that another entry holds; a kind extends it."""
        return CheckResult(news, held_failures(olds, news))

    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Compare the old outputs with the new inputs by meaning."""
        replacing = self.replacing(id_, olds, news)
        return DiffResult(changes=bool(replacing | self.find_changes(id_, olds, news)), replaces=sorted(replacing))

    def find_changes(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Return the inputs that differ from Twilio's settings; an input that only steers the provider never does."""
        return comparison.find_changes(self.spec, olds, news, _as_far_as_known)

    def replacing(self, id_: str, olds: Props, news: Props) -> frozenset[str]:
        """Return the differences that need a replacement."""
        return self.find_changes(id_, olds, news) & frozenset(self.spec.REPLACES)

    def of(self, props: Props) -> S:
        """Read a checked property bag; raises Refused, without any of its values, where the state was damaged."""
        try:
            spec: S = self.spec.of(props)
        except ValidationError as error:
            raise Refused(
                "; ".join(f"{field or 'it'}: {problem}" for field, problem in _read_problems(error)),
                what=f"Reading what the state holds of this {type(self).__name__.removesuffix('Provider')}",
                next_step="Nothing was sent. Put the state back as it was before somebody changed it.",
            ) from None
        return spec


def split_known(bag: Mapping[str, Any]) -> tuple[Props, Props]:
    """Split a property bag into values that are known and values that a preview knows not at all or only in part."""
    unknown = {key: value for key, value in bag.items() if contains_unknowns(value)}
    return {key: value for key, value in bag.items() if key not in unknown}, unknown


def find_differences(spec: type[Spec], olds: Mapping[str, Any], news: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields of a spec in which two property bags differ in meaning, unknown values among them."""
    return comparison.find_differences(spec, olds, news, _as_far_as_known)


def as_inputs(spec: type[Spec], props: Mapping[str, Any], live: Mapping[str, Any]) -> Props:
    """Return the inputs after a read: those that steer the provider as they were, all others as Twilio has them now."""
    steering = {key: props[key] for key in spec.OURS if props.get(key) is not None}
    return {**live, **steering}


def keep_state(id_: str, props: Props) -> ReadResult:
    """Return the result of a read without news: the state stays as it is."""
    return ReadResult(id_, dict(props))


def _as_far_as_known(spec: type[Spec], bag: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a bag in canonical form; of a bag with unknown values, the known ones."""
    known, unknown = split_known(bag)
    return {**comparison.make_canonical(spec, known), **unknown}


def _read_problems(error: ValidationError) -> Iterator[Problem]:
    """Yield what is wrong with a bag, without the values, which may be secret."""
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        yield ".".join(str(part) for part in problem["loc"]), problem["msg"]
