"""A project with rules, to spoil."""

from collections.abc import Callable
from pathlib import Path

import pytest
from rule_cases import BASE, TODAY

from tenantry.policies.check import CheckResult, check_project

FILES = {
    "tenantry.yaml": (
        "format: 1\nwebhooks: https://hooks.owl.example/twilio\n"
        "permission_sets: {sender: [/twilio/messaging/messages/create]}\n"
    ),
    "plans/small.yaml": "labels: {tier: small}\n",
    "tenants/acme.yaml": BASE,
    "policies/config.yaml": "rules: {}\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Write a project that keeps to every rule, with files over it; one with None is left out."""

    def write(files: dict[str, str | None] | None = None) -> Path:
        for name, text in {**FILES, **(files or {})}.items():
            if text is not None:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        return tmp_path

    return write


@pytest.fixture
def judge(project: Callable[..., Path]) -> Callable[..., CheckResult]:
    """Check such a project."""
    return lambda files, stack=None: check_project(project(files), stack, TODAY)
