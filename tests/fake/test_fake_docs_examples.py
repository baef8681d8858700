"""The examples of docs/fake.md run as they stand there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from faketwilio.server import FakeTwilio
from faketwilio.store.store import Store

PAGE = (Path(__file__).parents[2] / "docs" / "fake.md").read_text(encoding="utf-8")
TOOLS = Path(sys.executable).parent  # where the command `tenantry` is
WITHIN = 120  # seconds
pytest_plugins = ["pytester"]

ASKS_ONE = """
const https = require("https");
const auth = `${process.env.TWILIO_ACCOUNT_SID}:${process.env.TWILIO_AUTH_TOKEN}`;
const url = { hostname: "api.twilio.com", path: "/2010-04-01/Accounts.json", auth };
https.request(url, (answer) => answer.pipe(process.stdout)).end();
"""


def _blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def _block(language, sign):
    (found,) = [block for block in _blocks(language) if sign in block]
    return found


@pytest.fixture
def environment():
    """The variables that `tenantry fake` prints, of a fake that runs."""
    with FakeTwilio(Store(seed=1)) as fake:
        yield os.environ | {
            "TWILIO_ACCOUNT_SID": fake.account_sid,
            "TWILIO_AUTH_TOKEN": fake.auth_token,
            "TENANTRY_TWILIO_URL": fake.url,
            "no_proxy": "*",
        }


def test_the_example_in_python_runs(tmp_path):
    file = tmp_path / "example.py"
    file.write_text(_block("python", "with FakeTwilio("), encoding="utf-8")
    done = subprocess.run([sys.executable, file], cwd=tmp_path, capture_output=True, text=True, timeout=WITHIN)
    assert done.returncode == 0, done.stderr


def test_the_example_for_pytest_passes(pytester):
    pytester.makeconftest(_block("python", "pytest_plugins"))
    pytester.makepyfile(_block("python", "def test_a_customer_gets_an_account"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "--strict-markers").assert_outcomes(passed=2)


def test_the_recipe_for_a_shell_leads_to_a_fake(tmp_path):
    start = _block("sh", "tenantry fake > fake.env").replace("kill $!  ", "echo $TENANTRY_TWILIO_URL\nkill $!  ")
    done = subprocess.run(
        ["sh", "-c", start],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{TOOLS}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", done.stdout), done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_examples_for_curl_are_answered(environment):
    for line in _block("sh", "curl -u").splitlines():
        done = subprocess.run(
            ["sh", "-c", line.replace("curl ", "curl -sS --fail-with-body ", 1)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=WITHIN,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_the_file_for_node_leads_what_is_for_twilio_to_the_fake(tmp_path, environment):
    (tmp_path / "fake-twilio.js").write_text(_block("js", "https.request ="), encoding="utf-8")
    done = subprocess.run(
        ["node", "--require", "./fake-twilio.js", "-e", ASKS_ONE],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN,
    )
    assert '"friendly_name":"My first Twilio account"' in done.stdout, done.stderr


def test_the_container_starts_the_fake_as_the_page_says():
    """No image is built here; what it runs is what the other tests run."""
    lines = (Path(__file__).parents[2] / "tools" / "fake" / "Dockerfile").read_text(encoding="utf-8").splitlines()
    entry = next(line for line in lines if line.startswith("ENTRYPOINT "))
    assert entry == 'ENTRYPOINT ["/app/.venv/bin/tenantry", "fake", "--host", "0.0.0.0", "--port", "8080"]'
    assert "USER 10001" in lines
    for line in _block("sh", "docker build").splitlines():
        assert f"#   {line}" in lines
