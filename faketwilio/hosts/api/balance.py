"""v2010 Balance: only a parent has one."""

from dataclasses import dataclass
from decimal import Decimal

from faketwilio.store.store import Store
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import not_found


@dataclass
class Balance:
    """What the parent has, in its currency."""

    amount: Decimal = Decimal("100.00")

    @classmethod
    def begin(cls, _: Store) -> "Balance":
        return cls()


def operations() -> tuple[Operation, ...]:
    return (Operation("GET", "/2010-04-01/Accounts/{AccountSid}/Balance.json", _fetch),)


def _fetch(call: Call) -> Answer:
    # "Child accounts do not contain balance information": whether that is an error or a null, nobody could find out.
    if not call.account.is_parent and call.store.behaviour.balance_of_subaccount == "refuse":
        raise not_found(call.path)
    balance = str(call.store.part(Balance).amount) if call.account.is_parent else None
    return Answer(
        200, {"account_sid": call.account.sid, "balance": balance, "currency": call.store.behaviour.currency.upper()}
    )
