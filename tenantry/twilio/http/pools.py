"""The connections to each host, kept open for all threads.

`requests` chooses each pool: proxies, certificates, and the check of the address that is dialled. It does so once a
host; what it does again for every call is a half of a call's CPU. The calls go through the pool, which is urllib3's.
"""

from typing import cast

import requests
from urllib3 import HTTPConnectionPool

from tenantry.twilio.http.address import CheckedAdapter
from tenantry.twilio.http.limit import THREADS


class Pools:
    """The pools by origin; for all threads."""

    def __init__(self, base_url: str | None) -> None:
        self._adapter = CheckedAdapter(base_url, pool_connections=THREADS, pool_maxsize=THREADS)
        self._session = requests.Session()
        # A base URL of our own is a fake on this machine or network: a company's proxy must not come between.
        self._session.trust_env = base_url is None
        self._pools: dict[str, HTTPConnectionPool] = {}

    def get(self, origin: str) -> HTTPConnectionPool:
        """Return the pool of a scheme, host and port; raises Unreachable where that is not dialled."""
        pool = self._pools.get(origin)
        if pool is None:  # two threads may open it at once: the adapter gives both the same
            pool = self._pools[origin] = self._open(origin)
        return pool

    def _open(self, origin: str) -> HTTPConnectionPool:
        url = f"{origin}/"
        found = self._session.merge_environment_settings(url, {}, None, None, None)
        proxies, verify, certificate = found["proxies"], found["verify"], found["cert"]
        prepared = requests.Request("GET", url).prepare()
        pool = self._adapter.get_connection_with_tls_context(prepared, verify, proxies=proxies, cert=certificate)
        self._adapter.cert_verify(pool, url, verify, certificate)  # type: ignore[no-untyped-call]
        return cast(HTTPConnectionPool, pool)
