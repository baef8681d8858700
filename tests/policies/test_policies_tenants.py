"""Which tenants the rules are about."""

import pytest
from tenant_rules.rule import Resource, Tenant
from tenant_rules.tenants import open_tenants

KEY = Resource("ApiKey", "acme/api_key/web-1", {})
OTHER = Resource("ApiKey", "acme-2/api_key/web-1", {})
FLEET = Resource("Fleet", "fleet", {"standing": {"acme": "open"}})


def account(slug: str = "acme", **props) -> Resource:
    return Resource("Subaccount", slug, {"slug": slug, **props})


@pytest.mark.parametrize("active", [{}, {"active": True}])
def test_a_tenant_is_open_if_its_account_is_not_held_back(active):
    assert list(open_tenants([FLEET, account(**active), KEY])) == [Tenant("acme", (account(**active), KEY))]


@pytest.mark.parametrize("ending", [{"active": False}, {"ending": "closed"}, {"ending": "released"}])
def test_a_tenant_that_is_suspended_or_on_its_way_out_is_left_alone(ending):
    assert list(open_tenants([FLEET, account(**ending), KEY])) == []


def test_resources_go_to_the_tenant_of_their_whole_slug():
    found = open_tenants([account("acme"), account("acme-2"), OTHER, KEY])
    assert {tenant.slug: tenant.of_kind("ApiKey") for tenant in found} == {"acme": (KEY,), "acme-2": (OTHER,)}
