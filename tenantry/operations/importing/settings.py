"""What an object is set to, as a manifest says it, and what no manifest can say."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from tenantry.manifest.effective import scalar
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import node_at
from tenantry.model.kind import Kind
from tenantry.model.spec import decimal_text
from tenantry.model.url import has_userinfo
from tenantry.operations.importing.values import RowKind


def settings_of(kind: Kind, entry: object) -> dict[str, Any]:
    """Return what an entry says of an object, as plain data, without what is left out because it is the default."""
    settings: dict[str, Any] = {}
    for name, about in kind.entry.model_fields.items() if kind.entry else ():
        value = getattr(entry, name, None)
        if name not in (kind.adopts[0], kind.keeps_name[0]) and value not in (None, (), {}, about.default):
            settings[name] = _plain(value)
    return settings


def _plain(value: object) -> object:
    """Return a value as people write it: 1000, where Twilio has 1000.000000."""
    match value:
        case tuple():
            return list(value)
        case Decimal():
            number = Decimal(decimal_text(value))
            return int(number) if number == number.to_integral_value() else number
        case _:
            return value


def is_writable(text: str) -> bool:
    """Return whether a manifest can say a text: our reader refuses what steers a terminal, or turns what follows."""
    if text.isascii() and text.isprintable():
        return True
    source = parse(f"x: {scalar(text)}\n", "x.yaml")
    node = node_at(source.node, ("x",)) if source.node is not None and not source.problems else None
    return node is not None and node.value == text


def find_problem(kind: Kind, settings: Mapping[str, Any]) -> tuple[RowKind, str] | None:
    """Return why settings can't be written; the reason holds no value, which may be secret."""
    for name in kind.callbacks:
        url = str(settings.get(name, ""))
        if has_userinfo(url):
            return "url", f"its {name} holds a user or a password, and manifests are in git"
        if urlsplit(url).query or "?" in url or "#" in url:
            return "url", f"its {name} has a query or a fragment, which often holds a secret, and manifests are in git"
    try:
        if kind.entry is not None:
            kind.entry.model_validate(dict(settings))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"][:1])
        return "not_writable", f"its {where} is nothing that a manifest can say: {first['msg']}"
    return None
