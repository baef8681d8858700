"""A rotation into AWS Secrets Manager that is killed, and run again. AWS is moto's server."""

import pytest
import requests
from moto_server import run_moto
from rotation_life import Life, kills_of
from sink_stores import AwsStore, FilesStore

AWS = "secret_sinks/aws_secrets_manager.py"
BETWEEN = ("up", AWS, "_make_current", "return")
KILL_POINTS = {
    "before AWS is given the key": ("up", AWS, "put", "call"),
    "before a value goes to AWS": ("up", AWS, "_make_current", "call"),
    "after a value went to AWS, before its tags": BETWEEN,
    "after its tags went to AWS": ("up", AWS, "put", "return"),
}


@pytest.fixture(scope="module")
def moto_url():
    with run_moto() as url:
        yield url


@pytest.fixture
def life(rotation, runner, moto_url, monkeypatch, tmp_path):
    """Two tenants whose keys go to AWS and to files."""
    requests.post(f"{moto_url}/moto-api/reset", timeout=60)
    return Life(rotation, runner, {"production": AwsStore(monkeypatch, moto_url), "disk": FilesStore(tmp_path)})


def test_a_kill_between_value_and_tags_of_aws_loses_nothing(life):
    assert life.live_through([(*BETWEEN, 1)]) == 1
    life.check_end()


@pytest.mark.soak
def test_a_kill_at_each_step_of_aws_loses_nothing(life):
    assert life.live_through([(*point, 1) for point in KILL_POINTS.values()]) == len(KILL_POINTS)
    life.check_end()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(50))
def test_any_three_kills_in_aws_lose_nothing(life, seed):
    life.live_through(kills_of(seed, KILL_POINTS.values()))
    life.check_end()
