"""How the report of an `up` can be rendered."""

from collections.abc import Callable, Mapping

from tenantry.reports.outcome.as_json import as_json
from tenantry.reports.outcome.as_markdown import as_markdown
from tenantry.reports.outcome.as_text import as_text
from tenantry.reports.outcome.values import Outcome

FORMATS: Mapping[str, Callable[[Outcome], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
"""By the name that `--format` has for it."""
