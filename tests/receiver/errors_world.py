"""Errors in a tenant's account, told by Event Streams of the fake or by the Console's own webhook."""

import json
from urllib.parse import urlencode

import requests
from receiver_world import HOST, PREFIX
from twilio.request_validator import RequestValidator

ERRORS = "com.twilio.error-logs.error.logged"
PATH = "/errors/{slug}"
MORE = "debugger_webhook: {{url: /errors/{slug}}}\n"
NUMBER, MAIL = "+14155550123", "ana@acme.example"


def url_of(slug="acme"):
    return f"https://{HOST}{PREFIX}{PATH.format(slug=slug)}"


def subscribe(world, slug="acme", *, batch=False):
    """Give a tenant's account a sink that the fake sends its errors to, and tell the receiver."""
    world.write(slug, MORE.format(slug=slug))
    world.up()
    who = (world.sids[slug], world.token(slug))

    def make(path, fields):
        url, headers = f"{world.fake.url}/v1/{path}", {"Host": "events.twilio.com"}
        answer = requests.post(url, data=fields, auth=who, headers=headers, timeout=120)
        assert answer.status_code == 201, answer.text
        return answer.json()["sid"]

    configuration = {"destination": url_of(slug), "method": "POST", "batch_events": batch}
    sink = {"Description": "e", "SinkType": "webhook", "SinkConfiguration": json.dumps(configuration)}
    sid = make("Sinks", sink)
    make("Subscriptions", {"Description": "e", "SinkSid": sid, "Types": json.dumps({"type": ERRORS})})
    restart(world)


def restart(world):
    """Let the receiver read anew how tenants stand."""
    world.stop()
    world.serve()


def fail(world, slug="acme", **fields):
    """Let something go wrong in a tenant's account, and let the fake tell of it."""
    variables = urlencode({"From": NUMBER, "Body": "call me", "MessageSid": "SM1"})
    request = {"request_method": "POST", "request_url": f"https://crm.example/sms?from={NUMBER}&k=secret"}
    text = f"Could not reach the handler for {NUMBER} of {MAIL}"
    order = {"account": world.sids[slug], "alert_text": text, "request_variables": variables, **request, **fields}
    sid = world.control("/errors", order)["alert"]
    world.control("/deliveries/run")
    return sid


def send_json(world, body, slug="acme", token=None, hashes=1):
    """Send a body as Event Streams does, its hash once or more often in the URL, and return the status."""
    validator = RequestValidator(world.token(slug) if token is None else token)
    text = validator.compute_hash(body.decode("utf-8", "replace"))
    query = f"?{'&'.join([f'bodySHA256={text}'] * hashes)}"
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": ""}
    headers["X-Twilio-Signature"] = validator.compute_signature(url_of(slug) + query, {})
    path = url_of(slug).removeprefix(f"https://{HOST}")
    return requests.post(world.server.url + path + query, data=body, headers=headers, timeout=120).status_code


def console_form(world, sid, slug="acme"):
    """Return the form of the Console's webhook about an error."""
    payload = {
        "resource_sid": "CA" + "1" * 32,
        "service_sid": None,
        "error_code": "11200",
        "more_info": {"Msg": f"No answer for {NUMBER}", "LogLevel": "ERROR"},
        "webhook": {
            "type": "application/json",
            "request": {"url": "https://crm.example/voice", "method": "POST", "parameters": {"From": NUMBER}},
            "response": {"status_code": None, "headers": {}, "body": MAIL},
        },
    }
    return {
        "Sid": sid,
        "AccountSid": world.sids[slug],
        "ParentAccountSid": world.parent,
        "Timestamp": "2026-03-15T12:00:00Z",
        "Level": "ERROR",
        "PayloadType": "application/json",
        "Payload": json.dumps(payload),
    }
