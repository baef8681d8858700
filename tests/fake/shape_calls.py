"""How each operation of the fake is called through the real SDK: a new operation needs its line here."""

from collections.abc import Callable, Mapping

from shape_world import ERROR_TYPE, OTHER_TYPE, World

Call = Callable[[World], object]
ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
POLICY = {"allow": ["/twilio/messaging/messages/read"]}

ACCOUNTS: Mapping[str, Call] = {
    "POST /2010-04-01/Accounts.json": lambda w: w.parent.api.v2010.accounts.create(friendly_name="Acme"),
    "GET /2010-04-01/Accounts.json": lambda w: (w.made, w.parent.api.v2010.accounts.list(page_size=1)),
    f"GET {ACCOUNT}.json": lambda w: w.acme.fetch(),
    f"POST {ACCOUNT}.json": lambda w: (w.acme.update(friendly_name="Acme 2"), w.acme.update(status="suspended")),
}

KEYS: Mapping[str, Call] = {
    f"POST {ACCOUNT}/Keys.json": lambda w: (w.key, w.acme.new_keys.create()),
    f"GET {ACCOUNT}/Keys.json": lambda w: (w.key, w.acme.new_keys.create(), w.acme.keys.list(page_size=1)),
    f"GET {ACCOUNT}/Keys/{{Sid}}.json": lambda w: w.acme.keys(w.key.sid).fetch(),
    f"POST {ACCOUNT}/Keys/{{Sid}}.json": lambda w: w.acme.keys(w.key.sid).update(friendly_name="app"),
    f"DELETE {ACCOUNT}/Keys/{{Sid}}.json": lambda w: w.acme.keys(w.key.sid).delete(),
    f"POST {ACCOUNT}/SigningKeys.json": lambda w: w.acme.new_signing_keys.create(friendly_name="web"),
    f"GET {ACCOUNT}/SigningKeys.json": lambda w: (w.key, w.acme.signing_keys.list(page_size=1)),
    f"GET {ACCOUNT}/SigningKeys/{{Sid}}.json": lambda w: w.acme.signing_keys(w.key.sid).fetch(),
    f"POST {ACCOUNT}/SigningKeys/{{Sid}}.json": lambda w: w.acme.signing_keys(w.key.sid).update(friendly_name="app"),
    f"DELETE {ACCOUNT}/SigningKeys/{{Sid}}.json": lambda w: w.acme.signing_keys(w.key.sid).delete(),
}

TRIGGERS: Mapping[str, Call] = {
    f"POST {ACCOUNT}/Usage/Triggers.json": lambda w: (
        w.trigger,
        w.acme.usage.triggers.create("https://a.example/", "+30", "calls"),
    ),
    f"GET {ACCOUNT}/Usage/Triggers.json": lambda w: (
        w.trigger,
        w.acme.usage.triggers.list(recurring="monthly", trigger_by="count", usage_category="sms", page_size=1),
    ),
    f"GET {ACCOUNT}/Usage/Triggers/{{Sid}}.json": lambda w: w.acme.usage.triggers(w.trigger.sid).fetch(),
    f"POST {ACCOUNT}/Usage/Triggers/{{Sid}}.json": lambda w: w.acme.usage.triggers(w.trigger.sid).update(
        callback_method="GET", callback_url="https://b.example/u", friendly_name="other"
    ),
    f"DELETE {ACCOUNT}/Usage/Triggers/{{Sid}}.json": lambda w: w.acme.usage.triggers(w.trigger.sid).delete(),
}

IAM: Mapping[str, Call] = {
    "POST /v1/Keys": lambda w: (
        w.client.iam.v1.new_api_key.create(w.made.sid, friendly_name="web"),
        w.client.iam.v1.new_api_key.create(w.made.sid, friendly_name="app", key_type="restricted", policy=POLICY),
    ),
    "GET /v1/Keys": lambda w: (
        w.key,
        w.client.iam.v1.new_api_key.create(w.made.sid, key_type="restricted", policy=POLICY),
        w.client.iam.v1.get_api_keys.list(w.made.sid, page_size=1),
    ),
    "GET /v1/Keys/{Sid}": lambda w: w.client.iam.v1.api_key(w.key.sid).fetch(),
    "POST /v1/Keys/{Sid}": lambda w: w.client.iam.v1.api_key(
        w.client.iam.v1.new_api_key.create(w.made.sid, key_type="restricted", policy=POLICY).sid
    ).update(friendly_name="app", policy=POLICY),
    "DELETE /v1/Keys/{Sid}": lambda w: w.client.iam.v1.api_key(w.key.sid).delete(),
}

SINKS: Mapping[str, Call] = {
    "POST /v1/Sinks": lambda w: (w.sink, w.new_sink("kinesis")),
    "GET /v1/Sinks": lambda w: (
        w.subscription,
        w.new_sink(),
        w.client.events.v1.sinks.list(page_size=1),
        w.client.events.v1.sinks.list(in_use=True, status="active"),
    ),
    "GET /v1/Sinks/{Sid}": lambda w: w.client.events.v1.sinks(w.sink.sid).fetch(),
    "POST /v1/Sinks/{Sid}": lambda w: w.client.events.v1.sinks(w.sink.sid).update(description="other"),
    "DELETE /v1/Sinks/{Sid}": lambda w: w.client.events.v1.sinks(w.sink.sid).delete(),
    "POST /v1/Sinks/{Sid}/Test": lambda w: w.client.events.v1.sinks(w.sink.sid).sink_test.create(),
    "POST /v1/Sinks/{Sid}/Validate": lambda w: (
        sink := w.client.events.v1.sinks(w.new_sink("kinesis").sid),
        sink.sink_test.create(),
        sink.sink_validate.create(w.test_id),
    ),
}

SUBSCRIPTIONS: Mapping[str, Call] = {
    "POST /v1/Subscriptions": lambda w: w.subscription,
    "GET /v1/Subscriptions": lambda w: (
        w.subscription,
        w.client.events.v1.subscriptions.list(sink_sid=w.sink.sid, page_size=1),
    ),
    "GET /v1/Subscriptions/{Sid}": lambda w: w.client.events.v1.subscriptions(w.subscription.sid).fetch(),
    "POST /v1/Subscriptions/{Sid}": lambda w: w.client.events.v1.subscriptions(w.subscription.sid).update("other"),
    "DELETE /v1/Subscriptions/{Sid}": lambda w: w.client.events.v1.subscriptions(w.subscription.sid).delete(),
    "POST /v1/Subscriptions/{Sid}/SubscribedEvents": lambda w: (
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events.create(OTHER_TYPE, schema_version=1),
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events.create(OTHER_TYPE),
    ),
    "GET /v1/Subscriptions/{Sid}/SubscribedEvents": lambda w: w.client.events.v1.subscriptions(
        w.subscription.sid
    ).subscribed_events.list(page_size=1),
    "GET /v1/Subscriptions/{Sid}/SubscribedEvents/{Type}": lambda w: (
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events(ERROR_TYPE).fetch()
    ),
    "POST /v1/Subscriptions/{Sid}/SubscribedEvents/{Type}": lambda w: (
        w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events(ERROR_TYPE).update(schema_version=1)
    ),
    "DELETE /v1/Subscriptions/{Sid}/SubscribedEvents/{Type}": lambda w: (
        events := w.client.events.v1.subscriptions(w.subscription.sid).subscribed_events,
        events.create(OTHER_TYPE),
        events(ERROR_TYPE).delete(),
    ),
}

TYPES: Mapping[str, Call] = {
    "GET /v1/Types": lambda w: (
        w.client.events.v1.event_types.list(page_size=2),
        w.client.events.v1.event_types.list(schema_id="ErrorLogs.Error"),
    ),
    "GET /v1/Types/{Type}": lambda w: w.client.events.v1.event_types(ERROR_TYPE).fetch(),
}

CALLS: Mapping[str, Mapping[str, Call]] = {
    "api.twilio.com": {**ACCOUNTS, **KEYS, **TRIGGERS},
    "iam.twilio.com": IAM,
    "events.twilio.com": {**SINKS, **SUBSCRIPTIONS, **TYPES},
}

NO_FACTS: Mapping[tuple[str, str], str] = {}
"""Operations of which Twilio's OpenAPI says nothing, each with the reason."""
