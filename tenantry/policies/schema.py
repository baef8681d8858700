"""JSON Schemas of policies/config.yaml and of waivers, made from the rules."""

from collections.abc import Sequence

from tenantry.manifest.schema import Schema, schema_of
from tenantry.policies.config import build_config_model
from tenantry.policies.rule import Rule
from tenantry.policies.waivers import build_waiver_model


def policies_schema(rules: Sequence[Rule]) -> Schema:
    """Return the schema of policies/config.yaml."""
    return schema_of("Tenantry: the settings of the rules", build_config_model(rules))


def waivers_schema(rules: Sequence[Rule]) -> Schema:
    """Return the schema of waivers/<slug>.yaml."""
    return schema_of("Tenantry: waivers", build_waiver_model(rules))
