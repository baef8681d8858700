"""SIDs, secrets and tokens, the same for the same seed."""

import random
import string

HEX = "0123456789abcdef"
BASE62 = string.ascii_letters + string.digits


class Sids:
    """One stream of identifiers; a seed makes it repeatable, none takes the system's randomness."""

    def __init__(self, seed: int | str | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret guards anything here

    def sid(self, prefix: str) -> str:
        return prefix + self._draw(HEX, 32)

    def auth_token(self) -> str:
        """32 lower-case hex, as Twilio's."""
        return self._draw(HEX, 32)

    def secret(self) -> str:
        """32 characters of base 62, as an API key's secret is."""
        return self._draw(BASE62, 32)

    def uuid(self) -> str:
        digits = self._draw(HEX, 32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def _draw(self, alphabet: str, length: int) -> str:
        return "".join(self._random.choices(alphabet, k=length))
