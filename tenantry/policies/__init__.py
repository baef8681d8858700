"""FLOOR 2. Rules for every tenant: pure functions of the model, with their settings and their waivers.

`tenantry validate` checks manifests with them, the policy pack (tenantry/policies/pack) applies them on a running
engine.
"""
