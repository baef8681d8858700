"""Kubernetes: a Secret a key, its marks in annotations.

Requests ask for metadata alone (PartialObjectMetadata), so no answer has a value in it. The API server keeps who wrote
which field; so a value that somebody else changed is told without being read. A change carries the resourceVersion
that was seen, which the server refuses with 409 where it is not the newest.
"""

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from tenantry.model.secret_sink import Kubernetes
from tenantry.secret_sinks.errors import ConflictError, MissingExtraError, SinkError, UnreachableError
from tenantry.secret_sinks.secret import KeyOwner, KeySecret, Version, read_marks, refuse_foreign

try:
    from kubernetes.client import ApiClient
    from kubernetes.config import ConfigException, load_incluster_config, new_client_from_config
except ImportError:
    raise MissingExtraError("kubernetes", "kubernetes") from None

MANAGER = "tenantry"
ACCEPT = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
LABELS = {"app.kubernetes.io/managed-by": MANAGER}
SECONDS = 30
_RETRY = Retry(
    3, backoff_factor=0.5, status_forcelist=(429, 500, 502, 503, 504), allowed_methods=None, raise_on_status=False
)
_NO_RIGHT = (
    "The API server refused it with 403: {}. The role needs create, get and patch on secrets in the namespace {}; for "
    "`tenantry offboard` delete too."
)


class KubernetesSink:
    """Keys in Secrets of a namespace. Credentials come from KUBECONFIG or ~/.kube/config, or from our own pod."""

    def __init__(self, sink: Kubernetes, clock: Callable[[], datetime]) -> None:
        self._client = _open_client(sink.context)
        self._namespace, self._clock = sink.namespace, clock

    def version(self, name: str) -> Version | None:
        """Return what a Secret holds, by its annotations and by who wrote its fields."""
        found = self._find(name)
        return self._read_version(name, found) if found is not None else None

    def put(self, name: str, secret: KeySecret) -> None:
        """Create the Secret, or change the very version of it that was seen."""
        found = self._find(name)
        metadata: dict[str, Any] = {"annotations": secret.marks(self._clock()), "labels": LABELS}
        data = {field: base64.b64encode(text.encode()).decode() for field, text in secret.value().items()}
        if found is None:
            metadata |= {"name": name, "namespace": self._namespace}
            body = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata, "data": data}
            self._ask("POST", "", body, secret=secret)
            return
        refuse_foreign(self._read_version(name, found), secret.owner, self._locate(name))
        metadata |= {field: found["metadata"][field] for field in ("resourceVersion", "uid")}
        self._ask("PATCH", f"/{name}", {"metadata": metadata, "data": data}, secret=secret)

    def delete(self, name: str, owner: KeyOwner) -> date | None:
        """Delete the very version that was seen, at once; one that a finalizer holds is there until that is done."""
        found = self._find(name)
        if found is not None:
            refuse_foreign(self._read_version(name, found), owner, self._locate(name))
            seen = {field: found["metadata"][field] for field in ("resourceVersion", "uid")}
            self._ask("DELETE", f"/{name}", {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": seen})
        return None

    def _find(self, name: str) -> dict[str, Any] | None:
        return self._ask("GET", f"/{name}")

    def _read_version(self, name: str, found: Mapping[str, Any]) -> Version:
        metadata = found["metadata"]
        return read_marks(metadata.get("annotations") or {}, self._locate(name), is_whole=_is_written_by_us(metadata))

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, secret: KeySecret | None = None
    ) -> dict[str, Any] | None:
        """Return the metadata that the server answers with, None for a Secret that is not there; raises SinkError."""
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        headers = {"Accept": ACCEPT, "Content-Type": kind, **self._authorize()}
        query = f"?fieldManager={MANAGER}" if method in ("POST", "PATCH") else ""
        url = f"{self._client.configuration.host}/api/v1/namespaces/{self._namespace}/secrets{path}{query}"
        text = json.dumps(body) if body is not None else None
        with self._trouble():
            answer = self._client.rest_client.pool_manager.request(
                method, url, body=text, headers=headers, timeout=SECONDS, retries=_RETRY
            )
            status: int = answer.status
            document: dict[str, Any] = json.loads(answer.data)
            if status < 300:
                return {"metadata": dict(document["metadata"])}
        if status == 404 and method in ("GET", "DELETE") and (document.get("details") or {}).get("kind") == "secrets":
            return None
        raise self._make_error(status, str(document.get("message", "")), secret)

    def _authorize(self) -> dict[str, str]:
        settings = self._client.configuration.auth_settings().values()
        return {setting["key"]: setting["value"] for setting in settings if setting["in"] == "header"}

    def _locate(self, name: str) -> str:
        return f"The Secret '{name}' in the namespace {self._namespace}"

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        host = self._client.configuration.host
        try:
            yield
        except HTTPError as error:
            sentence = f"{host} could not be asked: {type(error).__name__}. Look at the kubeconfig and the network."
            raise UnreachableError(sentence) from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise UnreachableError(
                f"{host} did not answer like an API server of Kubernetes. Look at the address."
            ) from None

    def _make_error(self, status: int, message: str, secret: KeySecret | None) -> SinkError:
        words = secret.hide_in(message) if secret is not None else message
        if status == 401:
            return UnreachableError(
                f"The API server does not take the credentials: {words}. Renew them, and run again."
            )
        if status == 403:
            return SinkError(_NO_RIGHT.format(words, self._namespace))
        if status == 409:
            return ConflictError(f"Somebody else wrote this Secret at the same moment: {words}. Run again.")
        return SinkError(f"The API server did not do it ({status}): {words}. Correct that, then run again.")


def _open_client(context: str | None) -> ApiClient:
    """Return a client by the kubeconfig, or, where there is none and no context is named, by our own pod."""
    try:
        client: ApiClient = new_client_from_config(os.environ.get("KUBECONFIG"), context=context)
    except ConfigException as error:
        if context is None:
            try:
                load_incluster_config()
                return ApiClient()
            except ConfigException:
                pass
        sentence = f"No cluster is known here: {error}. Set KUBECONFIG, or write ~/.kube/config; and run again."
        raise UnreachableError(sentence) from None
    return client


def _is_written_by_us(metadata: Mapping[str, Any]) -> bool:
    """Return whether the fields of the value are as we wrote them; a server that keeps no such record is believed."""
    managed = metadata.get("managedFields") or ()
    owners = {
        manager.get("manager")
        for manager in managed
        for field in (manager.get("fieldsV1") or {}).get("f:data") or {}
        if field != "."
    }
    return not managed or owners == {MANAGER}
