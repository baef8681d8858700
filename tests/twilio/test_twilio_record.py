"""Records that age, on the wire."""

from datetime import date

import pytest

from faketwilio.control.seed import seed
from faketwilio.server import FakeTwilio
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.session import Session

DAY = date(2026, 10, 22)
SORTS = {"messages": "message", "calls": "call", "recordings": "recording"}


def make_records(fake: FakeTwilio, account: LiveAccount, sort: str, *moments: str, **fields: object) -> list[str]:
    order = {"kind": SORTS[sort], "account": account.sid, "fields": {**fields, "date_created": list(moments)}}
    return list(seed(fake.store, {**order, "count": len(moments)})["sids"])


@pytest.mark.parametrize("sort", list(SORTS))
def test_the_newest_record_before_a_day_is_found_by_one_list(sort, session: Session, fake, acme, witness):
    _, newest, _ = make_records(fake, acme, sort, "2026-10-01T12:00:00", "2026-10-21T23:58:00", "2026-10-22T00:00:00")
    record = session.records.newest_before(acme.sid, sort, DAY)
    assert record is not None
    assert record.when is not None
    assert (record.sid, record.when.date(), record.redacted) == (newest, date(2026, 10, 21), False)
    assert [(method, path) for method, _, path, _, _ in witness.log()] == [
        ("GET", f"/2010-04-01/Accounts/{acme.sid}/{sort.title()}.json")
    ]


@pytest.mark.parametrize("sort", list(SORTS))
def test_there_is_none_where_all_are_of_the_day_or_later(sort, session: Session, fake, acme):
    make_records(fake, acme, sort, "2026-10-22T00:00:00", "2026-11-01T00:00:00")
    assert session.records.newest_before(acme.sid, sort, DAY) is None


def test_a_message_without_text_is_a_redacted_one(session: Session, fake, acme):
    make_records(fake, acme, "messages", "2026-10-01T12:00:00", body="")
    record = session.records.newest_before(acme.sid, "messages", DAY)
    assert record is not None
    assert record.redacted
