"""Triggers that fire: once a period, with a signed callback that is held for whoever asks, not sent."""

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from tenantry.fake.api.usage import counted, period_start
from tenantry.fake.formats import rfc2822
from tenantry.fake.records import Callback, UsageTrigger
from tenantry.fake.store import Store


def current_amount(store: Store, account_sid: str, category: str, trigger_by: str, recurring: str | None) -> Decimal:
    since = period_start(recurring, store.clock.now())
    return counted(store.usage.get(account_sid, []), category, trigger_by, since)


def evaluate(store: Store, account_sid: str) -> None:
    """Bring the account's triggers up to date; those that reached their value for the first time this period fire."""
    now = store.clock.now()
    for trigger in store.usage_triggers.of(account_sid):
        amount = current_amount(store, account_sid, trigger.usage_category, trigger.trigger_by, trigger.recurring)
        fires = amount >= Decimal(trigger.trigger_value) and _is_armed(trigger, now)
        changed = replace(trigger, current_value=f"{amount:.6f}", date_fired=now if fires else trigger.date_fired)
        if changed != trigger:
            store.usage_triggers.put(changed)
        if fires:
            store.callbacks.append(_callback(store, changed, now))


def _is_armed(trigger: UsageTrigger, now: datetime) -> bool:
    start = period_start(trigger.recurring, now)
    return trigger.date_fired is None or (start is not None and trigger.date_fired < start)


def _callback(store: Store, trigger: UsageTrigger, now: datetime) -> Callback:
    form = {
        "AccountSid": trigger.account_sid,
        "UsageTriggerSid": trigger.sid,
        "DateFired": rfc2822(now) or "",
        "Recurring": trigger.recurring or "",
        "UsageCategory": trigger.usage_category,
        "TriggerBy": trigger.trigger_by,
        "TriggerValue": trigger.trigger_value,
        "CurrentValue": trigger.current_value,
        "UsageRecordUri": f"/2010-04-01/Accounts/{trigger.account_sid}/Usage/Records.json"
        f"?Category={trigger.usage_category}",
        "IdempotencyToken": f"{trigger.account_sid}-FIRES-{trigger.sid}-{now:%Y-%m-%d}",
    }
    url = trigger.callback_url
    if trigger.callback_method == "GET":
        url, form = f"{url}{'&' if '?' in url else '?'}{urlencode(form)}", {}
    return Callback(trigger.callback_method, url, form, _signature(store, trigger.account_sid, url, form))


def _signature(store: Store, account_sid: str, url: str, form: dict[str, str]) -> str:
    """X-Twilio-Signature: HMAC-SHA1 by the primary token of the account that owns the trigger."""
    account = store.account(account_sid)
    signed = url + "".join(f"{name}{value}" for name, value in sorted(form.items()))
    token = account.auth_token if account else ""
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
