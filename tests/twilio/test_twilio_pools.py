"""Which connections a host gets: proxy, certificates, and only to where calls may go."""

from pathlib import Path

import pytest

from tenantry.twilio.errors import Unreachable
from tenantry.twilio.http.pools import Pools

TWILIO = "https://api.twilio.com"


@pytest.mark.parametrize(
    ("base", "origin"),
    [
        (None, "https://127.0.0.1:1"),
        (None, "http://api.twilio.com"),
        (None, "https://api.twilio.com:8443"),
        ("http://127.0.0.1:1", "http://127.0.0.1:2"),
        ("http://127.0.0.1:1", TWILIO),
    ],
)
def test_no_pool_is_opened_to_another_place(base, origin):
    with pytest.raises(Unreachable):
        Pools(base).get(origin)


def test_a_host_has_one_pool():
    pools = Pools(None)
    assert pools.get(TWILIO) is pools.get(TWILIO)
    assert pools.get(TWILIO) is not pools.get("https://events.twilio.com")


def test_twilios_certificate_is_checked(monkeypatch: pytest.MonkeyPatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    assert Pools(None).get(TWILIO).cert_reqs == "CERT_REQUIRED"


def test_a_companys_own_certificates_are_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    bundle = tmp_path / "company.pem"
    bundle.touch()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    pool = Pools(None).get(TWILIO)
    assert (pool.ca_certs, pool.cert_reqs) == (str(bundle), "CERT_REQUIRED")


@pytest.mark.parametrize(
    ("base", "origin", "host"),
    [(None, TWILIO, "proxy.example"), ("http://127.0.0.1:1", "http://127.0.0.1:1", None)],
    ids=["twilio", "fake"],
)
def test_only_twilio_is_reached_through_the_proxy(monkeypatch: pytest.MonkeyPatch, base, origin, host):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"):
        monkeypatch.setenv(name, "http://ana:hunter2@proxy.example:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    pool = Pools(base).get(origin)
    assert (pool.proxy and pool.proxy.host) == host
    assert ("Proxy-Authorization" in pool.proxy_headers) == (host is not None)
