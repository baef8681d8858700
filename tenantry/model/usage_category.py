"""Usage categories that Twilio has published; good for a warning, never for a refusal.

Twilio removed the list from its API description in 2025-09, so new categories appear without notice.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated

from tenantry.model.written import Pattern, Text
from tenantry.text.spelling import closest

Category = Annotated[
    Text, Pattern(r"^\S+$", "must not hold white space: a usage category is one word, such as calls-inbound")
]


@cache
def known_categories() -> frozenset[str]:
    """Return the published categories, lower-case with dashes."""
    return frozenset((files("tenantry.model") / "usage-categories.txt").read_text(encoding="utf-8").split())


@cache  # a layer may have it for a thousand tenants
def doubt(category: str) -> str | None:
    """Return a warning about a category that Twilio has not published, or None."""
    if category in known_categories():
        return None
    close = closest(category, known_categories())
    return f"'{category}' is not a usage category that we know" + (f"; did you mean '{close}'?" if close else "")
