"""A request that has arrived is done, however long that takes and whoever is gone by then."""

import socket
from base64 import b64encode

from faketwilio.store.fault import fault_of

WITHIN = 10  # seconds until it connects


def test_a_request_on_its_way_is_done_though_its_sender_is_gone(wire, fake):
    fake.store.faults.append(fault_of({"mode": "latency", "ms": 100}))
    _post_and_hang_up(fake)
    while fake.store.request_log.total == 0 or fake.store.request_log.as_json()["in_flight"]:
        wire.fake_control("GET", "/clock")
    assert [account.friendly_name for account in fake.store.accounts_of(fake.account_sid)[:-1]] == ["late"]


def _post_and_hang_up(fake):
    form, credentials = b"FriendlyName=late", b64encode(f"{fake.account_sid}:{fake.auth_token}".encode()).decode()
    host, port = fake.url.removeprefix("http://").split(":")
    head = (
        "POST /2010-04-01/Accounts.json HTTP/1.1\r\nHost: api.twilio.com\r\n"
        f"Authorization: Basic {credentials}\r\nContent-Length: {len(form)}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), WITHIN) as connection:
        connection.sendall(head.encode() + form)
