"""The list of docs/engine.md of what the stand-in language host does otherwise than Pulumi's own: each is so."""

import inspect
import re
import sys

import grpc
import pytest
from conftest_engine import ROOT, ends
from google.protobuf import empty_pb2
from language_hosts import Place, place_of, running
from pulumi.runtime.proto import language_pb2

from tenantry.engine.install.toolchain import EMPTY_LOCK

HEADING = "### What the stand-in does otherwise"


@pytest.fixture
def place(tmp_path, installed_stand_in) -> Place:
    created = place_of(tmp_path, installed_stand_in.binary.with_name("pulumi-language-python"))
    created.uv()
    created.write({"uv.lock": EMPTY_LOCK})
    return created


def no_type_checker(place, orphan):
    """runs no type checker: the option `typechecker` is refused"""
    assert "runs no type checker" in place.refusal(typechecker="mypy")


def no_debugger(place, orphan):
    """has no debugger: `pulumi up --attach-debugger` is refused"""
    with pytest.raises(grpc.RpcError, match="has no debugger"):
        place.run(attach_debugger=True, toolchain="uv", virtualenv=sys.prefix)


def no_code_generation(place, orphan):
    """generates no code: `pulumi convert`, `pulumi package add` and `pulumi package gen-sdk` are refused"""
    calls = {
        "GenerateProgram": language_pb2.GenerateProgramRequest(),
        "GenerateProject": language_pb2.GenerateProjectRequest(),
        "GeneratePackage": language_pb2.GeneratePackageRequest(),
        "Pack": language_pb2.PackRequest(),
        "Link": language_pb2.LinkRequest(),
    }
    with running(place) as stub:
        for name, request in calls.items():
            with pytest.raises(grpc.RpcError) as refused:
                getattr(stub, name)(request)
            assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED, name


def no_project_is_prepared(place, orphan):
    """makes no pyproject.toml of a requirements.txt: `pulumi install` runs `uv sync` and no `uv init`"""
    place.write({"app/requirements.txt": "requests\n"})
    place.uv(sync="exit 1")
    info = place.info({"toolchain": "uv"})
    request = language_pb2.InstallDependenciesRequest(directory=str(place.app), info=info)
    with running(place) as stub, pytest.raises(grpc.RpcError, match="uv sync failed"):
        list(stub.InstallDependencies(request))
    assert place.calls() == ["/app|/.venv|sync"]


def ends_what_it_started(place, orphan):
    """ends with the CLI, and what it started ends with it; Pulumi's own and a program may live on for minutes"""
    assert ends(orphan([place.host], PULUMI_PYTHON_CMD=sys.executable))


def says_that_it_is_one(place, orphan):
    """says in `pulumi about` and `tenantry doctor` that it is a stand-in, and no version of uv or Poetry"""
    with running(place) as stub:
        info = place.info({"toolchain": "uv", "virtualenv": sys.prefix})
        text = stub.About(language_pb2.AboutRequest(info=info)).metadata
        assert stub.GetPluginInfo(empty_pb2.Empty()).version == "v0.0.1"
    assert dict(text) == {"toolchain": "Uv", "languageHost": "Tenantry's stand-in"}


DIFFERENCES = (
    no_type_checker,
    no_debugger,
    no_code_generation,
    no_project_is_prepared,
    ends_what_it_started,
    says_that_it_is_one,
)


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_a_difference_is_as_the_list_says(place, orphan, difference):
    difference(place, orphan)


def test_the_list_in_the_docs_is_whole():
    section = (ROOT / "docs" / "engine.md").read_text().partition(HEADING)[2].partition("\n#")[0]
    texts = [" ".join(item.split()) for item in re.findall(r"^\* ((?:.+\n?)(?:  .+\n?)*)", section, re.MULTILINE)]
    assert texts == [f"It {inspect.getdoc(difference)}." for difference in DIFFERENCES]
