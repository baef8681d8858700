"""What the page about deployment shows is what systemd, a container and Kubernetes take."""

import json
import shlex
import shutil
import subprocess

import pytest
import yaml
from docs_text import ROOT, blocks

from tenantry.cli.serve import serve
from tenantry.receiver import settings

PAGE = ROOT / "docs" / "deployment.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = {}
for _block in blocks(PAGE, TEXT):
    BLOCKS.setdefault(_block.words[0], []).append(_block.text)
MANIFESTS = [yaml.safe_load(text) for text in BLOCKS["yaml"]]


def kubernetes_client():
    from kubernetes.client import ApiClient  # half a second, which only the worker needs that comes here

    return ApiClient()


def find_lost(written, kept, place=""):
    """Yield what the client of Kubernetes does not know of a manifest, or reads as something else."""
    if isinstance(written, dict):
        for name, value in written.items():
            yield from find_lost(
                value, kept.get(name, "unknown") if isinstance(kept, dict) else None, f"{place}.{name}"
            )
    elif isinstance(written, list):
        for number, value in enumerate(written):
            yield from find_lost(value, kept[number], f"{place}[{number}]")
    elif written != kept:
        yield f"{place}: {written} is read as {kept}"


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest["kind"])
def test_kubernetes_knows_every_field(manifest):
    client = kubernetes_client()
    read = client.deserialize(json.dumps(manifest), f"V1{manifest['kind']}", "application/json")
    assert list(find_lost(manifest, client.sanitize_for_serialization(read))) == []


def test_an_unknown_field_is_found():
    client = kubernetes_client()
    manifest = {"spec": {"selecter": {}, "type": "ClusterIP"}, "metadata": {"nam": "x"}}
    read = client.deserialize(json.dumps(manifest), "V1Service", "application/json")
    assert list(find_lost(manifest, client.sanitize_for_serialization(read))) == [".metadata.nam: x is read as unknown"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_takes_the_unit(tmp_path):
    unit = tmp_path / "tenantry.service"
    unit.write_text(BLOCKS["ini"][0].replace("/opt/tenantry/bin/tenantry", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_commands_of_unit_and_container_have_options_that_exist():
    [start] = [line.partition("=")[2] for line in BLOCKS["ini"][0].splitlines() if line.startswith("ExecStart=")]
    [run] = [line.removeprefix("CMD ") for line in BLOCKS["dockerfile"][0].splitlines() if line.startswith("CMD ")]
    for words in (shlex.split(start), json.loads(run)):
        assert words[1] == "serve"
        assert serve.make_context("serve", words[2:]).params["port"] == 8600


def test_every_variable_of_the_receiver_is_on_the_page():
    names = {value for name, value in vars(settings).items() if name.isupper() and isinstance(value, str)}
    names -= {settings.PROJECT}  # the folder, which `-C` or the working directory says
    assert {name for name in names if f"`{name}`" not in TEXT} == set()
