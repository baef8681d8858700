"""FLOOR 3. The policy pack: the rules on a running engine. Only program.py knows Pulumi's policy SDK.

The engine asks twice. Before the account of a tenant is registered, and so before anything of it is made, the pack
tells what its manifest breaks. At the end it looks at what the stack then holds, and tells what the manifests did not
show: keys that are too old, entries whose drift is ignored, resources that a project's own code made.
"""
