"""Output that nobody can take: a full disk or a closed pipe ends a command with a sentence, and with no traceback."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

UNWRITTEN = "tenantry: standard output can't be written: {}. What it holds is not all of the answer."
CLOSED = "tenantry: standard output is closed. Nothing was begun."
NO_ROOM = "tenantry: {}. Make room, or set TMPDIR to where there is some, and run again."
TOO_LARGE = "tenantry: {}. Files may not grow so large here (`ulimit -f`): raise that limit, and run again."
ROOMLESS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EIO})
"""Errors of the machine, and not of a program, wherever they come up."""
_OUTPUTS = ("stdout", "stderr")
_STDERR = 2


class _Recording(io.FileIO):
    """A standard stream that remembers why it could not be written: Python's own forgets it, and what was written."""

    failure: OSError | None = None

    def write(self, data: bytes) -> int:  # type: ignore[override]  # any buffer in fact
        try:
            return super().write(data)
        except OSError as error:
            self.failure = error
            raise


def escape_what_streams_lack() -> None:
    r"""Make stdout and stderr write `\U0001f600` for what their encoding lacks, wherever in a command it is written.

    Names of customers, objects and files may hold any letter, and a terminal or CI may have `cp1252` or `LANG=C`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def writable_output() -> Iterator[None]:
    """End the command with exit code 1 where stdout can't take what it says, and print a sentence on stderr.

    Where the reader of a pipe has gone, as of `| head`, it prints nothing, as other tools do.
    """
    _refuse_closed_streams()
    before = {name: getattr(sys, name) for name in _OUTPUTS}
    streams = {name: _recording(stream) for name, stream in before.items()}
    for name, (stream, _) in streams.items():
        setattr(sys, name, stream)
    try:
        with _ending_on_failure(streams["stdout"][1]):
            yield
    finally:
        for name, stream in before.items():
            with suppress(OSError):
                getattr(sys, name).flush()
            setattr(sys, name, stream)


@contextmanager
def _ending_on_failure(stdout: _Recording | None) -> Iterator[None]:
    try:
        yield
    except SystemExit:
        _fail_if_unwritten(stdout)
        raise
    except OSError as error:
        _fail_if_unwritten(stdout)
        if isinstance(error, BrokenPipeError):
            raise SystemExit(1) from None
        if error.errno in ROOMLESS:
            sentence = TOO_LARGE if error.errno == errno.EFBIG else NO_ROOM
            _fail(sentence.format(f"{error.strerror}: {error.filename}" if error.filename else error.strerror))
        raise
    else:
        _fail_if_unwritten(stdout)


def _refuse_closed_streams() -> None:
    """Open what was closed to nowhere, or the next file that is opened would be taken for a standard stream."""
    is_closed = sys.stdout is None
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for as long as we live
    if is_closed:
        _fail(CLOSED)


def _recording(stream: object) -> tuple[object, _Recording | None]:
    """Return a stream like this one of Python's own, and what it records; another one is left as it is, with None."""
    is_pythons = isinstance(stream, io.TextIOWrapper) and stream in (sys.__stdout__, sys.__stderr__)
    if not isinstance(stream, io.TextIOWrapper) or not is_pythons:
        return stream, None
    stream.flush()
    raw = _Recording(stream.fileno(), "wb", closefd=False)
    text = io.TextIOWrapper(
        io.BufferedWriter(raw),  # type: ignore[type-var]  # its write is typed for any buffer
        stream.encoding,
        stream.errors,
        line_buffering=stream.line_buffering,
    )
    return text, raw


def _fail_if_unwritten(stdout: _Recording | None) -> None:
    with suppress(OSError):
        sys.stdout.flush()
    failure = stdout.failure if stdout else None
    if isinstance(failure, BrokenPipeError):
        raise SystemExit(1) from None
    if failure is not None:
        _fail(UNWRITTEN.format(failure.strerror))


def _fail(sentence: str) -> NoReturn:
    with suppress(OSError):
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()
    raise SystemExit(1) from None
