"""What single stores answer when something is wrong, and what is imported when."""

import subprocess
import sys

import pytest
from fake_vault import Entry
from sink_stores import FOREIGN, FilesStore, KubernetesStore, VaultStore, key_secret
from starlette.responses import HTMLResponse, JSONResponse

from tenantry.secret_sinks.errors import ConflictError, ForeignError, SinkError, UnreachableError
from tenantry.text.extra import tell_install

OPEN = "from tenantry.model.project import Project; from tenantry.secret_sinks.registry import open_sink; "
SETTINGS = {
    "boto3": {"type": "aws_secrets_manager", "region": "us-east-1", "name": "{tenant}/{key}"},
    "hvac": {"type": "vault_kv2", "address": "https://vault.example", "path": "{tenant}/{key}"},
    "kubernetes": {"type": "kubernetes", "namespace": "crm", "name": "{tenant}.{key}"},
}
EXTRAS = {"boto3": "aws", "hvac": "vault", "kubernetes": "kubernetes"}


@pytest.fixture
def vault(monkeypatch):
    store = VaultStore(monkeypatch)
    yield store
    store.fake.stop()


@pytest.fixture
def cluster(monkeypatch, tmp_path):
    store = KubernetesStore(monkeypatch, tmp_path)
    yield store
    store.fake.stop()


def run_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout


@pytest.mark.parametrize("package", SETTINGS)
def test_a_missing_extra_is_a_sentence_with_the_install_line(package):
    code = (
        f"import sys; sys.modules[{package!r}] = None; {OPEN}"
        f"project = Project.model_validate({{'format': 1, 'secret_sinks': {{'s': {SETTINGS[package]!r}}}}})\n"
        "try:\n    open_sink(project.secret_sinks['s'], None)\nexcept Exception as error:\n    print(error)"
    )
    sentence = f"The package {package} is not installed. {tell_install(EXTRAS[package])} Then run again."
    assert run_python(code).strip() == sentence


def test_no_client_is_imported_before_its_sink_is_opened():
    code = (
        f"import sys, tenantry.cli.secrets, tenantry.cli.up; print([m for m in {tuple(SETTINGS)} if m in sys.modules])"
    )
    assert run_python(code).strip() == "[]"


def test_an_expired_token_of_vault_is_told_at_once(vault, monkeypatch):
    monkeypatch.setenv("VAULT_TOKEN", "hvs.expired")
    with pytest.raises(UnreachableError, match=r"does not take the token: .*Renew it") as refused:
        vault.open()
    assert "hvs.expired" not in str(refused.value)


def test_without_a_token_vault_is_not_asked(vault, monkeypatch, tmp_path):
    monkeypatch.delenv("VAULT_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(UnreachableError, match="Set VAULT_TOKEN, or log in"):
        vault.open()
    assert vault.fake.answers == []


@pytest.mark.parametrize(("mount", "sentence"), [("old", "is no key-value engine of version 2"), ("none", "403")])
def test_a_wrong_mount_is_told_before_anything_is_written(vault, mount, sentence):
    vault.settings = vault.settings.model_copy(update={"mount": mount})
    with pytest.raises(SinkError, match=sentence):
        vault.open()
    assert vault.fake.entries == {}


def test_a_mount_that_demands_cas_is_written_to(vault):
    vault.fake.cas_required = True
    sink = vault.open()
    for generation in (1, 2):
        sink.put(vault.name(), key_secret(generation))
    assert sink.version(vault.name()).generation == 2


def test_other_custom_metadata_of_a_secret_stays(vault):
    sink = vault.open()
    sink.put(vault.name(), key_secret())
    vault.fake.entries[vault.name()].custom["owner"] = "crm team"
    sink.put(vault.name(), key_secret(2))
    assert vault.fake.entries[vault.name()].custom["owner"] == "crm team"


def test_a_version_that_was_deleted_is_put_again(vault):
    sink = vault.open()
    sink.put(vault.name(), key_secret())
    vault.fake.entries[vault.name()].deleted.add(1)
    assert not sink.version(vault.name()).is_whole
    sink.put(vault.name(), key_secret())
    assert sink.version(vault.name()).is_whole


def test_metadata_of_somebody_without_a_value_is_not_ours(vault):
    vault.fake.entries[vault.name()] = Entry(custom={"owner": "crm team"})
    with pytest.raises(ForeignError):
        vault.open().put(vault.name(), key_secret())


@pytest.mark.parametrize("answer", [HTMLResponse("<h1>Welcome</h1>"), JSONResponse([1]), JSONResponse({"data": None})])
def test_garbage_is_no_answer(vault, cluster, answer):
    sinks = vault.open(), cluster.open()
    for store, sink in zip((vault, cluster), sinks, strict=True):
        store.fake.answer = answer
        with pytest.raises(UnreachableError, match="did not answer like"):
            sink.version(store.name())


def test_an_expired_token_of_a_cluster_is_told(cluster):
    cluster.fake.answer = JSONResponse({"kind": "Status", "message": "Unauthorized"}, 401)
    with pytest.raises(UnreachableError, match="does not take the credentials: Unauthorized"):
        cluster.open().version(cluster.name())


def test_an_immutable_secret_is_left(cluster):
    sink = cluster.open()
    sink.put(cluster.name(), key_secret())
    cluster.fake.secrets[cluster.name()]["immutable"] = True
    with pytest.raises(SinkError, match=r"\(422\).*immutable"):
        sink.put(cluster.name(), key_secret(2))


def test_a_namespace_that_is_not_there_is_no_empty_one(cluster):
    cluster.settings = cluster.settings.model_copy(update={"namespace": "none"})
    with pytest.raises(SinkError, match="could not find the requested resource"):
        cluster.open().version(cluster.name())


def test_without_a_kubeconfig_no_cluster_is_known(cluster, monkeypatch, tmp_path):
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    with pytest.raises(UnreachableError, match="Set KUBECONFIG"):
        cluster.open()


def test_a_secret_that_changes_between_look_and_deletion_stays(cluster):
    sink = cluster.open()
    sink.put(cluster.name(), key_secret())
    cluster.interfere(sink, cluster.name(), FOREIGN)
    with pytest.raises(ConflictError):
        sink.delete(cluster.name(), key_secret().owner)
    assert cluster.value(cluster.name()) == FOREIGN


def test_a_file_whose_deletion_stopped_half_way_is_deleted_to_its_end(tmp_path):
    store = FilesStore(tmp_path)
    sink = store.open()
    sink.put(store.name(), key_secret())
    (store.folder / store.name()).unlink()
    assert not sink.version(store.name()).is_whole
    sink.delete(store.name(), key_secret().owner)
    assert sink.version(store.name()) is None
    assert not list(store.folder.iterdir())
