"""What a receiver refuses before it listens: what it could only fail with later."""

import os
import socket
import subprocess
import sys

import pytest
from test_receiver_commands import run


@pytest.mark.parametrize("secret", ["abc", "whsec_", "whsec_YWJj", "whsec_not base64", "a-b_" * 12])
def test_a_secret_of_notices_that_is_too_short_is_refused(world, secret):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(world), "environ", {**world.environ, "NOTICES_SECRET": secret})
        done = run(world, "sweep")
    assert (done.exit_code, "NOTICES_SECRET holds no secret" in done.output) == (1, True)


def test_on_a_port_that_is_taken_it_never_says_that_it_receives(world):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "tenantry.cli", "serve", "--port", str(taken.getsockname()[1])]
        environ = {**os.environ, **world.environ}
        done = subprocess.run(command, cwd=world.folder, env=environ, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "Receiving" in done.stderr, "already in use" in done.stderr) == (1, False, True)
