"""Values as reports show them: without what may be secret in a URL."""

import re
from collections.abc import Mapping
from typing import Any

_USERINFO = re.compile(r"(?<=://)[^/?#\s]*@")


def hidden(value: Any) -> Any:
    """Return a value without user and password of its URLs; manifests have none, so Twilio's side alone can."""
    match value:
        case str():
            return _USERINFO.sub("…@", value)
        case list() | tuple():
            return [hidden(item) for item in value]
        case Mapping():
            return {key: hidden(item) for key, item in value.items()}
        case _:
            return value
