"""Values as reports show them: without what may be secret in a URL.

A URL in Twilio may contain a token, so user, password and the values of a query are never shown, whoever wrote
them: reports go into comments, issues and logs. Paths stay, and fragments, which are Twilio's connection overrides
(https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

HIDDEN = "…"
DIFFERS = "…(differs)"
_USERINFO = re.compile(r"(?<=://)[^/?#\s]*(?=@)")
_QUERY = re.compile(r"(?<=://)([^?#]*\?)([^#]*)")
_VALUE = re.compile(r"(?<==)[^&;]+|(?:^|(?<=[&;]))[^=&;]+(?![^&;])")
"""What follows a `=`, or a parameter that is a value alone."""
Show = Callable[[str], str]


def mask_secrets(old: Any, new: Any) -> tuple[Any, Any]:
    """Return two values with secrets in their URLs masked; where only secrets differ, the second value says so."""
    secrets: list[str] = []

    def note(secret: str) -> str:
        secrets.append(secret)
        return HIDDEN

    shown = _mask(old, note), _mask(new, lambda _: HIDDEN)
    if old == new or shown[0] != shown[1]:
        return shown
    before = iter(secrets)
    return shown[0], _mask(new, lambda secret: HIDDEN if secret == next(before, None) else DIFFERS)


def _mask(value: Any, show: Show) -> Any:
    match value:
        case str():
            return _mask_url(value, show)
        case list() | tuple():
            return [_mask(item, show) for item in value]
        case Mapping():
            return {key: _mask(value[key], show) for key in sorted(value)}
        case _:
            return value


def _mask_url(text: str, show: Show) -> str:
    """Return a text with the secrets of its URL masked; text after the URL counts as its query."""

    def mask_query(found: re.Match[str]) -> str:
        return found[1] + _VALUE.sub(lambda match: show(match[0]), found[2])

    return _QUERY.sub(mask_query, _USERINFO.sub(lambda match: show(match[0]), text))
