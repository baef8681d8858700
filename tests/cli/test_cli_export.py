"""`tenantry export` on a real stack: Pulumi's CLI, a state that was imported into it, and manifests beside it."""

import json
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tenantry.cli import main
from tenantry.engine.install.find import NoEngineError, find_engine
from tenantry.engine.run.backend import local_backend
from tenantry.engine.run.command import Project, export_state, run_plain, select_stack
from tenantry.twilio.credentials import credentials_from
from tenantry.twilio.errors import CredentialsMissing

PARENT, ACCOUNT, ELM = "AC" + "f" * 32, "AC" + "a" * 32, "AC" + "e" * 32
WEB_1, WEB_2, SENDER = (f"SK{number:032x}" for number in (1, 2, 3))
PLANTED = "plAntedSecretOfThisTest"
RUN = "urn:pulumi:dev::tenantry::"
PULUMI_YAML = "name: tenantry\nruntime: python\n"
ACME = 'tenant: acme\nname: "Acme, Dental"\nplan: medium\nstate: active\nlabels: {crm_id: "=0012x"}\n'


def save_resource(kind: str, name: str, id_: str, **outputs: Any) -> dict[str, Any]:
    token = f"pulumi-python:dynamic/twilio:{kind}"
    return {"urn": f"{RUN}{token}::{name}", "custom": True, "id": id_, "type": token, "outputs": outputs}


def secret(value: str) -> dict[str, str]:
    mark = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
    return {**mark, "plaintext": json.dumps(value)}


RESOURCES = [
    save_resource("Fleet", "fleet", "fleet", account_sid=PARENT),
    save_resource("Subaccount", "acme", ACCOUNT, slug="acme", status="active"),
    save_resource("ApiKey", "acme/api_key/web-1", WEB_1, account_sid=ACCOUNT),
    save_resource("ApiKey", "acme/api_key/web-2", WEB_2, account_sid=ACCOUNT, secret=secret(PLANTED)),
    save_resource(
        "ApiKey", "acme/api_key/sender-1", SENDER, account_sid=ACCOUNT, policy=["/a"], secret=secret(PLANTED)
    ),
    save_resource(
        "Retention", "acme/retention", "r", account_sid=ACCOUNT, per_request={"content_retention": "discard"}
    ),
    save_resource("Subaccount", "elm", ELM, slug="elm", status="closed"),
]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the stack `dev`, which has a state, the stack `empty`, and no stack that is selected."""
    folder = tmp_path_factory.mktemp("export")
    try:
        engine = find_engine(os.environ, install=None)
    except NoEngineError as problem:
        pytest.fail(f"this test needs a real engine: {problem}", pytrace=False)
    (folder / "Pulumi.yaml").write_text(PULUMI_YAML)
    (folder / "tenantry.yaml").write_text("format: 1\n")
    (folder / "plans").mkdir()
    (folder / "plans" / "medium.yaml").write_text("labels: {tier: medium}\n")
    (folder / "tenants").mkdir()
    (folder / "tenants" / "acme.yaml").write_text(ACME)
    (folder / "tenants" / "birch.yaml").write_text("tenant: birch\nname: Birch\n")
    environ = {**os.environ, **local_backend(folder / "backend")}
    for name in ("empty", "dev"):
        select_stack(Project(folder, name, engine, environ))
    project = Project(folder, "dev", engine, environ)
    document = export_state(project)  # it says how this stack encrypts, without which an import of secrets panics
    document["deployment"]["resources"] = RESOURCES
    (folder / "state.json").write_text(json.dumps(document))
    run_plain(project, "stack", "import", "--file", "state.json")
    run_plain(project, "stack", "unselect")
    return project


@pytest.fixture
def export(stack: Project) -> Iterator[Any]:
    """Run `tenantry export` in the project: `export("--only", "acme")`; on another stack with `stack=…`."""

    def run(*arguments: str, stack_name: str | None = "dev", **environ: str) -> Result:
        chosen = ["--stack", stack_name] if stack_name else []
        command = ["export", "-C", str(stack.folder), *chosen, *arguments]
        return CliRunner(env={**stack.environ, **environ}).invoke(main, command)

    return run


def test_every_tenant_of_the_stack_is_exported_as_json(export):
    ran = export()
    document = json.loads(ran.stdout)
    assert (ran.exit_code, document["stack"], document["parent"]) == (0, "dev", PARENT)
    assert [(tenant["tenant"], tenant["managed"], tenant["account_sid"]) for tenant in document["tenants"]] == [
        ("acme", True, ACCOUNT),
        ("birch", True, None),
        ("elm", False, ELM),
    ]
    assert document["tenants"][0]["labels"] == {"crm_id": "=0012x", "tier": "medium"}


def test_a_tenant_that_was_not_applied_is_a_warning_on_stderr(export):
    assert export().stderr == "warning: birch: without an account until `tenantry up` has made it\n"
    assert export("--only", "acme").stderr == ""


def test_the_stack_may_come_from_the_environment_as_with_every_command(export):
    assert json.loads(export(stack_name=None, PULUMI_STACK="dev").stdout)["stack"] == "dev"


def test_csv_is_for_spreadsheets(export):
    header, *lines = export("--only", "acme", "--format", "csv").stdout.splitlines()
    assert header.endswith(",label.crm_id,label.tier")
    assert [line.split(",")[-6:] for line in lines] == [
        [SENDER, "true", "", "", "'=0012x", "medium"],
        [WEB_2, "true", "", "", "'=0012x", "medium"],
    ]


def test_secrets_go_to_private_files_and_nowhere_else(export, tmp_path):
    folder = tmp_path / "secrets"
    ran = export("--secrets-to", str(folder))
    assert ran.exit_code == 0
    assert {path.name: json.loads(path.read_text())["apiKeySecret"] for path in folder.iterdir()} == {
        "acme.sender.1.json": PLANTED,
        "acme.web.2.json": PLANTED,
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert PLANTED not in ran.output
    assert f"warning: acme web#1 ({WEB_1}): no file, because the secret is unknown" in ran.stderr


def test_with_secrets_the_answer_is_the_same_as_without(export, tmp_path):
    assert export("--secrets-to", str(tmp_path / "secrets")).stdout_bytes == export().stdout_bytes


def test_env_can_be_read_by_a_shell(export, tmp_path):
    folder = tmp_path / "my secrets"
    ran = export("--only", "acme", "--format", "env", "--key", "web", "--secrets-to", str(folder))
    script = ran.stdout + 'cat "$TWILIO_API_KEY_SECRET_FILE"; echo "$TWILIO_API_KEY $TWILIO_CONTENT_RETENTION"'
    output = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True).stdout
    assert PLANTED in output
    assert output.endswith(f"{WEB_2} discard\n")
    assert PLANTED not in ran.output


def test_a_wrong_format_env_writes_no_secret(export, tmp_path):
    ran = export("--format", "env", "--secrets-to", str(tmp_path / "secrets"))
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert not (tmp_path / "secrets").exists()


def test_a_shared_folder_is_refused(export, tmp_path):
    tmp_path.chmod(0o755)
    ran = export("--secrets-to", str(tmp_path))
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "is open to others (mode 0755); no secret was written" in ran.stderr


def test_a_folder_where_git_would_see_the_secrets_is_refused_unless_told(export, tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    folder = tmp_path / "secrets"
    ran = export("--secrets-to", str(folder))
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "where git would see secrets/" in ran.stderr
    assert f"write /secrets/ into {tmp_path}/.gitignore; --even-in-git writes it nevertheless" in ran.stderr
    assert not folder.exists()
    assert export("--secrets-to", str(folder), "--even-in-git").exit_code == 0
    assert len(list(folder.iterdir())) == 2
    (tmp_path / ".gitignore").write_text("/secrets/\n")
    assert export("--secrets-to", str(folder)).exit_code == 0


def test_an_exported_tenant_is_not_taken_for_the_parent(export):
    exported = dict(
        line.split("=", 1) for line in export("--only", "acme", "--format", "env", "--key", "web").stdout.split()
    )
    with pytest.raises(CredentialsMissing) as refused:
        credentials_from({**exported, "TWILIO_AUTH_TOKEN": "0" * 32})
    assert f"TWILIO_ACCOUNT_SID is {ACCOUNT}, a tenant's account from `tenantry export --format env`" in str(
        refused.value
    )
    assert credentials_from({**exported, "TWILIO_AUTH_TOKEN": "0" * 32, "TWILIO_ACCOUNT_SID": PARENT})


def test_several_tenants_can_be_named(export):
    ran = export("--only", "elm", "--only", "acme,birch")
    assert [tenant["tenant"] for tenant in json.loads(ran.stdout)["tenants"]] == ["acme", "birch", "elm"]


@pytest.mark.parametrize(
    ("arguments", "stack_name", "sentence"),
    [
        ((), None, "Name a stack with --stack, or choose one with `pulumi stack select`"),
        ((), "empty", "The stack 'empty' holds nothing yet"),
        ((), "nosuch", "no stack named 'nosuch' found"),
        (("--only", "acmee"), "dev", "did you mean 'acme'?"),
        (("--key", "web"), "dev", "--key is for --format env"),
    ],
)
def test_what_can_not_be_done_is_said_with_the_next_step(export, arguments, stack_name, sentence):
    ran = export(*arguments, stack_name=stack_name)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert sentence in ran.stderr


def test_a_wrong_passphrase_is_told_and_nothing_is_written(export, tmp_path):
    ran = export("--secrets-to", str(tmp_path / "secrets"), PULUMI_CONFIG_PASSPHRASE="wrong")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "incorrect passphrase" in ran.stderr
    assert not (tmp_path / "secrets").exists()


def test_without_secrets_no_passphrase_is_needed(export):
    assert export("--only", "acme", PULUMI_CONFIG_PASSPHRASE="wrong").exit_code == 0


def test_a_broken_manifest_is_told_before_anything_is_exported(export, stack):
    broken = Path(stack.folder, "tenants", "zoo.yaml")
    broken.write_text("tenant: zoo\n")
    try:
        ran = export()
    finally:
        broken.unlink()
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "tenants/zoo.yaml:1:1: the key 'name' is missing" in ran.stderr
