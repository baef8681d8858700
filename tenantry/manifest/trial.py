"""A tenant as it would be, were the text of its file another: whether an edit may be written is asked before."""

from pathlib import Path

from tenantry.manifest.base import effective, read_layers
from tenantry.manifest.complaint import validate
from tenantry.manifest.load import Loaded
from tenantry.manifest.problem import ManifestError, Problem
from tenantry.manifest.write_back import FileText
from tenantry.manifest.yaml.reader import parse
from tenantry.model.tenant import Tenant


class Trial:
    """The layers of a project that was loaded without an error, read once."""

    def __init__(self, root: Path, loaded: Loaded) -> None:
        self._context = {"webhooks": loaded.stack.webhooks, "permission_sets": loaded.project.permission_sets}
        self._layers = read_layers(root, {**self._context, "tenant": None}, lambda _: None)

    def try_file(self, slug: str, file: FileText) -> Tenant:
        """Return the tenant that a text makes over its layers; raises ManifestError."""
        source = parse(file.text, file.name)
        problems: list[Problem] = list(source.problems)
        node = effective(self._layers, source.node, problems.append) if source.node is not None else None
        checked = validate(node, Tenant, {**self._context, "tenant": slug}) if node is not None else None
        if isinstance(checked, Tenant) and not problems:
            return checked
        raise ManifestError([*problems, *(checked if isinstance(checked, list) else ())])
