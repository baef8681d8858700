"""What makes the program of a large stack cheaper: patches of the SDK, less garbage."""

import atexit
import gc
from collections.abc import Mapping

from tenantry.engine.run.garbage import collect_less_garbage
from tenantry.plugin.patches import apply_patches


def economise(environ: Mapping[str, str]) -> None:
    """Prepare this process for thousands of resources; call it once, when everything is imported.

    Raises PatchNameError.
    """
    apply_patches("program", environ)
    gc.collect()
    gc.freeze()
    collect_less_garbage()
    atexit.register(gc.freeze)
