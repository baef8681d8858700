"""Byte code for the Python processes of a run, where the environment lets Python keep none.

Many container images set PYTHONDONTWRITEBYTECODE, and then each of our command, the host, the program and the plugin
compiles all that it imports: seconds of every command. What they compile goes into our cache, and nothing beside the
sources.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from tenantry.engine.install.cache import UntrustedError, find_cache_folder, make_cache_folder

NONE_KEPT, PREFIX = "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"
FOLDER = "byte-code"
SAMPLE = "pulumi"
"""A package that all of these processes import."""


def keep_byte_code(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that let Python keep byte code in our cache.

    None where it is kept anyway or goes elsewhere, where the packages were compiled when they were installed, which
    Python would then not look at, and where the cache can't be made for this user alone.
    """
    if not environ.get(NONE_KEPT) or environ.get(PREFIX) or is_compiled(SAMPLE):
        return {}
    try:
        folder = find_cache_folder(environ).with_name(FOLDER)
        make_cache_folder(folder)
    except (UntrustedError, OSError):
        return {}
    return {NONE_KEPT: "", PREFIX: str(folder)}


def keep_own_byte_code(environ: Mapping[str, str]) -> None:
    """Let this process too keep the byte code of what it imports from now on."""
    if kept := keep_byte_code(environ):
        sys.dont_write_bytecode, sys.pycache_prefix = False, kept[PREFIX]


def is_compiled(package: str) -> bool:
    """Return whether the byte code of a package lies beside its sources; the package is not imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return False
    source = Path(spec.origin)
    return (source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc").exists()
