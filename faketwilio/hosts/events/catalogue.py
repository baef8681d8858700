"""Twilio's event types, as its documentation lists them; read on 2026-11-30 from twilio.com/docs/events/event-types.

The schema versions are the fake's own, but for the error log's: nobody should rely on them. Types that need a beta are
not here. A type that Twilio adds later is unknown to the fake: `POST /_fake/event-types` adds it.
"""

from collections.abc import Iterator

from faketwilio.hosts.events.records import EventType
from faketwilio.store.store import Store

PREFIX = "com.twilio."
REJECTED = frozenset({"com.twilio.voice.twiml.requested"})
"""Listed by Twilio's documentation, and refused by Twilio ("Type not found in the system")."""


def _list_types(schema_id: str, version: int, root: str, names: str, status: str = "active") -> Iterator[EventType]:
    """Yield the types of one schema; `names` are the ends of their names, between blanks."""
    for name in names.split():
        yield EventType(f"{PREFIX}{root}.{name}", schema_id, version, _describe(root, name), status)


def _describe(root: str, name: str) -> str:
    return f"{root.rpartition('.')[2]} {name}".replace("-", " ").replace(".", " ").replace("_", " ").capitalize()


VERIFY = "accountsecurity.verify"
COMPLIANCE = "messaging.compliance"
CATALOGUE: tuple[EventType, ...] = (
    EventType("com.twilio.error-logs.error.logged", "ErrorLogs.Error", 2, "An error or a warning was logged"),
    EventType("com.twilio.eventstreams.test-event", "EventStreams.TestSink", 1, "A sink was tested"),
    *_list_types("Messaging.MessageStatus", 6, "messaging.message", "queued sent delivered failed undelivered read"),
    *_list_types("Messaging.InboundMessageV1", 6, "messaging.inbound-message", "received"),
    *_list_types("Voice.WebhookEvent", 1, "voice.status-callback.call", "initiated ringing answered completed"),
    *_list_types(
        "Voice.WebhookEvent",
        1,
        "voice.webhook.status-callback.call",
        "initiated ringing answered completed",
        "deprecated",
    ),
    *_list_types("Voice.ApiRequest", 1, "voice.api-request.call", "created modified"),
    *_list_types("Voice.ApiRequest", 1, "voice.api-request.conference", "modified"),
    *_list_types("Voice.ApiRequest", 1, "voice.api-request.conference-participant", "created deleted modified"),
    *_list_types(
        "Voice.Twiml",
        1,
        "voice.twiml",
        "call.redirected call.transferred dial.finished enqueue.finished gather.finished record.finished"
        " request.failed",
    ),
    *_list_types(
        "Voice.StatusCallback",
        1,
        "voice.status-callback",
        "amd.detected announcement.processed conference.participant.updated conference.updated"
        " gather.partial.captured recording.processed stream.updated transcription.processed",
    ),
    *_list_types("Voice.Media", 1, "voice.media", "fetched"),
    *_list_types("VoiceInsights.CallSummary", 8, "voice.insights.call-summary", "partial predicted-complete complete"),
    *_list_types("VoiceInsights.CallEvent", 1, "voice.insights.call-event", "gateway sdk"),
    *_list_types("VoiceInsights.CallMetrics", 1, "voice.insights.call-metrics", "gateway sdk"),
    *_list_types("VoiceInsights.ConferenceSummary", 1, "voice.insights.conference-summary", "partial complete"),
    *_list_types(
        "VoiceInsights.ConferenceParticipantSummary", 1, "voice.insights.conference-participant-summary", "complete"
    ),
    *_list_types(
        "TaskRouter.WDSEvent",
        1,
        "taskrouter.task",
        "created updated canceled completed deleted system-deleted wrapup transfer-initiated transfer-completed"
        " transfer-failed transfer-canceled transfer-attempt-failed",
    ),
    *_list_types(
        "TaskRouter.WDSEvent",
        1,
        "taskrouter.reservation",
        "created accepted rejected timeout canceled rescinded completed failed wrapup",
    ),
    *_list_types(
        "TaskRouter.WDSEvent",
        1,
        "taskrouter.worker",
        "created deleted activity.update attributes.update capacity.update channel.availability.update",
    ),
    *_list_types(
        "TaskRouter.WDSEvent",
        1,
        "taskrouter.task-queue",
        "created deleted entered moved timeout expression-updated",
    ),
    *_list_types("TaskRouter.WDSEvent", 1, "taskrouter.workflow", "entered rejected skipped target-matched timeout"),
    *_list_types("ApiUsage.RateLimits", 1, "apiusage.taskrouter", "ratelimits"),
    *_list_types("Conversations.Conversation", 1, "conversations.conversation", "added removed updated"),
    *_list_types("Conversations.ConversationState", 1, "conversations.conversation-state", "updated"),
    *_list_types("Conversations.Message", 1, "conversations.message", "added removed updated"),
    *_list_types("Conversations.Participant", 1, "conversations.participant", "added removed updated"),
    *_list_types("Conversations.User", 1, "conversations.user", "added updated"),
    *_list_types("Conversations.Delivery", 1, "conversations.delivery", "updated", "discontinued"),
    *_list_types(
        "AccountSecurity.Verification",
        1,
        f"{VERIFY}.verification",
        "approved canceled expired max_attempts_reached pending",
    ),
    *_list_types(
        "AccountSecurity.MessageStatusEvent", 1, f"{VERIFY}.message", "delivered failed read sent undelivered"
    ),
    *_list_types("AccountSecurity.AttemptDlr", 1, f"{VERIFY}.attempt-dlr", "delivered failed read sent undelivered"),
    *_list_types("Studio.FlowExecution", 1, "studio.flow.execution", "started ended"),
    *_list_types("Studio.FlowStep", 1, "studio.flow.step", "ended"),
    *_list_types("Iam.IpBlocked", 1, "iam.ip", "blocked blocked.dryrun"),
    *_list_types(
        "A2p.BrandRegistration",
        1,
        f"{COMPLIANCE}.brand-registration",
        "brand-failure brand-registered brand-unverified brand-verified brand-vetted-verified"
        " brand-secondary-vetting-failure sharing-created sharing-deleted invalid-contact-email email-2fa-clicked"
        " email-2fa-completed email-2fa-opened email-2fa-sent email-2fa-timeout",
    ),
    *_list_types(
        "A2p.CampaignRegistration",
        1,
        f"{COMPLIANCE}.campaign-registration",
        "campaign-approved campaign-deleted campaign-failure campaign-submitted suspended-campaign-delete-submitted",
    ),
    *_list_types("A2p.NumberRegistration", 1, f"{COMPLIANCE}.number-registration", "failed pending successful"),
    *_list_types("A2p.NumberDeregistration", 1, f"{COMPLIANCE}.number-deregistration", "failed pending successful"),
    *_list_types(
        "TollFree.Verification",
        1,
        f"{COMPLIANCE}.toll-free-verification",
        "edit expired failure requested pending-review request-approved deleted rejected",
    ),
    *_list_types("A2p.ResourceCleanup", 1, COMPLIANCE, "a2p-resource-cleanup-started a2p-resource-cleanup-finished"),
    *_list_types("Notify.PushNotificationDelivery", 1, "notify.notification", "delivered"),
    *_list_types("VideoInsights.LogAnalyzer", 1, "video.insights.log-analyzer", "participant-summary room-summary"),
    *_list_types(
        "VideoInsights.Summary",
        1,
        "video.insights",
        "participant-summary.complete room-summary.complete track-summary.complete",
    ),
    *_list_types("LinkShortening.Link", 1, "daptbt.link-shortening", "link-clicked link-shortened"),
    *_list_types("Lookup.Bulk", 1, "lookup.bulk", "job-status-changed"),
    *_list_types(
        "SuperSim.Attachment",
        1,
        "iot.supersim.connection.attachment",
        "accepted failed rejected",
        "discontinued",
    ),
    *_list_types(
        "SuperSim.DataSession",
        1,
        "iot.supersim.connection.data-session",
        "started updated ended failed",
        "discontinued",
    ),
)


class EventTypes(dict[str, EventType]):
    """The types of one Twilio by their name: the catalogue, and what was changed in it."""

    @classmethod
    def begin(cls, _: Store) -> "EventTypes":
        return cls({known.type: known for known in CATALOGUE})
