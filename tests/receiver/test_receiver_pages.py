"""The operators' page and a customer's usage: each only with its token, without a script, readable on a telephone."""

import hashlib
import hmac
import json
from dataclasses import replace

import jsonschema
import pytest
import requests
from errors_world import fail, subscribe
from reports_browser import measure
from served_receiver import Served
from test_receiver_commands import read_schema

from tenantry.receiver.settings import settings_from

TOKEN, SECRET = "page-token-of-sixteen-or-more", "usage-secret-of-sixteen-or-more"
APPROVAL = "    on_fire: {action: suspend, approval: required}\n"


def serve(world, **settings):
    world.stop()
    given = {"page_tokens": (TOKEN,), "usage_secrets": (SECRET,), **settings}
    world.server = Served(replace(world.settings, **given), "")


def get(world, path, **options):
    return requests.get(world.server.url + path, timeout=120, **options)


def token_of(slug, secret=SECRET):
    """Return a tenant's token as an application makes it, by the documentation."""
    return hmac.new(secret.encode(), f"usage:{slug}".encode(), hashlib.sha256).hexdigest()


def usage(world, slug="acme", token=None):
    authorization = {"Authorization": f"Bearer {token_of(slug) if token is None else token}"}
    return get(world, f"/customers/{slug}/usage.json", headers=authorization)


@pytest.fixture
def busy(world):
    """acme is suspended by its cap and has an error; birch waits for an approval."""
    subscribe(world)
    fail(world)
    world.write("acme", "    on_fire: {action: suspend}\ndebugger_webhook: {url: /errors/acme}\n")
    world.write("birch", APPROVAL)
    world.up()
    world.stop()
    world.serve()
    world.fire(1200)
    world.fire(1000, "birch")
    world.sweep()
    serve(world)
    return world


def test_the_page_tells_what_operators_need(busy):
    page = get(busy, "/operators", auth=("", TOKEN))
    seen = measure(page.text)
    text = " ".join(seen["text"].split())
    for words in (
        "tenantry caps approve birch monthly-sms",
        "1200 of 1000 (120 %)",
        "suspended until 2026-04-01 00:00",
        "11200",
        "1 error and 0 warnings since 2026-03-09",
    ):
        assert words in text
    assert seen["content"] <= seen["width"]
    assert "<script" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_page_has_dark_colours_and_fits_a_wide_window(busy):
    page = get(busy, "/operators", headers={"Authorization": f"Bearer {TOKEN}"}).text
    wide = measure(page, 1280, "dark")
    assert wide["content"] <= wide["width"]
    assert wide["paper"] == "rgb(13, 17, 23)"


@pytest.mark.parametrize("options", [{}, {"auth": ("", "wrong")}, {"auth": (TOKEN, "")}, {"headers": {"X": TOKEN}}])
def test_the_page_needs_its_token(world, options):
    serve(world)
    refused = get(world, "/operators", **options)
    assert (refused.status_code, refused.headers["www-authenticate"][:5]) == (401, "Basic")
    assert world.parent not in refused.text


def test_without_tokens_there_is_no_page_and_no_usage(world):
    serve(world, page_tokens=(), usage_secrets=())
    assert get(world, "/operators", auth=("", "")).status_code == 404
    assert usage(world).status_code == 404


def test_text_of_others_is_no_markup(world):
    subscribe(world)
    fail(world, error_code="99999", alert_text="<img src=x onerror=alert(1)>")
    serve(world)
    page = get(world, "/operators", auth=("", TOKEN)).text
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_customer_sees_its_caps_and_nothing_else(busy):
    document = usage(busy).json()
    jsonschema.validate(document, read_schema("customer-caps"))
    [cap] = document["caps"]
    assert (document["name"], document["suspended"], document["suspended_until"][:10]) == (
        "Acme Dental",
        True,
        "2026-04-01",
    )
    assert (cap["used"], cap["limit"], cap["status"]) == ("1200", "1000", "suspended")
    assert busy.sids["acme"] not in json.dumps(document)


def test_a_token_opens_its_own_tenant_alone(busy):
    assert [usage(busy, "acme", token).status_code for token in (token_of("birch"), "", TOKEN)] == [401] * 3
    assert usage(busy, "nobody").status_code == 404
    serve(busy, usage_secrets=("another-secret-of-sixteen", SECRET))
    assert usage(busy).status_code == 200


def test_a_cap_on_what_we_pay_is_not_told(world):
    path = world.folder / "tenants" / "acme.yaml"
    path.write_text(path.read_text().replace("trigger_by: count", "trigger_by: price"))
    world.sync()
    serve(world)
    assert usage(world).json()["caps"] == []


def test_a_short_token_is_refused(world):
    with pytest.raises(Exception, match="TENANTRY_PAGE_TOKEN is too short"):
        settings_from({**world.environ, "TENANTRY_PROJECT": str(world.folder), "TENANTRY_PAGE_TOKEN": "short"})
