"""Checks that the plugin answers by itself."""

from types import SimpleNamespace

import grpc
import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto.provider_pb2 import CheckRequest, CheckResponse

from tenantry.plugin.echo import CHECK, EchoedChecks, is_ours
from tenantry.providers import RESOURCES
from tenantry.providers.resource import serialize
from tenantry.providers.usage_trigger import UsageTriggerProvider

ASKED = CheckResponse(inputs=ParseDict({"asked": True}, Struct()))


class InheritingProvider(UsageTriggerProvider):
    """A provider that a user made of one of ours."""


class TheirProvider(ResourceProvider):
    """A provider of a user."""


class CapturedProvider(TheirProvider):
    """One that is saved with its values."""

    serialize_as_secret_always = False

    def __init__(self):
        self.words = ["tenantry.providers.usage_trigger", "UsageTriggerProvider"]


def answer(olds, news, method=CHECK):
    handler = grpc.unary_unary_rpc_method_handler(lambda _request, _context: ASKED)
    call = EchoedChecks().intercept_service(lambda _details: handler, SimpleNamespace(method=method)).unary_unary
    return call(CheckRequest(olds=ParseDict(olds, Struct()), news=ParseDict(news, Struct())), None)


OURS = {"name": "web", PROVIDER_KEY: serialize(UsageTriggerProvider)}


@pytest.mark.parametrize("kind", RESOURCES)
def test_all_our_kinds_are_known_by_what_is_saved_of_their_providers(kind):
    assert is_ours(serialize(RESOURCES[kind].provider))


@pytest.mark.parametrize(
    "saved",
    [
        "",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "é",
        "gASV",
        serialize(TheirProvider),
        serialize(InheritingProvider),
    ],
    ids=["none", "unknown", "no base64", "cut off", "of a user", "made of one of ours"],
)
def test_nothing_else_is_taken_for_one_of_ours(saved):
    assert not is_ours(saved)


def test_our_words_in_a_users_class_do_not_make_it_ours():
    assert not is_ours(str(serialize_provider(CapturedProvider())))


def test_inputs_that_are_as_they_were_come_back_unasked():
    assert answer(OURS, OURS) == CheckResponse(inputs=ParseDict(OURS, Struct()))


@pytest.mark.parametrize(
    ("olds", "news"),
    [
        (OURS, {**OURS, "name": "api"}),
        ({}, OURS),
        ({**OURS, PROVIDER_KEY: serialize(TheirProvider)}, OURS),
        ({**OURS, PROVIDER_KEY: serialize(TheirProvider)}, {**OURS, PROVIDER_KEY: serialize(TheirProvider)}),
        ({"name": "web"}, {"name": "web"}),
    ],
    ids=["changed", "new", "another provider before", "a provider of a user", "no provider"],
)
def test_the_provider_is_asked_about_all_others(olds, news):
    assert answer(olds, news) == ASKED


def test_other_calls_go_on_untouched():
    assert answer(OURS, OURS, method="/pulumirpc.ResourceProvider/Diff") == ASKED
