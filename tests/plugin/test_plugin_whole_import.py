"""Our providers are imported before a call for one of them begins, and only then."""

import pickle
import subprocess
import sys
from base64 import b64encode

import pytest

from tenantry.providers.usage_trigger import UsageTriggerProvider

CODE = """\
import sys
from types import SimpleNamespace
import grpc
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime.proto import provider_pb2
from tenantry.plugin.whole_import import WholeImport

is_there = lambda request, context: "tenantry.providers.usage_trigger" in sys.modules
handler = grpc.unary_unary_rpc_method_handler(is_there)
method = WholeImport().intercept_service(lambda details: handler, SimpleNamespace(method="any"))
request = getattr(provider_pb2, sys.argv[1])()
getattr(request, sys.argv[2]).update({PROVIDER_KEY: sys.argv[3]})
print(method.unary_unary(request, None))
"""
OURS = b64encode(pickle.dumps(UsageTriggerProvider())).decode()


@pytest.mark.parametrize(
    ("request_name", "bag", "saved", "is_imported"),
    [
        ("CheckRequest", "news", OURS, "True"),
        ("DiffRequest", "olds", OURS, "True"),
        ("DeleteRequest", "properties", OURS, "True"),
        ("CreateRequest", "properties", "bm90IG91cnM=", "False"),
    ],
)
def test_providers_are_there_before_a_call_for_one_of_them(request_name, bag, saved, is_imported):
    command = [sys.executable, "-c", CODE, request_name, bag, saved]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == is_imported
