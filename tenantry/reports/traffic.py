"""What a command cost at Twilio's API, in a line for people."""

from collections.abc import Mapping

from tenantry.text.plain import plain
from tenantry.twilio.http.shown_address import address_from
from tenantry.twilio.http.traffic import HostTraffic, Traffic


def api_line(traffic: Traffic, environ: Mapping[str, str]) -> str:
    """Return what was sent, in all and by host: `Twilio: 12 requests (api.twilio.com 9, …), at most 4 in flight, …`.

    Where it was not sent to Twilio itself, the line says so.
    """
    address = address_from(environ)
    place = f"; all of it went to {plain(address)}, which is not Twilio" if address else ""
    hosts = ", ".join(_describe_host(name, host) for name, host in sorted(traffic.hosts.items()))
    number = "1 request" if traffic.requests == 1 else f"{traffic.requests} requests"
    retried = f"{traffic.retried} tried again, " if traffic.retried else ""
    return (
        f"Twilio: {number} ({hosts}), at most {traffic.most_in_flight} in flight, "
        f"{traffic.throttled} answered 429, {retried}{traffic.waited:.1f} s waited{place}"
    )


def _describe_host(name: str, host: HostTraffic) -> str:
    throttled = f" with {host.throttled} × 429" if host.throttled else ""
    return f"{name} {host.requests}{throttled}"
