"""The routing table: whose errors a request may be."""

from tenantry.model.tenant_standing import TenantStanding
from tenantry.receiver.index import MOST_SHARING, index_of

URL = "https://hooks.owl.example/errors"


def standings(count, url=URL):
    for number in range(count):
        sid, slug = f"AC{number:032x}", f"t{number}"
        urls = {"callback_urls": (url.format(slug),), "error_url": url.format(slug)}
        yield TenantStanding(tenant=slug, name=slug, customer_key=slug, account_sid=sid, **urls).model_dump_json()


def test_a_path_with_the_slug_is_of_one_tenant():
    index = index_of(standings(3, f"{URL}/{{}}"))
    assert [recipient.tenant for recipient in index.find_error_tenants("/errors/t2", b"")] == ["t2"]
    assert index.find_error_tenants("/errors/t3", b"") == ()


def test_of_many_that_share_a_path_the_body_names_one():
    index = index_of(standings(MOST_SHARING + 5))
    sid = f"AC{MOST_SHARING + 1:032x}"
    body = f'{{"data": {{"account_sid": "{sid}", "other": "AC{"f" * 32}"}}}}'.encode()
    assert [recipient.account_sid for recipient in index.find_error_tenants("/errors", body)] == [sid]
    assert len(index.find_error_tenants("/errors", b"{}")) == MOST_SHARING


def test_an_account_of_another_path_is_not_asked():
    index = index_of([*standings(3), *standings(9, f"{URL}/{{}}")])
    assert index.find_error_tenants("/errors", f'"AC{5:032x}"'.encode()) == index.by_error_path.get("/errors", ())


def test_telemetry_names_what_is_sent_to_a_path_and_no_tenant():
    index = index_of(standings(3, f"{URL}/{{}}"))
    assert [index.kind_of(path) for path in ("/errors/t2", "/errors/t9")] == ["error_event", "other"]
