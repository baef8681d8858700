"""Credentials that can't be right: a sentence to act on, and nothing is made."""

import socket

from e2e_project import WHOLE

UP = ("up", "--yes", "--skip-preview")


def test_impossible_credentials_are_explained_and_make_nothing(new_project, fake):
    project = new_project({"acme": WHOLE})
    missing = "TWILIO_AUTH_TOKEN is not set. Nothing was sent; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
    done = project.pulumi("preview")
    assert done.code == 0, done.output

    done = project.pulumi(*UP, TWILIO_AUTH_TOKEN=None)
    assert done.code != 0
    assert missing in done.output
    assert project.requests() == []

    done = project.tenantry("up", "--yes", TWILIO_AUTH_TOKEN="0" * 32)
    assert done.code == 1
    assert f"Reading account {fake.account_sid}: Twilio answered 401, error 20003" in done.output
    assert "Check the auth token" in done.output
    assert "Nothing was changed." in done.output
    assert "non-zero exit code" not in done.output
    assert {line[0] for line in project.requests()} == {"GET"}

    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    done = project.pulumi(*UP, TENANTRY_TWILIO_URL=nobody)
    assert done.code != 0
    assert f"Reading account {fake.account_sid}: " in done.output
    assert "connection refused" in done.output

    stack = f"stacks:\n  dev: {{parent: AC{'0' * 32}}}\n"
    (project.folder / "tenantry.yaml").write_text((project.folder / "tenantry.yaml").read_text() + stack)
    done = project.tenantry("preview")
    assert done.code == 1
    assert (
        f"TWILIO_ACCOUNT_SID is {fake.account_sid}, but this stack belongs to the parent account AC000" in done.output
    )
    assert "nothing was changed. Use that parent's credentials, or another stack" in done.output
    assert project.requests() == []
    assert project.accounts() == []
    assert "Traceback" not in done.output
