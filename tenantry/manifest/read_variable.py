"""The variable by which the program of a preview finds what its command has read."""

READ_VARIABLE = "TENANTRY_READ_MANIFESTS"
"""Names a file of `handed.py`; `tenantry preview` sets it, plain Pulumi does not."""
