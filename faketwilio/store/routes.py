"""Where a delivery may go: to this machine, or to what the user mapped to it. Never to a real network."""

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit


def target_of(url: str, routes: Mapping[str, str]) -> str | None:
    """The URL to connect to: the configured one, or its path and query at what its host is mapped to; None for none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    for host in (parts.netloc.rpartition("@")[2].lower(), parts.hostname or ""):
        if host in routes:
            base = urlsplit(routes[host])
            return _write_address(parts, base.scheme, base.netloc)
    return _write_address(parts, parts.scheme, parts.netloc.rpartition("@")[2]) if is_here(parts.hostname) else None


def without_credentials(url: str) -> str:
    """The URL as others may read it."""
    scheme, separator, rest = url.partition("://")
    netloc, slash, path = rest.partition("/")
    return f"{scheme}{separator}{netloc.rpartition('@')[2]}{slash}{path}"


def check_routes(values: Mapping[Any, Any]) -> dict[str, str]:
    """Hosts (`name` or `name:port`) and the loopback URLs they are mapped to; raises ValueError for anything else."""
    routes = {}
    for host, url in values.items():
        if not _is_host(host):
            raise ValueError(f"a route begins at a host such as hooks.owl.example, not {host!r}")
        if not _is_base(url):
            raise ValueError(f"{host} can only be mapped to a URL such as http://127.0.0.1:9000, not to {url!r}")
        routes[host.lower()] = url
    return routes


def routes_of(settings: Iterable[str]) -> dict[str, str]:
    """Routes as they are written on a command line, `hooks.owl.example=http://127.0.0.1:9000`; raises ValueError."""
    pairs = [setting.partition("=") for setting in settings]
    if bad := [host for host, equals, _ in pairs if not equals]:
        raise ValueError(f"a route is written HOST=URL, not {', '.join(bad)}")
    return check_routes({host.strip(): url.strip() for host, _, url in pairs})


def is_here(host: str | None) -> bool:
    """Whether a host is this machine by its very name: nothing is resolved, a name server could say anything."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _write_address(parts: SplitResult, scheme: str, netloc: str) -> str:
    return f"{scheme}://{netloc}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def _is_host(host: Any) -> bool:
    return isinstance(host, str) and bool(host) and not set(host) & set("/@?#") and not any(c.isspace() for c in host)


def _is_base(url: Any) -> bool:
    if not isinstance(url, str):
        return False
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    return parts.scheme in ("http", "https") and is_bare and port_is_fine and is_here(parts.hostname)
