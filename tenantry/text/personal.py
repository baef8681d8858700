"""Text of others without what names a person: numbers of telephones and addresses of e-mail."""

import re

PERSONAL = "[redacted]"

_EMAIL = re.compile(r"[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.ASCII)
# Seven digits and more, with what people write between them; a SID or a code of Twilio has fewer, or letters around.
_NUMBER = re.compile(r"(?<![\w.])(?:\+|%2B)?\(?\d(?:[ ().-]{0,2}\d){6,16}(?![\w])", re.ASCII)
_CLIENT = re.compile(r"\b(?:client|sip|whatsapp|messenger):[^\s,;\"'<>]+", re.IGNORECASE)


def redact_personal(text: str) -> str:
    """Return a text with `[redacted]` for each number of a telephone, and for each address of a person."""
    for pattern in (_CLIENT, _EMAIL, _NUMBER):
        text = pattern.sub(PERSONAL, text)
    return text
