"""`tenantry errors`: codes with titles, first and last seen, rate against traffic, new since last week."""

import json
from datetime import timedelta

import pytest
from errors_world import fail, subscribe
from reports_browser import measure
from test_receiver_commands import run, run_json

from faketwilio.store.fault import Fault


def test_a_sweep_for_cron_deletes_errors_that_are_kept_no_longer(world):
    subscribe(world)
    fail(world)
    world.move(timedelta(days=20))
    assert run_json(world, "sweep", "sweep")[1]["errors_deleted"] == 0
    assert run_json(world, "sweep", "sweep", "--keep-days", "14")[1]["errors_deleted"] == 1
    with world.ledger() as ledger:
        assert ledger.rows("SELECT count(*) FROM error_events") == [(0,)]


@pytest.fixture
def failing(world):
    """acme had an old code and has a new one; birch has the new one twice."""
    for slug in ("acme", "birch"):
        subscribe(world, slug)
    fail(world, error_code="11200")
    world.move(timedelta(days=9))
    fail(world, error_code="11200")
    for slug in ("acme", "birch", "birch"):
        fail(world, slug, error_code="30007", level="warning" if slug == "acme" else "error")
    day = world.instant.date().isoformat()
    used = {"sms": 150, "calls": 50, "sms-inbound": 70}
    records = [
        {"day": day, "category": category, "count": count, "usage": count, "price": "1"}
        for category, count in used.items()
    ]
    world.control("/usage/records", {"account": world.sids["acme"], "records": records})
    return world


def test_codes_have_titles_first_and_last_seen_and_what_is_new(failing):
    code, document = run_json(failing, "errors", "errors")
    codes = {(row["code"], row["level"]): row for row in document["codes"]}
    old, new = codes["11200", "error"], codes["30007", "error"]
    assert code == 0
    assert (old["name"], old["count"], old["is_new"]) == ("HTTP retrieval failure", 1, False)
    assert (old["first_seen"][:10], old["last_seen"][:10]) == ("2026-03-15", "2026-03-24")
    assert (new["name"], new["count"], new["tenants"], new["is_new"]) == ("Message filtered", 2, 1, True)


def test_errors_stand_against_what_a_tenant_sent_and_received(failing):
    _, document = run_json(failing, "errors", "errors")
    acme, birch = sorted(document["tenants"], key=lambda tenant: tenant["tenant"])
    assert (acme["errors"], acme["warnings"], acme["traffic"], acme["errors_percent"]) == (1, 1, "270", "0.37")
    assert (birch["errors"], birch["traffic"], birch["errors_percent"]) == (2, "0", None)
    assert "0.37 % of 270" in run(failing, "errors").stdout


def test_since_counts_whole_days_and_names_choose_tenants(failing):
    _, document = run_json(failing, "errors", "errors", "acme", "--since", "10d")
    [acme] = document["tenants"]
    assert (document["first_day"], acme["errors"], document["without_errors"]) == ("2026-03-15", 2, 0)


def test_traffic_that_cant_be_read_is_not_nothing(failing):
    path = f"/2010-04-01/Accounts/{failing.sids['acme']}/Usage/Records.json"
    failing.fake.store.faults.append(Fault("error", path=path, status=503, times=50))
    code, document = run_json(failing, "errors", "errors", "acme")
    assert (code, document["tenants"][0]["traffic"]) == (1, None)
    assert "503" in document["tenants"][0]["traffic_problem"]
    code, document = run_json(failing, "errors", "errors", "acme", "--without-traffic")
    assert (code, document["tenants"][0]["traffic_problem"]) == (0, None)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("acne",), "The ledger knows no tenant 'acne'. Did you mean 'acme'?"),
        (("--since", "week"), "'week' is neither a number of days, as 7d, nor a day"),
        (("--since", "2030-01-01"), "2030-01-01 is not here yet"),
    ],
)
def test_what_cant_be_listed_says_why(world, arguments, sentence):
    done = run(world, "errors", *arguments)
    assert done.exit_code == 1
    assert sentence in " ".join(done.output.split())


def test_the_page_fits_a_telephone(failing):
    page = run(failing, "errors", "--format", "html").stdout
    seen = measure(page)
    assert seen["content"] <= seen["width"]
    assert "Message filtered" in seen["text"]
    assert "<script" not in page


def test_a_tenant_whose_errors_go_elsewhere_is_named(world):
    done = run(world, "errors")
    text = " ".join(done.stdout.split())
    assert "0 errors and 0 warnings since 2026-03-09 (UTC), of 0 tenants; 1 had none." in text
    assert "Errors of acme do not come here: no `debugger_webhook` below `webhooks`." in text
    assert json.loads(run(world, "errors", "--format", "json").stdout)["not_received"] == ["acme"]
