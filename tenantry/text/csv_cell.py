"""CSV: rows of text, and cells that hold what others wrote."""

import csv
import io
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from tenantry.text.printable import printable

FORMULA_SIGNS = ("=", "+", "-", "@", "|", "\u2212")
"""What a spreadsheet may take for the beginning of a formula or a command; U+2212 is a minus."""


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula and no terminal for a command (OWASP: CSV injection).

    Not for figures of ours: a correction may be negative.
    """
    shown = printable(text)
    first = normalize("NFKC", shown.lstrip()[:1])  # a full-width or raised sign is its common one to a spreadsheet
    return f"'{shown}" if first.startswith(FORMULA_SIGNS) else shown


def write_csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as CSV (RFC 4180) below a row of the columns' names; what a row leaves out is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
