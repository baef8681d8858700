"""Vault or OpenBao, key-value engine version 2: a secret a key, its marks in the custom metadata.

One of the marks is the number of the version that we wrote. So a value that was changed by hand, or whose marks were
not written any more, is told without being read. Each value is written with `cas`, so nobody's is overwritten unseen.
Older values stay as older versions of the secret, as many as the mount keeps (10 by default).
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from tenantry.model.secret_sink import VaultKv2
from tenantry.secret_sinks.errors import ConflictError, MissingExtraError, SinkError, UnreachableError
from tenantry.secret_sinks.secret import PREFIX, KeyOwner, KeySecret, Version, read_marks, refuse_foreign

try:
    import hvac
    from hvac.exceptions import Forbidden, InvalidPath, InvalidRequest, VaultDown, VaultError
except ImportError:
    raise MissingExtraError("hvac", "vault") from None

WRITTEN = f"{PREFIX}version"
CAS_MISMATCH = "check-and-set"
SECONDS = 30
_RETRY = Retry(
    3, backoff_factor=0.5, status_forcelist=(429, 500, 502, 504), allowed_methods=None, raise_on_status=False
)
_LOGGED_OUT = "Vault has no token from us. Set VAULT_TOKEN, or log in, which writes ~/.vault-token; and run again."
_NO_RIGHT = (
    "Vault refused it with 403: {}. The policy of the token needs create and update on {}/data/… and create, read and "
    "update on {}/metadata/…; for `tenantry offboard` delete there too."
)


@dataclass(frozen=True)
class _Found:
    """The metadata of a secret: nothing of a value is in it."""

    custom: Mapping[str, str]
    current: int
    is_readable: bool
    """Whether the current version was neither deleted nor destroyed."""


class VaultKv2Sink:
    """Keys in a key-value engine. VAULT_TOKEN or ~/.vault-token is the token, VAULT_NAMESPACE the namespace."""

    def __init__(self, sink: VaultKv2, clock: Callable[[], datetime]) -> None:
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(pool_maxsize=32, max_retries=_RETRY))
        namespace = os.environ.get("VAULT_NAMESPACE") or None
        session.verify = os.environ.get("VAULT_CACERT") or True
        self._client = hvac.Client(url=sink.address, namespace=namespace, session=session, timeout=SECONDS)
        self._address, self._mount, self._clock = sink.address, sink.mount, clock
        if not self._client.token:
            raise UnreachableError(_LOGGED_OUT)
        self._refuse_other_engine()

    def version(self, name: str) -> Version | None:
        """Return what a path holds, by its metadata."""
        found = self._find(name)
        return self._read_version(name, found) if found is not None else None

    def put(self, name: str, secret: KeySecret) -> None:
        """Claim the path with marks where it is new, write the value, then the marks with the version's number."""
        found = self._find(name)
        if found is not None:
            refuse_foreign(self._read_version(name, found), secret.owner, self._locate(name))
        marks = secret.marks(self._clock())
        custom, cas = (dict(found.custom), found.current) if found else ({}, 0)
        with self._trouble(secret):
            if found is None:
                self._write_marks(name, {**marks, WRITTEN: "0"})
            number = self._write_value(name, secret, cas, is_new=found is None)
            self._write_marks(name, {**custom, **marks, WRITTEN: str(number)})

    def delete(self, name: str, owner: KeyOwner) -> date | None:
        """Delete the metadata and with it every version, at once: Vault's deletion of a version keeps all before it."""
        found = self._find(name)
        if found is not None:
            refuse_foreign(self._read_version(name, found), owner, self._locate(name))
            with self._trouble():
                self._client.secrets.kv.v2.delete_metadata_and_all_versions(path=name, mount_point=self._mount)
        return None

    def _write_value(self, name: str, secret: KeySecret, cas: int, *, is_new: bool) -> int:
        """Return the number of the version that was written; where somebody else was first, give up a new claim."""
        kv = self._client.secrets.kv.v2
        try:
            answer = kv.create_or_update_secret(path=name, mount_point=self._mount, secret=secret.value(), cas=cas)
        except InvalidRequest:
            if is_new:
                self._write_marks(name, {})
            raise
        return int(answer["data"]["version"])

    def _write_marks(self, name: str, custom: dict[str, str]) -> None:
        self._client.secrets.kv.v2.update_metadata(path=name, mount_point=self._mount, custom_metadata=custom)

    def _find(self, name: str) -> _Found | None:
        with self._trouble():
            try:
                answer = self._client.secrets.kv.v2.read_secret_metadata(path=name, mount_point=self._mount)
            except InvalidPath as error:
                if error.errors:
                    raise
                return None
            data = answer["data"]
            current = int(data["current_version"])
            newest = data["versions"].get(str(current)) or {}
            is_readable = bool(newest) and not newest["destroyed"] and not newest["deletion_time"]
            is_empty = not current and not data["custom_metadata"]
        return None if is_empty else _Found(data["custom_metadata"] or {}, current, is_readable)

    def _read_version(self, name: str, found: _Found) -> Version:
        is_whole = found.is_readable and found.custom.get(WRITTEN) == str(found.current)
        return read_marks(found.custom, self._locate(name), is_whole=is_whole)

    def _refuse_other_engine(self) -> None:
        """Raise UnreachableError where there is no engine of version 2: version 1 would take these paths for others."""
        with self._trouble():
            answer = self._client.adapter.get(f"/v1/sys/internal/ui/mounts/{self._mount}")
            engine = answer["data"]
            is_version_2 = engine["type"] == "kv" and (engine.get("options") or {}).get("version") == "2"
        if not is_version_2:
            raise UnreachableError(
                f"The mount {self._mount} of {self._address} is no key-value engine of version 2. Name another mount, "
                "or enable one: `vault secrets enable -version=2 -path=… kv`."
            )

    def _locate(self, name: str) -> str:
        return f"The secret '{name}' in the mount {self._mount} of {self._address}"

    @contextmanager
    def _trouble(self, secret: KeySecret | None = None) -> Iterator[None]:
        """Turn what hvac raises into what a sink raises."""
        try:
            yield
        except requests.RequestException as error:
            sentence = (
                f"{self._address} could not be asked: {type(error).__name__}. Look at the address and the network."
            )
            raise UnreachableError(sentence) from None
        except VaultError as error:
            raise self._make_error(error, secret) from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            sentence = f"{self._address} did not answer like Vault ({type(error).__name__}). Is it a Vault?"
            raise UnreachableError(sentence) from None

    def _make_error(self, error: VaultError, secret: KeySecret | None) -> SinkError:
        words = " ".join(" ".join(map(str, error.errors or ())).split()) or type(error).__name__
        if secret is not None:
            words = secret.hide_in(words)
        match error:
            case Forbidden() if "invalid token" in words or "bad token" in words:
                return UnreachableError(f"{self._address} does not take the token: {words}. Renew it, and run again.")
            case Forbidden():
                return SinkError(_NO_RIGHT.format(words, self._mount, self._mount))
            case InvalidRequest() if CAS_MISMATCH in words:
                return ConflictError(f"Somebody else wrote this secret at the same moment: {words}. Run again.")
            case InvalidPath() | VaultDown():
                return UnreachableError(f"{self._address} can't do it: {words}. Look at the mount, and at its seal.")
            case _:
                return SinkError(f"{self._address} did not do it: {words}. Correct that, then run again.")
