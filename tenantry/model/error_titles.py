"""Titles of Twilio's error codes that tenants have often (https://www.twilio.com/docs/api/errors)."""

from collections.abc import Mapping

ERROR_TITLES: Mapping[str, str] = {
    "11200": "HTTP retrieval failure",
    "11205": "HTTP connection failure",
    "11206": "HTTP protocol violation",
    "11210": "HTTP bad host name",
    "11220": "SSL/TLS handshake error",
    "11237": "Certificate invalid: could not find a path to the certificate's root",
    "11750": "TwiML response body too large",
    "12100": "Document parse failure",
    "12200": "Schema validation warning",
    "12300": "Invalid Content-Type",
    "13224": "Dial: number not supported or invalid",
    "13227": "Dial: no international authorization",
    "21211": "Invalid 'To' phone number",
    "21408": "Permission to send an SMS has not been enabled for the region",
    "21610": "Attempt to send to an unsubscribed recipient",
    "30001": "Queue overflow",
    "30002": "Account suspended",
    "30003": "Unreachable destination handset",
    "30004": "Message blocked",
    "30005": "Unknown destination handset",
    "30006": "Landline or unreachable carrier",
    "30007": "Message filtered",
    "30008": "Unknown error",
    "30022": "US A2P 10DLC: rate limits exceeded",
    "30034": "US A2P 10DLC: message from an unregistered number",
    "32009": "The user you tried to call is not registered",
    "93101": "Event Streams: an event could not be delivered to a sink",
}
