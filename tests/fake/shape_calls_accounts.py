"""How the operations on accounts and their credentials are called through the SDK."""

from collections.abc import Mapping

from shape_world import Call

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
POLICY = {"allow": ["/twilio/messaging/messages/read"]}

ACCOUNTS: Mapping[str, Call] = {
    "POST /2010-04-01/Accounts.json": lambda w: w.parent.api.v2010.accounts.create(friendly_name="Acme"),
    "GET /2010-04-01/Accounts.json": lambda w: (w.made, w.parent.api.v2010.accounts.list(page_size=1)),
    f"GET {ACCOUNT}.json": lambda w: w.acme.fetch(),
    f"POST {ACCOUNT}.json": lambda w: (w.acme.update(friendly_name="Acme 2"), w.acme.update(status="suspended")),
}

KEYS: Mapping[str, Call] = {
    f"POST {ACCOUNT}/Keys.json": lambda w: (w.key, w.acme.new_keys.create()),
    f"GET {ACCOUNT}/Keys.json": lambda w: (w.key, w.acme.new_keys.create(), w.acme.keys.list(page_size=1)),
    f"GET {ACCOUNT}/Keys/{{Sid}}.json": lambda w: w.acme.keys(w.key.sid).fetch(),
    f"POST {ACCOUNT}/Keys/{{Sid}}.json": lambda w: w.acme.keys(w.key.sid).update(friendly_name="app"),
    f"DELETE {ACCOUNT}/Keys/{{Sid}}.json": lambda w: w.acme.keys(w.key.sid).delete(),
    f"POST {ACCOUNT}/SigningKeys.json": lambda w: w.acme.new_signing_keys.create(friendly_name="web"),
    f"GET {ACCOUNT}/SigningKeys.json": lambda w: (w.key, w.acme.signing_keys.list(page_size=1)),
    f"GET {ACCOUNT}/SigningKeys/{{Sid}}.json": lambda w: w.acme.signing_keys(w.key.sid).fetch(),
    f"POST {ACCOUNT}/SigningKeys/{{Sid}}.json": lambda w: w.acme.signing_keys(w.key.sid).update(friendly_name="app"),
    f"DELETE {ACCOUNT}/SigningKeys/{{Sid}}.json": lambda w: w.acme.signing_keys(w.key.sid).delete(),
}

IAM: Mapping[str, Call] = {
    "POST /v1/Keys": lambda w: (
        w.client.iam.v1.new_api_key.create(w.made.sid, friendly_name="web"),
        w.client.iam.v1.new_api_key.create(w.made.sid, friendly_name="app", key_type="restricted", policy=POLICY),
    ),
    "GET /v1/Keys": lambda w: (
        w.key,
        w.client.iam.v1.new_api_key.create(w.made.sid, key_type="restricted", policy=POLICY),
        w.client.iam.v1.get_api_keys.list(w.made.sid, page_size=1),
    ),
    "GET /v1/Keys/{Sid}": lambda w: w.client.iam.v1.api_key(w.key.sid).fetch(),
    "POST /v1/Keys/{Sid}": lambda w: w.client.iam.v1.api_key(
        w.client.iam.v1.new_api_key.create(w.made.sid, key_type="restricted", policy=POLICY).sid
    ).update(friendly_name="app", policy=POLICY),
    "DELETE /v1/Keys/{Sid}": lambda w: w.client.iam.v1.api_key(w.key.sid).delete(),
}

AUTH_TOKENS: Mapping[str, Call] = {
    "POST /v1/AuthTokens/Secondary": lambda w: w.client.accounts.v1.secondary_auth_token().create(
        suppress_email_notification=True
    ),
    "DELETE /v1/AuthTokens/Secondary": lambda w: (
        w.client.accounts.v1.secondary_auth_token().create(),
        w.client.accounts.v1.secondary_auth_token().delete(suppress_email_notification=True),
    ),
    "POST /v1/AuthTokens/Promote": lambda w: (
        w.client.accounts.v1.secondary_auth_token().create(),
        w.client.accounts.v1.auth_token_promotion().update(suppress_email_notification=True),
    ),
}

ORGANIZATION: Mapping[str, Call] = {
    "GET /v2/Organizations/{OrganizationSid}/Roles": lambda w: w.get_organization("Roles?PageSize=1"),
    "GET /v2/Organizations/{OrganizationSid}/RoleAssignments": lambda w: w.get_organization(
        "RoleAssignments?Scope={OR}"
    ),
    "GET /v2/Organizations/{OrganizationSid}/scim/Users": lambda w: w.get_organization(
        "scim/Users?startIndex=1&count=1"
    ),
}
TOKEN: Mapping[str, Call] = {"POST /v2/token": lambda w: w.token()}
