"""A few types of Twilio's event catalogue. The schema numbers are the fake's own: nobody should rely on them."""

from tenantry.fake.records import EventType

CATALOGUE: tuple[EventType, ...] = (
    EventType("com.twilio.error-logs.error.logged", "ErrorLogs.Error", 2, "An error or a warning was logged"),
    EventType("com.twilio.messaging.message.sent", "Messaging.MessageStatus", 6, "A message was sent"),
    EventType("com.twilio.messaging.message.delivered", "Messaging.MessageStatus", 6, "A message was delivered"),
    EventType("com.twilio.messaging.message.failed", "Messaging.MessageStatus", 6, "A message failed"),
    EventType("com.twilio.messaging.inbound-message.received", "Messaging.InboundMessageV1", 6, "A message came in"),
    EventType("com.twilio.voice.insights.call-summary.complete", "VoiceInsights.CallSummary", 8, "A call's summary"),
    EventType("com.twilio.eventstreams.test-event", "EventStreams.TestSink", 1, "A sink was tested"),
)
