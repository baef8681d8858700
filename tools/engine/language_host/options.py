"""The `runtime` options of Pulumi.yaml or PulumiPolicy.yaml, refused where Pulumi's own language host refuses them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOOLCHAINS = ("pip", "poetry", "uv")
TYPE_CHECKERS = ("mypy", "pyright")


class Refused(Exception):  # noqa: N818
    """A program can't be run so; the message is Pulumi's own, where it has one."""


@dataclass(frozen=True)
class Options:
    """`root` holds Pulumi.yaml, paths are relative to it; `program` holds the program. No toolchain: by lock files."""

    root: Path
    program: Path
    toolchain: str = ""
    virtualenv: str = ""


def options_of(info: Any, options: dict[str, Any], *, is_plugin: bool = False) -> Options:
    """Return the options of a program, a policy pack or a plugin; raises Refused."""
    toolchain, virtualenv = _text(options, "toolchain"), _text(options, "virtualenv")
    if (checker := _text(options, "typechecker")) and checker not in TYPE_CHECKERS:
        raise Refused(f"unsupported typechecker option: {checker}")
    if checker:
        raise Refused(f"Tenantry's stand-in language host runs no type checker: take `typechecker: {checker}` out")
    if "toolchain" in options and toolchain not in TOOLCHAINS:
        raise Refused(f"unsupported toolchain option: {toolchain}")
    if is_plugin and toolchain in {"", "pip"}:
        virtualenv = virtualenv or "venv"
    return Options(Path(info.root_directory), Path(info.program_directory), toolchain, virtualenv)


def _text(options: dict[str, Any], name: str) -> str:
    value = options.get(name, "")
    if not isinstance(value, str):
        raise Refused(f"{name} option must be a string")
    return value
