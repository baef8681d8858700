"""FLOOR 3. The policy pack: the rules on a running engine. Only program.py knows Pulumi's policy SDK.

The engine calls the pack twice. Before the account of a tenant is registered, and so before anything of it is made, the
pack reports the violations of its manifest. At the end it checks the resources of the stack, and reports what the
manifests did not show: keys that are too old, entries whose drift is ignored, resources that a project's own code made.
"""
