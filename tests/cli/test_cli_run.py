"""What a command says where Pulumi can't even start."""

from pathlib import Path

import pytest

from tenantry.cli.run import beginning, way_out
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import CommandError, Project

PROJECT = Project(Path("/owl"), "dev", Engine(Path("/cache/pulumi"), "v3.259.0", "cache"), {})


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("error: no stack named 'dev' found", "Make it with `/cache/pulumi stack init dev` in /owl"),
        ("error: the stack is currently locked by 1 lock(s)", "`/cache/pulumi cancel --yes --stack dev` in /owl"),
        (
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive",
            "Run `/cache/pulumi login`, or set",
        ),
        (
            "get stack secrets manager: incorrect passphrase",
            "Set PULUMI_CONFIG_PASSPHRASE to that with which dev was made",
        ),
    ],
)
def test_pulumis_own_words_are_followed_by_what_to_do(said, way):
    assert way in way_out(PROJECT, said)


def test_of_what_we_do_not_know_the_doctor_is_asked(capsys):
    assert way_out(PROJECT, "organization name") == ""
    with pytest.raises(SystemExit) as ended, beginning(PROJECT):
        raise CommandError("`pulumi preview` failed: error: organization name must be 'organization'")
    assert ended.value.code == 1
    assert "must be 'organization'\nNothing was begun. `tenantry doctor` looks at" in capsys.readouterr().err
