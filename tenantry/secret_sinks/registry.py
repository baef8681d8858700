"""Every type of sink, and the class of it. A client is imported when its sink is opened, and not before."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module

from tenantry.model.secret_sink import SecretSink
from tenantry.secret_sinks.sink import Sink

SINKS: Mapping[str, str] = {
    "aws_secrets_manager": "AwsSecretsManagerSink",
    "vault_kv2": "VaultKv2Sink",
    "kubernetes": "KubernetesSink",
    "private_files": "PrivateFilesSink",
}
"""The class of each type, in the module of the type's name."""


def open_sink(sink: SecretSink, clock: Callable[[], datetime]) -> Sink:
    """Return a sink that is ready for use; `clock` says when something is delivered. Raises UnreachableError."""
    module = import_module(f"tenantry.secret_sinks.{sink.type}")
    opened: Sink = getattr(module, SINKS[sink.type])(sink, clock)
    return opened
