"""FLOOR 2. What every tenant keeps to: rules as pure functions of the model, their settings and their waivers.

`tenantry validate` asks them about manifests, the policy pack (tenantry/pack) asks them on a running engine.
"""
