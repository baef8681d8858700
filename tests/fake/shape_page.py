"""docs/fake-coverage.md: what each operation reads of what Twilio documents, seen while all of them are called."""

import sys
from collections.abc import Iterator
from pathlib import Path

from shape_calls import CALLS, NO_FACTS
from shape_facts import facts, facts_of, nameless
from shape_observer import Observer, Reads

from faketwilio.hosts.registry import list_operations_by_host
from faketwilio.wire.call import Operation

FILE = Path(__file__).parents[2] / "docs" / "fake-coverage.md"
HEAD = """\
# What the fake covers

Made by `make docs` from the routes of the fake, from Twilio's OpenAPI ({package} {version}), and from watching which
parameters an operation asks for while a test calls all of them through the real SDK; don't edit it. What is ignored is
taken without an error and changes nothing, as an unknown parameter is. Answers have exactly the fields that the OpenAPI
lists: the same test fails otherwise. The last two columns say what API keys reach; auth tokens and main keys reach
everything that their account may.
"""
UNWRITTEN = "add its path to tools/twilio_facts/scope.py, and write the facts as the README there says"
TABLE = """\
| operation | reads | ignores | standard keys | restricted keys need |
|---|---|---|---|---|
"""


def page() -> str:
    """The whole page; runs every call once."""
    with Observer() as observer:
        for calls in CALLS.values():
            for call in calls.values():
                observer.observe(call)
    hosts = list_operations_by_host()
    head = HEAD.format_map(facts()["source"])
    return "\n".join(
        [head, *(_host(host, operations, observer.reads) for host, operations in hosts.items()), _unbuilt()]
    )


def missing() -> Iterator[tuple[str, str]]:
    """The host and the name of each operation in the facts that the fake has not."""
    built = {
        (host, nameless(f"{operation.method} {operation.path}"))
        for host, operations in list_operations_by_host().items()
        for operation in operations
        if operation.is_built
    }
    for host, operations in facts()["operations"].items():
        yield from ((host, name) for name in operations if (host, nameless(name)) not in built)


def _host(host: str, operations: tuple[Operation, ...], reads: Reads) -> str:
    by_kind: dict[str, list[Operation]] = {}
    for operation in operations:
        if operation.is_built:
            by_kind.setdefault(operation.handle.__module__, []).append(operation)
    return f"## {host}\n\n" + "\n".join(_kind(host, module, known, reads) for module, known in by_kind.items())


def _kind(host: str, module: str, operations: list[Operation], reads: Reads) -> str:
    # The sentence that a module of the fake says of itself is where its restrictions stand.
    about = (sys.modules[module].__doc__ or "").strip()
    return f"{about}\n\n{TABLE}" + "".join(_row(host, operation, reads) for operation in operations)


def _row(host: str, operation: Operation, reads: Reads) -> str:
    name = f"{operation.method} {operation.path}"
    read = reads[host, name]
    fact = facts_of(host, name)
    known = {given for given, about in fact["parameters"].items() if about["in"] != "path"} if fact else set()
    cells = (
        f"`{name}`",
        _names(read),
        _names(known - read) if fact else f"unknown: {NO_FACTS.get((host, name), UNWRITTEN)}",
        "yes" if operation.standard_keys else "no",
        f"`{operation.permission}`" if operation.permission else "refused",
    )
    return f"| {' | '.join(cells)} |\n"


def _unbuilt() -> str:
    lines = "".join(f"- `{name.replace(' ', f' https://{host}', 1)}`\n" for host, name in missing())
    return (
        f"## Not built\n\nOperations of the same resources that Twilio has; the fake answers them with 501.\n\n{lines}"
    )


def _names(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"
