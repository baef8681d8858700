"""`tenantry fake` as a process; what it refuses before it serves, in this one."""

import os
import pickle
import signal
import socket
import subprocess
import sys

import pytest
import requests
from click.testing import CliRunner

from faketwilio.store.saved import HEADER, save
from faketwilio.store.store import Store
from tenantry.cli.fake import fake
from tenantry.text.extra import tell_install

RUN = [sys.executable, "-c", "from tenantry.cli.fake import fake; fake()"]


@pytest.fixture
def start():
    running = []

    def _start(*arguments):
        process = subprocess.Popen(
            [*RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, process_group=0
        )
        running.append(process)
        return process

    yield _start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def refuse():
    """Run it with options that it refuses; return its exit code and its error, which is no traceback."""

    def run(*arguments):
        done = CliRunner().invoke(fake, arguments)
        assert (done.stdout, isinstance(done.exception, SystemExit)) == ("", True), done.output
        return done.exit_code, done.stderr

    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    yield run
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)  # it blocks signals before it listens


def _variables(process):
    lines = [process.stdout.readline() for _ in range(3)]
    assert all(line.startswith("export ") for line in lines), (lines, process.stderr.read())
    return dict(line.removeprefix("export ").strip().split("=", 1) for line in lines)


def test_it_prints_three_variables_that_work(start):
    variables = _variables(start("--seed", "5"))
    assert list(variables) == ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TENANTRY_TWILIO_URL"]
    auth = variables["TWILIO_ACCOUNT_SID"], variables["TWILIO_AUTH_TOKEN"]
    url = f"{variables['TENANTRY_TWILIO_URL']}/2010-04-01/Accounts.json"
    assert requests.get(url, auth=auth, headers={"Host": "api.twilio.com"}, timeout=120).status_code == 200


def test_the_same_seed_prints_the_same_credentials(start):
    first, second = (_variables(start("--seed", "5")) for _ in range(2))
    assert first["TWILIO_AUTH_TOKEN"] == second["TWILIO_AUTH_TOKEN"]
    assert first["TENANTRY_TWILIO_URL"] != second["TENANTRY_TWILIO_URL"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_on_a_signal(start, number):
    process = start("--latency-ms", "60000")
    _variables(process)
    os.kill(process.pid, number)
    out, error = process.communicate(timeout=120)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in error


def test_the_recipe_of_its_help_works_in_a_shell(tmp_path):
    code = "import sys; from tenantry.cli.fake import fake; fake(sys.argv[2:])"
    script = f"""
        tenantry() {{ exec '{sys.executable}' -c '{code}' "$@"; }}
        tenantry fake > fake.env &
        while [ ! -s fake.env ] && kill -0 $!; do sleep 0.1; done
        . ./fake.env
        echo $TWILIO_ACCOUNT_SID $TENANTRY_TWILIO_URL
        kill $!
        wait $!
    """
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    account_sid, url = done.stdout.split()
    assert (account_sid[:2], url[:17], done.returncode) == ("AC", "http://127.0.0.1:", 0)


def test_a_taken_port_is_said_in_one_line(refuse):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, error = refuse("--port", str(port))
    assert (code, f"127.0.0.1:{port}" in error, error.count("\n")) == (1, True, 1)


def test_switches_can_be_set_at_the_start(start):
    variables = _variables(start("--behaviour", "max_keys=0", "--behaviour", "alltime_reads_back=alltime"))
    switches = requests.get(f"{variables['TENANTRY_TWILIO_URL']}/_fake/behaviour", timeout=120).json()
    assert (switches["max_keys"], switches["alltime_reads_back"]) == (0, "alltime")


@pytest.mark.parametrize("setting", ["max_key=1", "max_keys=many", "max_keys", "max_keys=-1"])
def test_a_switch_that_is_none_is_said_and_nothing_starts(refuse, setting):
    code, error = refuse("--behaviour", setting)
    assert (code, "--behaviour" in error) == (2, True)


def test_hosts_can_be_mapped_to_this_machine_at_the_start(start):
    variables = _variables(start("--deliver", "hooks.owl.example=http://127.0.0.1:9000"))
    routes = requests.get(f"{variables['TENANTRY_TWILIO_URL']}/_fake/deliveries/routes", timeout=120).json()
    assert routes == {"hooks.owl.example": "http://127.0.0.1:9000"}


def _stop(process):
    os.kill(process.pid, signal.SIGTERM)
    _, error = process.communicate(timeout=120)
    assert process.returncode == 0, error


def test_with_a_state_it_goes_on_where_it_ended(start, tmp_path):
    state = tmp_path / "fake.state"
    first = start("--state", str(state))
    before = _variables(first)
    auth = before["TWILIO_ACCOUNT_SID"], before["TWILIO_AUTH_TOKEN"]
    url, headers = "{}/2010-04-01/Accounts.json", {"Host": "api.twilio.com"}
    record = requests.post(
        url.format(before["TENANTRY_TWILIO_URL"]),
        auth=auth,
        headers=headers,
        data={"FriendlyName": "Acme"},
        timeout=120,
    ).json()
    seeded = {"kind": "message", "account": record["sid"], "count": 3, "fields": {}}
    requests.post(f"{before['TENANTRY_TWILIO_URL']}/_fake/seed", json=seeded, timeout=120).raise_for_status()
    _stop(first)
    assert state.stat().st_mode & 0o777 == 0o600
    second = start("--state", str(state))
    after = _variables(second)
    assert (after["TWILIO_ACCOUNT_SID"], after["TWILIO_AUTH_TOKEN"]) == auth
    root = f"{after['TENANTRY_TWILIO_URL']}/2010-04-01/Accounts"
    assert requests.get(f"{root}/{record['sid']}.json", auth=auth, headers=headers, timeout=120).json() == record
    messages = requests.get(f"{root}/{record['sid']}/Messages.json", auth=auth, headers=headers, timeout=120).json()
    assert len(messages["messages"]) == 3


@pytest.mark.parametrize(
    "content", [b"", b"junk", HEADER, HEADER + b"junk", HEADER + pickle.dumps(os.system), HEADER + pickle.dumps({1})]
)
def test_a_file_that_is_no_state_is_left_alone(refuse, tmp_path, content):
    state = tmp_path / "fake.state"
    state.write_bytes(content)
    code, error = refuse("--state", str(state))
    assert (code, state.read_bytes(), str(state) in error) == (1, content, True)


def test_a_state_that_could_not_be_written_is_refused_before_anything_starts(refuse, tmp_path):
    code, error = refuse("--state", str(tmp_path / "nowhere" / "fake.state"), "--host", "203.0.113.1")
    assert (code, "could not be written" in error, error.count("\n")) == (1, True, 1)


def test_a_state_has_its_own_seed(refuse, tmp_path):
    state = tmp_path / "fake.state"
    save(Store(seed=5), state)
    code, error = refuse("--state", str(state), "--seed", "6")
    assert (code, "has its own seed" in error) == (2, True)


@pytest.mark.parametrize("route", ["hooks.owl.example", "hooks.owl.example=https://owl.example"])
def test_a_route_that_leaves_this_machine_is_said_and_nothing_starts(refuse, route):
    code, error = refuse("--deliver", route)
    assert (code, "--deliver" in error) == (2, True)


def test_an_address_that_is_not_ours_is_said_in_one_line(refuse):
    code, error = refuse("--host", "203.0.113.1")
    assert (code, "203.0.113.1" in error, error.count("\n")) == (1, True, 1)


def test_without_its_extra_it_says_what_to_install():
    code = "import sys; sys.modules['uvicorn'] = None; from tenantry.cli.fake import fake; fake()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"Error: The fake needs packages of an extra. {tell_install('fake')}"]
