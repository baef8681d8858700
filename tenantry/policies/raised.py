"""Exceptions of a project's own code: reported with the line of its file; they stop every run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

from tenantry.text.printable import printable

OWN = "policies/rules.py"
RAISED = "{raised}"
LONGEST = 300


class RulesError(Exception):
    """The rules of a project can't be used; the text says why and what to do."""


@contextmanager
def stops(sentence: str) -> Iterator[None]:
    """Turn any exception into a RulesError; RAISED in the sentence is replaced by its description."""
    try:
        yield
    except Exception as error:  # rules are code of the project: they may raise anything
        raise make_rules_error(sentence, error) from error


def make_rules_error(sentence: str, error: Exception) -> RulesError:
    """Return the error with a sentence, in which RAISED is replaced by the description of what was raised."""
    return RulesError(sentence.replace(RAISED, _describe(error)))


def _describe(error: Exception) -> str:
    text = printable(str(error))
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"{type(error).__name__}{f': {shown}' if shown else ''}{_find_place(error)}"


def _find_place(error: Exception) -> str:
    """Return the last line of the project's own file that led to an error, if there is one."""
    own = [frame.lineno for frame in extract_tb(error.__traceback__) if Path(frame.filename).match(OWN)]
    return f" ({OWN}, line {own[-1]})" if own else ""
