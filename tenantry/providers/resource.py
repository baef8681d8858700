"""The Pulumi side of a kind: its type token, its provider saved once, and no stack trace in the state."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any, ClassVar

import pulumi
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider

from tenantry.model.recorded import TOKENS
from tenantry.plugin.economy import OutputNames, records_stack_trace


class TwilioResource(OutputNames, pulumi.CustomResource):
    """A dynamic resource; a leaf class names its kind (a part of the type token, so never changed) and its provider.

    It does what `pulumi.dynamic.Resource` does, but serialises the provider once per class: the SDK's own way nests
    deeper with every resource and ends in a RecursionError near the 978th (SDK 3.272, pulumi/pulumi#17803).
    """

    token: ClassVar[str]
    provider: ClassVar[type[ResourceProvider]]
    tells: ClassVar[tuple[str, ...]]
    """Its outputs besides `id` and `urn`: values that only Twilio knows, all of them secret."""

    def __init_subclass__(
        cls, *, kind: str, provider: type[ResourceProvider], secrets: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.token = f"{TOKENS}{kind}"
        cls.provider = provider
        cls.tells = secrets

    def __init__(self, name: str, props: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        options = copy(opts) if opts else pulumi.ResourceOptions()
        if self.tells:  # not `ResourceOptions.merge`, which costs as much as half of a registration
            options.additional_secret_outputs = [*(options.additional_secret_outputs or ()), *self.tells]
        with no_stack_trace():
            super().__init__(self.token, name, {**props, PROVIDER_KEY: serialize(self.provider)}, options)


_serialized: dict[str, str] = {}


def serialize(provider: type[ResourceProvider]) -> str:
    """Return the value that the state keeps for a provider: a reference to its class, in base64, cached."""
    path = f"{provider.__module__}.{provider.__qualname__}"
    if path not in _serialized:
        _serialized[path] = str(serialize_provider(provider()))
    return _serialized[path]


serialized = serialize
"""The name in tests/test_contract.py, which never changes."""


@contextmanager
def no_stack_trace() -> Iterator[None]:
    """Keep the SDK from recording the stack of what is registered in this context."""
    token = records_stack_trace.set(False)
    try:
        yield
    finally:
        records_stack_trace.reset(token)
