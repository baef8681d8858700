"""Pages: HTML in one file, from the templates beside this module.

Autoescape is on for all of them, and what has no glyph is written out, so that a name can neither be markup nor turn
the text around it. A template that asks for a value that there is not fails.

Jinja is imported with the first page: each command that can make one would start a tenth later without making any.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tenantry.text.figures import amount_text, quantity_text
from tenantry.text.plain import visible

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def render_page(template: str, filters: dict[str, Any], **values: Any) -> str:
    """Return a page; `filters` are the page's own, by name. Figures have `amount` and `quantity`."""
    return _load_template(template, tuple(filters.items())).render(**values)


@cache
def _load_template(name: str, filters: tuple[tuple[str, Any], ...]) -> Template:
    """Return a template with its filters: compiled once, however many pages are made of it."""
    environment = _make_environment().overlay()
    environment.filters = {**environment.filters, **dict(filters)}
    return environment.get_template(name)


@cache
def _make_environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tenantry.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"amount": amount_text, "quantity": quantity_text}
    return environment


def _finalize(value: Any) -> Any:
    """Write out what has no glyph, in text of others; markup, which has `__html__`, comes from our own templates."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
