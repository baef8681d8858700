"""Whose rows of the ledger are meant: of the parent account's stack, which has one name for ever."""

from tenantry.ledger.connection import Ledger
from tenantry.ledger.errors import RefusedError
from tenantry.ledger.standing import list_stack_names
from tenantry.ledger.values import StackRef


def refuse_other_name(ledger: Ledger, stack: StackRef) -> None:
    """Raise RefusedError for a stack of which the ledger has nothing, where it has the parent's under another name.

    Under a name with a typo a fact would be on no statement; after a rename each month would be closed a second time.
    """
    names = list_stack_names(ledger, stack.parent)
    if names and stack.stack not in names:
        known = " and ".join(f"'{name}'" for name in sorted(names))
        raise RefusedError(
            f"The ledger has nothing of a stack '{stack.stack}' below {stack.parent}, but of {known}. Nothing was "
            "written. Correct --stack; or, if the stack was renamed, give it that name back with `pulumi stack rename`."
        )
