"""What can be wrong with a ledger: a class for each decision that a caller can make."""

UNFIT = "The ledger {} can't keep a row: {}. Nothing was written."


class LedgerError(Exception):
    """Something about the ledger; the text says what was done, what came back and what to do."""


class MissingLedgerError(LedgerError):
    """There is no ledger at this address yet."""


class LedgerExistsError(LedgerError):
    """There is something already where a new ledger or file was to be."""


class NewerLedgerError(LedgerError):
    """A newer version of this program has written the ledger."""


class LedgerUnavailableError(LedgerError):
    """The database can't be reached, can't be written, or is busy."""


class DamagedLedgerError(LedgerError):
    """The ledger's file is damaged."""


class TakenRefError(LedgerError):
    """The reference stands for something else already."""


class OutdatedError(LedgerError):
    """What a statement was rated with is not what the ledger has by now: rate it again."""


class RefusedError(LedgerError):
    """The ledger's own rules forbid it; nothing was written."""
