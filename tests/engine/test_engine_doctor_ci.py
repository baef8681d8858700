"""`tenantry doctor --ci`: which variables and files a workflow's step lacks."""

import subprocess

import pytest

from tenantry.engine.install.doctor_ci import examine_ci

ALL = {
    "STACK": "organization/owl/production",
    "PULUMI_BACKEND_URL": "s3://owl-state",
    "PULUMI_CONFIG_PASSPHRASE": "open sesame",
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "2" * 32,
}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "uv.lock").write_text("version = 1\n")
    (tmp_path / "Pulumi.production.yaml").write_text("encryptionsalt: v1:abc\n")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    return tmp_path


def levels(project, environ):
    return {finding.subject: finding.level for finding in examine_ci(project, environ)}


def test_a_step_that_has_everything_has_no_finding(project):
    assert set(levels(project, ALL).values()) == {"ok"}


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("STACK", "fail"),
        ("PULUMI_BACKEND_URL", "fail"),
        ("PULUMI_CONFIG_PASSPHRASE", "fail"),
        ("TWILIO_ACCOUNT_SID", "warn"),
        ("TWILIO_AUTH_TOKEN", "warn"),
    ],
)
def test_a_missing_variable_is_named(project, name, level):
    environ = {key: value for key, value in ALL.items() if key != name}
    wrong = {subject: found for subject, found in levels(project, environ).items() if found != "ok"}
    # Without the stack's name nobody knows which settings to read.
    assert wrong == {name: level}


def test_a_stack_without_a_passphrase_of_its_own_is_warned_of_alone(project):
    (project / "Pulumi.production.yaml").write_text("secretsprovider: awskms://alias/owl\n")
    environ = {key: value for key, value in ALL.items() if key != "PULUMI_CONFIG_PASSPHRASE"}
    assert levels(project, environ)["PULUMI_CONFIG_PASSPHRASE"] == "warn"


def test_pulumi_cloud_needs_its_token_and_no_address(project):
    environ = {key: value for key, value in ALL.items() if key != "PULUMI_BACKEND_URL"} | {
        "PULUMI_ACCESS_TOKEN": "pul-1"
    }
    assert set(levels(project, environ).values()) == {"ok"}


def test_a_lock_file_that_is_not_in_git_fails(project):
    subprocess.run(["git", "rm", "-q", "--cached", "uv.lock"], cwd=project, check=True)
    assert levels(project, ALL)["uv.lock"] == "fail"


def test_no_value_is_shown(project):
    text = " ".join(finding.text for finding in examine_ci(project, ALL))
    assert not [value for name, value in ALL.items() if name != "STACK" and value in text]
