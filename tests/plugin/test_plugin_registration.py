"""A registration that takes fewer steps sends the SDK's own message, and its resource has what the SDK gives it."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from datetime import date

import grpc
import pulumi
import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.resource import register_resource as stock
from pulumi.runtime import resource, rpc, settings
from pulumi.runtime.mocks import MockMonitor, Mocks
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc
from pulumi.runtime.stack import wait_for_rpcs

from tenantry.model.resources import resources_of
from tenantry.model.tenant import Tenant
from tenantry.plugin.economy import make_named_outputs, record_wanted_stack_traces
from tenantry.plugin.registration import register_directly
from tenantry.providers.program import register
from tenantry.providers.resource import no_stack_trace

PARENT = "AC" + "9" * 32
WHOLE = {
    "tenant": "acme",
    "name": "Acme",
    "api_keys": {"web": {"access": "standard"}},
    "usage_triggers": {
        "sms": {
            "usage_category": "sms",
            "trigger_value": 1000,
            "recurring": "monthly",
            "callback_url": "https://a.example",
        }
    },
    "debugger_webhook": {"url": "https://a.example/errors"},
    "retention": {"messages": {"keep_days": 30}},
    "ignore": {"api_key/web": {"reason": "tried"}},
}
SIGNATURE = "4dabf18193072939515e22adb298388d"


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """What the engine is to a program: it notes each registration, and answers it with a URN, an id and outputs."""

    def __init__(self, refused, knows_ids):
        self.noted = []
        self.refused, self.knows_ids = refused, knows_ids

    def RegisterResource(self, request, context):  # noqa: N802
        self.noted.append(request)
        if request.name == self.refused:
            context.abort(grpc.StatusCode.UNKNOWN, "its name is taken")
        outputs = Struct()
        outputs["secret"] = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": "hidden"}
        return resource_pb2.RegisterResourceResponse(
            urn=f"urn:{request.type}::{request.name}",
            id=f"id-{request.name}" if request.custom and self.knows_ids else "",
            object=outputs if "ApiKey" in request.type else Struct(),
        )


@contextmanager
def monitor(refused=None, knows_ids=True):
    server, noting = grpc.server(ThreadPoolExecutor(4)), Monitor(refused, knows_ids)
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(noting, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield noting, resource_pb2_grpc.ResourceMonitorStub(channel)
    server.stop(None)


def run(program, *, stub, dry_run=True):
    """Run a program as Pulumi does, and wait for what it has begun."""

    async def whole():
        bag = settings.Settings(project="owl", stack="dev", monitor=stub, dry_run=dry_run)
        settings.configure(bag)
        program()
        await wait_for_rpcs()

    try:
        copy_context().run(asyncio.run, whole())
    finally:
        gc.collect()  # a future that failed prints a traceback when it goes, which breaks an ast.parse that goes on


def register_acme():
    manifest = Tenant.model_validate(WHOLE, context={"webhooks": None, "permission_sets": {}, "tenant": "acme"})
    with no_stack_trace():
        component = pulumi.ComponentResource("tenantry:index:Tenant", "acme")
    return register(resources_of(manifest, date(2026, 11, 30)), component, PARENT)


@pytest.fixture(autouse=True)
def other_patches(monkeypatch):
    """The patches that a program has besides."""
    monkeypatch.setattr(rpc, "transfer_properties", make_named_outputs(rpc.transfer_properties))
    monkeypatch.setattr(resource, "_get_stack_trace", record_wanted_stack_traces(resource._get_stack_trace))


@pytest.fixture(params=["ours", "the SDK's"])
def way(request, monkeypatch):
    if request.param == "ours":
        monkeypatch.setattr(pulumi.resource, "register_resource", register_directly(stock))
    return request.param


def messages(monkeypatch, registering, **settled):
    """Return the messages of a tenant in a fixed order, registered by this function."""
    monkeypatch.setattr(pulumi.resource, "register_resource", registering)
    with monitor(**settled) as (noting, stub):
        run(register_acme, stub=stub)
    return sorted(noting.noted, key=lambda message: (message.type, message.name))


@pytest.mark.parametrize("knows_ids", [True, False], ids=["known ids", "ids of a first preview"])
def test_the_message_is_that_of_the_sdk(monkeypatch, knows_ids):
    of_sdk = messages(monkeypatch, stock, knows_ids=knows_ids)
    asked = []
    direct = register_directly(lambda *arguments: asked.append(arguments))
    assert messages(monkeypatch, direct, knows_ids=knows_ids) == of_sdk
    assert len(of_sdk) == 7
    assert asked == []


@pytest.mark.parametrize("dry_run", [True, False], ids=["preview", "up"])
def test_a_resource_has_its_outputs(way, dry_run):
    found = {}

    def program():
        registered = register_acme()
        for name in ("acme", "acme/api_key/web-1"):
            registered[name].id.apply(lambda text, name=name: found.update({name: text}))
        registered["acme/api_key/web-1"].secret.apply(lambda text: found.update(secret=text))

    with monitor() as (_, stub):
        run(program, stub=stub, dry_run=dry_run)
    assert found == {"acme": "id-acme", "acme/api_key/web-1": "id-acme/api_key/web-1", "secret": "hidden"}


def test_a_component_of_a_user_keeps_its_stack_trace(monkeypatch):
    def traces(registering):
        monkeypatch.setattr(pulumi.resource, "register_resource", registering)
        with monitor() as (noting, stub):
            run(lambda: Bucket("assets"), stub=stub)
        return [message.stackTrace for message in noting.noted]

    assert traces(register_directly(stock)) == traces(stock) != []


class NoMocks(Mocks):
    """Mocks that nobody asks."""

    def new_resource(self, args):
        raise AssertionError(args.name)

    def call(self, args):
        raise AssertionError(args.token)


def test_in_unit_tests_of_a_program_the_sdk_registers(monkeypatch):
    asked = []
    registering = register_directly(lambda *of: asked.append(of[2]))
    monkeypatch.setattr(settings, "get_monitor", lambda: MockMonitor(NoMocks()))
    registering(object(), "a:b:C", "plain", False, False, None, {}, pulumi.ResourceOptions())
    assert asked == ["plain"]


class Bucket(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("owl:index:Bucket", name)


def test_a_refusal_ends_the_program_with_the_words_of_the_engine(way):
    with monitor(refused="acme/api_key/web-1") as (_, stub), pytest.raises(Exception, match="its name is taken"):
        run(register_acme, stub=stub)


def test_what_has_other_options_or_is_not_ours_is_left_alone(monkeypatch):
    asked = []
    monkeypatch.setattr(pulumi.resource, "register_resource", register_directly(lambda *of: asked.append(of[2])))

    def program():
        pulumi.CustomResource("aws:s3:Bucket", "bucket", {})
        pulumi.ComponentResource("a:b:C", "moved", None, pulumi.ResourceOptions(aliases=[pulumi.Alias(name="old")]))
        pulumi.ComponentResource("a:b:C", "with-inputs", {"name": "x"})

    with monitor() as (noting, stub):
        run(program, stub=stub)
    assert asked == ["bucket", "moved", "with-inputs"]
    assert noting.noted == []


def test_an_sdk_that_lacks_what_it_needs_keeps_its_own(monkeypatch):
    monkeypatch.delattr(resource, "_get_source_position")
    assert register_directly(stock) is stock
