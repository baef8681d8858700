"""Where exactly a key goes in a sink: two deliveries of one target would overwrite each other."""

from dataclasses import dataclass

from tenantry.model.secret_sink import (
    AwsSecretsManager,
    Kubernetes,
    PrivateFiles,
    SecretSink,
    VaultKv2,
    fill_name,
    is_aws_name,
    is_kubernetes_name,
    is_vault_path,
)

_FILE = "{tenant}/{key}.json"


@dataclass(frozen=True)
class Target:
    """The name of a secret, and where it is the only one of that name."""

    store: str
    """In words, such as `AWS Secrets Manager in us-east-1`."""
    name: str


def target_of(sink: SecretSink, *, stack: str | None, tenant: str, key: str) -> Target:
    """Return where a sink keeps a key; a stack without a name leaves its placeholder as it is."""
    name = fill_name(_form_of(sink), stack=stack or "{stack}", tenant=tenant, key=key)
    return Target(store_of(sink), name)


def store_of(sink: SecretSink) -> str:
    """Return what a sink writes to, in words that tell it from any other."""
    match sink:
        case AwsSecretsManager(region=region):
            return f"AWS Secrets Manager in {region}"
        case VaultKv2(address=address, mount=mount):
            return f"the mount {mount} of {address}"
        case Kubernetes(namespace=namespace, context=context):
            return f"the namespace {namespace} of {f'the context {context}' if context else 'the current cluster'}"
        case PrivateFiles(folder=folder):
            return f"the folder {folder.rstrip('/') or '/'}"


def is_legal(sink: SecretSink, name: str) -> bool:
    """Return whether a sink takes a name; only a stack's name can spoil one, the form itself was checked."""
    match sink:
        case AwsSecretsManager():
            return is_aws_name(name)
        case VaultKv2():
            return is_vault_path(name)
        case Kubernetes():
            return is_kubernetes_name(name)
        case PrivateFiles():
            return True


def _form_of(sink: SecretSink) -> str:
    match sink:
        case VaultKv2(path=form) | AwsSecretsManager(name=form) | Kubernetes(name=form):
            return form
        case PrivateFiles():
            return _FILE
