"""Secrets of API keys into files that nobody else can read, one a key and generation.

A file holds what AWS Secrets Manager wants in a secret of the type TwilioApiKey:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-TwilioApiKey.html
"""

import json
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tenantry.operations.export.gather import ExportError
from tenantry.operations.key_secrets import Key, StoredKey

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def file_name(key: StoredKey) -> str:
    """Return a key's file. The dots keep keys apart, since slugs have hyphens: `acme-x` + `web` is `acme` + `x-web`."""
    return f"{key.tenant}.{key.key.name}.{key.key.generation}.json"


def name_unfinished(key: StoredKey) -> str:
    """Return the beginning of the file's name while it is written."""
    return f".{file_name(key)}."


def _write_content(key: StoredKey) -> str:
    """Return the JSON of a TwilioApiKey secret."""
    content = {"accountSid": key.account_sid, "apiKeySid": key.sid, "apiKeySecret": key.secret}
    if key.validation_url is not None:
        content["validationUrl"] = key.validation_url
    return json.dumps(content, indent=2) + "\n"


def write_secrets(folder: Path, keys: Iterable[StoredKey]) -> Mapping[tuple[str, Key], Path]:
    """Write a file for each key whose secret is known, whole or not at all; return the files by tenant and key.

    Makes the folder if it is not there. Raises ExportError if others could look into it, or if it can't be written.
    """
    known = [key for key in keys if key.secret]
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        with _open_folder(folder) as handle:
            _refuse_shared(folder, handle)
            for key in known:
                _write(handle, key)
    except OSError as error:
        raise ExportError(
            f"Writing secrets to {folder} failed: {error.strerror}; make that folder writable for yourself alone, "
            "or name another"
        ) from error
    return {(key.tenant, key.key): folder.absolute() / file_name(key) for key in known}


@contextmanager
def _open_folder(folder: Path) -> Iterator[int]:
    """Open a folder, so that all that follows happens in the very one that was checked."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _refuse_shared(folder: Path, handle: int) -> None:
    found = os.fstat(handle)
    if found.st_uid != os.geteuid():
        raise ExportError(f"{folder} belongs to another user, who could read the secrets; name a folder of your own")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise ExportError(
            f"{folder} is open to others (mode {stat.S_IMODE(found.st_mode):04o}); no secret was written. "
            f"Run `chmod 700 {folder}`, or name a folder that is not there yet"
        )


def _write(handle: int, key: StoredKey) -> None:
    """Write under a name that nobody can have guessed, then rename: readers see the old file or the new one."""
    unfinished = f"{name_unfinished(key)}{secrets.token_hex(8)}"
    created = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE, dir_fd=handle)
    try:
        with os.fdopen(created, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), PRIVATE_FILE)  # a umask can take away our own right to read
            file.write(_write_content(key))
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, file_name(key), src_dir_fd=handle, dst_dir_fd=handle)
    except BaseException:
        os.unlink(unfinished, dir_fd=handle)
        raise
