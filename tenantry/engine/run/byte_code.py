"""Byte code for the Python processes of a run, where the environment lets Python keep none.

Many container images set PYTHONDONTWRITEBYTECODE, and then each of the host, the program and the plugin compiles all
that it imports: two seconds of every command. What they compile goes into our cache, and nothing beside the sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import cache_from_source, find_spec
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


def is_compiled(package: str) -> bool:
    """Return whether the byte code of a package lies where Python looks for it; the package is not imported."""
    spec = find_spec(package)
    return spec is not None and spec.origin is not None and Path(cache_from_source(spec.origin)).exists()
