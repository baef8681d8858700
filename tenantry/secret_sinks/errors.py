"""What a sink raises: one class for each decision that a caller can make."""

from datetime import date

from tenantry.text.extra import tell_install


class SinkError(Exception):
    """A sink did not do what it was asked; the text says what, to which secret, what came back, what to do next."""


class UnreachableError(SinkError):
    """The store can't be reached, or takes nobody's word: asking it for another secret would end the same way."""


class ForeignError(SinkError):
    """What stands there is not ours to overwrite: another account's secret, or one that we did not put there."""


class ConflictError(SinkError):
    """Somebody else wrote at the same moment: look again."""


class DeletedError(SinkError):
    """What stood there is deleted, and the store keeps it until a day on which it goes by itself."""

    def __init__(self, sentence: str, until: date | None) -> None:
        super().__init__(sentence)
        self.until = until


class MissingExtraError(UnreachableError):
    """The client of a store is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"The package {package} is not installed. {tell_install(extra)} Then run again.")
