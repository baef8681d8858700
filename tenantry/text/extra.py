"""How a package of an extra is installed, in a sentence."""


def tell_install(extra: str) -> str:
    """Return what to do where a package of an extra of ours is missing."""
    return (
        f"Run `pip install 'tenantry[{extra}]'`; in a project with a pyproject.toml, add {extra} to the extras of "
        "tenantry there, and run `uv sync`."
    )
