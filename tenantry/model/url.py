"""Callback URLs: whole, or a path below the project's `webhooks` base; `{tenant}` is the only placeholder.

URL parsers disagree about odd URLs: Twilio's client calls one host, our rules would check another. So
a URL that parsers read differently is refused here, and has no host for the rules.
"""

import re
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema

from tenantry.model.written import refusal
from tenantry.text.printable import first_unseen

PLACEHOLDER = "{tenant}"
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
LONGEST = 4096
_NAME = re.compile(r"[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*")
_REMEMBERED = 10_000
"""So many URLs keep their host: each of a tenant's is looked at by seven rules, for each stack."""
_DEVIATIONS = frozenset("ßς\u200c\u200d")
"""Characters that IDNA 2003 and IDNA 2008 turn into different hosts (UTS 46, 4)."""
# The schema refuses a part of what is refused here, and nothing else.
_HTTP, _HOST = "[Hh][Tt][Tt][Pp][Ss]?://", r"[^\s\\/?#@_]+"
_BASE = rf"^{_HTTP}{_HOST}(/[^\s\\?#]*)?$"
_CALLBACK = rf"^(/([^\s\\/][^\s\\]*)?|{_HTTP}{_HOST}([/?#][^\s\\]*)?)$"


def resolve(url: str, *, base: str | None, tenant: str | None) -> str:
    """Return the whole URL; without a base a path stays a path, without a tenant the placeholder stays."""
    whole = f"{base.rstrip('/')}{url}" if base and url.startswith("/") else url
    return whole.replace(PLACEHOLDER, tenant) if tenant else whole


def with_placeholder(url: str, slug: str) -> str:
    """Return a URL with `{tenant}` for the slug where that is a word of its own."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{re.sub(rf'(?<![A-Za-z0-9-]){re.escape(slug)}(?![A-Za-z0-9-])', PLACEHOLDER, rest)}"


@lru_cache(_REMEMBERED)
def host_of(url: str) -> str | None:
    """Return the host that every client dials for a URL, in ASCII and lower case, without brackets and last dot.

    None where there is none, or clients don't agree on it: characters that no host has after IDNA, an invalid port.
    """
    parts = _split(url)
    if parts is None or "\\" in url or first_unseen(url) is not None:
        return None
    host = parts.hostname or ""
    return _address(host) if "[" in parts.netloc else _in_ascii(host)


def is_below(url: str, base: str | None) -> bool:
    """Return whether a whole URL lies below a base."""
    return base is not None and url.startswith(f"{base.rstrip('/')}/")


def has_userinfo(url: str) -> bool:
    """Return whether a URL has a part before the host's `@`, an empty one too."""
    parts = _split(url) if "@" in url else None
    return parts is not None and "@" in parts.netloc


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_dialled = parts.port != 0
    except ValueError:
        return None
    return parts if is_dialled else None


def _address(host: str) -> str | None:
    try:
        IPv6Address(host.partition("%")[0])
    except ValueError:
        return None
    return host


def _in_ascii(host: str) -> str | None:
    """Return a name as DNS has it: NFKC, the dots of IDNA, and letters of other scripts in Punycode."""
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return None
    is_name = _NAME.fullmatch(name) is not None and len(name) <= 253
    return name if is_name and _DEVIATIONS.isdisjoint(host) else None


def _refuse_signs(url: str) -> None:
    _refuse_braces(url)
    if re.search(r"\s", url):
        raise refusal("must not hold white space")
    if (unseen := first_unseen(url)) is not None:
        raise refusal(f"holds U+{ord(unseen):04X}, which is invisible; remove it")
    if "\\" in url:
        raise refusal("holds a backslash, which some clients read as a slash; write /")


def _whole_url(url: str) -> str:
    _refuse_signs(url)
    filled = url.replace(PLACEHOLDER, "tenant")
    if has_userinfo(filled):
        raise refusal("must not hold a user or a password: manifests are in git and URLs are in the state in clear")
    if not re.match(_HTTP, url) or filled.partition("//")[2][:1] in ("", "/", "?", "#", ":"):
        raise refusal("must be a URL that starts with https://")
    if _split(filled) is None:
        raise refusal("has a host or a port that no client can dial: ports are 1 to 65535, IPv6 addresses whole")
    if host_of(filled) is None:
        raise refusal(_oddity(urlsplit(filled).hostname or ""))
    return url


def _oddity(host: str) -> str:
    odd = next(
        (sign for sign in host if sign in _DEVIATIONS or (sign.isascii() and not re.match("[a-z0-9.-]", sign))), ""
    )
    if odd:
        return f"has '{odd}' in its host, which clients read differently; write letters, digits, '-' and '.' alone"
    return "has a host that is no valid name: between its dots are 1 to 63 characters, 253 in all"


def _base(url: str) -> str:
    _whole_url(url)
    if "?" in url or "#" in url:
        raise refusal("is a base, to which paths are added: it must not have a query (?) or a fragment (#)")
    return url


def _require_encryption(url: str) -> str:
    _whole_url(url)
    if not url.lower().startswith("https://") and host_of(url) not in THIS_MACHINE:
        raise refusal("must begin with https://; only this machine's own may do without")
    if PLACEHOLDER in url:
        raise refusal("must not hold {tenant}: there is one URL for all tenants")
    return url


def _callback(url: str, info: ValidationInfo) -> str:
    """Check a URL as it was written, then resolve it with the base and slug of the validation's context."""
    context = info.context or {}
    base = context.get("webhooks")
    if not url.startswith("/"):
        _whole_url(url)
    elif url.startswith("//"):
        raise refusal("begins with //, after which clients read a host; write one slash, or a whole URL")
    elif info.context is not None and base is None:
        raise refusal("is a path, which needs a base: set webhooks in tenantry.yaml, or write a whole URL")
    _refuse_signs(url)
    whole = resolve(url, base=base, tenant=context.get("tenant"))
    if len(whole) > LONGEST:
        raise refusal(f"comes to {len(whole)} characters below webhooks; {LONGEST} at most are allowed")
    return whole


def _refuse_braces(url: str) -> None:
    if re.search(r"[{}]", url.replace(PLACEHOLDER, "")):
        raise refusal("holds a brace that is not {tenant}, the only placeholder")


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": pattern})


BaseUrl = Annotated[str, Field(min_length=1), AfterValidator(_base), _schema(_BASE)]
WholeUrl = Annotated[
    str, Field(min_length=1), AfterValidator(_require_encryption), _schema(rf"^{_HTTP}{_HOST}([/?#][^\s\\]*)?$")
]
CallbackUrl = Annotated[str, Field(min_length=1), AfterValidator(_callback), _schema(_CALLBACK)]
