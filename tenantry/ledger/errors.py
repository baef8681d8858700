"""What can be wrong with a ledger: a class for each decision that a caller can make."""

UNFIT = "The ledger {} can't keep a row: {}. Nothing was written."


class LedgerError(Exception):
    """Something about the ledger; the text says what was done, what came back and what to do."""


class MissingLedgerError(LedgerError):
    """There is no ledger at this address: it was never made, or it is lost, which nobody here can tell."""

    def __init__(self, address: object) -> None:
        super().__init__(
            f"There is no ledger at {address}. If there was one, correct the address, or restore a backup to it and "
            "run `tenantry ledger check`: a new one has nothing of what it had. Only for the first time: "
            "`tenantry ledger init`."
        )


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
