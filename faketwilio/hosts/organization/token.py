"""OAuth v2: an access token for the credentials of an OAuth app, good for an hour."""

from datetime import timedelta

from faketwilio.hosts.organization.records import Organization
from faketwilio.store.bearer import BearerTokens
from faketwilio.wire.call import Answer, Call, Operation
from faketwilio.wire.errors import authentication_error, invalid

SECONDS = 3600


def operations() -> tuple[Operation, ...]:
    return (Operation("POST", "/v2/token", _create, is_public=True),)


def _create(call: Call) -> Answer:
    organization, store = call.store.part(Organization), call.store
    grant = call.params.require("grant_type")
    if grant != "client_credentials":
        raise invalid("grant_type", grant)
    given = (call.params.require("client_id"), call.params.require("client_secret"))
    if given != (organization.client_id, organization.client_secret):
        raise authentication_error()
    token = store.request_sids.secret()
    store.part(BearerTokens).until[token] = store.clock.now() + timedelta(seconds=SECONDS)
    return Answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": SECONDS})
