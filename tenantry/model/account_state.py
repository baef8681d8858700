"""The state of a tenant's account: the only thing that suspends or closes one."""

from tenantry.model.spec import ChildSpec


class AccountStateSpec(ChildSpec):
    """The inputs of an account's state; there is one only for tenants that are suspended or to be closed."""

    status: str
    """`suspended` or `closed` as an input; as Twilio reads it back, anything."""
