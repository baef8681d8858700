"""Manifests that a command hands to the program of its preview."""

import sys

import pytest

from tenantry.manifest.handed import Manifests, hand_manifests, handed_manifests
from tenantry.manifest.load import load_or_refuse
from tenantry.manifest.read_variable import READ_VARIABLE


@pytest.fixture
def handed_project(tmp_path):
    """Hand over the manifests of a project; return what they were, and the environment of its program."""
    (tmp_path / "tenants").mkdir()
    (tmp_path / "tenantry.yaml").write_text("format: 1\nwebhooks: https://hooks.owl.example\n")
    sms = "usage_triggers: {sms: {usage_category: sms, trigger_value: 10, callback_url: /usage}}\n"
    (tmp_path / "tenants" / "acme.yaml").write_text(f"tenant: acme\nname: Acme\n{sms}")
    loaded, file = load_or_refuse(tmp_path, "dev"), tmp_path / "manifests"
    manifests = Manifests(loaded.stack, loaded.tenants)
    hand_manifests(file, tmp_path, "owl/crm/dev", manifests)
    return manifests, {READ_VARIABLE: str(file)}


def test_a_program_gets_what_its_command_has_read(handed_project, tmp_path):
    manifests, environ = handed_project
    assert handed_manifests(environ, tmp_path, "dev") == manifests


def test_another_stack_or_folder_gets_nothing(handed_project, tmp_path):
    _, environ = handed_project
    assert handed_manifests(environ, tmp_path, "prod") is None
    assert handed_manifests(environ, tmp_path / "tenants", "dev") is None


def test_a_program_of_another_python_gets_nothing(handed_project, tmp_path, monkeypatch):
    _, environ = handed_project
    monkeypatch.setattr(sys, "version", "another")
    assert handed_manifests(environ, tmp_path, "dev") is None


def test_nothing_is_handed_before_it_is_read_nor_by_plain_pulumi(tmp_path):
    assert handed_manifests({READ_VARIABLE: str(tmp_path / "manifests")}, tmp_path, "dev") is None
    assert handed_manifests({}, tmp_path, "dev") is None
