"""How the operations on messages, calls, what they leave behind and phone numbers are called through the SDK."""

from collections.abc import Mapping
from datetime import UTC, datetime

from shape_world import CUSTOMER, Call

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
NEW_YEAR, LATER = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
CREATED = {"date_created_after": NEW_YEAR, "date_created_before": LATER}

MESSAGES: Mapping[str, Call] = {
    f"POST {ACCOUNT}/Messages.json": lambda w: (
        w.message,
        w.acme.messages.create(
            CUSTOMER, from_=w.number.phone_number, body="Hi", content_retention="retain", address_retention="retain"
        ),
    ),
    f"GET {ACCOUNT}/Messages.json": lambda w: (
        w.message,
        w.passes(60),
        w.acme.messages.list(to=CUSTOMER, from_=w.number.phone_number, page_size=1),
        w.acme.messages.list(date_sent=NEW_YEAR),
        w.acme.messages.list(date_sent_after=NEW_YEAR, date_sent_before=LATER),
        w.seed("message", 4, status=["queued", "delivered", "failed", "canceled"]),
        w.acme.messages.list(),
    ),
    f"GET {ACCOUNT}/Messages/{{Sid}}.json": lambda w: (
        w.acme.messages(w.message.sid).fetch(),
        w.passes(60),
        w.acme.messages(w.message.sid).fetch(),
    ),
    f"POST {ACCOUNT}/Messages/{{Sid}}.json": lambda w: (
        w.message,
        w.passes(60),
        w.acme.messages(w.message.sid).update(body=""),
    ),
    f"DELETE {ACCOUNT}/Messages/{{Sid}}.json": lambda w: (
        w.message,
        w.passes(60),
        w.acme.messages(w.message.sid).delete(),
    ),
    f"GET {ACCOUNT}/Messages/{{MessageSid}}/Media.json": lambda w: (
        w.acme.messages(w.message.sid).media.list(page_size=1),
        w.acme.messages(w.message.sid).media.list(date_created=NEW_YEAR),
        w.acme.messages(w.message.sid).media.list(**CREATED),
    ),
    f"GET {ACCOUNT}/Messages/{{MessageSid}}/Media/{{Sid}}.json": lambda w: (
        media := w.acme.messages(w.message.sid).media,
        media(media.list()[0].sid).fetch(),
    ),
    f"DELETE {ACCOUNT}/Messages/{{MessageSid}}/Media/{{Sid}}.json": lambda w: (
        media := w.acme.messages(w.message.sid).media,
        media(media.list()[0].sid).delete(),
    ),
}

PHONE_CALLS: Mapping[str, Call] = {
    f"POST {ACCOUNT}/Calls.json": lambda w: (
        w.phone_call,
        w.acme.calls.create(CUSTOMER, w.number.phone_number, twiml="<Response/>"),
    ),
    f"GET {ACCOUNT}/Calls.json": lambda w: (
        w.phone_call,
        w.passes(3600),
        w.acme.calls.list(to=CUSTOMER, from_=w.number.phone_number, page_size=1),
        w.acme.calls.list(status="completed", start_time=NEW_YEAR, end_time=NEW_YEAR),
        w.acme.calls.list(start_time_after=NEW_YEAR, start_time_before=LATER, parent_call_sid=w.phone_call.sid),
        w.acme.calls.list(end_time_after=NEW_YEAR, end_time_before=LATER),
        w.seed("call", 4, status=["queued", "in-progress", "completed", "failed"], phone_number_sid=w.number.sid),
        w.acme.calls.list(),
    ),
    f"GET {ACCOUNT}/Calls/{{Sid}}.json": lambda w: (
        w.acme.calls(w.phone_call.sid).fetch(),
        w.passes(3600),
        w.acme.calls(w.phone_call.sid).fetch(),
    ),
    f"POST {ACCOUNT}/Calls/{{Sid}}.json": lambda w: w.acme.calls(w.phone_call.sid).update(status="canceled"),
    f"DELETE {ACCOUNT}/Calls/{{Sid}}.json": lambda w: (
        w.phone_call,
        w.passes(3600),
        w.acme.calls(w.phone_call.sid).delete(),
    ),
    f"GET {ACCOUNT}/Calls/{{CallSid}}/Recordings.json": lambda w: (
        w.recording,
        w.acme.calls(w.phone_call.sid).recordings.list(page_size=1),
        w.acme.calls(w.phone_call.sid).recordings.list(date_created=NEW_YEAR),
        w.acme.calls(w.phone_call.sid).recordings.list(**CREATED),
    ),
    f"GET {ACCOUNT}/Calls/{{CallSid}}/Recordings/{{Sid}}.json": lambda w: (
        w.acme.calls(w.phone_call.sid).recordings(w.recording).fetch()
    ),
    f"DELETE {ACCOUNT}/Calls/{{CallSid}}/Recordings/{{Sid}}.json": lambda w: (
        w.acme.calls(w.phone_call.sid).recordings(w.recording).delete()
    ),
    f"GET {ACCOUNT}/Calls/{{CallSid}}/Notifications.json": lambda w: (
        w.notification,
        w.acme.calls(w.phone_call.sid).notifications.list(log=0, page_size=1),
        w.acme.calls(w.phone_call.sid).notifications.list(message_date=NEW_YEAR),
        w.acme.calls(w.phone_call.sid).notifications.list(message_date_after=NEW_YEAR, message_date_before=LATER),
    ),
    f"GET {ACCOUNT}/Calls/{{CallSid}}/Notifications/{{Sid}}.json": lambda w: (
        w.acme.calls(w.phone_call.sid).notifications(w.notification).fetch()
    ),
}

RECORDINGS: Mapping[str, Call] = {
    f"GET {ACCOUNT}/Recordings.json": lambda w: (
        w.recording,
        w.acme.recordings.list(call_sid=w.phone_call.sid, page_size=1),
        w.acme.recordings.list(date_created=NEW_YEAR),
        w.acme.recordings(w.recording).delete(),
        w.acme.recordings.list(include_soft_deleted=True, **CREATED),
        w.acme.recordings.list(conference_sid=w.conference),
        w.seed("recording", 3, status=["in-progress", "completed", "absent"], call_sid=w.phone_call.sid),
        w.acme.recordings.list(),
    ),
    f"GET {ACCOUNT}/Recordings/{{Sid}}.json": lambda w: (
        w.acme.recordings(w.recording).fetch(),
        w.acme.recordings(w.recording).delete(),
        w.acme.recordings(w.recording).fetch(include_soft_deleted=True),
    ),
    f"DELETE {ACCOUNT}/Recordings/{{Sid}}.json": lambda w: w.acme.recordings(w.recording).delete(),
    f"GET {ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions.json": lambda w: (
        w.transcription,
        w.acme.recordings(w.recording).transcriptions.list(page_size=1),
    ),
    f"GET {ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions/{{Sid}}.json": lambda w: (
        w.acme.recordings(w.recording).transcriptions(w.transcription).fetch()
    ),
    f"DELETE {ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions/{{Sid}}.json": lambda w: (
        w.acme.recordings(w.recording).transcriptions(w.transcription).delete()
    ),
    f"GET {ACCOUNT}/Transcriptions.json": lambda w: (
        w.transcription,
        w.seed("transcription", 2, recording_sid=w.recording, status=["in-progress", "failed"]),
        w.acme.transcriptions.list(page_size=1),
    ),
    f"GET {ACCOUNT}/Transcriptions/{{Sid}}.json": lambda w: w.acme.transcriptions(w.transcription).fetch(),
    f"DELETE {ACCOUNT}/Transcriptions/{{Sid}}.json": lambda w: w.acme.transcriptions(w.transcription).delete(),
}

CONFERENCES: Mapping[str, Call] = {
    f"GET {ACCOUNT}/Conferences.json": lambda w: (
        w.conference,
        w.acme.conferences.list(friendly_name="Standup", status="in-progress", page_size=1),
        w.acme.conferences.list(date_created=NEW_YEAR, date_updated=NEW_YEAR),
        w.acme.conferences.list(date_updated_after=NEW_YEAR, date_updated_before=LATER, **CREATED),
        w.seed("conference", 2, status=["init", "completed"]),
        w.acme.conferences.list(),
    ),
    f"GET {ACCOUNT}/Conferences/{{Sid}}.json": lambda w: w.acme.conferences(w.conference).fetch(),
    f"POST {ACCOUNT}/Conferences/{{Sid}}.json": lambda w: w.acme.conferences(w.conference).update(status="completed"),
    f"GET {ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings.json": lambda w: (
        w.conference_recording,
        w.acme.conferences(w.conference).recordings.list(page_size=1),
        w.acme.conferences(w.conference).recordings.list(date_created=NEW_YEAR),
        w.acme.conferences(w.conference).recordings.list(**CREATED),
    ),
    f"GET {ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings/{{Sid}}.json": lambda w: (
        w.acme.conferences(w.conference).recordings(w.conference_recording).fetch()
    ),
    f"DELETE {ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings/{{Sid}}.json": lambda w: (
        w.acme.conferences(w.conference).recordings(w.conference_recording).delete()
    ),
    f"GET {ACCOUNT}/Notifications.json": lambda w: (
        w.notification,
        w.acme.notifications.list(log=0, page_size=1),
        w.acme.notifications.list(message_date=NEW_YEAR),
        w.acme.notifications.list(message_date_after=NEW_YEAR, message_date_before=LATER),
    ),
    f"GET {ACCOUNT}/Notifications/{{Sid}}.json": lambda w: w.acme.notifications(w.notification).fetch(),
}

NUMBERS: Mapping[str, Call] = {
    f"POST {ACCOUNT}/IncomingPhoneNumbers.json": lambda w: (
        w.number,
        w.acme.incoming_phone_numbers.create(area_code="415"),
    ),
    f"GET {ACCOUNT}/IncomingPhoneNumbers.json": lambda w: (
        w.number,
        w.acme.incoming_phone_numbers.list(page_size=1),
        w.acme.incoming_phone_numbers.list(beta=False, friendly_name="Desk", phone_number="555", origin="twilio"),
    ),
    f"GET {ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json": lambda w: w.acme.incoming_phone_numbers(w.number.sid).fetch(),
    f"POST {ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json": lambda w: w.acme.incoming_phone_numbers(w.number.sid).update(
        friendly_name="Desk",
        sms_url="https://a.example/sms",
        sms_method="GET",
        voice_url="https://a.example/voice",
        voice_method="POST",
        status_callback="https://a.example/status",
        status_callback_method="POST",
    ),
    f"DELETE {ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json": lambda w: w.acme.incoming_phone_numbers(
        w.number.sid
    ).delete(),
}
