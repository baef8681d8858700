"""FLOOR 2. Rules for every tenant: pure functions of the model, with their settings and their waivers.

`tenantry validate` asks them about manifests, the policy pack (tenantry/policies/pack) asks them on a running engine.
"""
