"""The variables that tell Pulumi and its program what a run of a stack is."""

from collections.abc import Collection, Mapping

from tenantry.engine.run.focus import CLOSING_VARIABLE, VETTED_VARIABLE
from tenantry.engine.state.recovery import RECOVER_VARIABLE

STACK = "PULUMI_STACK"


def list_variables(
    stack: str, environ: Mapping[str, str], *, closing: Collection[str] = (), recover: bool = False
) -> dict[str, str]:
    """Return the variables of a run; `closing` are the tenants that it may close, `recover` says the state was lost."""
    variables = {STACK: stack}  # a URN has only the last part of the name
    if closing:
        variables[CLOSING_VARIABLE] = ",".join(sorted(closing))
    if wanted := variables.get(CLOSING_VARIABLE) or environ.get(CLOSING_VARIABLE):
        variables[VETTED_VARIABLE] = wanted  # `up` asks the ledger before it begins, and nothing else closes
    if recover:
        variables[RECOVER_VARIABLE] = "1"
    return variables
