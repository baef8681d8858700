"""docs/fake.md says what the fake does."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from faketwilio.control import ACTS
from faketwilio.store.behaviour import Behaviour
from faketwilio.store.fault import OPTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "fake.md").read_text()
ROWS = re.findall(r"(?m)^\| (?:`GET`, )?`POST /_fake(\S+)` \|(.*)$", PAGE)
ORDERS = [(path, order) for path, words in ROWS for order in re.findall(r"`(\{[^`]*\})`", words)]


@pytest.mark.parametrize("name", [field.name for field in fields(Behaviour)])
def test_every_switch_is_documented(name):
    assert f"`{name}`" in PAGE


def test_every_route_of_the_control_plane_is_documented():
    for _, path, _ in ACTS:
        assert f"/_fake{path}" in PAGE


def test_the_documented_acts_work(wire, acme):
    acts = [json.loads(line) for line in re.findall(r'^\{"(?:set|delete|create)".*$', PAGE, re.MULTILINE)]
    sids = {"AC…": acme["sid"], "UT…": wire.trigger(acme["sid"]).json()["sid"], "SK…": wire.key(acme["sid"])[0]}
    for act in acts:
        real = {name: sids.get(value, value) if isinstance(value, str) else value for name, value in act.items()}
        assert wire.fake_control("POST", "/console", real).status_code == 200
    assert len(acts) == 3


@pytest.mark.parametrize("line", re.findall(r'^\{"mode".*$', PAGE, re.MULTILINE))
def test_the_documented_faults_work(wire, line):
    assert wire.fake_control("POST", "/faults", json.loads(line)).status_code == 200


def test_every_mode_of_a_fault_is_documented():
    for mode in OPTIONS:
        assert f"`{mode}`" in PAGE


@pytest.mark.parametrize(("path", "order"), ORDERS)
def test_the_documented_orders_work(wire, acme, path, order):
    given = json.loads(order.replace("AC…", acme["sid"]).replace("com.twilio…", "com.twilio.error-logs.error.logged"))
    assert wire.fake_control("POST", path, given).status_code == 200
