"""The cache of engines, by the same rules as `tenantry` has for it: the module is taken from there, by its path."""

from __future__ import annotations

import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from installer.tools import Failure

_SOURCE = Path(__file__).resolve().parents[3] / "tenantry" / "engine" / "install" / "cache.py"


def cache_folder() -> Path:
    """Return the folder that holds one engine a version; all clones of this user share it. Raises Failure."""
    rules = _rules()
    try:
        folder: Path = rules.find_cache_folder(os.environ)
    except rules.UntrustedError as problem:
        raise Failure(str(problem)) from problem
    return folder


def make_cache_folder() -> Path:
    """Make the folder, for this user alone; raises Failure where somebody else could write what is there."""
    rules, folder = _rules(), cache_folder()
    try:
        rules.make_cache_folder(folder)
    except rules.UntrustedError as problem:
        raise Failure(str(problem)) from problem
    return folder


def _rules() -> ModuleType:
    # Not an import: the package `tenantry` is not installed yet when this runs.
    spec = spec_from_file_location("tenantry_cache", _SOURCE)
    if spec is None or spec.loader is None:
        raise Failure(f"{_SOURCE} is missing: take it from git.")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
