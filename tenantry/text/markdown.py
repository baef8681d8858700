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
# mail addresses, emoji. A zero-width space keeps their parts asunder, but for URLs: people copy those out of reports.
_LINKED = re.compile(r"@|#(?=\d)|(?<=\bgh)-(?=\d)|:(?=//|[\w+-]+:)|\bwww(?=\.)", re.IGNORECASE)
_ASUNDER = "\u200b"
_URL = re.compile(r"(?:\b[a-z][a-z\d+.-]*://|\bwww\.)(?:\S*[^\s.,:;!?'\"()\[\]<>`])?", re.IGNORECASE)
_PLACE = "\ue000"
"""Stands for a URL while the text around it is made inert; `plain` leaves no such sign in a line."""
# A reference such as &#42; is never markup (CommonMark 2.5): not in a heading, a table cell or an HTML block either.
_MARKUP = re.compile(rf"[&<>\\`*_\[\]|~${_ASUNDER}]|^[-+=# ]|#(?=#*$)")
# Nor is it ever a part of what GitHub links while it reads Markdown, in code too where that is an element of HTML.
_MARKUP_IN_URL = re.compile(rf"{_MARKUP.pattern}|[:@]|(?<=www)\.", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)([.)])")
_BACKTICKS = re.compile("`+")


def text(value: object) -> str:
    """Return a value as text that means nothing to Markdown: for paragraphs, headings, lists, tables and summaries.

    URLs in it have the typeface of code, where GitHub links nothing, and can be copied as they are.
    """
    return _make_inert(plain(value).rstrip(" "), "<code>{}</code>")


def code(value: object) -> str:
    """Return a value in the typeface of code, for paragraphs, headings and lists; URLs can be copied as they are.

    What could be a mention or an issue is kept asunder, there too.
    """
    shown = plain(value).rstrip(" ")
    return _span(shown) if _is_linking_urls_alone(shown) else f"<code>{_make_inert(shown, '{}')}</code>"


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
    words = [f"tenantry:{kind}", *(f"{name}={_escape_word(value)}" for name, value in attributes.items())]
    return f"<!-- {' '.join(words)} -->"


def _is_linking_urls_alone(line: str) -> bool:
    """Return whether GitHub would link URLs in a line, and nothing else."""
    around = _URL.sub(_PLACE, line)
    return around != line and not _LINKED.search(around)


def _make_inert(line: str, frame: str) -> str:
    """Return a line that means nothing to Markdown, each URL in a frame that makes it code."""
    urls = (frame.format(_MARKUP_IN_URL.sub(_escape_in_url, url[0])) for url in _URL.finditer(line))
    apart = _LINKED.sub(rf"\g<0>{_ASUNDER}", _URL.sub(_PLACE, line))
    inert = _MARKUP.sub(lambda found: _write_reference(found[0]), apart)
    numbered = _NUMBERED.sub(lambda found: f"{found[1]}{_write_reference(found[2])}", inert)
    return re.sub(_PLACE, lambda _: next(urls), numbered)


def _span(line: str) -> str:
    """Return a line as a span of code: its mark is longer than any run of backticks in it."""
    # A search for our marker must not find one that somebody wrote into a name.
    kept = line.replace("<!--", r"<!\x2d-")
    mark = "`" * (max((len(run) for run in _BACKTICKS.findall(kept)), default=0) + 1)
    return f"{mark} {kept} {mark}"


def _escape_in_url(sign: re.Match[str]) -> str:
    # The new element keeps what is before an @ and what is after it from being a mail address.
    return f"</code><code>{_write_reference('@')}" if sign[0] == "@" else _write_reference(sign[0])


def _write_reference(sign: str) -> str:
    return f"&#{ord(sign)};"


def _escape_word(value: str) -> str:
    """Write a value without spaces, and without what ends a comment: two hyphens."""
    return quote(value, safe="/").replace("--", "%2D%2D")
