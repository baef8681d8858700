"""The first version of a new tenant's file."""

import os
from dataclasses import dataclass
from pathlib import Path

from tenantry.manifest.complaint import problems_with
from tenantry.manifest.effective import scalar
from tenantry.manifest.files import file_name
from tenantry.manifest.load import Loaded
from tenantry.manifest.partial import tenant_file
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.sentence import did_you_mean
from tenantry.manifest.yaml.reader import parse

SCHEMA = Path("schemas") / "tenant.schema.json"


@dataclass(frozen=True)
class Draft:
    """A file to write, and the problems that prevent it."""

    path: Path
    text: str
    problems: tuple[Problem, ...]


def draft(root: Path, loaded: Loaded, slug: str, name: str, plan: str | None) -> Draft:
    """Return the file of a new tenant of a project."""
    path = root / loaded.stack.tenants / f"{slug}.yaml"
    text = _write_text(root, path.parent, slug, name, plan)
    file = file_name(root, path)
    source = parse(text, file)
    problems = [*source.problems, *(problems_with(source.node, tenant_file(), None) if source.node else ())]
    problems += _find_conflicts(loaded, slug, path, file) + _plan_problems(root, plan, file)
    return Draft(path, text, tuple(problems))


def _write_text(root: Path, folder: Path, slug: str, name: str, plan: str | None) -> str:
    schema = Path(os.path.relpath(root / SCHEMA, folder)).as_posix()
    lines = [f"# yaml-language-server: $schema={schema}", f"tenant: {scalar(slug)}", f"name: {scalar(name)}"]
    return "\n".join([*lines, *([f"plan: {scalar(plan)}"] if plan else []), ""])


def _find_conflicts(loaded: Loaded, slug: str, path: Path, file: str) -> list[Problem]:
    if slug in loaded.files:
        sentence = f"'{slug}' is the tenant of {loaded.files[slug]} already; take another slug"
        return [Problem.at(Place(file), "tenant", sentence)]
    if path.exists():
        return [Problem.at(Place(file), "", "exists already; nothing is overwritten, take another slug")]
    return []


def _plan_problems(root: Path, plan: str | None, file: str) -> list[Problem]:
    known = sorted(path.stem for path in (root / "plans").glob("*.yaml"))
    if plan is None or plan in known:
        return []
    hint = did_you_mean(plan, known) or f"; there is {', '.join(known) or 'no plan at all'}"
    return [Problem.at(Place(file), "plan", f"the plan '{plan}' does not exist{hint}")]
