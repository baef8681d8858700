"""Titles of Twilio's error codes that tenants have often, as Twilio's dictionary has them.

Each was compared on 2026-11-30 with copies of the dictionary (https://www.twilio.com/docs/api/errors): a page of 2026
for all, but 93101, which only its JSON of 2023 has. Of a code that is not here, the message of the event is shown.
"""

from collections.abc import Mapping

ERROR_TITLES: Mapping[str, str] = {
    "11200": "HTTP retrieval failure",
    "11205": "HTTP connection failure",
    "11206": "HTTP protocol violation",
    "11210": "HTTP bad host name",
    "11220": "SSL/TLS Handshake Error",
    "11237": "Certificate Invalid - Could not find path to certificate",
    "11750": "TwiML response body too large",
    "12100": "Document parse failure",
    "12200": "Schema validation warning",
    "12300": "Invalid Content-Type",
    "13224": "Dial: Twilio does not support calling this number or the number is invalid",
    "13227": "Geo Permission configuration is not permitting call",
    "21211": "Invalid 'To' Phone Number",
    "21408": "Message blocked: permissions disabled for the destination region",
    "21610": "Attempt to send to unsubscribed recipient",
    "30001": "Queue overflow",
    "30002": "Account suspended",
    "30003": "Unreachable destination handset",
    "30004": "Message blocked",
    "30005": "Unknown destination handset",
    "30006": "Landline or unreachable carrier",
    "30007": "Message filtered",
    "30008": "Unknown error",
    "30022": "US A2P 10DLC - Rate Limits Exceeded",
    "30034": "US A2P 10DLC - Message from an Unregistered Number",
    "32009": "The user you tried to dial is not registered with the corresponding SIP Domain",
    "91300": "Event delivery to sink failed",
    "91305": "Sink endpoint rejected the event",
    "91308": "Sink endpoint did not respond in time",
    "93101": "Unable to deliver events to sink",
}
