"""What a command says where Pulumi can't even start."""

from pathlib import Path

import pytest

from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import CommandError, Project
from tenantry.operations.errors import StoppedError
from tenantry.operations.stack.run import find_way_out, stop_on_errors

PROJECT = Project(Path("/owl"), "dev", Engine(Path("/cache/pulumi"), "v3.259.0", "cache"), {})


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("error: no stack named 'dev' found", "Make it with `/cache/pulumi stack init dev` in /owl"),
        ("error: the stack is currently locked by 1 lock(s)", "`/cache/pulumi cancel --yes --stack dev` in /owl"),
        (
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive",
            "Run `/cache/pulumi login`, or set",
        ),
        (
            "get stack secrets manager: incorrect passphrase",
            "Set PULUMI_CONFIG_PASSPHRASE to the passphrase of dev",
        ),
    ],
)
def test_pulumis_own_words_are_followed_by_what_to_do(text, way):
    assert way in find_way_out(PROJECT, text)


def test_of_what_we_do_not_know_the_doctor_is_asked():
    assert find_way_out(PROJECT, "organization name") == ""
    with pytest.raises(StoppedError) as stopped, stop_on_errors(PROJECT):
        raise CommandError("`pulumi preview` failed: error: organization name must be 'organization'")
    assert "must be 'organization'\nNothing was begun. `tenantry doctor` looks at" in str(stopped.value)
