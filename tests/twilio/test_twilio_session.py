"""The session: credentials, the parent, and whose credentials go where."""

import pytest

from faketwilio.server import FakeTwilio
from tenantry.model.api_key import ApiKeySpec
from tenantry.model.event_sink import EventSinkSpec, SinkConfiguration
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.errors import CredentialsMissing, NotFound, Unauthorized, WrongParent
from tenantry.twilio.http.retry_policy import RetryPolicy
from tenantry.twilio.session import Session

SINK = EventSinkSpec(
    description="d",
    sink_configuration=SinkConfiguration(destination="https://owl.example/e", method="POST", batch_events=False),
)
SENDER = ApiKeySpec(friendly_name="sender#1", policy=("/twilio/messaging/messages/create",))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN is not set"),
        ({"TWILIO_ACCOUNT_SID": " "}, "TWILIO_ACCOUNT_SID is not set"),
        ({"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": ""}, "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set"),
        ({"TWILIO_ACCOUNT_SID": "AC123"}, "is not the SID of an account"),
        ({"TWILIO_ACCOUNT_SID": "SK" + "a" * 32}, "Twilio hides the Auth Tokens of subaccounts from API keys"),
        ({"TENANTRY_TWILIO_URL": "ftp://127.0.0.1:1"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "localhost:8000"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://user:pass@localhost"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://:pass@localhost"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://@localhost"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://localhost\\.evil.example"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://localhost#x"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://localhost?x"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://localhost:99999"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://localhost:x"}, "is not the address of a fake Twilio"),
        ({"TENANTRY_TWILIO_URL": "http://evil.example"}, "leads to evil.example, which is not this machine"),
        ({"TENANTRY_TWILIO_URL": "https://api.twilio.com"}, "leads to api.twilio.com, which is not this machine"),
        ({"TENANTRY_TWILIO_URL": "http://10.0.0.1:8000"}, "also set TENANTRY_TWILIO_HOST=10.0.0.1."),
        ({"TENANTRY_TWILIO_URL": "http://0.0.0.0:8000"}, "leads to 0.0.0.0"),
        ({"TENANTRY_TWILIO_URL": "http://127.0.0.1.evil.example"}, "leads to 127.0.0.1.evil.example"),
        ({"TENANTRY_TWILIO_URL": "http://localhost.evil.example"}, "leads to localhost.evil.example"),
        (
            {"TENANTRY_TWILIO_URL": "http://evil.example", "TENANTRY_TWILIO_HOST": "fake.owl.example"},
            "leads to evil.example",
        ),
    ],
)
def test_credentials_that_cannot_be_used_are_explained(environ, change, sentence):
    with pytest.raises(CredentialsMissing, match="Nothing was sent") as caught:
        Session.from_env({**environ, **change})
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "variables",
    [
        {"TENANTRY_TWILIO_URL": "http://127.0.0.1:8000/"},
        {"TENANTRY_TWILIO_URL": "http://127.8.8.8:8000"},
        {"TENANTRY_TWILIO_URL": "http://[::1]:8000"},
        {"TENANTRY_TWILIO_URL": "https://localhost/below"},
        {"TENANTRY_TWILIO_URL": "http://fake.owl.example:8000", "TENANTRY_TWILIO_HOST": "fake.owl.example"},
        {"TENANTRY_TWILIO_URL": "http://10.0.0.1:8000", "TENANTRY_TWILIO_HOST": "10.0.0.1"},
    ],
    ids=lambda variables: variables["TENANTRY_TWILIO_URL"],
)
def test_a_fake_is_on_this_machine_or_at_the_allowed_host(environ, variables):
    session = Session.from_env({**environ, **variables})
    assert session.base_url == variables["TENANTRY_TWILIO_URL"].rstrip("/")


def test_an_explanation_of_credentials_never_repeats_the_token(environ):
    with pytest.raises(CredentialsMissing) as caught:
        Session.from_env({**environ, "TWILIO_ACCOUNT_SID": "oops"})
    assert environ["TWILIO_AUTH_TOKEN"] not in str(caught.value)


def test_opening_a_session_sends_nothing(session: Session, fake: FakeTwilio):
    session.check_parent(fake.account_sid)
    session.check_parent(None)
    assert fake.store.request_log.total == 0


def test_another_parent_is_refused_before_the_first_call(session: Session, fake: FakeTwilio):
    with pytest.raises(WrongParent, match=f"the credentials are of {fake.account_sid}, this stack belongs to AC9"):
        session.check_parent("AC9")
    assert fake.store.request_log.total == 0


def test_a_wrong_token_says_which_call_failed_and_what_to_check(environ):
    session = Session.from_env({**environ, "TWILIO_AUTH_TOKEN": "0" * 32})
    with pytest.raises(Unauthorized) as caught:
        session.subaccounts.all()
    assert str(caught.value) == (
        "Listing the subaccounts: Twilio answered 401, error 20003 Authenticate. "
        "Check the auth token, and that the account is neither suspended nor closed."
    )


def test_an_edge_and_a_region_in_the_environment_bend_no_host(
    environ, retry_policy: RetryPolicy, monkeypatch: pytest.MonkeyPatch, witness
):
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    session = Session.from_env(environ, retry_policy=retry_policy)
    account = session.subaccounts.create("Acme (acme)")
    session.event_sinks.list(account.sid)
    assert {host for _, host, *_ in witness.log()} == {"api.twilio.com", "events.twilio.com"}


def test_a_proxy_of_the_environment_is_not_used_for_a_fake(
    environ, retry_policy: RetryPolicy, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert Session.from_env(environ, retry_policy=retry_policy).subaccounts.all() == ()


def test_only_the_accounts_own_credentials_reach_product_hosts(session: Session, acme: LiveAccount, witness):
    session.api_keys.create(acme.sid, SENDER)
    session.event_sinks.create(acme.sid, SINK)
    session.event_subscriptions.list(acme.sid)
    asked = {(host, account) for _, host, _, _, account in witness.log() if host != "api.twilio.com"}
    assert asked == {("iam.twilio.com", acme.sid), ("events.twilio.com", acme.sid)}


def test_the_parent_is_no_subaccount_to_act_in(session: Session, fake: FakeTwilio):
    with pytest.raises(WrongParent, match="is the parent account itself"):
        session.event_sinks.create(fake.account_sid, SINK)
    assert fake.store.request_log.total == 0


def test_an_account_that_twilio_does_not_have_is_not_found(session: Session):
    with pytest.raises(NotFound, match="Twilio has no such account"):
        session.event_sinks.list("AC" + "0" * 32)


def test_an_account_has_one_client_until_its_token_changes(session: Session, fake: FakeTwilio, acme: LiveAccount):
    first = session.account(acme.sid)
    same = session.account(acme.sid)
    session.accounts.remember(LiveAccount(acme.sid, acme.friendly_name, "active", fake.account_sid, "f" * 32))
    assert (first is same, session.account(acme.sid) is first) == (True, False)


def test_an_account_whose_token_is_hidden_is_explained(session: Session, fake: FakeTwilio, acme: LiveAccount):
    session.accounts.remember(LiveAccount(acme.sid, acme.friendly_name, "active", fake.account_sid, ""))
    with pytest.raises(
        CredentialsMissing, match=f"Reaching account {acme.sid}: Twilio does not show us its auth token"
    ):
        session.account(acme.sid)


def test_tokens_are_not_in_the_texts_of_values(session: Session, acme: LiveAccount):
    assert acme.auth_token not in repr(acme) + str(session.accounts.all()) + repr(session.account(acme.sid))
