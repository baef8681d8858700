"""Which operations a path has: found by how many segments it has, then by the shape of each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from faketwilio.wire.call import Operation

NAME = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Found:
    """The operations of one path by method, and what stands in it for each name of the pattern."""

    by_method: Mapping[str, Operation]
    names: Mapping[str, str]


class Paths:
    """The paths of one host. A name, `{Sid}`, is anything but a slash; of two patterns the first built is meant."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        by_path: dict[str, dict[str, Operation]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        self._by_length: dict[int, list[tuple[re.Pattern[str], dict[str, Operation]]]] = {}
        for path, by_method in by_path.items():
            self._by_length.setdefault(path.count("/"), []).append((_compile_pattern(path), by_method))

    def find(self, path: str) -> Found | None:
        for pattern, by_method in self._by_length.get(path.count("/"), ()):
            if match := pattern.fullmatch(path):
                return Found(by_method, match.groupdict())
        return None


def _compile_pattern(path: str) -> re.Pattern[str]:
    literal_and_names = NAME.split(path)
    parts = [f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(literal_and_names)]
    return re.compile("".join(parts))
