"""Whose request it is: the twilio SDK's validator signs, and the receiver takes what is genuine and nothing else."""

import hashlib
import socket
from urllib.parse import urlencode

import pytest
import requests
from receiver_world import HOST, PREFIX

from faketwilio.store.fault import Fault

URL = f"https://{HOST}{PREFIX}/usage"
GENUINE, FORGED, LATER = 204, 403, 503


def test_a_genuine_form_is_kept(world):
    assert world.send() == GENUINE
    [event] = world.events()
    assert (event.account_sid, event.source, f"{event.current_value:f}") == (
        world.sids["acme"],
        "callback",
        "1000.000000",
    )


@pytest.mark.parametrize("signed", [f"https://{HOST}:443{PREFIX}/usage", URL])
def test_the_default_port_may_be_signed_or_not(world, signed):
    assert world.send(signed=signed) == GENUINE


@pytest.mark.parametrize(
    "signed",
    [
        f"http://{HOST}{PREFIX}/usage",
        f"https://{HOST}:8443{PREFIX}/usage",
        f"https://stranger.example{PREFIX}/usage",
        f"https://{HOST}{PREFIX}/usage/",
        f"https://{HOST}/usage",
    ],
)
def test_a_signature_for_another_url_is_refused(world, signed):
    assert (world.send(signed=signed), world.events()) == (FORGED, [])


def test_what_the_request_says_of_its_host_changes_nothing(world):
    claims = {"Host": "stranger.example", "X-Forwarded-Host": HOST, "X-Forwarded-Proto": "https"}
    assert world.send(more=claims) == GENUINE
    assert world.send(signed=f"https://stranger.example{PREFIX}/usage", more=claims) == FORGED


def test_another_accounts_token_is_refused(world):
    world.write("birch")
    world.up()
    assert (world.send(token=world.token("birch")), world.events()) == (FORGED, [])
    assert world.send(token=world.fake.auth_token) == LATER  # read a moment ago: nothing is proved twice in a minute


def test_a_changed_body_is_refused(world):
    body = urlencode(world.callback(CurrentValue="1")).encode()
    assert (world.send(body=body), world.events()) == (FORGED, [])


def test_a_field_that_is_added_is_refused(world):
    body = urlencode([*world.callback().items(), ("AccountSid", world.parent)]).encode()
    assert (world.send(body=body), world.events()) == (FORGED, [])


def test_without_a_signature_it_is_refused(world):
    assert world.send(more={"X-Twilio-Signature": ""}) == FORGED
    assert requests.get(f"{world.server.url}/wp-login.php", timeout=120).status_code == 404


@pytest.mark.parametrize("missing", ["AccountSid", "UsageTriggerSid"])
def test_without_what_says_whose_it_is_nothing_is_kept(world, missing):
    fields = world.callback()
    del fields[missing]
    assert (world.send(fields), world.events()) == (LATER, [])


def test_a_replay_changes_nothing(world):
    assert [world.send(), world.send(), world.send()] == [GENUINE] * 3
    assert len(world.events()) == 1


def test_a_hash_of_the_body_that_stands_twice_is_refused(world):
    """All else of the request is right: with the same hash once, it is taken."""
    body = urlencode(world.callback()).encode()
    query = f"bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert (world.send(url=f"{URL}?{query}&{query}"), world.events()) == (FORGED, [])
    assert world.send(url=f"{URL}?{query}") == GENUINE


def test_a_get_is_signed_with_its_query(world):
    url = f"{URL}?{urlencode(world.callback())}"
    signature = world.sign(url)
    path = url.removeprefix(f"https://{HOST}")
    assert world.get(path, signature) == GENUINE
    assert world.get(path.replace("1000.000000", "1.000000"), signature) == FORGED
    assert len(world.events()) == 1


def test_a_new_token_is_read_when_the_old_one_does_not_fit(world):
    account = world.fake.store.accounts.get(world.sids["acme"])
    world.control("/console", {"set": account.sid, "fields": {"auth_token": "f" * 32}})
    assert world.send(token="f" * 32) == GENUINE


def test_while_twilio_is_down_nothing_is_called_forged(world):
    path = f"/2010-04-01/Accounts/{world.sids['acme']}.json"
    world.fake.store.faults.append(Fault("error", path=path, status=503, times=50))
    assert world.send(token="e" * 32) == LATER
    assert world.send() == GENUINE


def test_an_account_that_nobody_knows_is_answered_from_memory(world):
    world.writes()
    fields = world.callback() | {"AccountSid": "AC" + "0" * 32}
    assert world.send(fields, token="e" * 32) == LATER
    assert not world.fake.store.request_log.log


def test_a_body_that_is_too_large_is_refused(world):
    assert world.send(body=b"x" * 10_000_000) == 413


def test_a_body_that_is_too_slow_is_refused(world):
    host, port = world.server.url.removeprefix("http://").split(":")
    head = f"POST {PREFIX}/usage HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: x\r\nContent-Length: 100\r\n\r\nA"
    with socket.create_connection((host, int(port)), timeout=120) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 408")


def test_behind_a_proxy_that_takes_the_path_away(world):
    world.stop()
    world.serve(root_path=PREFIX)
    assert world.send(to="/usage") == GENUINE
    assert requests.get(f"{world.server.url}/healthz", timeout=120).json()["status"] == "ok"
