"""Keys that arrive: `up` delivers what it made, to sinks that run beside it, and nothing else learns a secret."""

import json
import shutil
from dataclasses import replace

import pytest
from e2e_leaks import leaks, watch
from e2e_project import SETTINGS, WHOLE, secrets_of
from fake_kubernetes import TOKEN as CLUSTER_TOKEN
from fake_kubernetes import FakeKubernetes
from fake_vault import TOKEN as VAULT_TOKEN
from fake_vault import FakeVault

UP = ("up", "--yes", "--format", "json")
LOUD = {"TENANTRY_UNPATCHED": "debug-messages", "PULUMI_OPTION_DEBUG": "true"}
KEYS = WHOLE.replace("web: {access: standard}", "web: {access: standard, deliver_to: [disk, lab, cluster]}")
ROTATED = KEYS.replace("access: standard,", "access: standard, generations: [1, 2],")


@pytest.fixture
def vault():
    fake = FakeVault()
    yield fake
    fake.stop()


@pytest.fixture
def cluster():
    fake = FakeKubernetes()
    yield fake
    fake.stop()


@pytest.fixture
def delivery_project(stack_project, vault, cluster):
    """A deployed project in which one key goes to three sinks from now on."""
    folder = stack_project.folder
    (folder / "tenantry.yaml").write_text(
        f"{SETTINGS}secret_sinks:\n"
        f"  disk: {{type: private_files, folder: {folder}/delivered}}\n"
        f'  lab: {{type: vault_kv2, address: "{vault.url}", path: "twilio/{{stack}}/{{tenant}}/{{key}}"}}\n'
        '  cluster: {type: kubernetes, namespace: crm, name: "twilio.{tenant}.{key}"}\n'
    )
    users = [{"name": "ci", "user": {"token": CLUSTER_TOKEN}}]
    contexts = [{"name": "fake", "context": {"cluster": "fake", "user": "ci"}}]
    clusters = [{"name": "fake", "cluster": {"server": cluster.url}}]
    config = {"clusters": clusters, "users": users, "contexts": contexts, "current-context": "fake"}
    (folder / "kubeconfig").write_text(json.dumps({"apiVersion": "v1", "kind": "Config", **config}))
    environ = {**stack_project.environ, "VAULT_TOKEN": VAULT_TOKEN, "KUBECONFIG": str(folder / "kubeconfig")}
    return watch(replace(stack_project, environ=environ))


def report_of(done):
    return json.loads(done.output[done.output.index("{") : done.output.rindex("}") + 1])


def statuses(report):
    return {(delivery["sink"], delivery["sink_generation"]): delivery["status"] for delivery in report["deliveries"]}


def test_up_delivers_and_no_command_tells_a_secret(delivery_project, vault, cluster):
    project = delivery_project.project
    project.write("acme", KEYS)
    first = delivery_project.tenantry(*UP)
    assert first.code == 0, first.output
    assert set(statuses(report_of(first)["secrets"]).values()) == {"delivered"}
    project.write("acme", ROTATED)
    second = delivery_project.tenantry("up", "--yes", **LOUD)
    assert (second.code, "Secrets: 3 deliveries of the current generation: 3 delivered." in second.output) == (0, True)
    value = json.loads((project.folder / "delivered" / "acme" / "web.json").read_text())
    assert vault.entries["twilio/dev/acme/web"].versions[-1] == value
    assert value["apiKeySecret"] in secrets_of(project.fake.store)
    check = delivery_project.tenantry("secrets", "--check", "--format", "json", **LOUD)
    assert check.code == 0, check.output
    assert len(leaks({"file": json.dumps(value).encode()}, secrets_of(project.fake.store))) == 1
    shutil.rmtree(project.folder / "delivered")
    assert delivery_project.tenantry("secrets", "--check", **LOUD).code == 2
    assert delivery_project.leaks() == []
    assert delivery_project.list_leftovers() == []


def test_a_sink_that_is_down_fails_the_run_and_stops_no_other(delivery_project, vault):
    delivery_project.project.write("acme", KEYS)
    vault.stop()
    done = delivery_project.tenantry(*UP)
    report = report_of(done)
    assert (done.code, report["result"]) == (1, "failed")
    assert statuses(report["secrets"]) == {
        ("disk", 1): "delivered",
        ("lab", None): "failed",
        ("cluster", 1): "delivered",
    }
    assert delivery_project.leaks() == [
        f"delivered/acme/web.json ({secret[:4]}…)" for secret in delivered_secrets(delivery_project)
    ]


def delivered_secrets(delivery_project):
    return [
        json.loads((delivery_project.project.folder / "delivered" / "acme" / "web.json").read_text())["apiKeySecret"]
    ]
