"""Where a record is, and the SID that says it: so no index of SIDs is needed, and none can come twice."""

from faketwilio.store.sids import Sids

SECOND = 1 << 25  # so many records can be made in one archive; with it all years that have a date fit into 64 bits
END = (1 << 63) - 1  # after all places
HALF = 64
ALL = (1 << 128) - 1


def place(moment: int, number: int) -> int:
    """The place of a record in its account's list: by moment (seconds since 1970), then by number."""
    return moment * SECOND + number


class SidCode:
    """A bijection between (account, place) and 32 hex digits that look like chance."""

    def __init__(self, sids: Sids) -> None:
        self._odd = int(sids.auth_token(), 16) | 1
        self._shift = int(sids.auth_token(), 16)
        self._undo = pow(self._odd, -1, 1 << 128)

    def digits(self, account: int, place: int) -> str:
        value = account << HALF | place
        for _ in range(2):
            value = _turn((value + self._shift) * self._odd & ALL)
        return f"{value:032x}"

    def where(self, digits: str) -> tuple[int, int]:
        """The account and the place that 32 hex digits stand for, whether or not something is there."""
        value = int(digits, 16)
        for _ in range(2):
            value = (_turn(value) * self._undo - self._shift) & ALL
        return value >> HALF, value & ALL >> HALF


def _turn(value: int) -> int:
    """Multiplying changes only digits to the left; turned, the next round changes the others."""
    return value >> HALF | (value << HALF & ALL)
