"""Where a call goes: to one of Twilio's hosts, or to the fake that stands in for them.

Links to next pages come from answers. Two readers of one URL need not see the same host in it: of
`https://127.0.0.1\\.twilio.com/` Python's urlsplit says `127.0.0.1\\.twilio.com`, and urllib3, which dials, 127.0.0.1.
So a URL is read as it is dialled, compared with the hosts by name, and looked at again when it is dialled.
"""

import re
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from tenantry.model.kinds import KINDS
from tenantry.twilio.errors import Unreachable

HOSTS = frozenset(host for kind in KINDS.values() for host in kind.hosts) | {"monitor.twilio.com", "oauth.twilio.com"}
"""Every host of Twilio that we call. Not all below twilio.com: some of those are customers', such as SIP domains."""
_HTTPS = 443
_PORTS = {"http": 80, "https": _HTTPS}
_PLAIN_ADDRESS = re.compile(r"https://([a-z.]+)((?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+)")
"""A host and a path of names, which all readers read alike: what the SDK writes for nearly every call."""
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}")


def parse_twilio_address(url: str) -> Url:
    """Return the parts of a URL of Twilio's, as they are dialled; raises Unreachable for every other one."""
    plain = _PLAIN_ADDRESS.fullmatch(url)
    if plain and plain[1] in HOSTS:
        return Url("https", host=plain[1], path=plain[2])
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise _make_unreachable(None, None) from None
    # The sign is looked for in all of the URL: one reader takes it for a slash, another for a part of the host.
    is_twilio = parts.scheme == "https" and parts.auth is None and parts.host in HOSTS and "\\" not in url
    if not is_twilio or parts.port not in (None, _HTTPS):
        raise _make_unreachable(parts.scheme, parts.host, parts.port)
    return parts


class CheckedAdapter(HTTPAdapter):
    """Dials Twilio's hosts, or only the fake's address where there is one; raises Unreachable before any other."""

    def __init__(self, base_url: str | None, **pool: Any) -> None:
        base = parse_url(base_url) if base_url else None
        # An address of IPv6 is dialled without the brackets that a URL writes around it.
        host = (base.host or "").strip("[]") if base else None
        self._base = (base.scheme, host, base.port or _PORTS.get(base.scheme or "")) if base else None
        super().__init__(**pool)

    def build_connection_pool_key_attributes(  # type: ignore[override]  # its stub wants dicts of any keys
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return what the connection is made with: its host and port are those that are dialled, by a proxy too."""
        host, tls = super().build_connection_pool_key_attributes(request, verify, cert)
        dialled = (host["scheme"], host["host"].strip("[]"), host["port"] or _PORTS.get(host["scheme"]))
        wanted = {self._base} if self._base else {("https", name, _HTTPS) for name in HOSTS}
        if dialled not in wanted:
            raise _make_unreachable(*dialled)
        return host, tls


def _make_unreachable(scheme: str | None, host: str | None, port: int | None = None) -> Unreachable:
    if scheme not in _PORTS or host is None or not _PLAIN_HOST.fullmatch(host):
        return Unreachable("the call would go to an address that is none of Twilio's")
    at = f":{port}" if port and port != _PORTS[scheme] else ""
    return Unreachable(f"the call would go to {scheme}://{host}{at}, which is not Twilio's")
