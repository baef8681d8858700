"""Markdown for comments on GitHub in which foreign text stays text: no link, image, mention, tag or fence."""

import re
from collections.abc import Iterable
from urllib.parse import quote

from tenantry.text.plain import plain

COMMENT_LENGTH = 65_536
"""The most characters of a comment. GitHub counts code points as `len` does, or four bytes for each; both hold then."""

BESIDE_LENGTH = 3_000
"""Characters of a comment that are reserved for the text that preview.yml puts before it (`tenantry overlay`)."""

# What GitHub looks for in text that is rendered already, where a reference is its character again: mentions, issues,
# URLs, mail addresses, emoji. A zero-width space separates their parts.
_LINKED = re.compile(r"@|#(?=\d)|(?<=\bgh)-(?=\d)|:(?=//|[\w+-]+:)|\bwww(?=\.)", re.IGNORECASE)
_ASUNDER = "\u200b"
_URL = "\ue000"
"""Stands for `://` where a line is searched for all else that is linked; `plain` leaves no such sign in a line."""
# A reference such as &#42; is never markup (CommonMark 2.5): not in a heading, a table cell or an HTML block either.
_MARKUP = re.compile(rf"[&<>\\`*_\[\]|~${_ASUNDER}]|^[-+=# ]|#(?=#*$)")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_BACKTICKS = re.compile("`+")


def text(value: object) -> str:
    """Return a value as text without Markdown markup: for paragraphs, headings, lists, tables and summaries."""
    apart = _LINKED.sub(rf"\g<0>{_ASUNDER}", plain(value).rstrip(" "))
    inert = _MARKUP.sub(lambda found: _reference(found[0]), apart)
    return _NUMBERED.sub(lambda found: f"{found[1]}{_reference(found[2])}", inert)


def code(value: object) -> str:
    """Return a value in the typeface of code, for paragraphs, headings and lists.

    GitHub links nothing in a span of code, so a URL stays as it is, without invisible characters: people copy
    URLs out of reports. A value that could be a mention or an issue as well is separated there too.
    """
    shown = plain(value).rstrip(" ")
    return _span(shown) if _links_urls_alone(shown) else f"<code>{text(value)}</code>"


def fence(lines: Iterable[object], language: str = "") -> str:
    """Return lines as a block of code. Each value is one line, and none of them can end the block."""
    # A search for our marker must not find one that somebody wrote into a name.
    kept = [plain(line).replace("<!--", r"<!\x2d-") for line in lines]
    longest = max((len(run) for line in kept for run in _BACKTICKS.findall(line)), default=0)
    mark = "`" * max(3, longest + 1)
    return "\n".join([f"{mark}{language}", *kept, mark])


def details(summary: str, body: str) -> str:
    """Return a folded section; both parts are Markdown already."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def marker(kind: str, **attributes: str) -> str:
    """Return an invisible comment, by which a later run finds the comment that it replaces."""
    words = [f"tenantry:{kind}", *(f"{name}={_word(value)}" for name, value in attributes.items())]
    return f"<!-- {' '.join(words)} -->"


def _links_urls_alone(line: str) -> bool:
    """Return whether GitHub would link URLs in a line, and nothing else."""
    linked = {found[0].lower() for found in _LINKED.finditer(line.replace("://", _URL))}
    return _URL in line.replace("://", _URL) and linked <= {"www"}


def _span(line: str) -> str:
    """Return a line as a span of code: its mark is longer than any run of backticks in it."""
    # A search for our marker must not find one that somebody wrote into a name.
    kept = line.replace("<!--", r"<!\x2d-")
    mark = "`" * (max((len(run) for run in _BACKTICKS.findall(kept)), default=0) + 1)
    return f"{mark} {kept} {mark}"


def _reference(sign: str) -> str:
    return f"&#{ord(sign)};"


def _word(value: str) -> str:
    """Write a value without spaces, and without what ends a comment: two hyphens."""
    return quote(value, safe="/").replace("--", "%2D%2D")
