"""Secret sinks: where the secrets of API keys are delivered to, and under which name. No credential stands here."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from tenantry.model.url import THIS_MACHINE, BaseUrl, host_of
from tenantry.model.written import Pattern, Slug, Text, Written, refusal

PLACEHOLDERS = ("{stack}", "{tenant}", "{key}")
NOT_YET = ("age_files",)
"""Types that a later version will read: refused today."""
CREDENTIALS = frozenset(
    {
        *("access_key_id", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "secret_access_key"),
        *("password", "role_id", "secret", "secret_id", "secret_key", "session_token", "token", "username"),
    }
)
"""Keys that people may expect in a sink, and that never stand in a file of a repository."""

_AWS_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_VAULT_PATH = re.compile(r"[A-Za-z0-9_+=.@~-]+(/[A-Za-z0-9_+=.@~-]+)*")
_KUBERNETES_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_MOUNT = r"^[A-Za-z0-9_+=.@~-]+(/[A-Za-z0-9_+=.@~-]+)*$"
_LABEL = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
_SCHEMA = r"^[^{}]*(\{(stack|tenant|key)\}[^{}]*)+$"


def _check_placeholders(form: str) -> str:
    """Refuse a form that does not tell tenants and keys apart, or that holds another placeholder."""
    rest = form
    for placeholder in PLACEHOLDERS:
        rest = rest.replace(placeholder, "")
    if "{" in rest or "}" in rest:
        raise refusal("holds a brace that is not {stack}, {tenant} or {key}, the only placeholders there are")
    for placeholder in ("{tenant}", "{key}"):
        if placeholder not in form:
            raise refusal(f"needs {placeholder}: without it several keys would have one name")
    if "{tenant}{key}" in form or "{key}{tenant}" in form:
        raise refusal("has nothing between {tenant} and {key}; write a sign between them, such as / or .")
    return form


def _check_separator(form: str) -> str:
    if re.search(r"\{tenant\}-+\{key\}|\{key\}-+\{tenant\}", form):
        raise refusal(
            "separates {tenant} and {key} by '-' alone, which both may hold: the key 'x-web' of acme and the key "
            "'web' of acme-x would have one name; write '.' between them"
        )
    return form


def _check_folder(folder: str) -> str:
    if not folder.startswith("/"):
        raise refusal(f"must be an absolute path: '{folder}' would be another folder in each working directory")
    if "{" in folder or "}" in folder:
        raise refusal("holds a brace; a folder for each tenant is made in it, so it needs no placeholder")
    return folder


def fill_name(form: str, *, stack: str, tenant: str, key: str) -> str:
    """Return a name in which the placeholders of its form are filled."""
    return form.replace("{stack}", stack).replace("{tenant}", tenant).replace("{key}", key)


def is_aws_name(name: str) -> bool:
    """Return whether AWS takes a name."""
    return _AWS_NAME.fullmatch(name) is not None


def is_vault_path(path: str) -> bool:
    """Return whether a path is read alike by every client of Vault."""
    return _VAULT_PATH.fullmatch(path) is not None and not {".", ".."}.intersection(path.split("/"))


def is_kubernetes_name(name: str) -> bool:
    """Return whether Kubernetes takes a name: a subdomain of RFC 1123."""
    return len(name) <= 253 and _KUBERNETES_NAME.fullmatch(name) is not None


def _example(form: str) -> str:
    return fill_name(form, stack="s", tenant="t" * 32, key="k" * 32)


def _check_aws(form: str) -> str:
    if not is_aws_name(_example(form)):
        raise refusal("must be letters, digits and / _ + = . @ - for AWS, 512 at most")
    return form


def _check_vault(form: str) -> str:
    if not is_vault_path(_example(form)):
        raise refusal(
            "must be parts of letters, digits and _ + = . @ ~ -, with / between them, none of them '.' or '..'"
        )
    return form


def _check_kubernetes(form: str) -> str:
    if not is_kubernetes_name(_example(form)):
        raise refusal("must come to a name of Kubernetes: a-z, 0-9, '-' and '.', and a letter or digit beside each '.'")
    return form


def _check_encrypted(url: str) -> str:
    if not url.lower().startswith("https://") and host_of(url) not in THIS_MACHINE:
        raise refusal("must begin with https://, since secrets go there; only this machine's own may do without")
    return url


Template = Annotated[Text, AfterValidator(_check_placeholders), WithJsonSchema({"type": "string", "pattern": _SCHEMA})]

Folder = Annotated[Text, AfterValidator(_check_folder), WithJsonSchema({"type": "string", "pattern": "^/[^{}]*$"})]


class AnySink(Written):
    """What sinks of every type have."""


class AwsSecretsManager(AnySink):
    """AWS Secrets Manager: one secret a key, of the type that AWS has for Twilio's API keys."""

    type: Literal["aws_secrets_manager"] = Field(description="where secrets go; it decides which other keys there are")
    region: Annotated[Text, Pattern(r"^[a-z]{2}(-[a-z]+)+-[0-9]+$", "must be a region of AWS, such as us-east-1")] = (
        Field(description="region of the secrets")
    )
    name: Annotated[Template, AfterValidator(_check_aws)] = Field(
        description="name of a secret, with {tenant} and {key} and perhaps {stack}"
    )


class VaultKv2(AnySink):
    """A key-value engine, version 2, of HashiCorp Vault or OpenBao: one secret a key."""

    type: Literal["vault_kv2"] = Field(description="where secrets go; it decides which other keys there are")
    address: Annotated[BaseUrl, AfterValidator(_check_encrypted)] = Field(description="URL of the server")
    mount: Annotated[Text, Pattern(_MOUNT, "must be the path of a mount, without a slash at its ends")] = Field(
        default="secret", description="path of the mount"
    )
    path: Annotated[Template, AfterValidator(_check_vault)] = Field(
        description="path of a secret in the mount, with {tenant} and {key} and perhaps {stack}"
    )


class Kubernetes(AnySink):
    """Secrets of a Kubernetes cluster: one a key."""

    type: Literal["kubernetes"] = Field(description="where secrets go; it decides which other keys there are")
    namespace: Annotated[Text, Pattern(_LABEL, "must be the name of a namespace: a-z, 0-9 and '-'")] = Field(
        description="namespace of the secrets; it must be there"
    )
    context: Text | None = Field(
        default=None, description="context of the kubeconfig; left out: its current one, or the cluster of our own pod"
    )
    name: Annotated[Template, AfterValidator(_check_separator), AfterValidator(_check_kubernetes)] = Field(
        description="name of a secret, with {tenant} and {key} and perhaps {stack}"
    )


class PrivateFiles(AnySink):
    """Files on this machine that nobody else can read: <folder>/<tenant>/<key>.json."""

    type: Literal["private_files"] = Field(description="where secrets go; it decides which other keys there are")
    folder: Folder = Field(description="absolute path of the folder")


SecretSink = Annotated[AwsSecretsManager | VaultKv2 | Kubernetes | PrivateFiles, Field(discriminator="type")]
SecretSinks = dict[Slug, SecretSink]
