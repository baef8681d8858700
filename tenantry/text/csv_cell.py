"""Cells of CSV that hold what others wrote."""

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
