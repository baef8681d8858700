"""What the fuzz tests share: a Twilio to be hit, hostile texts, and what an answer must be."""

from hypothesis import strategies as st

from faketwilio.control.console import act
from faketwilio.control.kinds import CHILDREN, KINDS
from faketwilio.store.clock import Clock
from faketwilio.store.records import ApiKey
from faketwilio.store.store import Store

ALLOWED = {200, 201, 202, 204, 400, 401, 403, 404, 405, 409, 429, 501}
SIDS = [f"{prefix}{'0' * 32}" for prefix in ("AC", "SK", "UT", "DG", "DF", "SM", "CA", "RE", "ME", "PN", "NO")]
TEXTS = [
    "",
    "1",
    "0",
    "-1",
    "+1",
    "1001",
    "9" * 400,
    "1e999",
    "NaN",
    "\x00",
    "\U0001f600",
    "\u202e",
    "a" * 10_000,
    "true",
    "null",
    "restricted",
    "webhook",
    "closed",
    "suspended",
    "daily",
    "active",
    "2027-01-15",
    "2027-02-30",
    "-30days",
    "-99999999999days",
    "0000-01-01",
    "9999-12-31T23:59:59Z",
    "https://a.example/",
    "http://[::1",
    "https://a.example:99999/",
    "//",
    "../../..",
    "+15005550006",
    "PA" + "0" * 34,
    "com.twilio.error-logs.error.logged",
    '{"allow":["/twilio/iam/api-keys/read"]}',
    '{"destination":"https://a.example"}',
    '{"destination":1,"method":[],"batch_events":{}}',
    '{"type":"com.twilio.error-logs.error.logged"}',
    '{"type":"\\ud800","schema_version":1e999}',
    "[" * 5_000,
    '{"a":' * 5_000,
]
texts = st.one_of(st.sampled_from(TEXTS + SIDS), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))


def new_store():
    """The same Twilio for each example, with something of each kind to be hit."""
    store = Store(seed=3, clock=Clock(lambda: 1_800_014_400.0))
    account = act(store, {"create": "subaccount", "account": store.parent_sid, "fields": {}})["sid"]
    for owner in (store.parent_sid, account):
        for kind in CHILDREN:
            act(store, {"create": kind, "account": owner, "fields": {}})
    return store


def _sids():
    store = new_store()
    return [record.sid for kind in KINDS.values() for record in store.table(kind.record).all()]


def _credentials():
    accounts, keys = new_store().accounts.all(), new_store().table(ApiKey).all()
    return [(account.sid, account.auth_token) for account in accounts] + [(key.sid, key.secret) for key in keys]


KNOWN_SIDS = _sids()
CREDENTIALS = _credentials()


def is_twilios(answer):
    assert answer.status in ALLOWED, answer
    if answer.status >= 400:
        assert set(answer.json()) >= {"code", "message", "status"}, answer
        assert answer.json()["status"] == answer.status
