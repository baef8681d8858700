"""Plugin processes whose parent was killed: what they still wait for is not sent any more."""

import os
import subprocess
import sys
import threading
import time

import grpc
import pytest
from provider_plugin import bag
from provider_samples import SUBACCOUNT
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process ends within a second, not at once")
def test_a_waiting_post_is_not_sent_after_the_parent_process_ended(twilio):
    """The plugin's parent is killed while a create waits for its next try after a 429."""
    with _start(PARENT_OF_PLUGIN, twilio) as parent:
        port = int(parent.stdout.readline())
        twilio.fail("429", "POST", retry_after=1)
        ended = []
        creating = threading.Thread(target=lambda: ended.append(_create(port)))
        creating.start()
        _until(lambda: twilio.list_requests("POST"))
        parent.kill()
        creating.join(20)
    assert ended == [grpc.StatusCode.UNAVAILABLE]  # the process is gone, and with it the second try
    assert len(twilio.list_requests("POST")) == 1
    assert twilio.accounts() == []


def test_a_post_is_refused_by_a_process_that_outlived_its_parent(twilio, tmp_path):
    """Where the system does not end it at once, each POST looks first."""
    text = tmp_path / "told"
    with _start(PARENT_OF_ORPHAN, twilio, ORPHAN, str(text)) as parent:
        parent.wait(120)
    _until(lambda: text.exists() and text.read_text().endswith("."))
    assert "the process that we work for has ended. Nothing was sent; run again." in text.read_text()
    assert twilio.writes() == []


PARENT_OF_PLUGIN = """
import subprocess, sys, time
plugin = subprocess.Popen([sys.executable, "-u", "-m", "tenantry.plugin.server", "127.0.0.1:0"], stdout=subprocess.PIPE)
print(int(plugin.stdout.readline()), flush=True)
time.sleep(600)
"""
PARENT_OF_ORPHAN = """
import subprocess, sys
orphan = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]], stdout=subprocess.PIPE)
orphan.stdout.readline()
"""
ORPHAN = """
import os, pathlib, sys, time
from tenantry.providers.subaccount import SubaccountProvider
parent = os.getppid()
print(flush=True)
while os.getppid() == parent:
    time.sleep(0.01)
try:
    SubaccountProvider().create({"slug": "acme", "friendly_name": "Acme (acme)"})
except Exception as error:
    pathlib.Path(sys.argv[1]).write_text(str(error))
"""


def _start(program, twilio, *arguments):
    shell = {
        "TWILIO_ACCOUNT_SID": twilio.parent,
        "TWILIO_AUTH_TOKEN": twilio.token,
        "TENANTRY_TWILIO_URL": twilio.url,
    }
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments], env={**os.environ, **shell}, stdout=subprocess.PIPE
    )


def _create(port):
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        try:
            stub.Create(pb.CreateRequest(properties=bag("subaccount", SUBACCOUNT)))
        except grpc.RpcError as error:
            return error.code()


def _until(true, seconds=20.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
