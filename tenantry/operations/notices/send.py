"""Sending notices as Standard Webhooks says: one id at each attempt, signed anew with a fresh time.

send_notices(ledger, parent, target) -> Sent
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import requests
from standardwebhooks import Webhook

from tenantry.ledger.connection import Ledger
from tenantry.ledger.notices import Notice, claim_notices, mark_failed, mark_sent
from tenantry.model.notices import Notices
from tenantry.operations.errors import OperationError
from tenantry.text.redaction import redact
from tenantry.twilio.http.twilio_clock import utc_now

BATCH = 20
LEASE = timedelta(minutes=2)
LEAST_BYTES = 24
"""Of a secret, as Standard Webhooks says."""
SECONDS = 10.0
"""So long an attempt may take."""
WAITS: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
"""How long to wait after each failed attempt; after one more it is dead."""
GONE = 410
"""The application says that nothing is there any more: Standard Webhooks stops at it."""


class NoSecretError(OperationError):
    """The environment has no secret to sign notices with."""


@dataclass(frozen=True)
class Target:
    """Where notices go, and the secrets that sign them: two while one is changed."""

    url: str
    secrets: tuple[str, ...] = field(repr=False)
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sent:
    """What became of the notices that were due."""

    sent: int = 0
    failed: int = 0
    """Those that are tried again."""
    dead: int = 0


def target_of(settings: Notices | None, environ: Mapping[str, str]) -> Target | None:
    """Return where notices go; None where tenantry.yaml does not say. Raises NoSecretError."""
    if settings is None:
        return None
    secrets = tuple(environ.get(settings.secret_from, "").replace(",", " ").split())
    if not secrets:
        raise NoSecretError(
            f"Notices go to {settings.url}, and {settings.secret_from}, which signs them, is not set. Set it to a "
            "secret `whsec_…`, 24 random bytes or more in base64; your application checks with the same."
        )
    for secret in secrets:
        _require_secret(secret, settings.secret_from)
    return Target(settings.url, secrets, settings.types)


def send_notices(ledger: Ledger, parent: str, target: Target) -> Sent:
    """Send the notices of a parent account that are due, the oldest first; raises LedgerError."""
    counts = {"sent": 0, "failed": 0, "dead": 0}
    for notice in claim_notices(ledger, lease=LEASE, limit=BATCH, parent=parent, types=target.types):
        problem = _send(notice, target)
        if problem is None:
            mark_sent(ledger, notice.id)
            counts["sent"] += 1
            continue
        error, is_final = problem
        waits = None if is_final or notice.attempts > len(WAITS) else WAITS[notice.attempts - 1]
        mark_failed(ledger, notice.id, error, retry_in=waits)
        counts["dead" if waits is None else "failed"] += 1
    return Sent(**counts)


def body_of(notice: Notice) -> str:
    """Return what is sent, the same bytes at each attempt."""
    content = {
        "type": notice.type,
        "timestamp": notice.created_at.isoformat(),
        "audience": notice.audience,
        "stack": notice.stack.stack,
        "parent": notice.stack.parent,
        "data": json.loads(notice.payload),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def sign_notice(notice_id: str, body: str, secrets: tuple[str, ...], at: datetime) -> dict[str, str]:
    """Return the headers of an attempt, with a signature by each secret."""
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(notice_id, at, body) for secret in secrets),
    }


def _send(notice: Notice, target: Target) -> tuple[str, bool] | None:
    """Make an attempt; return what failed, and whether for good, or None."""
    body = body_of(notice)
    headers = {
        "content-type": "application/json",
        "user-agent": "tenantry",
        **sign_notice(notice.id, body, target.secrets, utc_now()),
    }
    try:
        # No proxy and no .netrc of ours: what the environment says of others is not about the user's application.
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                target.url, data=body.encode(), headers=headers, timeout=SECONDS, allow_redirects=False, stream=True
            )
            status = answer.status_code
    except requests.RequestException as error:
        return f"{type(error).__name__}: {redact(str(error))[:200]}", False
    return None if 200 <= status < 300 else (f"answered {status}", status == GONE)


def _require_secret(secret: str, variable: str) -> None:
    """Raise NoSecretError for what is no secret, or one so short that it could be guessed; the library takes `abc`."""
    try:
        length = len(b64decode(secret.removeprefix("whsec_"), validate=True))
    except ValueError:
        length = 0
    if length < LEAST_BYTES:
        raise NoSecretError(
            f"{variable} holds no secret of Standard Webhooks: `whsec_` and {LEAST_BYTES} bytes or more in base64, "
            "such as `whsec_$(openssl rand -base64 24)`."
        )
