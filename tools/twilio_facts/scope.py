"""Which resources of which OpenAPI file the fake is about; everything else in those files is left out."""

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"

# A path stands for the resource and its list, and for nothing below it.
RESOURCES: dict[str, tuple[str, ...]] = {
    "twilio_accounts_v1.json": ("/v1/AuthTokens/Promote", "/v1/AuthTokens/Secondary"),
    "twilio_api_v2010.json": (
        "/2010-04-01/Accounts",
        f"{ACCOUNT}/Balance",
        f"{ACCOUNT}/Calls",
        f"{ACCOUNT}/Calls/{{CallSid}}/Notifications",
        f"{ACCOUNT}/Calls/{{CallSid}}/Recordings",
        f"{ACCOUNT}/Conferences",
        f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Participants",
        f"{ACCOUNT}/Conferences/{{ConferenceSid}}/Recordings",
        f"{ACCOUNT}/IncomingPhoneNumbers",
        f"{ACCOUNT}/IncomingPhoneNumbers/Local",
        f"{ACCOUNT}/IncomingPhoneNumbers/Mobile",
        f"{ACCOUNT}/IncomingPhoneNumbers/TollFree",
        f"{ACCOUNT}/Keys",
        f"{ACCOUNT}/Messages",
        f"{ACCOUNT}/Messages/{{MessageSid}}/Feedback",
        f"{ACCOUNT}/Messages/{{MessageSid}}/Media",
        f"{ACCOUNT}/Notifications",
        f"{ACCOUNT}/Recordings",
        f"{ACCOUNT}/Recordings/{{RecordingSid}}/Transcriptions",
        f"{ACCOUNT}/SigningKeys",
        f"{ACCOUNT}/Transcriptions",
        f"{ACCOUNT}/Usage/Records",
        f"{ACCOUNT}/Usage/Records/AllTime",
        f"{ACCOUNT}/Usage/Records/Daily",
        f"{ACCOUNT}/Usage/Records/LastMonth",
        f"{ACCOUNT}/Usage/Records/Monthly",
        f"{ACCOUNT}/Usage/Records/ThisMonth",
        f"{ACCOUNT}/Usage/Records/Today",
        f"{ACCOUNT}/Usage/Records/Yearly",
        f"{ACCOUNT}/Usage/Records/Yesterday",
        f"{ACCOUNT}/Usage/Triggers",
    ),
    "twilio_events_v1.json": (
        "/v1/Schemas",
        "/v1/Schemas/{Id}/Versions",
        "/v1/Sinks",
        "/v1/Sinks/{Sid}/Test",
        "/v1/Sinks/{Sid}/Validate",
        "/v1/Subscriptions",
        "/v1/Subscriptions/{SubscriptionSid}/SubscribedEvents",
        "/v1/Types",
    ),
    "twilio_iam_v1.json": ("/v1/Keys",),
    "twilio_monitor_v1.json": ("/v1/Alerts", "/v1/Events"),
}


def is_in_scope(file: str, path: str) -> bool:
    """Whether a path is one of the resources of that file, or one object of it."""
    bare = path.removesuffix(".json")
    parent, _, last = bare.rpartition("/")
    return bare in RESOURCES[file] or (last.startswith("{") and parent in RESOURCES[file])
