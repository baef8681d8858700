"""How the operations on usage and its triggers are called through the SDK."""

from collections.abc import Mapping
from datetime import date

from shape_world import Call, World

USAGE = "/2010-04-01/Accounts/{AccountSid}/Usage"
RECORDS = f"GET {USAGE}/Records"
RANGE = {"start_date": date(2027, 1, 1), "end_date": date(2027, 1, 31), "include_subaccounts": True, "page_size": 2}


def _use(world: World) -> World:
    """Acme with some usage in it."""
    world.control(
        "/usage", {"account": world.made.sid, "category": "sms-outbound", "count": 5, "usage": 5, "price": "0.05"}
    )
    return world


USAGE_TRIGGERS: Mapping[str, Call] = {
    f"POST {USAGE}/Triggers.json": lambda w: (
        w.trigger,
        w.acme.usage.triggers.create("https://a.example/", "+30", "calls"),
    ),
    f"GET {USAGE}/Triggers.json": lambda w: (
        w.trigger,
        w.acme.usage.triggers.list(recurring="monthly", trigger_by="count", usage_category="sms", page_size=1),
    ),
    f"GET {USAGE}/Triggers/{{Sid}}.json": lambda w: w.acme.usage.triggers(w.trigger.sid).fetch(),
    f"POST {USAGE}/Triggers/{{Sid}}.json": lambda w: w.acme.usage.triggers(w.trigger.sid).update(
        callback_method="GET", callback_url="https://b.example/u", friendly_name="other"
    ),
    f"DELETE {USAGE}/Triggers/{{Sid}}.json": lambda w: w.acme.usage.triggers(w.trigger.sid).delete(),
}

USAGE_RECORDS: Mapping[str, Call] = {
    f"{RECORDS}.json": lambda w: (
        _use(w).acme.usage.records.list(category="sms", **RANGE),
        w.acme.usage.records.list(page_size=1000),
    ),
    f"{RECORDS}/AllTime.json": lambda w: _use(w).acme.usage.records.all_time.list(category="sms", **RANGE),
    f"{RECORDS}/Daily.json": lambda w: _use(w).acme.usage.records.daily.list(category="sms", **RANGE),
    f"{RECORDS}/LastMonth.json": lambda w: _use(w).acme.usage.records.last_month.list(category="sms", **RANGE),
    f"{RECORDS}/Monthly.json": lambda w: _use(w).acme.usage.records.monthly.list(category="sms", **RANGE),
    f"{RECORDS}/ThisMonth.json": lambda w: _use(w).acme.usage.records.this_month.list(category="sms", **RANGE),
    f"{RECORDS}/Today.json": lambda w: _use(w).acme.usage.records.today.list(category="sms", **RANGE),
    f"{RECORDS}/Yearly.json": lambda w: _use(w).acme.usage.records.yearly.list(category="sms", **RANGE),
    f"{RECORDS}/Yesterday.json": lambda w: _use(w).acme.usage.records.yesterday.list(category="sms", **RANGE),
}

BALANCE: Mapping[str, Call] = {
    "GET /2010-04-01/Accounts/{AccountSid}/Balance.json": lambda w: w.parent.api.v2010.account.balance.fetch(),
}
