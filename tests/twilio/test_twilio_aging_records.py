"""Pages of records that age, and their deletion, on the wire."""

from datetime import date

import pytest

from faketwilio.control.seed import seed
from faketwilio.store.fault import Fault
from tenantry.twilio.aging_records import LOST_PAGE, is_unfinished
from tenantry.twilio.errors import NotFound, Refused, TwilioError, Unreachable

PREFIXES = {"messages": "SM", "calls": "CA", "recordings": "RE", "transcriptions": "TR"}


def put(fake, account, kind, count=1, **fields):
    more = {"recording_sid": "RE" + "0" * 32} if kind == "transcriptions" else {}
    order = {"kind": kind.removesuffix("s"), "account": account.sid, "count": count, "fields": {**more, **fields}}
    return list(seed(fake.store, order)["sids"])


@pytest.mark.parametrize("kind", list(PREFIXES))
def test_a_record_is_listed_found_and_deleted_once(kind, session, fake, acme):
    [sid] = put(fake, acme, kind, date_created="2026-10-01T12:00:00")
    page = session.aging_records.first_page(acme.sid, kind)
    [record] = page.records
    assert (record.sid, record.account_sid, record.when.isoformat()[:10]) == (sid, acme.sid, "2026-10-01")
    assert session.aging_records.find(acme.sid, kind, sid) == record
    session.aging_records.delete(acme.sid, kind, sid)
    assert session.aging_records.find(acme.sid, kind, sid) is None
    with pytest.raises(NotFound):
        session.aging_records.delete(acme.sid, kind, sid)


def test_the_next_page_is_lost_with_the_last_record_of_this_one(session, fake, acme):
    put(fake, acme, "messages", 1001)
    page = session.aging_records.first_page(acme.sid, "messages")
    following = session.aging_records.next_page(page)
    assert (len(page.records), len(following.records), session.aging_records.next_page(following)) == (1000, 1, None)
    session.aging_records.delete(acme.sid, "messages", page.records[-1].sid)
    with pytest.raises(TwilioError) as lost:
        session.aging_records.next_page(page)
    assert lost.value.code == LOST_PAGE


@pytest.mark.parametrize("kind", ["messages", "calls", "recordings"])
def test_a_filter_leaves_out_what_is_a_day_too_young(kind, session, fake, acme):
    dates = ["2026-10-20T12:00:00", "2026-10-21T12:00:00", "2026-10-24T12:00:00"]
    put(fake, acme, kind, 3, date_created=dates)
    page = session.aging_records.first_page(acme.sid, kind, before=date(2026, 10, 22), since=date(2026, 10, 21))
    assert [record.when.day for record in page.records] == [21]


def test_a_message_is_redacted_and_keeps_its_media(session, fake, acme):
    [sid] = put(fake, acme, "messages", body="a secret", num_media=1)
    order = {"kind": "media", "account": acme.sid, "fields": {"parent_sid": sid}}
    [medium] = seed(fake.store, order)["sids"]
    session.aging_records.redact(acme.sid, sid)
    record = session.aging_records.find(acme.sid, "messages", sid)
    assert (record.is_empty, record.media, session.aging_records.media(acme.sid, sid)) == (True, 1, (medium,))
    session.aging_records.delete_medium(acme.sid, sid, medium)
    assert session.aging_records.media(acme.sid, sid) == ()


def test_an_unfinished_record_is_refused_as_such(session, fake, acme):
    [sid] = put(fake, acme, "messages", status="queued")
    with pytest.raises(Refused) as refused:
        session.aging_records.delete(acme.sid, "messages", sid)
    assert is_unfinished(refused.value)


def test_a_page_that_is_none_is_a_failure_and_no_empty_list(session, fake, acme):
    fake.store.faults.append(Fault("error", path="*/Calls.json", status=200, code=20001, times=None))
    with pytest.raises(Unreachable, match="the answer has no list of calls"):
        session.aging_records.first_page(acme.sid, "calls")
