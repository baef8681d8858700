"""The contract of every sink. Values are written and never read."""

from typing import Protocol

from tenantry.secret_sinks.secret import KeySecret, Version


class Sink(Protocol):
    """A store of secrets. It may be used from several threads at once."""

    def version(self, name: str) -> Version | None:
        """Return what stands under a name, None where nothing does.

        Raises UnreachableError, ForeignError where it is not ours, and SinkError.
        """

    def put(self, name: str, secret: KeySecret) -> None:
        """Write a secret, whole or so that `version` tells that it is not whole.

        Raises UnreachableError, ForeignError where another account's or key's stands there, ConflictError, SinkError.
        """
