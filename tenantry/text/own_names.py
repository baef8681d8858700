"""Sentences about a tenant without what is only its own, by which equal reasons are found."""

import re
from collections.abc import Iterable

from tenantry.text.sids import SID

COUNT = r"\b\d+ (?=tries\b|seconds\b|of them waiting\b|calls there\b)"


def leave_out_names(lines: Iterable[str], slug: str | None) -> tuple[str, ...]:
    """Return the lines about a tenant without what is only its own."""
    own = _own_names(slug)
    return tuple(own.sub("", line) for line in lines)


def _own_names(slug: str | None) -> re.Pattern[str]:
    escaped = re.escape(slug or "")
    names = (rf"'[^']* \({escaped}\)'", rf"(?<![\w-]){escaped}(?![\w-])") if slug else ()
    return re.compile("|".join((*names, rf"\b{SID}\b", COUNT)))
