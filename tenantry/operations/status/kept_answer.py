"""The last answer of each status page, in the user's cache: what is known while a page can't be reached."""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class KeptAnswer:
    """An answer, and when it came."""

    asked_at: datetime
    summary: Mapping[str, Any]


def keep_answer(environ: Mapping[str, str], page: str, answer: KeptAnswer) -> None:
    """Keep an answer in place of the last one; where nothing can be written, nothing is kept."""
    path = _path(environ, page)
    text = json.dumps({"page": page, "asked_at": answer.asked_at.isoformat(), "summary": answer.summary})
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)


def last_answer(environ: Mapping[str, str], page: str) -> KeptAnswer | None:
    """Return the last answer of a page; None without one, or where what was kept can't be read."""
    try:
        kept = json.loads(_path(environ, page).read_text(encoding="utf-8"))
        asked_at = datetime.fromisoformat(kept["asked_at"]).astimezone(UTC)
        summary = kept["summary"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return KeptAnswer(asked_at, summary) if kept.get("page") == page and isinstance(summary, dict) else None


def _path(environ: Mapping[str, str], page: str) -> Path:
    folder = environ.get("XDG_CACHE_HOME", "").strip() or f"{environ.get('HOME', '~')}/.cache"
    name = hashlib.sha256(page.encode()).hexdigest()[:16]
    return Path(folder).expanduser() / "tenantry" / f"status-{name}.json"
