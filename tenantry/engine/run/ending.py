"""How a run of Pulumi ended: what it printed beside its events, and why it failed where no event says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tenantry.engine.events.event import Diagnostic, Event, PolicyViolation, ResourceFailed, plain
from tenantry.engine.run.watch import Ended

UNWRITTEN = "writing snapshot"
"""What Pulumi says about a state that it could not write at the end of a run (CLI 3.259); its events show success."""
UNHANDLED = "an unhandled error occurred: "
AFTERWORDS = ("preview failed", "update failed", f"{UNHANDLED}program exited")
"""What the engine adds at the end of a run that failed; the reason came before, or nowhere."""
CUT_SHORT = (
    "Pulumi ended with exit code {} and its event log is incomplete: the run may do or have done more than is shown. {}"
)
KILLED = "The reason is unknown: it may have been killed, or memory or disk was short. Run again."
UNTOLD = "Pulumi ended with exit code {} and gave no reason."
PROGRAM = "The program of this project ended ({}) before it registered everything in the manifests."
_LINES = 12
"""How many of a program's last lines are reported: a traceback ends with its reason."""


def is_afterword(sentence: str) -> bool:
    """Return whether the engine only says that a run failed, and not why."""
    return sentence.startswith(AFTERWORDS)


def has_never_begun(ended: Ended) -> bool:
    """Return whether a run failed before it did anything, and says why; an empty log alone may mean a full disk."""
    has_failed = bool(ended.exit_code) and all(map(is_talk, ended.events))
    return has_failed and ended.lack is None and bool(plain(words_of(ended)))


def is_explained(events: Iterable[Event]) -> bool:
    """Return whether an event of a failed run says why; else its program ended before it registered everything."""
    return any(map(_tells_why, events))


def is_talk(event: Event) -> bool:
    """Return whether an event is a line that a program printed, as a policy pack does when it can't be loaded."""
    return isinstance(event, Diagnostic) and event.severity.startswith("info")


def words_of(ended: Ended) -> str:
    """Return why a run could not begin: the last lines of the program, each once, and Pulumi's own error."""
    printed = _find_last_lines(ended)
    return "\n".join([*printed, *_find_errors(ended.output)]) if printed else ended.output


def find_errors_beside(ended: Ended) -> Iterator[Diagnostic]:
    """Yield the errors of a run that no event reports.

    They are errors of its state, errors that Pulumi printed where there is no other, a cut log, and a failed run.
    Its exit code and the end of its log decide whether it failed, never a text that somebody wrote.
    """
    has_failed = ended.exit_code and not ended.interrupted
    is_told = ended.interrupted or any(map(_is_failure, ended.events))
    lines = _find_errors(ended.output) if ended.exit_code else []
    printed = [line for line in lines if UNWRITTEN in line or not is_told]
    yield from (Diagnostic("error", "", plain(line.removeprefix("error:"))) for line in printed)
    if not ended.is_whole and not ended.interrupted:
        yield _make_error(CUT_SHORT.format(ended.exit_code, ended.lack or KILLED), ended)
    elif has_failed and not printed and not is_explained(ended.events):
        yield _make_error(_describe_untold(ended), ended)


def _describe_untold(ended: Ended) -> str:
    """Return what happened to a program whose end the engine reports, else all that is known about the run."""
    messages = [event.message for event in ended.events if isinstance(event, Diagnostic)]
    ends = [word.removeprefix(UNHANDLED) for word in messages if word.startswith(UNHANDLED)]
    return PROGRAM.format(ends[-1]) if ends else UNTOLD.format(ended.exit_code)


def _make_error(sentence: str, ended: Ended) -> Diagnostic:
    """Return an error with the last lines of the program; secrets in them are masked as in all events."""
    lines = _find_last_lines(ended)
    rows = ["Its last lines:", *(f"  {line}" for line in lines)] if lines else []
    return Diagnostic("error", "", "\n".join([sentence, *rows]))


def _find_last_lines(ended: Ended) -> list[str]:
    printed = (event.message for event in ended.events if is_talk(event) and isinstance(event, Diagnostic))
    return [line for message in printed for line in message.splitlines()][-_LINES:]


def _is_failure(event: Event) -> bool:
    """Return whether an event reports that a run failed."""
    is_error = isinstance(event, Diagnostic) and event.severity == "error"
    return is_error or isinstance(event, ResourceFailed | PolicyViolation)


def _tells_why(event: Event) -> bool:
    """Return whether an event says why."""
    if isinstance(event, Diagnostic):
        return event.severity == "error" and not is_afterword(event.message)
    return isinstance(event, ResourceFailed) or (isinstance(event, PolicyViolation) and event.level == "mandatory")


def _find_errors(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("error:")]
