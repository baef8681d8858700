"""Laws of all kinds, for many values: check is idempotent, and what was just made is no difference."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_samples import NAME

from faketwilio.hosts.events.catalogue import CATALOGUE
from tenantry.model.event_sink import DEBUGGER
from tenantry.providers import RESOURCES

names = st.from_regex(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True)
urls = st.builds(
    "https://{}.example{}".format, names, st.sampled_from(["", "/", "/a", "/a/", "/a?b=c&d=%20", "/a?b=/", "/ü"])
)
methods = st.sampled_from(["GET", "POST"])
amounts = st.decimals(min_value=0, max_value=10**9, places=6) | st.floats(0, 10**9).map(lambda f: round(f, 6))
permissions = st.builds(
    "/twilio/{}/{}/{}".format,
    st.sampled_from(["messaging", "voice", "video"]),
    st.sampled_from(["messages", "calls", "recordings"]),
    st.sampled_from(["create", "read", "list", "update", "delete", "*"]),
)
event_types = st.sampled_from([known.type for known in CATALOGUE if known.status != "discontinued"])


def bag(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Property bags; what is None has no key."""
    return st.fixed_dictionaries(fields).map(
        lambda bag: {key: value for key, value in bag.items() if value is not None}
    )


KINDS = {
    "api_key": bag(friendly_name=names, policy=st.none() | st.lists(permissions, min_size=1, max_size=8)),
    "usage_trigger": bag(
        friendly_name=names,
        usage_category=st.sampled_from(["sms", "calls", "totalprice", "invented-tomorrow"]),
        trigger_by=st.sampled_from(["count", "usage", "price"]),
        trigger_value=amounts.map(lambda amount: amount if isinstance(amount, float) else str(amount)),
        recurring=st.sampled_from([None, "daily", "monthly", "yearly"]),
        callback_url=urls,
        callback_method=methods,
    ),
    "event_sink": bag(
        description=names,
        sink_type=st.just("webhook"),
        sink_configuration=bag(destination=urls, method=methods, batch_events=st.booleans()),
    ),
    "event_subscription": bag(description=names, types=st.lists(event_types, min_size=1, max_size=5)),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_check_is_idempotent(first, kind, data):
    once, failures = first.check(kind, data.draw(KINDS[kind]))
    assert failures == []
    assert first.check(kind, once) == (once, [])
    assert first.diff(kind, "X1", once, once) == (False, [])
    same = RESOURCES[kind].provider().check(dict(once), dict(once))  # in a run the plugin answers, without asking
    assert (same.inputs, same.failures) == (once, [])
    assert first.check(kind, once, once) == (once, [])


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_new_object_is_no_difference_and_reads_back_unchanged(first, account, kind, data):
    props = {"account_sid": account, **data.draw(KINDS[kind])}
    sink = None
    if kind == "event_subscription":
        url = {"destination": "https://hooks.owl.example/x", "method": "POST", "batch_events": False}
        sink = first.up("event_sink", {"account_sid": account, "description": DEBUGGER, "sink_configuration": url})
        props["sink_sid"] = sink.id
    resource = first.up(kind, props)
    assert first.diff(kind, resource.id, resource.outputs, first.add_owner(kind, props)) == (False, [])
    assert first.refresh(resource).inputs == resource.inputs
    first.destroy(resource)
    assert first.refresh(resource) is None
    if sink is not None:  # an account has room for 100, and an example may be one of 200
        first.destroy(sink)


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=50))
def test_any_name_of_an_account_reads_back_as_it_was_written(first, twilio, name):
    twilio.reset()
    resource = first.up("subaccount", {"slug": "acme", "friendly_name": f"{name} (acme)"})
    assert first.refresh(resource).inputs == resource.inputs
    renamed = first.up("subaccount", {"slug": "acme", "friendly_name": NAME}, resource)
    assert first.refresh(renamed).inputs["friendly_name"] == NAME
