"""The components of the status page: a few of Twilio's, which has some hundreds."""

COMPONENTS: tuple[str, ...] = (
    "REST API",
    "Console",
    "Programmable Messaging",
    "Programmable Voice",
    "Phone Numbers",
    "Event Streams",
    "Billing",
)
OPERATIONAL = "operational"
STATUSES = (OPERATIONAL, "degraded_performance", "partial_outage", "major_outage", "under_maintenance")
IMPACTS = ("none", "minor", "major", "critical")
PROGRESS = ("investigating", "identified", "monitoring", "resolved", "postmortem")
OVER = ("resolved", "postmortem")
MAINTENANCE = ("scheduled", "in_progress", "verifying", "completed")
"""The words of the Statuspage API: status.twilio.com/api"""
