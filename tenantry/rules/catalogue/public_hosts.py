"""Twilio calls from the internet, so a callback leads to a host of the internet."""

import socket
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address

from tenantry.rules.callbacks import callbacks_of
from tenantry.rules.rule import Example, Finding, Parameters, TenantRule
from tenantry.rules.subject import Subject

PRIVATE_ENDINGS = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
"""Names that lead nowhere in the internet, by RFC 6761, 6762 and 8375, ICANN's decision on .internal, and habit."""


def _not_public(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    for callback in callbacks_of(subject):
        if _is_private(callback.host):
            sentence = f"sends to {callback.host}, which is not a public host"
            yield Finding(callback.path, sentence, callback.is_of_base)


def _is_private(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return address.is_multicast or not address.is_global
    return "." not in host or host.endswith(tuple(f".{ending}" for ending in PRIVATE_ENDINGS))


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a host is written as, if it is one; `127.1` and `0x7f000001` are addresses too."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(host))  # as clients read it; asks no name server
        except (OSError, UnicodeEncodeError):
            return None
    return getattr(address, "ipv4_mapped", None) or address


PUBLIC_HOSTS = TenantRule(
    id="public-hosts",
    title="Callbacks don't lead to private addresses or names.",
    level="mandatory",
    why=(
        "Twilio can't reach them, so what is sent there is lost; and a URL of a network's inside that somebody else "
        "calls is how requests are forged."
    ),
    mend="write the public name of the receiver",
    source=(
        "https://www.twilio.com/docs/usage/webhooks/webhooks-faq",
        "https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html",
    ),
    example=Example(
        breaks="debugger_webhook: {url: 'https://10.0.0.7/errors/acme'}\n",
        keeps="debugger_webhook: {url: 'https://hooks.owl.example/errors/acme'}\n",
    ),
    parameters=Parameters,
    check=_not_public,
)
