"""The Organization API: OAuth credentials alone, users, roles, and assignments of an identity or a scope."""

import pytest


@pytest.fixture
def organization(wire):
    return wire.fake_control("POST", "/organization", {}).json()


@pytest.fixture
def token(wire, organization):
    def _token(**changes):
        data = {name: organization[name] for name in ("client_id", "client_secret")} | {
            "grant_type": "client_credentials"
        }
        headers = {"Host": "oauth.twilio.com"}
        return wire.session.post(f"{wire.fake.url}/v2/token", data=data | changes, headers=headers, timeout=120)

    return _token


@pytest.fixture
def read(wire, organization, token):
    def _read(path, bearer=None):
        bearer = bearer or token().json()["access_token"]
        headers = {"Host": "iam.twilio.com", "Authorization": f"Bearer {bearer}"}
        url = f"{wire.fake.url}/v2/Organizations/{organization['sid']}/{path}"
        return wire.session.get(url, headers=headers, timeout=120)

    return _read


@pytest.fixture
def order(wire):
    return lambda **values: wire.fake_control("POST", "/organization", values)


def test_a_token_is_for_the_apps_own_credentials(token):
    assert token().json()["token_type"] == "Bearer"
    assert token(client_secret="x" * 32).json()["code"] == 20003
    assert token(grant_type="password").json()["code"] == 20001


def test_only_a_token_that_is_good_reaches_it(wire, read, token):
    bearer = token().json()["access_token"]
    assert read("Roles", bearer).status_code == 200
    wire.advance(3600)
    assert (read("Roles", bearer).json()["code"], read("Roles", "x").json()["code"]) == (20003, 20003)


def test_assignments_need_an_identity_or_a_scope(read, order, organization):
    order(user="ana@owl.example")
    order(user="ana@owl.example", role="Developer")
    assert read("RoleAssignments").json()["code"] == 25203
    [assignment] = read(f"RoleAssignments?Scope={organization['sid']}").json()["content"]
    assert read(f"RoleAssignments?Identity={assignment['identity']}").json()["content"] == [assignment]


def test_an_identity_must_be_a_managed_user(read, order):
    order(user="guest@elsewhere.example", managed=False)
    [user] = read("scim/Users").json()["Resources"]
    assert read(f"RoleAssignments?Identity={user['id']}").json()["code"] == 25201
    assert read("RoleAssignments?Identity=USx").json()["code"] == 25201


def test_pages_hold_a_hundred_at_most(read, order):
    for number in range(3):
        order(user=f"u{number}@owl.example")
    assert read("Roles?PageSize=101").json()["code"] == 20001
    first = read("Roles?PageSize=4").json()
    assert (len(first["content"]), first["meta"]["next_page_url"] is None) == (4, False)
    users = read("scim/Users?startIndex=3&count=100").json()
    assert (users["totalResults"], users["startIndex"], len(users["Resources"])) == (3, 3, 1)


def test_another_organization_is_not_found(wire, read, token):
    headers = {"Host": "iam.twilio.com", "Authorization": f"Bearer {token().json()['access_token']}"}
    url = f"{wire.fake.url}/v2/Organizations/OR{'0' * 32}/Roles"
    assert wire.session.get(url, headers=headers, timeout=120).json()["code"] == 20404


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"user": 3}, 400),
        ({"user": "a@b.example", "active": "yes"}, 400),
        ({"user": "a@b.example", "role": "Developer"}, 404),
        ({"colour": "red"}, 400),
    ],
)
def test_an_order_that_is_none_is_refused(order, values, code):
    assert order(**values).status_code == code
