"""What an operation raises where it can't do what a person asked for; a front door prints the text and ends."""


class OperationError(Exception):
    """It can't be done; the text says what, why, and what to do next."""


class StoppedError(OperationError):
    """It could not even begin, or may not go on."""


class InterruptedOperationError(OperationError):
    """Ctrl-C ended it; the text says what was done until then."""


class InterruptedPreviewError(InterruptedOperationError):
    """Ctrl-C, SIGTERM or SIGHUP ended the preview, so nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Interrupted, in the preview: nothing was changed. Run again to go on.")
