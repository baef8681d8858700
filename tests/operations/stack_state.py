"""States as `pulumi stack export` prints them (CLI 3.259), and manifests, for the tests of reports."""

import json
from typing import Any

from tenantry.engine.state.deployment import StateResource, read_state
from tenantry.model.kinds import KINDS
from tenantry.model.tenant import Tenant

MARK = "4dabf18193072939515e22adb298388d"
SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270"
PARENT = "AC" + "f" * 32
ACCOUNT = "AC" + "a" * 32
TOKENS = {name: kind.token for name, kind in KINDS.items()}
RUN = "urn:pulumi:dev::tenantry::"


def sid(prefix: str, number: int) -> str:
    return f"{prefix}{number:032x}"


def encrypted_secret(ciphertext: str = "v1:abc=") -> dict[str, str]:
    return {MARK: SECRET_MARK, "ciphertext": ciphertext}


def plain_secret(secret: str) -> dict[str, str]:
    return {MARK: SECRET_MARK, "plaintext": json.dumps(secret)}


def save_resource(kind: str, name: str, id_: str, **outputs: Any) -> dict[str, Any]:
    """One of our resources, as a deployment holds it."""
    token, owner = TOKENS[kind], "" if kind == "fleet" else "tenantry:index:Tenant$"
    return {
        "urn": f"{RUN}{owner}{token}::{name}",
        "custom": True,
        "id": id_,
        "type": token,
        "inputs": {"__provider": "gASV"},
        "outputs": {"__provider": "gASV", **outputs},
        "created": "2026-11-22T12:16:14.010627376Z",
    }


def child(kind: str, name: str, id_: str, **outputs: Any) -> dict[str, Any]:
    return save_resource(kind, name, id_, account_sid=ACCOUNT, owner_account_sid=PARENT, **outputs)


def fleet() -> dict[str, Any]:
    return save_resource("fleet", "fleet", "fleet", account_sid=PARENT, standing={"acme": "open"})


def account(slug: str = "acme", id_: str = ACCOUNT, status: str = "active") -> dict[str, Any]:
    return save_resource("subaccount", slug, id_, slug=slug, friendly_name=slug, status=status)


def export_document(*resources: dict[str, Any]) -> dict[str, Any]:
    """A whole document, with what is not ours around our resources."""
    around = [
        {"urn": f"{RUN}pulumi:pulumi:Stack::tenantry-dev", "custom": False, "type": "pulumi:pulumi:Stack"},
        {
            "urn": f"{RUN}tenantry:index:Tenant::acme",
            "custom": False,
            "type": "tenantry:index:Tenant",
            "outputs": {"account_sid": ACCOUNT},
        },
    ]
    return {"version": 3, "deployment": {"manifest": {}, "resources": [*around, *resources], "metadata": {}}}


def state(*resources: dict[str, Any]) -> tuple[StateResource, ...]:
    return read_state(export_document(*resources))


def acme(**secrets: dict[str, str]) -> tuple[dict[str, Any], ...]:
    """The resources of a tenant that has everything, secrets as they are given, else encrypted."""
    policy = ["/twilio/messaging/messages/create", "/twilio/messaging/messages/list"]
    return (
        account(),
        child("api_key", "acme/api_key/web-1", sid("SK", 1), friendly_name="web#1"),
        child(
            "api_key",
            "acme/api_key/web-2",
            sid("SK", 2),
            friendly_name="web#2",
            secret=secrets.get("web_2", encrypted_secret()),
        ),
        child(
            "api_key",
            "acme/api_key/sender-10",
            sid("SK", 3),
            friendly_name="sender#10",
            policy=policy,
            secret=secrets.get("sender_10", encrypted_secret()),
        ),
        child("usage_trigger", "acme/usage_trigger/monthly-sms", sid("UT", 1)),
        child("usage_trigger", "acme/usage_trigger/daily-spend", "waiting-daily-spend"),
        child("event_sink", "acme/event_sink/debugger", sid("DG", 1)),
        child("event_subscription", "acme/event_subscription/debugger", sid("DF", 1)),
        child("retention", "acme/retention", f"{ACCOUNT}/retention", per_request={"content_retention": "discard"}),
    )


def tenant(slug: str = "acme", **written: Any) -> Tenant:
    return Tenant.model_validate({"tenant": slug, "name": slug.title(), **written})


def manifests(*tenants: Tenant) -> dict[str, Tenant]:
    return {item.tenant: item for item in tenants}
