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


def number_pattern(form: str, *, year: int, stack: str) -> tuple[str, int]:
    """Return the form with all but its sequence filled in, `OWL-2026-{sequence}`, and the sequence's width.

    Statements of one such text are counted together.
    """
    filled = form.replace("{year}", f"{year:04}").replace("{stack}", stack)
    [placeholder] = _PLACEHOLDER.findall(filled)
    return filled.replace(f"{{{placeholder}}}", "{sequence}"), _width(placeholder)


def _width(placeholder: str) -> int:
    found = _SEQUENCE.fullmatch(placeholder)
    if found is None:
        raise ValueError(f"{placeholder} has no width")
    return int(found[1])
