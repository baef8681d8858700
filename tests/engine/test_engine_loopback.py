"""Loopback is never reached through a proxy, and what else the user keeps from one stays."""

import pytest

from tenantry.engine.run.command import preview
from tenantry.engine.run.environment import environment
from tenantry.engine.run.loopback import direct_loopback

ALL = "127.0.0.1,localhost,::1"


@pytest.mark.parametrize(
    ("environ", "lower", "upper", "grpc"),
    [
        ({}, ALL, ALL, ALL),
        ({"no_proxy": "db.owl.example"}, *[f"db.owl.example,{ALL}"] * 3),
        ({"NO_PROXY": "db.owl.example, localhost"}, *["db.owl.example,localhost,127.0.0.1,::1"] * 3),
        ({"no_proxy": "a", "NO_PROXY": "b"}, f"a,{ALL}", f"b,{ALL}", f"a,{ALL}"),
        ({"no_proxy": "*"}, "*", "*", f"*,{ALL}"),
        ({"no_proxy": "a", "no_grpc_proxy": "b"}, f"a,{ALL}", f"a,{ALL}", f"b,{ALL}"),
    ],
)
def test_loopback_is_added_to_what_the_user_keeps_from_the_proxy(environ, lower, upper, grpc):
    assert direct_loopback(environ) == {"no_proxy": lower, "NO_PROXY": upper, "no_grpc_proxy": grpc}


def test_everything_that_we_start_is_told(tiny_project):
    project = tiny_project.where(https_proxy="http://127.0.0.1:1", no_proxy="db.owl.example")
    assert environment(project)["no_proxy"] == f"db.owl.example,{ALL}"


def test_a_run_behind_a_proxy_that_nobody_answers_is_done(tiny_project):
    run = preview(
        tiny_project.where(TINY_TENANTS="acme", https_proxy="http://127.0.0.1:1", http_proxy="http://127.0.0.1:1")
    )
    assert (run.exit_code, run.is_whole) == (0, True)
