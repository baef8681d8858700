"""The numbers of statements: a text with a sequence in it, counted anew for each text around the sequence."""

import re

from tenantry.model.written import refusal

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SEQUENCE = re.compile(r"sequence:0([1-9])")
EXAMPLE = "OWL-{year}-{sequence:06}"


def check_number_form(form: str) -> str:
    """Return the form of a number, or refuse it: exactly one {sequence:06}, and perhaps {year} and {stack}."""
    placeholders = _PLACEHOLDER.findall(form)
    unknown = [name for name in placeholders if name not in ("year", "stack") and not name.startswith("sequence")]
    if unknown:
        raise refusal(f"has {{{unknown[0]}}}; only {{stack}}, {{year}} and {{sequence:06}} may stand here")
    sequences = [name for name in placeholders if name.startswith("sequence")]
    if len(sequences) != 1 or not _SEQUENCE.fullmatch(sequences[0]):
        raise refusal(f"needs one {{sequence:06}}, with its width in digits, such as {EXAMPLE}")
    if re.search(r"[{}\s]", _PLACEHOLDER.sub("", form)):
        raise refusal("must be one word, without blanks and single braces")
    return form


def number_series(form: str, *, year: int, stack: str) -> str:
    """Return the form with all but its sequence filled in: statements of one series are counted together."""
    return form.replace("{year}", f"{year:04}").replace("{stack}", stack)


def text_around(series: str) -> str:
    """Return the text around a series' sequence, by which it is counted: another width begins no new count."""
    return re.sub(r"\{sequence[^{}]*\}", "{sequence}", series)


def write_number(series: str, sequence: int) -> str:
    """Return the number of the n-th statement of a series, such as `OWL-2026-000017`; a longer number is not cut."""
    return _PLACEHOLDER.sub(lambda found: f"{sequence:0{_read_width(found[1])}}", series)


def _read_width(placeholder: str) -> int:
    found = _SEQUENCE.fullmatch(placeholder)
    if found is None:
        raise ValueError(f"{placeholder} has no width")
    return int(found[1])
