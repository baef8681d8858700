"""The contract of every sink. Values are written and deleted, and never read."""

from datetime import date
from typing import Protocol

from tenantry.secret_sinks.secret import KeyOwner, KeySecret, Version


class Sink(Protocol):
    """A store of secrets. It may be used from several threads at once."""

    def version(self, name: str) -> Version | None:
        """Return what stands under a name, None where nothing does.

        Raises UnreachableError, ForeignError where it is not ours, DeletedError where it is deleted and the store keeps
        it for some time, and SinkError.
        """

    def put(self, name: str, secret: KeySecret) -> None:
        """Write a secret, whole or so that `version` tells that it is not whole.

        Raises UnreachableError, ForeignError where another account's or key's stands there, ConflictError, SinkError.
        """

    def delete(self, name: str, owner: KeyOwner) -> date | None:
        """Delete a secret with all that it was before; return until when the store can restore it, None if it can't.

        One that is not there, or was deleted before, is no error. Raises UnreachableError, ForeignError where it is
        another account's or key's, ConflictError, SinkError.
        """
