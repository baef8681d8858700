"""Triggers that fire: once a period, about a minute after their value was reached."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from urllib.parse import urlencode

from faketwilio.delivery.outbox import Outbox
from faketwilio.delivery.records import Delivery
from faketwilio.hosts.api.records import UsageTrigger
from faketwilio.hosts.api.usage.book import Amounts, Evaluations, Usage, UsageBook
from faketwilio.hosts.api.usage.period import find_period_start
from faketwilio.store.records import Account
from faketwilio.store.store import Store
from faketwilio.wire.formats import format_rfc2822

WHY = "usage trigger"


def find_seen_until(store: Store) -> datetime:
    """The moment up to which Twilio has counted what was used."""
    return store.clock.now() - timedelta(seconds=store.behaviour.usage_lag_seconds)


def use(store: Store, account: Account, usage: Usage) -> None:
    """Let an account use something; triggers that it reaches fire when their minute is over."""
    store.part(UsageBook).use(account.sid, account.owner_sid, usage)
    have_news(store, account.sid)


def have_news(store: Store, account_sid: str) -> None:
    """Something was used or a trigger was made: the account's triggers are looked at when their minute is over."""
    now, behaviour = store.clock.now(), store.behaviour
    due = now + timedelta(seconds=behaviour.trigger_evaluation_seconds)
    shown = store.part(UsageBook).next_to_show()
    if shown is not None:  # to look before that is counted would be in vain
        due = max(due, shown + timedelta(seconds=behaviour.usage_lag_seconds))
    store.part(Evaluations).add(account_sid, due)
    account = store.accounts.get(account_sid)
    if account is not None and behaviour.parent_triggers_count_subaccounts:
        store.part(Evaluations).add(account.owner_sid, due)
    store.worker.wake()


def evaluate_due(store: Store) -> None:
    """Look at the triggers of every account whose minute is over; those that reached their value fire."""
    now = store.clock.now()
    for account_sid in store.part(Evaluations).take_due(now):
        _evaluate(store, account_sid, now)
        if store.part(UsageBook).next_to_show() is not None:
            have_news(store, account_sid)


def find_next_evaluation(store: Store) -> datetime | None:
    return store.part(Evaluations).next_due()


def make_counter(store: Store, account_sid: str) -> Callable[[str, str, str | None], Decimal]:
    """What triggers of an account have counted now, by their category, measure and period."""
    now, account = store.clock.now(), store.accounts.get(account_sid)
    subaccounts = account is not None and account.is_parent and store.behaviour.parent_triggers_count_subaccounts
    store.part(UsageBook).show(find_seen_until(store))

    @cache
    def _sum_since(since: date | None) -> Mapping[str, Amounts]:
        first = since or store.part(UsageBook).first_day(account_sid, subaccounts=subaccounts) or now.date()
        return store.part(UsageBook).sums(account_sid, first, now.date(), subaccounts=subaccounts)

    def _count(category: str, trigger_by: str, recurring: str | None) -> Decimal:
        amounts = _sum_since(find_period_start(recurring, now)).get(category, Amounts())
        return Decimal(getattr(amounts, trigger_by))

    return _count


def _evaluate(store: Store, account_sid: str, now: datetime) -> None:
    count = make_counter(store, account_sid)
    for trigger in store.table(UsageTrigger).of(account_sid):
        amount = count(trigger.usage_category, trigger.trigger_by, trigger.recurring)
        if amount >= Decimal(trigger.trigger_value) and _is_armed(trigger, now):
            store.table(UsageTrigger).put(replace(trigger, date_fired=now))
            store.part(Outbox).add(_build_callback(store, trigger, amount, now))


def _is_armed(trigger: UsageTrigger, now: datetime) -> bool:
    start = find_period_start(trigger.recurring, now)
    return trigger.date_fired is None or (start is not None and trigger.date_fired.date() < start)


def _build_callback(store: Store, trigger: UsageTrigger, amount: Decimal, now: datetime) -> Delivery:
    token = f"{trigger.account_sid}-FIRES-{trigger.sid}-{now:%Y-%m-%d}"
    form = {
        "AccountSid": trigger.account_sid,
        "UsageTriggerSid": trigger.sid,
        "DateFired": format_rfc2822(now) or "",
        "Recurring": trigger.recurring or "",
        "UsageCategory": trigger.usage_category,
        "TriggerBy": trigger.trigger_by,
        "TriggerValue": trigger.trigger_value,
        "CurrentValue": f"{amount:.6f}",
        "UsageRecordUri": f"/2010-04-01/Accounts/{trigger.account_sid}/Usage/Records.json"
        f"?Category={trigger.usage_category}",
        "IdempotencyToken": token,
    }
    url, is_get = trigger.callback_url, trigger.callback_method == "GET"
    return Delivery(
        sid=store.request_sids.sid("WH"),
        account_sid=trigger.account_sid,
        why=WHY,
        about=trigger.sid,
        method=trigger.callback_method,
        url=f"{url}{'&' if '?' in url else '?'}{urlencode(form)}" if is_get else url,
        form={} if is_get else form,
        idempotency_token=token,
        created=now,
        next_attempt=now,
    )
