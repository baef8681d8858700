"""Twilio tenants as code: one YAML manifest per customer, on Pulumi."""


def __getattr__(name: str) -> str:
    # Reading what is installed imports a tenth of what `--help` needs, and hardly any command says its version.
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    globals()[name] = found = version("tenantry")
    return found
