"""Secrets of API keys into files that nobody else can read, one a key and generation.

A file holds what AWS Secrets Manager wants in a secret of the type TwilioApiKey:
https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-TwilioApiKey.html
"""

import json
import os
import secrets
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tenantry.engine.state.deployment import StateResource
from tenantry.operations.export.gather import ExportError, Key, parse_key

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600

LISTS_MESSAGES = ("/twilio/messaging/messages/list", "/twilio/messaging/messages/*")
"""Permissions that let a restricted key list messages, which is the call that AWS's own example tries a key with."""


@dataclass(frozen=True)
class KeySecret:
    """One generation of a key that exists in Twilio; without a secret, where that is unknown."""

    tenant: str
    key: Key
    account_sid: str
    sid: str
    policy: tuple[str, ...] | None
    secret: str | None = field(repr=False)

    @property
    def unfinished_name(self) -> str:
        """The beginning of the file's name while it is written."""
        return f".{self.file_name}."

    @property
    def file_name(self) -> str:
        """Its file. The dots keep keys apart: slugs and names have hyphens, so `acme-x` + `web` is `acme` + `x-web`."""
        return f"{self.tenant}.{self.key.name}.{self.key.generation}.json"

    def content(self) -> str:
        """Return the JSON of a TwilioApiKey secret."""
        content = {"accountSid": self.account_sid, "apiKeySid": self.sid, "apiKeySecret": self.secret}
        if self.policy is not None and any(permission in self.policy for permission in LISTS_MESSAGES):
            messages = f"https://api.twilio.com/2010-04-01/Accounts/{self.account_sid}/Messages.json?PageSize=1"
            content["validationUrl"] = messages
        return json.dumps(content, indent=2) + "\n"


def read_key_secrets(state: Iterable[StateResource], slugs: Collection[str]) -> tuple[KeySecret, ...]:
    """Return the keys of these tenants that exist, sorted; the state must have been exported with its secrets."""
    found = (
        KeySecret(
            tenant=resource.slug,
            key=parse_key(resource),
            account_sid=resource.outputs["account_sid"],
            sid=resource.id,
            policy=resource.outputs.get("policy"),
            secret=_secret_of(resource),
        )
        for resource in state
        if resource.kind == "api_key" and not resource.waiting and resource.slug in slugs
    )
    return tuple(sorted(found, key=lambda key: (key.tenant, key.key.name, key.key.generation)))


def write_secrets(folder: Path, keys: Iterable[KeySecret]) -> Mapping[tuple[str, Key], Path]:
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
    return {(key.tenant, key.key): folder.absolute() / key.file_name for key in known}


def _secret_of(resource: StateResource) -> str | None:
    secret = resource.secrets.get("secret")
    return secret.value if secret is not None and isinstance(secret.value, str) else None


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


def _write(handle: int, key: KeySecret) -> None:
    """Write under a name that nobody can have guessed, then rename: readers see the old file or the new one."""
    unfinished = f"{key.unfinished_name}{secrets.token_hex(8)}"
    created = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE, dir_fd=handle)
    try:
        with os.fdopen(created, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), PRIVATE_FILE)  # a umask can take away our own right to read
            file.write(key.content())
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, key.file_name, src_dir_fd=handle, dst_dir_fd=handle)
    except BaseException:
        os.unlink(unfinished, dir_fd=handle)
        raise
