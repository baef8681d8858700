"""The pytest plugin in other people's tests; each test here runs pytest on a small test of theirs."""

import subprocess
import sys

import pytest

from faketwilio.client import client_of

pytest_plugins = ["pytester"]
PLUGIN = ("-p", "faketwilio.pytest_plugin", "-p", "no:cacheprovider")


@pytest.fixture
def theirs(pytester):
    """Runs their test with the plugin; answers how many passed, failed and so on."""

    def _run(source, *arguments):
        pytester.makepyfile(source)
        return pytester.runpytest_inprocess(*PLUGIN, *arguments)

    return _run


def test_each_test_gets_a_twilio_of_its_own_and_the_sdk(theirs):
    result = theirs(
        """
        import pytest

        @pytest.mark.parametrize("name", ["first", "second"])
        def test_a_customer_gets_an_account(fake_twilio, fake_twilio_client, name):
            fake_twilio_client.api.v2010.accounts.create(friendly_name=name)
            accounts = fake_twilio_client.api.v2010.accounts.list()
            assert [account.friendly_name for account in accounts] == [name, "My first Twilio account"]
            assert accounts[1].sid == fake_twilio.account_sid
        """
    )
    result.assert_outcomes(passed=2)


def test_the_same_seed_is_the_same_twilio_in_each_test(theirs):
    result = theirs(
        """
        import pytest
        seen = []

        def test_a(fake_twilio): seen.append(fake_twilio.account_sid)
        def test_b(fake_twilio): seen.append(fake_twilio.account_sid)
        @pytest.mark.fake_twilio(seed=2)
        def test_c(fake_twilio): seen.append(fake_twilio.account_sid)
        def test_d(): assert seen[0] == seen[1] != seen[2]
        """
    )
    result.assert_outcomes(passed=4)


READS_SWITCHES = """
def test_it(fake_twilio):
    behaviour = fake_twilio.store.behaviour
    print("switches", behaviour.max_keys, behaviour.max_sinks)
"""


@pytest.mark.parametrize(
    ("arguments", "ini", "seen"),
    [
        ([], "", "switches 1000 100"),
        (["--fake-twilio-behaviour", "max_keys=3", "--fake-twilio-behaviour", "max_sinks=4"], "", "switches 3 4"),
        ([], "max_keys=5\n    max_sinks=6", "switches 5 6"),
        (["--fake-twilio-behaviour", "max_keys=7"], "max_keys=5\n    max_sinks=6", "switches 7 6"),
    ],
    ids=["none", "options", "ini", "both"],
)
def test_switches_come_from_the_ini_file_and_the_command_line(theirs, pytester, arguments, ini, seen):
    pytester.makeini(f"[pytest]\nfake_twilio_behaviour =\n    {ini}\n")
    theirs(READS_SWITCHES, "-s", *arguments).stdout.fnmatch_lines([f"*{seen}*"])


def test_a_marker_sets_switches_for_one_test(theirs):
    result = theirs(
        f"import pytest\npytestmark = pytest.mark.fake_twilio(max_keys=1)\n{READS_SWITCHES}", "-s", "--strict-markers"
    )
    result.stdout.fnmatch_lines(["*switches 1 100*"])


@pytest.mark.parametrize("setting", ["max_kys=1", "max_keys=many"])
def test_a_switch_that_is_none_ends_the_run_before_it_begins(theirs, setting):
    result = theirs(READS_SWITCHES, "--fake-twilio-behaviour", setting)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*the fake Twilio can't start so: *"])


def test_nobody_who_did_not_ask_gets_the_fixtures(pytester):
    pytester.makepyfile(READS_SWITCHES)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(errors=1)


def test_the_plugin_needs_neither_pulumi_nor_twilios_sdk():
    code = "import sys, faketwilio.pytest_plugin; print({'pulumi', 'twilio', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "set()\n", done.stderr


def test_the_sdk_with_retries_meets_them_at_the_fake(fake, wire):
    """The SDK mounts its retries on https:// only, so a fake on http:// would not see them."""
    client = client_of(fake, max_retries=2)
    wire.fake_control("POST", "/faults", {"mode": "429", "method": "GET", "times": 2, "retry_after": 0})
    assert len(client.api.v2010.accounts.list()) == 1
    client.http_client.session.close()


def test_regions_and_proxies_of_the_environment_do_not_lead_away(fake, monkeypatch):
    for variable, value in (("TWILIO_EDGE", "dublin"), ("TWILIO_REGION", "ie1"), ("HTTP_PROXY", "http://127.0.0.1:9")):
        monkeypatch.setenv(variable, value)
    client = client_of(fake)
    assert client.api.v2010.accounts(fake.account_sid).fetch().status == "active"
    client.http_client.session.close()
