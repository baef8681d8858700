"""A key-value engine of version 2, as Vault and OpenBao answer, at the mount `secret`.

It knows: tokens; the kind of the mount; metadata with versions, deletion, custom metadata and its limits, and its own
deletion with all versions; data with `cas` and `cas_required`; 404 with and without errors. It does not know: policies,
leases, namespaces, reading data, patch, destroy, `max_versions`. What it does not know it answers with 405 or 404.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sink_server import SinkServer
from starlette.requests import Request

TOKEN = "hvs.fake"
MISMATCH = "check-and-set parameter did not match the current version"
CAS_NEEDED = "check-and-set parameter required for this call"


@dataclass
class Entry:
    custom: dict[str, str] | None = None
    versions: list[dict[str, Any]] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)


class FakeVault(SinkServer):
    """One mount, `secret`; another one, `old`, is of version 1."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.cas_required = False
        super().__init__()

    def refuse(self) -> tuple[int, Any]:
        return 403, {"errors": ["1 error occurred:\n\t* permission denied\n\n"]}

    def handle(self, method: str, path: str, request: Request, body: Any) -> tuple[int, Any]:
        if request.headers.get("X-Vault-Token") != TOKEN:
            return 403, {"errors": ["2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"]}
        mounts = {"secret": "2", "old": "1"}
        if path.startswith("/v1/sys/internal/ui/mounts/"):
            mount = path.rpartition("/")[2]
            if mount not in mounts:
                return 403, {"errors": ["preflight capability check returned 403"]}
            return 200, {"data": {"type": "kv", "options": {"version": mounts[mount]}, "path": f"{mount}/"}}
        for area, handle in (("data", self._data), ("metadata", self._metadata)):
            if path.startswith(f"/v1/secret/{area}/"):
                return handle(method, path.removeprefix(f"/v1/secret/{area}/"), body)
        return 404, {"errors": [f"no handler for route '{path.removeprefix('/v1/')}'"]}

    def write(self, name: str, value: dict[str, str]) -> int:
        """Write a version, as `vault kv put` does; return its number."""
        entry = self.entries.setdefault(name, Entry())
        entry.versions.append(value)
        return len(entry.versions)

    def _data(self, method: str, name: str, body: Any) -> tuple[int, Any]:
        if method != "POST":
            return 405, {"errors": ["unsupported operation"]}
        if not isinstance((body or {}).get("data"), dict):
            return 400, {"errors": ["no data provided"]}
        current = len(self.entries[name].versions) if name in self.entries else 0
        cas = (body.get("options") or {}).get("cas")
        if cas is None and self.cas_required:
            return 400, {"errors": [CAS_NEEDED]}
        if cas is not None and cas != current:
            return 400, {"errors": [MISMATCH]}
        number = self.write(name, body["data"])
        return 200, {"data": {"version": number, "created_time": _now(), "deletion_time": "", "destroyed": False}}

    def _metadata(self, method: str, name: str, body: Any) -> tuple[int, Any]:
        if method == "GET":
            entry = self.entries.get(name)
            return (200, {"data": _describe(entry)}) if entry else (404, {"errors": []})
        if method == "DELETE":
            self.entries.pop(name, None)
            return 204, None
        if method != "POST":
            return 405, {"errors": ["unsupported operation"]}
        custom = body.get("custom_metadata")
        if custom is not None and (problem := _wrong(custom)):
            return 400, {"errors": [problem]}
        entry = self.entries.setdefault(name, Entry())
        entry.custom = dict(custom) if custom is not None else entry.custom
        return 204, None


def _wrong(custom: dict[str, Any]) -> str:
    if len(custom) > 64:
        return "payload must contain at most 64 keys"
    for key, value in custom.items():
        if not (0 < len(key) <= 128 and isinstance(value, str) and 0 < len(value) <= 512):
            return f"length of key {key} or of its value is out of range"
    return ""


def _describe(entry: Entry) -> dict[str, Any]:
    versions = {
        str(number): {
            "created_time": _now(),
            "deletion_time": _now() if number in entry.deleted else "",
            "destroyed": False,
        }
        for number in range(1, len(entry.versions) + 1)
    }
    return {
        "cas_required": False,
        "current_version": len(entry.versions),
        "custom_metadata": entry.custom,
        "versions": versions,
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000000000Z")
