"""policies/config.yaml: the level and the parameters of each rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, create_model

from tenantry.manifest.complaint import validate
from tenantry.manifest.files import POLICIES, find_misnamed, is_there
from tenantry.manifest.layers import merge_all
from tenantry.manifest.problem import Problem
from tenantry.manifest.yaml.reader import read
from tenantry.model.written import Written
from tenantry.policies.rule import Level, Parameters, Rule

CONFIG = f"{POLICIES}/config.yaml"
MODELS_KEPT = 4
"""A process knows one set of rules, or few; to build their models takes longer than to check a small project."""
ENTRIES_KEPT = 128
"""Ours are the same in every project; those of a project are made anew whenever its file is read."""


@dataclass(frozen=True)
class Setting:
    """The level and the parameters of a rule."""

    level: Level
    parameters: Parameters


class WaiverTerms(Written):
    """The terms of every waiver."""

    longest: int | None = Field(
        default=None, ge=1, le=36_500, description="most days from today to the last day of a waiver; left out, any"
    )


@dataclass(frozen=True)
class Config:
    """The setting of each rule by its id, and what is wrong with the file; with a problem, the defaults hold."""

    settings: Mapping[str, Setting]
    problems: tuple[Problem, ...] = ()
    longest_waiver: int | None = None
    """The most days that a waiver may still have."""

    def of(self, rule: Rule) -> Setting:
        return self.settings[rule.id]


def read_config(root: Path, rules: Sequence[Rule]) -> Config:
    """Read the configuration of a project's rules; without the file every rule has its defaults."""
    model = build_config_model(rules)
    defaults = _read_settings(rules, model())
    problems = list(find_misnamed(root, root / CONFIG))
    if not is_there(root / CONFIG):
        return Config(defaults, tuple(problems))
    source = read(root, root / CONFIG)
    problems += source.problems
    if source.node is None:
        return Config(defaults, tuple(problems))
    merge_all([source.node], problems.append)  # it has no layers below it, so each null in it removes nothing
    config = validate(source.node, model, None)
    if isinstance(config, list):
        return Config(defaults, tuple(sorted({*problems, *config})))
    longest = config.waivers.longest  # type: ignore[attr-defined]
    return Config(defaults if problems else _read_settings(rules, config), tuple(problems), longest)


def build_config_model(rules: Sequence[Rule]) -> type[BaseModel]:
    """Return the model of the file."""
    return _build_model(tuple(rules))


@lru_cache(MODELS_KEPT)
def _build_model(rules: tuple[Rule, ...]) -> type[BaseModel]:
    entries: dict[str, Any] = {rule.id: _define_entry(rule) for rule in rules}
    settings = create_model("Rules", __base__=Written, __doc__="The rules by their ids.", **entries)
    described = Field(
        default_factory=settings, description="level and parameters of rules; what is left out has its default"
    )
    terms = Field(default_factory=WaiverTerms, description="terms of every waiver")
    return create_model(
        "Policies",
        __base__=Written,
        __doc__="The settings of the rules.",
        rules=(settings, described),
        waivers=(WaiverTerms, terms),
    )


@lru_cache(ENTRIES_KEPT)
def _define_entry(rule: Rule) -> tuple[type[BaseModel], Any]:
    """Return the field of a rule: its parameters, and its level beside them."""
    title = "".join(word.capitalize() for word in rule.id.split("-"))
    level: Any = (
        Level,
        Field(default=rule.level, description="advisory reports, mandatory stops a run, disabled does not check"),
    )
    model = create_model(title, __base__=rule.parameters, __doc__=rule.title, level=level)
    return model, Field(default_factory=model, description=rule.title)


def _read_settings(rules: Sequence[Rule], config: BaseModel) -> dict[str, Setting]:
    entries = config.rules  # type: ignore[attr-defined]
    return {rule.id: Setting(getattr(entries, rule.id).level, getattr(entries, rule.id)) for rule in rules}
