"""What was done to statements by hand, in words: one made void, an amount on the next one."""

from tenantry.operations.billing.adjusting import RecordedAmount, VoidStatement
from tenantry.text.plain import plain


def void_text(void: VoidStatement) -> str:
    """Return that a statement is void, and what comes next."""
    if not void.is_new:
        return f"{void.number} was void already; nothing was changed."
    tenants = ", ".join(map(plain, void.tenants))
    return (
        f"{void.number} is void. For {tenants} {void.month} is open again: tenantry bill --month {void.month} --close "
        "gives it a new number. Later months wait for that."
    )


def amount_text(recorded: RecordedAmount) -> str:
    """Return that an amount goes on the next statement, or was recorded before."""
    money = f"{recorded.amount:f} {recorded.currency.upper()} for {plain(recorded.tenant)} ({plain(recorded.ref)})"
    done = "goes on the next statement" if recorded.is_new else "was recorded before; nothing was changed"
    return f"{money} {done}."
