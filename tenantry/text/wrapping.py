"""Lines that fit a terminal: broken between words, never inside a value, a command, a SID or a URL.

`textwrap` knows neither colours, nor unbreakable parts, nor characters that take two cells.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from tenantry.text.colour import Style, paint
from tenantry.text.some import and_more

_KEPT = re.compile(r'(`[^`]+`|"(?:[^"\\]|\\.)*")')
"""Commands, and values as JSON writes them."""


@dataclass(frozen=True)
class Layout:
    """How lines are laid out: the cells of a row, None where rows are endless, and whether there are colours."""

    width: int | None = None
    coloured: bool = False


PLAIN = Layout()
"""For files, pipes and logs."""


@dataclass(frozen=True)
class Span:
    """A part of a line; a whole one keeps its own spaces, and is broken only if it is longer than a row."""

    text: str
    style: Style | None = None
    whole: bool = False


@dataclass(frozen=True)
class Line:
    """A logical line: the part that does not fit continues below, indented by `hang` more cells."""

    spans: tuple[Span, ...] = ()
    indent: int = 0
    hang: int = 2

    def inside(self, indent: int) -> "Line":
        """Return the line with more indent."""
        return replace(self, indent=self.indent + indent)


@dataclass(frozen=True)
class _Word:
    """An unbreakable part, and the spaces before it, which are dropped where it begins a row."""

    gap: int
    spans: tuple[Span, ...] = ()

    @property
    def cells(self) -> int:
        return sum(cell_len(span.text) for span in self.spans)


def sentence(text: str, style: Style | None = None, *, hang: int = 2) -> Line:
    """Return a line of words; spaces at its beginning are its indent, commands in backticks and values stay whole."""
    words = text.lstrip(" ")
    return Line(tuple(spans_of(words, style)), len(text) - len(words), hang)


def keep_spaces(text: str, style: Style | None = None) -> Line:
    """Return a line whose spaces are kept: a row of a table."""
    return Line((Span(text, style, whole=True),), hang=4)


def spans_of(text: str, style: Style | None = None) -> Iterator[Span]:
    """Yield the spans of one of our own sentences: its commands are bold, and whole as its values are."""
    for part in filter(None, _KEPT.split(text)):
        is_whole = _KEPT.fullmatch(part) is not None
        yield Span(part, style or ("bold" if part.startswith("`") and is_whole else None), is_whole)


def list_names(names: Sequence[str], most: int, style: Style | None = None) -> tuple[Span, ...]:
    """Return the first names, breakable only between names, and the number of others: `Acme Dental (AC…), Birch …`."""
    shown = names[:most]
    # A comma stays with its name: no row begins with one.
    texts = [f"{name}," for name in shown[:-1]] + list(shown[-1:])
    spans = tuple(part for text in texts for part in (Span(" "), Span(text, style, whole=True)))[1:]
    more = and_more(len(names) - most)
    return (*spans, *([Span(more)] if more else []))


def lay_out(lines: Iterable[Line], layout: Layout = PLAIN) -> str:
    """Return lines as text."""
    return "\n".join(row for line in lines for row in _break_rows(line, layout))


def _break_rows(line: Line, layout: Layout) -> Iterator[str]:
    if layout == PLAIN:  # most of what CI prints: nothing to break and nothing to paint
        yield _write_row(line.spans, line.indent, layout)
        return
    room = layout.width - line.indent - line.hang if layout.width else None
    row, cells, begin, is_first = list[Span](), 0, line.indent, True
    for word in _split_words(line.spans, room):
        if layout.width and row and begin + cells + word.gap + word.cells > layout.width:
            yield _write_row(row, begin, layout)
            row, cells, begin, is_first = [], 0, line.indent + line.hang, False
        gap = word.gap if row or is_first else 0
        row += [Span(" " * gap), *word.spans]
        cells += gap + word.cells
    yield _write_row(row, begin, layout)


def _write_row(spans: Sequence[Span], begin: int, layout: Layout) -> str:
    """Return a row with its colours; spaces between words of one colour have that colour too."""
    if not layout.coloured:
        text = "".join(span.text for span in spans)
        return f"{' ' * begin if text else ''}{text}"
    joined: list[Span] = []
    gap = ""
    for span in spans:
        if not span.text.strip(" "):
            gap += span.text
        elif joined and joined[-1].style == span.style:
            joined[-1] = Span(f"{joined[-1].text}{gap}{span.text}", span.style)
            gap = ""
        else:
            joined += [Span(gap), span]
            gap = ""
    text = "".join(paint(span.text, span.style) for span in joined) + gap
    return f"{' ' * begin if text else ''}{text}"


def _split_words(spans: Iterable[Span], room: int | None) -> Iterator[_Word]:
    """Yield the words of a line; a whole span with more cells than there is room for is broken like any other."""
    word = _Word(0)
    for span in spans:
        is_whole = span.whole and (room is None or cell_len(span.text) <= room)
        parts = [span.text] if is_whole else span.text.split(" ")
        for number, part in enumerate(parts):
            if number:
                if word.spans:
                    yield word
                    word = _Word(1)
                else:
                    word = replace(word, gap=word.gap + 1)
            if part:
                word = replace(word, spans=(*word.spans, Span(part, span.style, span.whole)))
    yield word
