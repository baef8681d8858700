"""Random histories of calls against a small model: what must hold whatever was done before."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from asgi_wire import AsgiWire
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from faketwilio.store.clock import Clock
from faketwilio.store.store import Store

ROOT = "/2010-04-01/Accounts"
DAY = 86_400
SID = re.compile(r"^[A-Z]{2}[0-9a-f]{32}$")
SINK = quote('{"destination":"https://a.example/e"}')


@dataclass
class Kind:
    """One kind of record: where it lives, and what makes one."""

    path: str
    form: str
    list_key: str
    change: str = "FriendlyName=new"
    is_v2010: bool = True

    def many(self, account):
        return f"{ROOT}/{account}{self.path}.json" if self.is_v2010 else self.path

    def one(self, account, sid):
        return f"{ROOT}/{account}{self.path}/{sid}.json" if self.is_v2010 else f"{self.path}/{sid}"


KINDS = {
    "key": Kind("/Keys", "FriendlyName=k", "keys"),
    "signing key": Kind("/SigningKeys", "FriendlyName=s", "signing_keys"),
    "trigger": Kind(
        "/Usage/Triggers", "CallbackUrl=https://a.example&TriggerValue=5&UsageCategory=sms", "usage_triggers"
    ),
    "sink": Kind(
        "/v1/Sinks",
        f"Description=d&SinkType=webhook&SinkConfiguration={SINK}",
        "sinks",
        "Description=new",
        is_v2010=False,
    ),
    "message": Kind("/Messages", "To=%2B14155550100&From={number}&Body=b", "messages", "Body="),
}
TABLE = {"key": "key", "signing key": "key", "trigger": "trigger", "sink": "sink", "message": "message"}
UNTIL_DELIVERED = 10  # seconds: what is under way can't be deleted


@dataclass
class Modelled:
    """What the model knows of an account: its records oldest first, and when it was closed."""

    sid: str
    token: str
    number: str = ""
    status: str = "active"
    closed_at: float | None = None
    records: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in TABLE.values()})


class Histories(RuleBasedStateMachine):
    """A parent with subaccounts, and what is made in them."""

    @initialize(seed=st.integers(0, 1000))
    def begin(self, seed):
        self.now = 1_800_014_400.0
        store = Store(seed=seed, clock=Clock(lambda: self.now))
        self.wire = AsgiWire(store)
        self.accounts = {}
        self.sids = {store.parent_sid}
        self.secrets = set()
        self.parent = Modelled(store.parent_sid, store.parent.auth_token)
        self.make_an_account()

    def teardown(self):
        if hasattr(self, "wire"):
            self.wire.close()

    @rule()
    def make_an_account(self):
        created = self._ask("POST", f"{ROOT}.json", "FriendlyName=a", wanted=201)
        self._is_new(created["sid"])
        assert created["status"] == "active"
        number = f"%2B1415555{len(self.sids):04}"
        bought = self._ask(
            "POST", f"{ROOT}/{created['sid']}/IncomingPhoneNumbers.json", f"PhoneNumber={number}", wanted=201
        )
        self._is_new(bought["sid"])
        self.accounts[created["sid"]] = Modelled(created["sid"], created["auth_token"], number)

    @rule(data=st.data(), status=st.sampled_from(["active", "suspended", "closed"]))
    def set_a_status(self, data, status):
        account = self._some_account(data)
        if account.status == "closed":
            assert self._ask("POST", f"{ROOT}/{account.sid}.json", f"Status={status}", wanted=400)["code"] == 21479
            return
        answer = self._ask("POST", f"{ROOT}/{account.sid}.json", f"Status={status}", wanted=200)
        assert answer["status"] == status
        account.status, account.closed_at = status, self.now if status == "closed" else None

    @rule(data=st.data(), kind=st.sampled_from(sorted(KINDS)))
    def make_one(self, data, kind):
        account = self._some_account(data)
        if account.status == "active":
            self._make(account, kind)
        else:
            self._ask(
                "POST",
                KINDS[kind].many(account.sid),
                self._form(account, kind),
                wanted=401,
                auth=self._auth(account, kind),
            )

    @rule(data=st.data(), kind=st.sampled_from(sorted(KINDS)))
    def delete_one(self, data, kind):
        account = self._some_account(data)
        created = account.records[TABLE[kind]]
        if created:
            allowed = account.status == "active" or (account.status == "suspended" and KINDS[kind].is_v2010)
            self._delete(account, kind, data.draw(st.sampled_from(created)), wanted=204 if allowed else 401)

    @rule(data=st.data(), kind=st.sampled_from(sorted(KINDS)))
    def change_and_read_one(self, data, kind):
        account = self._some_account(data)
        created = account.records[TABLE[kind]]
        if created and account.status == "active":
            path = KINDS[kind].one(account.sid, data.draw(st.sampled_from(created)))
            self.now += UNTIL_DELIVERED
            changed = self._ask("POST", path, KINDS[kind].change, wanted=200, auth=self._auth(account, kind))
            assert self._ask("GET", path, wanted=200, auth=self._auth(account, kind)) == changed
            self._lists_what_was_made(account, kind)

    @rule(data=st.data(), kind=st.sampled_from(sorted(KINDS)), size=st.integers(1, 3))
    def page_while_things_come_and_go(self, data, kind, size):
        account = self._some_account(data)
        if account.status != "active":
            return
        for _ in range(size + 1):
            self._make(account, kind)
        there_at_first = account.records[TABLE[kind]].copy()
        seen = self._walk(account, kind, size, data)
        stayed = [sid for sid in there_at_first if sid in account.records[TABLE[kind]]]
        assert len(seen) == len(set(seen))
        assert [sid for sid in seen if sid in stayed] == stayed[::-1]
        assert set(seen) <= set(there_at_first)

    @rule(days=st.sampled_from([1, 10, 29, 30]))
    def let_time_pass(self, days):
        self.now += days * DAY
        self._forget_the_gone()

    @invariant()
    def the_accounts_are_those_that_were_made(self):
        if hasattr(self, "wire"):
            self._forget_the_gone()
            listed = self._ask("GET", f"{ROOT}.json?PageSize=1000", wanted=200)["accounts"]
            wanted = [(account.sid, account.status) for account in self.accounts.values()]
            assert [(account["sid"], account["status"]) for account in listed] == [
                *wanted[::-1],
                (self.parent.sid, "active"),
            ]

    def _make(self, account, kind):
        created = self._ask(
            "POST", KINDS[kind].many(account.sid), self._form(account, kind), wanted=201, auth=self._auth(account, kind)
        )
        self._is_new(created["sid"])
        if TABLE[kind] == "key":
            assert created["secret"] not in self.secrets
            self.secrets.add(created["secret"])
        account.records[TABLE[kind]].append(created["sid"])
        self._lists_what_was_made(account, kind)

    def _delete(self, account, kind, sid, wanted):
        path, auth = KINDS[kind].one(account.sid, sid), self._auth(account, kind)
        self.now += UNTIL_DELIVERED
        self._ask("DELETE", path, wanted=wanted, auth=auth)
        if wanted == 204:
            account.records[TABLE[kind]].remove(sid)
            self._ask("GET", path, wanted=404, auth=auth)
            self._ask("DELETE", path, wanted=404, auth=auth)
        if account.status == "active":
            self._lists_what_was_made(account, kind)

    def _walk(self, account, kind, size, data):
        """The SIDs of all pages; between two pages some are made and some are deleted, not the one that links."""
        seen, target = [], f"{KINDS[kind].many(account.sid)}?PageSize={size}"
        while target:
            page = self._ask("GET", target, wanted=200, auth=self._auth(account, kind))
            sids = [item["sid"] for item in page[KINDS[kind].list_key]]
            seen += sids
            target = page["next_page_uri"] if KINDS[kind].is_v2010 else page["meta"]["next_page_url"]
            target = target and target.removeprefix("https://events.twilio.com")
            if data.draw(st.booleans()):
                self._make(account, kind)
            other_names = [sid for sid in account.records[TABLE[kind]] if sid not in sids[-1:]]
            if other_names and data.draw(st.booleans()):
                self._delete(account, kind, data.draw(st.sampled_from(other_names)), wanted=204)
        return seen

    def _lists_what_was_made(self, account, kind):
        target = f"{KINDS[kind].many(account.sid)}?PageSize=1000"
        listed = self._ask("GET", target, wanted=200, auth=self._auth(account, kind))[KINDS[kind].list_key]
        assert [item["sid"] for item in listed] == account.records[TABLE[kind]][::-1]

    def _ask(self, method, target, form="", *, wanted, auth=None):
        host = b"events.twilio.com" if target.startswith("/v1/") else b"api.twilio.com"
        answer = self.wire.form(method, target.encode(), form.encode(), host=host, auth=auth)
        assert answer.status == wanted, answer
        assert not [secret for secret in self.secrets if secret.encode() in answer.body], "a secret is shown once"
        return answer.json() if answer.body else None

    def _auth(self, account, kind):
        return None if KINDS[kind].is_v2010 else (account.sid, account.token)

    def _forget_the_gone(self):
        gone = [
            item
            for item in self.accounts.values()
            if item.closed_at is not None and self.now >= item.closed_at + 30 * DAY
        ]
        for account in gone:
            del self.accounts[account.sid]
            self._ask("GET", f"{ROOT}/{account.sid}.json", wanted=404)

    def _form(self, account, kind):
        return KINDS[kind].form.replace("{number}", account.number)

    def _is_new(self, sid):
        assert SID.match(sid)
        assert sid not in self.sids
        self.sids.add(sid)

    def _some_account(self, data):
        self._forget_the_gone()
        if not self.accounts:
            self.make_an_account()
        return self.accounts[data.draw(st.sampled_from(sorted(self.accounts)))]


Histories.TestCase.settings = settings(stateful_step_count=30)
TestHistories = Histories.TestCase
