"""Requests that Twilio makes: kept, signed, sent to this machine alone, tried again by the fake's clock."""
