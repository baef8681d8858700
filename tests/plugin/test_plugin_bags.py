"""Property bags are read as the SDK reads them, and written as they were read."""

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import PROVIDER_KEY
from pulumi.runtime import rpc

from tenantry.plugin import bags

SECRET = {rpc._special_sig_key: rpc._special_secret_sig, "value": "hunter2"}
BAGS = (
    {},
    {"name": "web#1", "number": 1.5, "yes": True, "no": False, "empty": "", "none": None},
    {"types": ["b", "a"], "sink": {"url": "https://x.example", "batch": False, "none": None, "deep": {"er": [1, [2]]}}},
    {"list": [None, {"none": None}, rpc.UNKNOWN, "x"]},
    {"name": rpc.UNKNOWN, "other": "x"},
    {"secret": SECRET, "other": "x"},
    {"deep": {"secret": SECRET}, "list": [SECRET]},
)


def bag_of(props):
    bag = Struct()
    bag.update(props)
    return bag


@pytest.mark.parametrize("props", BAGS, ids=ascii)
def test_a_bag_is_read_as_the_sdk_reads_it(props):
    assert bags.read(bag_of(props)) == rpc.deserialize_properties(bag_of(props))


@pytest.mark.parametrize("props", BAGS[:3], ids=ascii)
def test_what_is_written_is_read_again_with_its_provider(props):
    plain = bags.read(bag_of(props))
    assert bags.read(bags.write(plain | {"none": None}, "saved")) == plain | {PROVIDER_KEY: "saved"}
