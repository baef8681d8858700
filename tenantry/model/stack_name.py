"""The name of a stack: people and machines write it in three ways, and tenantry.yaml knows one."""


def short_name(name: str) -> str:
    """Return the name of a stack in its project: `dev`, whether it is named `dev`, `owl/dev` or `owl/crm/dev`.

    Pulumi takes all of them; the program, its settings (`Pulumi.dev.yaml`) and tenantry.yaml know the last part.
    """
    return name.rstrip("/").rpartition("/")[2]
