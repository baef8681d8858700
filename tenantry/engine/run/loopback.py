"""Nothing on this machine is reached through a proxy.

Pulumi, its language host, the program, the plugin and policy packs talk to each other on loopback. Go knows that it
needs no proxy for that; gRPC's C core, which Python uses, applies `https_proxy` to it too, and the program ends before
it registers anything, or a policy pack waits for ever.
"""

from __future__ import annotations

from collections.abc import Mapping

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_EVERYTHING = "*"


def direct_loopback(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that keep loopback from a proxy, beside all that the environment keeps from it already.

    Programs read one of two spellings, each another one first. gRPC reads its own before `no_proxy`, and knows no `*`.
    """
    lower = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    upper = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
    grpc = environ.get("no_grpc_proxy") or lower
    return {"no_proxy": _merge_hosts(lower), "NO_PROXY": _merge_hosts(upper), "no_grpc_proxy": _with_loopback(grpc)}


def _merge_hosts(hosts: str) -> str:
    """Return hosts with those of loopback; `*` means all only where it stands alone."""
    return hosts if hosts.strip() == _EVERYTHING else _with_loopback(hosts)


def _with_loopback(hosts: str) -> str:
    named = [host for part in hosts.split(",") if (host := part.strip())]
    return ",".join([*named, *(host for host in LOOPBACK if host not in named)])
