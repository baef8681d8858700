"""URL-encoded parameters, read strictly: what is broken or given twice is refused, not repaired."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from faketwilio.wire.errors import TwilioError, invalid, missing, violation

NAME_LENGTH = 64  # characters of a friendly name


@dataclass(frozen=True)
class Form:
    """The parameters of a body or a query, in their order. Names are case-sensitive."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter that may be repeated, such as `Types`."""
        return tuple(value for key, value in self.pairs if key == name)

    def get(self, name: str) -> str | None:
        """The one value, None when it was not sent; raises 20001 if it was sent twice."""
        values = self.all(name)
        if len(values) > 1:
            raise TwilioError(400, 20001, f"Parameter {name} was given {len(values)} times")
        return values[0] if values else None

    def require(self, name: str) -> str:
        value = self.get(name)
        if value is None or value == "":
            raise missing(name)
        return value

    def friendly_name(self) -> str | None:
        """The name that was sent, None when none was; raises 70001 for one that is too long."""
        name = self.get("FriendlyName")
        if name is not None and len(name) > NAME_LENGTH:
            raise violation()
        return name

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """One of the choices as they are written, None when it was not sent."""
        value = self.get(name)
        if value is not None and value not in choices:
            raise invalid(name, value)
        return value


def read_json_parameter(name: str, text: str, code: int = 20001) -> Any:
    """The JSON that a parameter holds; raises the code for what JSON has not: NaN, half characters, endless nesting."""
    try:
        value = json.loads(text, parse_constant=refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise TwilioError(400, code, f"Invalid {name}: not JSON") from error
    return value


def parse(raw: bytes) -> Form:
    """A form from its bytes; raises 20001 when they are not URL-encoded UTF-8: bytes above ASCII need their `%`."""
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, strict_parsing=bool(raw), errors="strict")
    except ValueError as error:
        raise TwilioError(400, 20001, "The parameters are not URL-encoded UTF-8, in which é is %C3%A9") from error
    return Form(tuple(pairs))


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
