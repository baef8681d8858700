"""Twilio calls from the internet, so a callback leads to a host of the internet."""

import socket
from collections.abc import Iterator
from functools import cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject

PRIVATE_ENDINGS = frozenset(
    {
        *("localhost", "local", "internal", "test", "invalid", "onion", "alt", "arpa"),
        *("corp", "home", "mail"),
        *(
            "lan",
            "localdomain",
            "domain",
            "intranet",
            "intra",
            "private",
            "priv",
            "workgroup",
            "dmz",
            "loc",
            "localnet",
        ),
        *("svc", "cluster", "pod", "consul", "docker", "containers", "nomad", "mesh", "k8s", "ts"),
        *("router", "modem", "gateway", "fritz", "belkin", "dlink", "ap"),
    }
)
"""Last parts of names that lead nowhere in the internet: special-use names (IANA, RFC 6761, 6762, 7686, 8375, 9476) and
.internal; those that ICANN will never give away, because networks use them inside; what clusters and routers use. Not
`example`: it leads nowhere either, and documentation is full of it."""
PUBLIC_IPV6 = IPv6Network("2000::/3")
"""What IANA gives to hosts of the internet. Other networks hold IPv4 addresses, also private ones, in other forms."""


def _find_private(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    for callback in subject.callbacks:
        if callback.dialled is None or not _is_public(callback.dialled):
            sentence = f"sends to {callback.host}, which is not a public host"
            yield Finding(callback.path, sentence, callback.is_of_base)


@cache
def _is_public(host: str) -> bool:
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return _is_public_name(host)
    if isinstance(address, IPv6Address):
        return address in PUBLIC_IPV6 and address.is_global and not (address.sixtofour or address.teredo)
    return address.is_global and not address.is_multicast


def _is_public_name(host: str) -> bool:
    last = host.rpartition(".")[2]
    return "." in host and last not in PRIVATE_ENDINGS and not last.isdecimal() and not _is_odd_address(host)


def _is_odd_address(host: str) -> bool:
    """Return whether clients take a name for an IPv4 address, as `127.1`, `0177.0.0.1` and `0x7f.1`; asks nobody."""
    try:
        socket.inet_aton(host)
    except OSError:
        return False
    return True


PUBLIC_HOSTS = TenantRule(
    id="public-hosts",
    title="Callbacks don't lead to private addresses or names.",
    level="mandatory",
    why=(
        "Twilio can't reach them, so what is sent there is lost; and a URL of a network's inside that somebody else "
        "calls is how requests are forged. Of an address in an odd spelling, such as `0x7f.1`, nobody sees where it "
        "leads."
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
    check=_find_private,
)
