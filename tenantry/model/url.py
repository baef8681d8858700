"""Callback URLs: whole, or a path below the project's `webhooks` base; `{tenant}` is the only placeholder."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo

from tenantry.model.written import refusal

PLACEHOLDER = "{tenant}"


def resolve(url: str, *, base: str | None, tenant: str | None) -> str:
    """Return the whole URL; without a base a path stays a path, without a tenant the placeholder stays."""
    whole = f"{base.rstrip('/')}{url}" if base and url.startswith("/") else url
    return whole.replace(PLACEHOLDER, tenant) if tenant else whole


def _whole_url(url: str) -> str:
    _refuse_braces(url)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refusal("must be a URL that starts with https://")
    if parts.username or parts.password:
        raise refusal("must not hold a user or a password: manifests are in git and URLs are in the state in clear")
    if re.search(r"\s", url):
        raise refusal("must not hold white space")
    return url


def _callback(url: str, info: ValidationInfo) -> str:
    """Check a URL as it was written, then resolve it with the base and slug of the validation's context."""
    context = info.context or {}
    base = context.get("webhooks")
    if not url.startswith("/"):
        _whole_url(url)
    elif info.context is not None and base is None:
        raise refusal("is a path, which needs a base: set webhooks in tenantry.yaml, or write a whole URL")
    _refuse_braces(url)
    return resolve(url, base=base, tenant=context.get("tenant"))


def _refuse_braces(url: str) -> None:
    if re.search(r"[{}]", url.replace(PLACEHOLDER, "")):
        raise refusal("holds a brace that is not {tenant}, the only placeholder there is")


BaseUrl = Annotated[str, Field(min_length=1), AfterValidator(_whole_url)]
CallbackUrl = Annotated[str, Field(min_length=1), AfterValidator(_callback)]
