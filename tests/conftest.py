"""What all tests need of the machine, uv as `make` finds it, and worlds that all workers of a run share."""

import fcntl
import gc
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from source_rules import find_all_breaches

# A random test tries some examples, the same in each `make check`, and many new ones in `make soak`.
RANDOM = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
settings.register_profile("check", max_examples=10, derandomize=True, **RANDOM)
settings.register_profile("soak", max_examples=200, print_blob=True, **RANDOM)
settings.load_profile("check")

TESTS = Path(__file__).resolve().parent
OWN_UV = TESTS.parent / ".uv" / "bin" / "uv"
LONG = (
    TESTS / "docs" / "test_docs_import.py",
    TESTS / "e2e",
    TESTS / "engine" / "test_engine_stand_in.py",
    TESTS / "program",
    TESTS / "test_wheel.py",
)
"""Tests that take seconds each."""


def pytest_configure() -> None:
    if shutil.which("uv") is None and OWN_UV.exists():
        os.environ.setdefault("UV", str(OWN_UV))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Collect without looking for garbage, of which there is none, nor later in what was collected: all tests stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)  # pytest itself puts tests with the same parameters together
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker its share of the long tests, file by file, and let it begin with them.

    xdist deals as many tests to each worker, in this order, and later lets idle ones take from the end of others: long
    tests at the end would keep one worker busy while the others have nothing left.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    is_long = {path: any(path.is_relative_to(place) for place in LONG) for path in files}
    long = [tests for path, tests in files.items() if is_long[path]]
    short = iter([test for path, tests in files.items() if not is_long[path] for test in tests])
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for tests in sorted(long, key=len, reverse=True):
        min(shares, key=len).extend(tests)
    for number, share in enumerate(shares, start=1):
        size = len(items) * number // workers - len(items) * (number - 1) // workers
        share.extend(islice(short, max(0, size - len(share))))
    shares[-1].extend(short)
    items[:] = [test for share in shares for test in share]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], Any]], Any]:
    """`made_once(name, make)` returns what `make(folder)` made in the first worker that asked; others wait for it.

    Every worker gets a value of its own that was pickled, and all share the folder: tests only read what is in there.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def of(name: str, make: Callable[[Path], Any]) -> Any:
        created = shared / f"{name}.pickle"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not created.exists():
                created.write_bytes(pickle.dumps(make(Path(tempfile.mkdtemp(dir=shared, prefix=f"{name}-")))))
        return pickle.loads(created.read_bytes())

    return of


@pytest.fixture(scope="session")
def breaches(made_once: Callable[[str, Callable[[Path], Any]], Any]) -> Callable[[str], list[str]]:
    """`breaches(rule)` are the places where our source breaks a rule of tests/source_rules.py."""
    found: dict[str, list[str]] = made_once("breaches", find_all_breaches)
    return lambda rule: found[rule]
