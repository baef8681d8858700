"""Foreign text without passwords: URLs of backends and addresses that are safe to print.

A PostgreSQL backend's URL has the password before the host or in its query, percent-encoded or not, and Pulumi and Go
repeat such URLs, and parts of them, where they can't connect (CLI 3.259).
"""

import re
from urllib.parse import unquote

MASK = "***"
HARMLESS = frozenset(
    {
        "awssdk",
        "connect_timeout",
        "dbname",
        "disablessl",
        "endpoint",
        "host",
        "hostname_immutable",
        "metadata",
        "port",
        "profile",
        "region",
        "s3forcepathstyle",
        "sslmode",
        "storage_account",
        "table",
        "user",
    }
)
"""Parameters of backends' URLs, in lower case, whose values are public. All others may be secret."""

_USERINFO = re.compile(r"(://[^\s/?#:@]*):(?:[^\s/@]*@)*[^\s/@]*(?=@)")
# A password with a slash in it ends the host for Go and for us; digits alone are a port.
_SLASHED = re.compile(r"(://[^\s/?#:@]*):(?!\d*[/?#])[^\s]*(?=@)")
_QUERY = re.compile(r"(?<=://)([^\s?#\"'`]*\?)([^\s#\"'`]*)")
_PARAMETER = re.compile(r"([^=&;]+)=([^&;]*)")
_KEYWORD = re.compile(r"\b((?:ssl)?password|passwd|pwd)\s*=\s*(?:'[^']*'|[^\s&;'\"`]+)", re.IGNORECASE)
_GO_TELLS = re.compile(r"(invalid (?:port|URL escape|host name|userinfo)[^\"\n]{0,20})\"[^\"\n]*\"")


def redact(text: str) -> str:
    """Return text with `***` for the passwords in it: of URLs, of their queries, and of `password=` anywhere."""
    text = _USERINFO.sub(rf"\1:{MASK}", text)
    text = _SLASHED.sub(rf"\1:{MASK}", text)
    text = _QUERY.sub(lambda found: found[1] + _PARAMETER.sub(_redact_parameter, found[2]), text)
    text = _KEYWORD.sub(rf"\1={MASK}", text)
    return _GO_TELLS.sub(rf'\1"{MASK}"', text)


def _redact_parameter(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if unquote(name).lower() in HARMLESS or not found[2] else f"{name}={MASK}"
