"""v2010 usage triggers, with the read-back that naive comparisons fall over."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

from faketwilio.hosts.api.records import UsageTrigger
from faketwilio.hosts.api.usage.firing import evaluate_due, have_news, make_counter
from faketwilio.wire.call import Answer, Call, Operation, crud
from faketwilio.wire.errors import TwilioError, invalid, not_found
from faketwilio.wire.formats import format_rfc2822
from faketwilio.wire.paging import build_v2010_page

RECURRING = ("daily", "monthly", "yearly", "alltime")
TRIGGER_BY = ("count", "usage", "price")
METHODS = ("GET", "POST")
AMOUNT = re.compile(r"(\+?)(\d{1,15}(?:\.\d{1,6})?)", re.ASCII)


def operations() -> tuple[Operation, ...]:
    many = "/2010-04-01/Accounts/{AccountSid}/Usage/Triggers.json"
    item_path = "/2010-04-01/Accounts/{AccountSid}/Usage/Triggers/{Sid}.json"
    return crud(many, item_path, None, create=_create, list_=_list, fetch=_fetch, update=_update, delete=_delete)


def _create(call: Call) -> Answer:
    store, params = call.store, call.params
    callback_url, value, category = (params.require(name) for name in ("CallbackUrl", "TriggerValue", "UsageCategory"))
    trigger_by = params.choice("TriggerBy", TRIGGER_BY) or "usage"
    if category in store.behaviour.refused_usage_categories:
        raise invalid("UsageCategory", category, store.behaviour.refused_usage_category_code)
    recurring = _read_recurring(call)
    current = make_counter(store, call.account.sid)(category, trigger_by, recurring)
    now = store.clock.now()
    trigger = UsageTrigger(
        sid=store.sids.sid("UT"),
        account_sid=call.account.sid,
        friendly_name=params.friendly_name() or f"Trigger for {category} at {trigger_by} of {value}",
        usage_category=category,
        trigger_by=trigger_by,
        trigger_value=_trigger_value(value, current),
        recurring=recurring,
        callback_url=_read_callback_url(call, callback_url),
        callback_method=params.choice("CallbackMethod", METHODS) or "POST",
        date_created=now,
        date_updated=now,
    )
    if store.table(UsageTrigger).count(call.account.sid) >= store.behaviour.max_triggers:
        raise TwilioError(400, store.behaviour.max_triggers_code, "Maximum number of usage triggers reached")
    store.table(UsageTrigger).put(trigger)
    have_news(store, call.account.sid)
    return Answer(201, _make_renderer(call)(trigger))


def _list(call: Call) -> Answer:
    params = call.params
    recurring, trigger_by = params.choice("Recurring", ("", *RECURRING)), params.choice("TriggerBy", TRIGGER_BY)
    category = params.get("UsageCategory")
    evaluate_due(call.store)
    found = [
        trigger
        for trigger in call.store.table(UsageTrigger).of(call.account.sid)
        if (recurring is None or _is_same_period(recurring, trigger.recurring))
        and trigger_by in (None, trigger.trigger_by)
        and category in (None, trigger.usage_category)
    ]
    return Answer(
        200, build_v2010_page(call, "usage_triggers", found, lambda trigger: trigger.sid, _make_renderer(call))
    )


def _fetch(call: Call) -> Answer:
    return Answer(200, _make_renderer(call)(_find(call)))


def _update(call: Call) -> Answer:
    # Value, category, period and measure are ignored with 200, as Twilio ignores what it does not know.
    trigger, url = _find(call), call.params.get("CallbackUrl")
    changed = replace(
        trigger,
        friendly_name=call.params.friendly_name() or trigger.friendly_name,
        callback_url=_read_callback_url(call, url) if url is not None else trigger.callback_url,
        callback_method=call.params.choice("CallbackMethod", METHODS) or trigger.callback_method,
        date_updated=call.store.clock.now(),
    )
    return Answer(200, _make_renderer(call)(call.store.table(UsageTrigger).put(changed)))


def _delete(call: Call) -> Answer:
    call.store.table(UsageTrigger).remove(_find(call).sid)
    return Answer(204)


def _find(call: Call) -> UsageTrigger:
    """The account's trigger that the path names, as it is now: what was due has fired."""
    evaluate_due(call.store)
    trigger = call.store.table(UsageTrigger).get(call.sid("Sid", "UT"))
    if trigger is None or trigger.account_sid != call.account.sid:
        raise not_found(call.path)
    return trigger


def _trigger_value(text: str, current: Decimal) -> str:
    """`1000` reads back as `1000.000000`, and `+30` as what it was resolved to when it was made."""
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise invalid("TriggerValue", text)
    return _format_amount(Decimal(match[2]) + (current if match[1] else 0))


def _format_amount(value: Decimal) -> str:
    return f"{value:.6f}"


def _read_recurring(call: Call) -> str | None:
    recurring = call.params.choice("Recurring", RECURRING)
    return call.store.behaviour.alltime_reads_back if recurring in (None, "alltime") else recurring


def _is_same_period(wanted: str, found: str | None) -> bool:
    never = ("", "alltime", None)
    return found in never if wanted in never else wanted == found


def _read_callback_url(call: Call, url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise TwilioError(400, 21456, "Invalid CallbackUrl") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in url):
        raise TwilioError(400, 21456, "Invalid CallbackUrl")
    is_root = parts.path == "/" and not parts.query and not parts.fragment
    return url.removesuffix("/") if is_root and call.store.behaviour.callback_url_loses_root_slash else url


def _make_renderer(call: Call) -> Callable[[UsageTrigger], dict[str, object]]:
    count = make_counter(call.store, call.account.sid)

    def _render(trigger: UsageTrigger) -> dict[str, object]:
        return _render_trigger(trigger, count(trigger.usage_category, trigger.trigger_by, trigger.recurring))

    return _render


def _render_trigger(trigger: UsageTrigger, current: Decimal) -> dict[str, object]:
    root = f"/2010-04-01/Accounts/{trigger.account_sid}/Usage"
    return {
        "sid": trigger.sid,
        "account_sid": trigger.account_sid,
        "api_version": "2010-04-01",
        "friendly_name": trigger.friendly_name,
        "usage_category": trigger.usage_category,
        "trigger_by": trigger.trigger_by,
        "trigger_value": trigger.trigger_value,
        "current_value": _format_amount(current),
        "recurring": trigger.recurring,
        "callback_url": trigger.callback_url,
        "callback_method": trigger.callback_method,
        "date_created": format_rfc2822(trigger.date_created),
        "date_updated": format_rfc2822(trigger.date_updated),
        "date_fired": format_rfc2822(trigger.date_fired),
        "uri": f"{root}/Triggers/{trigger.sid}.json",
        "usage_record_uri": f"{root}/Records.json?Category={trigger.usage_category}",
    }
