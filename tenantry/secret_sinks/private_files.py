"""Private files: `<folder>/<tenant>/<key>.json` with the value, and `<key>.meta.json` with the marks, beside it.

The time of the value's file is the one in its marks. So a value that was changed by hand, or whose write was stopped
half way, is told without being read.
"""

import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from tenantry.model.secret_sink import PrivateFiles
from tenantry.secret_sinks.errors import ForeignError, SinkError, UnreachableError
from tenantry.secret_sinks.secret import KeyOwner, KeySecret, Version, read_marks, refuse_foreign, serialize_value

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_VALUE, _META = ".json", ".meta.json"


class PrivateFilesSink:
    """Keys in files of this machine."""

    def __init__(self, sink: PrivateFiles, clock: Callable[[], datetime]) -> None:
        self._folder = Path(sink.folder)
        self._clock = clock

    def version(self, name: str) -> Version | None:
        """Return what a file holds, by the marks beside it."""
        path = self._folder / name
        with _trouble(path, "Reading the marks of"):
            if not (self._folder.is_dir() and path.parent.is_dir()):
                return None
            with _open_folders(self._folder, path.parent) as handle:
                return _read_version(handle, path)

    def put(self, name: str, secret: KeySecret) -> None:
        """Write the marks, then the value; each is renamed into its place, so readers see an old file or a new one."""
        path = self._folder / name
        with _trouble(path, "Writing"):
            path.parent.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
            with _open_folders(self._folder, path.parent) as handle:
                refuse_foreign(_read_version(handle, path), secret.owner, str(path))
                moment = self._clock().replace(microsecond=0)
                marks = json.dumps(secret.marks(moment), indent=2) + "\n"
                _write(handle, f"{path.stem}{_META}", marks, moment)
                _write(handle, path.name, serialize_value(secret.value()), moment)

    def delete(self, name: str, owner: KeyOwner) -> date | None:
        """Remove the value, then its marks, at once, and the tenant's folder with its last key."""
        path = self._folder / name
        with _trouble(path, "Deleting"):
            if not (self._folder.is_dir() and path.parent.is_dir()):
                return None
            with _open_folders(self._folder, path.parent) as handle:
                refuse_foreign(_read_version(handle, path), owner, str(path))
                for file in (path.name, f"{path.stem}{_META}"):
                    with suppress(FileNotFoundError):
                        os.unlink(file, dir_fd=handle)
            with suppress(OSError):  # there are other keys
                path.parent.rmdir()
        return None


def _read_version(handle: int, path: Path) -> Version | None:
    marks = _read_meta(handle, path)
    try:
        found = os.stat(path.name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        return read_marks(marks, str(path), is_whole=False) if marks is not None else None
    if marks is None or not stat.S_ISREG(found.st_mode):
        raise ForeignError(
            f"{path} was not put there by Tenantry: {path.stem}{_META} is missing. It was left as it is."
        )
    version = read_marks(marks, str(path), is_whole=True)
    return replace(version, is_whole=_format_time(found.st_mtime) == version.delivered_at)


def _read_meta(handle: int, path: Path) -> dict[str, str] | None:
    try:
        opened = os.open(f"{path.stem}{_META}", os.O_RDONLY | os.O_NOFOLLOW, dir_fd=handle)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, encoding="utf-8", errors="replace") as file:
        try:
            marks = json.load(file)
        except ValueError:
            return {}
    is_flat = isinstance(marks, dict) and all(isinstance(value, str) for value in marks.values())
    return marks if is_flat else {}


def _format_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def _trouble(path: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = (
            f"{doing} {path} failed: {error.strerror}. Make its folder writable for yourself alone, or name another."
        )
        raise SinkError(sentence) from error


@contextmanager
def _open_folders(top: Path, folder: Path) -> Iterator[int]:
    """Open a tenant's folder, so that all that follows happens in the very one that was checked."""
    _refuse_shared(top, top.stat())
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        _refuse_shared(folder, os.fstat(handle))
        yield handle
    finally:
        os.close(handle)


def _refuse_shared(folder: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise UnreachableError(
            f"{folder} belongs to another user, who could read the secrets; name a folder of your own."
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        mode = f"{stat.S_IMODE(found.st_mode):04o}"
        raise UnreachableError(
            f"{folder} is open to others (mode {mode}). Nothing was written. Run `chmod 700 {folder}`, or name another."
        )


def _write(handle: int, name: str, text: str, moment: datetime) -> None:
    """Write under a name that nobody can have guessed, then rename."""
    unfinished = f".{name}.{secrets.token_hex(8)}"
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE, dir_fd=handle)
    try:
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), FILE_MODE)  # a umask can take away our own right to read
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.utime(file.fileno(), (moment.timestamp(), moment.timestamp()))
        os.replace(unfinished, name, src_dir_fd=handle, dst_dir_fd=handle)
    except BaseException:
        os.unlink(unfinished, dir_fd=handle)
        raise
