"""waivers/<slug>.yaml: from which rules a tenant is exempt, why, who answers for it, and until when."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, create_model

from tenantry.manifest.complaint import validate
from tenantry.manifest.files import WAIVERS as WAIVERS
from tenantry.manifest.files import is_there, manifests_in
from tenantry.manifest.layers import merge_all
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.sentence import did_you_mean
from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import Node, entries_of
from tenantry.model.written import Day, Text, Written
from tenantry.policies.config import MODELS_KEPT
from tenantry.policies.rule import Rule


class WaiverEntry(Written):
    """A rule from which a tenant is exempt for some time."""

    reason: Text = Field(description="why it is intended")
    owner: Text = Field(description="who answers for it, such as an email address")
    until: Day = Field(description="last day on which it is valid; from the next day on it is an error")


@dataclass(frozen=True)
class Waiver:
    """A waiver, and where it was written."""

    tenant: str
    rule: str
    reason: str
    owner: str
    until: date
    place: Place

    def holds(self, today: date) -> bool:
        return today <= self.until

    def is_within(self, longest: int | None, today: date) -> bool:
        """Return whether it ends within the longest time that a waiver may have."""
        return longest is None or (self.until - today).days <= longest


@dataclass(frozen=True)
class Waivers:
    """Every waiver of a project, including expired ones, and the problems of their files."""

    all: tuple[Waiver, ...]
    problems: tuple[Problem, ...] = ()
    longest: int | None = None
    """The most days from today to the last day of a waiver; a longer one exempts nobody."""

    def problems_for(self, focus: Collection[str] | None) -> tuple[Problem, ...]:
        """Return the problems of the files of some tenants; None is all."""
        return tuple(problem for problem in self.problems if focus is None or Path(problem.file).stem in focus)

    def of(self, tenant: str | None, rule: str, today: date) -> Waiver | None:
        """Return the valid waiver that exempts a tenant from a rule, if there is one."""
        found = (waiver for waiver in self.all if (waiver.tenant, waiver.rule) == (tenant, rule))
        return next((waiver for waiver in found if waiver.holds(today) and waiver.is_within(self.longest, today)), None)


def read_waivers(
    root: Path, rules: Sequence[Rule], slugs: Collection[str], today: date, longest: int | None = None
) -> Waivers:
    """Read the waivers of a project; `slugs` are the tenants of all its stacks, `longest` the days that one may have.

    An expired waiver is a problem, and so is one that ends too late.
    """
    folder = root / WAIVERS
    model = build_waiver_model(rules)
    waivers: list[Waiver] = []
    problems: list[Problem] = []
    for found in manifests_in(root, folder, nested=False) if is_there(folder) else ():
        if isinstance(found, Problem):
            problems.append(found)
            continue
        source = read(root, found)
        problems += source.problems
        problems += _check_tenant(found.stem, source.file, slugs)
        waivers += _read_waivers(found.stem, source.node, model, problems) if source.node else ()
    problems += [_make_expiry_problem(waiver) for waiver in waivers if not waiver.holds(today)]
    if longest is not None:
        problems += [
            _make_length_problem(waiver, longest, today) for waiver in waivers if not waiver.is_within(longest, today)
        ]
    return Waivers(tuple(waivers), tuple(sorted(problems)), longest)


def build_waiver_model(rules: Sequence[Rule]) -> type[BaseModel]:
    """Return the model of a file of waivers: an entry for each rule."""
    return _build_model(tuple(rules))


@lru_cache(MODELS_KEPT)
def _build_model(rules: tuple[Rule, ...]) -> type[BaseModel]:
    entries: dict[str, Any] = {
        rule.id: (WaiverEntry | None, Field(default=None, description=rule.title)) for rule in rules
    }
    return create_model("Waivers", __base__=Written, __doc__="The rules from which a tenant is exempt.", **entries)


def _read_waivers(slug: str, node: Node, model: type[BaseModel], problems: list[Problem]) -> Iterator[Waiver]:
    merge_all([node], problems.append)  # it has no layers below it, so each null in it removes nothing
    checked = validate(node, model, None)
    if isinstance(checked, list):
        problems += checked
        return
    entries: Mapping[str, WaiverEntry | None] = {rule: getattr(checked, rule) for rule in type(checked).model_fields}
    for rule, child in entries_of(node).items():
        if (entry := entries[rule]) is not None:
            place = entries_of(child)["until"].place
            yield Waiver(slug, rule, entry.reason, entry.owner, entry.until, place)


def _check_tenant(slug: str, file: str, slugs: Collection[str]) -> Iterator[Problem]:
    if slug not in slugs:
        hint = did_you_mean(slug, sorted(slugs)) or "; rename the file to the tenant's slug, or remove it"
        yield Problem.at(Place(file), "", f"waives rules for '{slug}', and there is no such tenant{hint}")


def _make_expiry_problem(waiver: Waiver) -> Problem:
    sentence = (
        f"expired on {waiver.until}; correct the tenant and remove the waiver, or ask {waiver.owner} for a new one"
    )
    return Problem.at(waiver.place, f"{waiver.rule}.until", sentence)


def _make_length_problem(waiver: Waiver, longest: int, today: date) -> Problem:
    days = (waiver.until - today).days
    sentence = (
        f"is in {days} days, and {longest} days are the limit (waivers.longest in policies/config.yaml); "
        "write an earlier day"
    )
    return Problem.at(waiver.place, f"{waiver.rule}.until", sentence)
