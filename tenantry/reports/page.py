"""Pages: HTML in one file, from the templates beside this module.

Autoescape is on for all of them, and what has no glyph is written out, so that a name can neither be markup nor turn
the text around it. A template that asks for a value that there is not fails.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from tenantry.text.figures import amount_text, quantity_text
from tenantry.text.plain import visible


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
    """Write out what has no glyph, in text of others; markup comes from our own templates."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
