"""The Secrets of one namespace, `crm`, as an API server answers.

It knows: bearer tokens; names of RFC 1123; create, get, merge patch, deletion; answers with metadata alone where they
are asked for; resourceVersion and uid as preconditions; base64 of data; immutable Secrets; who manages which field of
data. It does not know: roles, lists, watches, replace, apply, finalizers, admission. What it does not know it answers
with 405.
"""

import base64
import binascii
import re
from itertools import count
from typing import Any

from sink_server import SinkServer
from starlette.requests import Request

TOKEN = "fake-token"
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
ONLY_METADATA = "as=PartialObjectMetadata"
PATH = "/api/v1/namespaces/crm/secrets"


class FakeKubernetes(SinkServer):
    """An API server with one namespace."""

    def __init__(self) -> None:
        self.secrets: dict[str, dict[str, Any]] = {}
        self._versions = count(1)
        super().__init__()

    def refuse(self) -> tuple[int, Any]:
        return _status(403, "Forbidden", 'secrets is forbidden: User "ci" cannot patch resource "secrets"')

    def handle(self, method: str, path: str, request: Request, body: Any) -> tuple[int, Any]:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _status(401, "Unauthorized", "Unauthorized")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return _status(404, "NotFound", "the server could not find the requested resource")
        name, manager = path.removeprefix(PATH).removeprefix("/"), request.query_params.get("fieldManager", "unknown")
        status, document = self._handle(method, name, request, body, manager)
        if status < 300 and ONLY_METADATA in request.headers.get("Accept", ""):
            document = {"kind": "PartialObjectMetadata", "metadata": document["metadata"]}
        return status, document

    def write(self, name: str, data: dict[str, str], manager: str = "kubectl-edit", **metadata: Any) -> dict[str, Any]:
        """Set fields of a Secret's data, as `kubectl edit` does."""
        found = self.secrets.setdefault(name, {"metadata": {"name": name, "uid": f"uid-{name}"}, "data": {}})
        for key, value in metadata.items():
            found["metadata"][key] = {**(found["metadata"].get(key) or {}), **value}
        found["data"] |= data
        found["metadata"]["resourceVersion"] = str(next(self._versions))
        owners = {
            field: owner["manager"] for owner in found["metadata"].get("managedFields", []) for field in _fields(owner)
        }
        owners |= {f"f:{field}": manager for field in data}
        found["metadata"]["managedFields"] = [
            {
                "manager": owner,
                "operation": "Update",
                "fieldsV1": {"f:data": {".": {}, **{field: {} for field in owners if owners[field] == owner}}},
            }
            for owner in sorted(set(owners.values()))
        ]
        return found

    def _handle(self, method: str, name: str, request: Request, body: Any, manager: str) -> tuple[int, Any]:
        kind = request.headers.get("Content-Type")
        match method:
            case "GET" if name in self.secrets:
                return 200, self.secrets[name]
            case "GET" | "PATCH" | "DELETE" if name and name not in self.secrets:
                return _status(
                    404, "NotFound", f'secrets "{name}" not found', details={"name": name, "kind": "secrets"}
                )
            case "POST" if not name:
                return self._create(body, manager)
            case "PATCH" if kind == "application/merge-patch+json":
                return self._patch(name, body, manager)
            case "DELETE":
                return self._delete(name, (body or {}).get("preconditions") or {})
        return _status(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")

    def _create(self, body: Any, manager: str) -> tuple[int, Any]:
        metadata = body["metadata"]
        name = metadata["name"]
        if len(name) > 253 or not NAME.fullmatch(name):
            return _status(422, "Invalid", f'Secret "{name}" is invalid: metadata.name')
        if name in self.secrets:
            return _status(409, "AlreadyExists", f'secrets "{name}" already exists')
        if not _is_base64(body["data"]):
            return _status(400, "BadRequest", "illegal base64 data")
        more = {key: metadata.get(key) or {} for key in ("annotations", "labels")}
        return 201, self.write(name, body["data"], manager, **more)

    def _delete(self, name: str, preconditions: dict[str, str]) -> tuple[int, Any]:
        metadata = self.secrets[name]["metadata"]
        for field, value in preconditions.items():
            if value != metadata[field]:
                sentence = f'Operation cannot be fulfilled on secrets "{name}": Precondition failed: {field}'
                return _status(409, "Conflict", sentence)
        del self.secrets[name]
        return 200, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}

    def _patch(self, name: str, body: Any, manager: str) -> tuple[int, Any]:
        found, metadata = self.secrets[name], body.get("metadata") or {}
        for field in ("uid", "resourceVersion"):
            if field in metadata and metadata[field] != found["metadata"][field]:
                sentence = f'Operation cannot be fulfilled on secrets "{name}": the object has been modified'
                return _status(409, "Conflict", sentence)
        if found.get("immutable"):
            return _status(
                422, "Invalid", f'Secret "{name}" is invalid: data: field is immutable when `immutable` is set'
            )
        if not _is_base64(body.get("data") or {}):
            return _status(400, "BadRequest", "illegal base64 data")
        more = {key: metadata.get(key) or {} for key in ("annotations", "labels")}
        return 200, self.write(name, body.get("data") or {}, manager, **more)


def _fields(owner: dict[str, Any]) -> list[str]:
    return [field for field in owner["fieldsV1"]["f:data"] if field != "."]


def _is_base64(data: dict[str, str]) -> bool:
    try:
        return all(base64.b64decode(value, validate=True) is not None for value in data.values())
    except (binascii.Error, ValueError):
        return False


def _status(code: int, reason: str, message: str, **more: Any) -> tuple[int, Any]:
    return code, {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "reason": reason,
        "message": message,
        "code": code,
        **more,
    }
