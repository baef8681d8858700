"""v2010 Balance: only a parent has one."""

from tenantry.fake.call import Answer, Call, Operation
from tenantry.fake.errors import not_found


def operations() -> tuple[Operation, ...]:
    return (Operation("GET", "/2010-04-01/Accounts/{AccountSid}/Balance.json", _fetch),)


def _fetch(call: Call) -> Answer:
    # "Child accounts do not contain balance information": whether that is an error or a null, nobody could find out.
    if not call.account.is_parent and call.store.behaviour.balance_of_subaccount == "refuse":
        raise not_found(call.path)
    balance = str(call.store.balance) if call.account.is_parent else None
    return Answer(
        200, {"account_sid": call.account.sid, "balance": balance, "currency": call.store.behaviour.currency.upper()}
    )
