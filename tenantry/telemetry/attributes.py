"""Which attributes spans and metrics may have: kind, method, status class, host. Never a tenant, an account or a name.

OpenTelemetry keeps 2,000 sets of attributes a metric; beyond that every attribute is lost, so a tenant's label would
make error ratios lie, and tell strangers who the customers are.
"""

import re
from collections.abc import Callable, Mapping

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("api_key", r"/(Keys|SigningKeys)\b"),
        ("usage_trigger", r"/Usage/Triggers\b"),
        ("usage_record", r"/Usage/Records\b"),
        ("event_sink", r"^/v1/Sinks\b"),
        ("event_subscription", r"^/v1/Subscriptions\b"),
        ("alert", r"^/v1/Alerts\b"),
        ("audit_event", r"^/v1/Events\b"),
        ("token", r"/token$|^/v1/AuthTokens\b"),
        ("organization", r"^/v2/Organizations\b"),
        ("message", r"/Messages\b"),
        ("call", r"/Calls\b"),
        ("recording", r"/Recordings\b"),
        ("phone_number", r"/IncomingPhoneNumbers\b"),
        ("subaccount", r"^/2010-04-01/Accounts(/[^/]+)?\.json$"),
    )
)
"""What a call is about, by its path; the first that fits."""
OTHER = "other"
METHODS = frozenset({"GET", "POST", "DELETE", "PUT", "PATCH"})
STATUS_CLASSES = frozenset({"1xx", "2xx", "3xx", "4xx", "429", "5xx", "none", "ok", "differences", "failed"})
"""Of a call 429 is a class of its own, and none is no answer; the last three are how commands end."""
NAMES = frozenset({"kind", "method", "status_class", "host"})
_WORD = re.compile(r"[a-z][a-z_-]{0,30}")
_HOST = re.compile(r"[a-z]+\.twilio\.com")


def kind_of(path: str) -> str:
    """Return what a call is about; `other` for what is not in the table."""
    return next((kind for kind, pattern in KINDS if pattern.search(path)), OTHER)


def status_class(status: int | None) -> str:
    """Return the class of an answer; none where there was no answer, or one with a status that HTTP does not have."""
    if status is None or not 100 <= status < 600:
        return "none"
    return "429" if status == 429 else f"{status // 100}xx"


def check_attributes(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Return the attributes; raises ValueError for one that is none of ours, whoever added it."""
    if unknown := attributes.keys() - NAMES:
        raise ValueError(f"telemetry has no attribute {', '.join(sorted(unknown))}; it has {', '.join(sorted(NAMES))}")
    checks: Mapping[str, Callable[[str], object]] = {
        "kind": _WORD.fullmatch,
        "method": METHODS.__contains__,
        "status_class": STATUS_CLASSES.__contains__,
        "host": _HOST.fullmatch,
    }
    if wrong := [name for name, value in attributes.items() if not checks[name](value)]:
        raise ValueError(f"telemetry can't have this value of {', '.join(sorted(wrong))}")
    return attributes
