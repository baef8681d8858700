"""The files of an import: layers, manifests, `import.yaml` and waivers, tried as a whole before any is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tenantry.manifest.files import DEFAULTS, PLANS, PROJECT
from tenantry.manifest.load import Loaded
from tenantry.operations.importing.drafts import TenantDraft
from tenantry.operations.importing.express import Expressed, express, list_choices
from tenantry.operations.importing.layers import Layer, Layers
from tenantry.operations.importing.mapping import FILE, mapping_text
from tenantry.operations.importing.read import SeenAccount
from tenantry.operations.importing.rules import Waive, check_waivers, find_refusals, report_refusals, write_waivers
from tenantry.operations.importing.texts import LAYER, TENANT, file_text, layer_document
from tenantry.operations.importing.trial import load_trial, open_trial, prove, prove_unchanged, put_files, read_bases
from tenantry.operations.importing.values import Row, WrittenLayer
from tenantry.text.counts import format_count

PROJECT_TEXT = """\
# yaml-language-server: $schema=schemas/project.schema.json
format: 1

# One stack a Twilio parent account.
stacks:
  {stack}: {{parent: {parent}}}
"""
DEFAULTS_ABOUT = "What nearly every tenant has. A tenant that has something else says so in its own file."
PLAN_ABOUT = "What {} had exactly alike when they were brought in. Others may name it, and say what they have instead."


@dataclass(frozen=True)
class Composing:
    """The project that tenants are added to."""

    root: Path
    stack: str | None
    parent: str
    loaded: Loaded | None
    """None for an empty folder."""
    starter: Mapping[str, bytes]
    """The files of a new project; none where there is one."""

    @property
    def tenants(self) -> str:
        """The folder of its tenants."""
        return self.loaded.stack.tenants if self.loaded else "tenants"


@dataclass(frozen=True)
class Composed:
    """What is to be written."""

    files: Mapping[str, bytes]
    manifests: Mapping[str, str]
    """The file of each new tenant, by slug."""
    plans: Mapping[str, str | None]
    """The plan of each new tenant."""
    layers: tuple[WrittenLayer, ...] = ()
    rows: tuple[Row, ...] = ()


def compose(
    composing: Composing,
    drafts: Sequence[TenantDraft],
    layers: Layers,
    given: Mapping[str, str],
    seen: Mapping[str, SeenAccount],
    waive: Waive | None,
    today: date,
) -> Composed:
    """Return the files of new tenants, proven; raises StoppedError where they can't be."""
    if not drafts and not composing.starter:
        return Composed({}, {}, {})
    shared = {**_project_files(composing), **_layer_files(layers)}
    with open_trial(composing.root, composing.tenants) as folder:
        put_files(folder, shared)
        choices = list_choices(read_bases(folder, sorted(path.stem for path in (folder / PLANS).glob("*.yaml"))))
        expressed = {draft.slug: express(draft, choices) for draft in drafts}
        manifests = {slug: f"{composing.tenants}/{slug}.yaml" for slug in expressed}
        own = {manifests[slug]: _manifest(manifests[slug], found) for slug, found in expressed.items()}
        put_files(folder, own)
        refused: Sequence[Row] = ()
        waivers: Mapping[str, bytes] = {}
        if drafts:
            loaded = load_trial(folder, composing.stack)
            prove(loaded, drafts, seen, today)
            prove_unchanged(loaded, composing.loaded)
            refusals = find_refusals(folder, loaded, manifests.keys(), today)
            waivers = write_waivers(refusals, waive) if waive else {}
            put_files(folder, waivers)
            if waivers:
                check_waivers(folder, manifests.keys(), today)
            refused = () if waive else report_refusals(refusals)
    files = {**shared, **own, **waivers, **_mapping(composing.root, drafts, given)}
    plans = {slug: found.plan for slug, found in expressed.items()}
    return Composed(files, manifests, plans, _written_layers(layers, expressed), tuple(refused))


def _project_files(composing: Composing) -> Mapping[str, bytes]:
    if not composing.starter:
        return {}
    kept = {name: content for name, content in composing.starter.items() if not (composing.root / name).exists()}
    return {**kept, PROJECT: PROJECT_TEXT.format(stack=composing.stack, parent=composing.parent).encode()}


def _layer_files(layers: Layers) -> Mapping[str, bytes]:
    files = {f"{PLANS}/{name}.yaml": _layer(name, layer, layers) for name, layer in layers.plans.items()}
    if layers.defaults:
        files[DEFAULTS] = file_text(layer_document(layers.defaults), LAYER, DEFAULTS, DEFAULTS_ABOUT).encode()
    return files


def _layer(name: str, layer: Layer, layers: Layers) -> bytes:
    about = PLAN_ABOUT.format(format_count(layers.members[name], "tenant"))
    return file_text(layer_document(layer), LAYER, f"{PLANS}/{name}.yaml", about).encode()


def _manifest(name: str, expressed: Expressed) -> bytes:
    return file_text(expressed.document, TENANT, name).encode()


def _mapping(root: Path, drafts: Sequence[TenantDraft], given: Mapping[str, str]) -> Mapping[str, bytes]:
    added = {draft.account.sid: draft.slug for draft in drafts if draft.account.sid not in given}
    names = {draft.account.sid: draft.account.friendly_name for draft in drafts}
    return {FILE: mapping_text(root, added, names).encode()} if added else {}


def _written_layers(layers: Layers, expressed: Mapping[str, Expressed]) -> tuple[WrittenLayer, ...]:
    plans = [found.plan for found in expressed.values()]
    written = [(f"{PLANS}/{name}.yaml", plans.count(name), layer) for name, layer in sorted(layers.plans.items())]
    if layers.defaults:
        written.insert(0, (DEFAULTS, len(plans), layers.defaults))
    return tuple(
        WrittenLayer(file=file, tenants=number, entries=tuple(sorted(".".join(path) for path in layer)))
        for file, number, layer in written
    )
