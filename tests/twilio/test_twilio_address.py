"""Which URLs a call may go to: those that are dialled at one of Twilio's hosts, and no other reading of them."""

import json
import socket
import threading
from dataclasses import replace

import pytest
import requests
from urllib3.util import parse_url

from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import Unreachable
from tenantry.twilio.http.address import HOSTS, CheckedAdapter, parse_twilio_address
from tenantry.twilio.http.transport import Transport

TOKEN = "5" * 32
SUBACCOUNT = LiveAccount("AC" + "4" * 32, "Acme", "active", "AC" + "1" * 32, TOKEN)

ELSEWHERE = (
    "https://evil.example/v1/Sinks",
    "https://127.0.0.1\\.twilio.com/v1/Sinks",
    "https://127.0.0.1:1\\.twilio.com/v1/Sinks",
    "https://127.0.0.1\\@api.twilio.com/v1/Sinks",
    "https://api.twilio.com\\@127.0.0.1/v1/Sinks",
    "https://127.0.0.1#.twilio.com/v1/Sinks",
    "https://127.0.0.1%2f.twilio.com/v1/Sinks",
    "https://127.0.0.1%5c.twilio.com/v1/Sinks",
    "https://127.0.0.1;.twilio.com/v1/Sinks",
    "https://127.0.0.1?.twilio.com/v1/Sinks",
    "https://127.0.0.1\t.twilio.com/v1/Sinks",
    "https://127.0.0.1\x00.twilio.com/v1/Sinks",
    "https://api.twilio.com@127.0.0.1/v1/Sinks",
    "https://user@api.twilio.com/v1/Sinks",
    "https://api.twilio.com:8443/v1/Sinks",
    "https://api.twilio.com:80/v1/Sinks",
    "http://api.twilio.com/v1/Sinks",
    "//api.twilio.com/v1/Sinks",
    "https://api.twilio.com./v1/Sinks",
    "https://apі.twilio.com/v1/Sinks",
    "https://acme.sip.twilio.com/v1/Sinks",
    "https://twilio.com/v1/Sinks",
    "https://apitwilio.com/v1/Sinks",
    "https://[::1]/v1/Sinks",
    "",
)


@pytest.mark.parametrize("url", ELSEWHERE, ids=ascii)
def test_an_address_that_is_not_twilios_is_refused(url):
    with pytest.raises(Unreachable, match="Twilio's"):
        parse_twilio_address(url)


@pytest.mark.parametrize("host", sorted(HOSTS))
@pytest.mark.parametrize("form", ["https://{}/v1/Keys?Page=1", "https://{}:443/v1/Keys?Page=1"])
def test_twilios_own_hosts_are_called(host, form):
    parts = parse_twilio_address(form.format(host))
    assert (parts.host, parts.request_uri) == (host, "/v1/Keys?Page=1")


@pytest.mark.parametrize(
    "path",
    [
        "/2010-04-01/Accounts/AC1/Keys.json",
        "/v1/Sinks",
        "/v1/Sinks/",
        "/v1/../Sinks",
        "//evil.example/v1/Sinks",
        "/v1/a b?c=d e#f",
        "",
    ],
)
def test_an_address_of_twilios_is_read_as_urllib3_reads_it(path):
    url = f"https://api.twilio.com{path}"
    assert parse_twilio_address(url) == parse_url(url)


@pytest.mark.parametrize("url", ELSEWHERE, ids=ascii)
def test_a_link_to_a_next_page_elsewhere_gets_no_credentials(saying, http, url):
    page = json.dumps({"meta": {"key": "sinks", "next_page_url": url or "https:///"}, "sinks": []})
    session = saying(http(200, page))
    session.accounts.remember(SUBACCOUNT)
    with pytest.raises(Unreachable, match="Twilio's") as caught:
        session.event_sinks.list(SUBACCOUNT.sid)
    assert TOKEN not in str(caught.value)


def test_the_parents_token_is_not_sent_to_a_lookalike_host(retry_policy):
    """The transport that talks to Twilio itself, and somebody who listens where such a link really leads."""
    transport = Transport(retry_policy=replace(retry_policy, connect_timeout=1, read_timeout=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        for host in (f"127.0.0.1:{port}\\.twilio.com", f"127.0.0.1:{port}"):
            with pytest.raises(Unreachable):
                transport.request("GET", f"https://{host}/x", auth=("AC" + "1" * 32, TOKEN))
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(
    ("base", "dialled"),
    [
        (None, "https://127.0.0.1:{}/"),
        (None, "http://127.0.0.1:{}/"),
        ("http://127.0.0.1:1", "http://127.0.0.1:{}/"),
        ("http://127.0.0.1", "http://127.0.0.1:{}/"),
        ("https://127.0.0.1", "http://127.0.0.1:{}/"),
    ],
)
def test_what_is_dialled_is_looked_at_once_more(base, dialled):
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, CheckedAdapter(base))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        url = dialled.format(listener.getsockname()[1])
        with pytest.raises(Unreachable):
            session.get(url, timeout=1)
        with pytest.raises(BlockingIOError):
            listener.accept()


@pytest.mark.parametrize(("host", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_the_fakes_own_address_is_dialled(host, family):
    def answer() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

    written = f"[{host}]" if ":" in host else host
    with socket.create_server((host, 0), family=family) as listener, requests.Session() as session:
        session.trust_env = False
        base = f"http://{written}:{listener.getsockname()[1]}"
        session.mount("http://", CheckedAdapter(base))
        thread = threading.Thread(target=answer)
        thread.start()
        status = session.get(f"{base}/x", timeout=120).status_code
        thread.join()
    assert status == 204
