"""`tenantry show`: a tenant's effective manifest, and where each value was written."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import click

from tenantry.cli.options import project_option, stack_option
from tenantry.cli.terminal import color_option, layout, tell, tell_lines
from tenantry.manifest.effective import as_json, as_yaml
from tenantry.manifest.find import find, find_alike
from tenantry.manifest.load import Loaded, load
from tenantry.manifest.problem import ManifestError, Problem
from tenantry.manifest.yaml.tree import walk
from tenantry.text.printable import printable
from tenantry.text.sids import SID
from tenantry.text.wrapping import sentence


@click.command()
@click.argument("what")
@project_option
@stack_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@color_option
def show(what: str, root: Path, stack: str | None, form: str) -> None:
    """Show the effective manifest of a tenant: WHAT is its slug, a SID, a label, or a part of its name."""
    loaded = load(root, stack)
    slugs = find(loaded, what) or find(
        loaded, what, _find_sids_in_state(root, stack) if re.fullmatch(SID, what) else {}
    )
    if len(slugs) != 1:
        raise click.ClickException(_describe_unknown(loaded, what, slugs))
    tell(as_json(loaded, slugs[0]) if form == "json" else as_yaml(loaded, slugs[0], layout()))
    problems = problems_of(loaded, slugs[0])
    for problem in problems:
        tell_lines([sentence(str(problem))], err=True)
    raise SystemExit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _find_sids_in_state(root: Path, stack: str | None) -> Mapping[str, str]:
    """Return the tenant of each SID in the stack's state; where that can't be read, say so and go on without."""
    from tenantry.engine.install.find import NoEngineError
    from tenantry.engine.run.command import CommandError
    from tenantry.engine.state.deployment import load_state
    from tenantry.operations.stack.open import find_project

    try:
        project = find_project(root, stack, os.environ)
        return {resource.id: resource.slug for resource in load_state(project)}
    except (CommandError, ManifestError, NoEngineError) as error:
        click.echo(
            f"warning: the SID was looked up in manifests only, because no state could be read: {error}", err=True
        )
        return {}


def problems_of(loaded: Loaded, slug: str) -> list[Problem]:
    """Return the problems of the files that a tenant's manifest was written in."""
    files = {loaded.files[slug], *(node.place.file for _, node in walk(loaded.origins[slug]))}
    return [problem for problem in loaded.problems if problem.file in files]


def _describe_unknown(loaded: Loaded, what: str, slugs: tuple[str, ...]) -> str:
    if slugs:
        listed = "\n".join(printable(f"  {slug}  ({loaded.files[slug]})") for slug in slugs)
        return f"'{what}' fits {len(slugs)} tenants; name one of them:\n{listed}"
    if not loaded.origins:
        return "\n".join([f"no tenant could be read, so '{what}' is not among them:", *map(str, loaded.problems)])
    close = ", ".join(find_alike(loaded, what))
    hint = f"did you mean {close}?" if close else f"there are {len(loaded.origins)}, among them {_list_some(loaded)}"
    return f"no tenant has '{what}' as its slug, SID, label or a part of its name; {hint}"


def _list_some(loaded: Loaded) -> str:
    return ", ".join(list(loaded.origins)[:5])
