"""How a preview can be rendered."""

from collections.abc import Callable, Mapping

from tenantry.reports.preview.as_json import as_json
from tenantry.reports.preview.as_markdown import as_markdown
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.preview.values import PreviewReport

FORMATS: Mapping[str, Callable[[PreviewReport], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}
"""By the name that `--format` has for it."""
