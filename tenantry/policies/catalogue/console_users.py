"""Customers have no access to the Console."""

from tenantry.policies.rule import Advice

NO_CONSOLE_USERS = Advice(
    id="no-console-users",
    title="No customer is a user of Twilio's Console, not even of its own subaccount.",
    why=(
        "A user of a subaccount can see its auth token, make keys and change triggers past every manifest, and read "
        "messages that retention has not deleted yet. Show customers what they need in your product. No API "
        "that a subaccount's credentials reach tells who its users are, so nothing here can check it: look at "
        "*Settings › Organization settings › Users* in the Console."
    ),
    source=(
        "https://www.twilio.com/docs/iam/access-control/rbac-twilio-console",
        "https://www.twilio.com/docs/iam/api/subaccounts",
    ),
)
