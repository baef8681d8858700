"""FLOOR 3. The policy pack: the rules as Pulumi's policy SDK asks them, for plain Pulumi and packs that users changed.

The engine calls it twice: before the account of a tenant is registered, and so before anything of it is made, and at
the end, with the resources of the stack. `tenantry preview` and `up` ask the same rules without it.
"""
