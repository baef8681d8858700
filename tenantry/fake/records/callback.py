"""A request that Twilio makes, as it is kept."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Callback:
    """What Twilio would send: a GET has its parameters in the URL, a POST in its form."""

    method: str
    url: str
    form: dict[str, str]
    signature: str
