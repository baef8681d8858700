"""API keys against state and manifests: pure functions of what is there and what is ours."""

from datetime import UTC, datetime, timedelta

from tenantry.manifest.access import AccessFile
from tenantry.model.access import Access
from tenantry.model.api_key import ApiKeySpec
from tenantry.model.tenant import Tenant
from tenantry.operations.access.keys import AccountKeys, find_keys
from tenantry.twilio.live import Live

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ACME = Tenant.model_validate({"tenant": "acme", "name": "Acme", "api_keys": {"web": {"access": "standard"}}})


def key(number: int, name: str, days: int = 1) -> Live[ApiKeySpec]:
    spec = ApiKeySpec(account_sid=f"AC{1:032}", friendly_name=name)
    return Live(f"SK{number:032}", spec, NOW - timedelta(days=days))


def unknown(*keys: Live[ApiKeySpec], known: frozenset[str] = frozenset()) -> list[str | None]:
    account = AccountKeys(f"AC{1:032}", "acme", keys)
    file = AccessFile(Access(format=1))
    return [finding.key_sid for finding in find_keys(account, ACME, known, file, NOW)]


def test_a_key_with_a_name_of_ours_is_ours():
    assert unknown(key(1, "web#1")) == []


def test_a_second_key_with_a_name_of_ours_is_not_ours():
    ours, planted = key(1, "web#1", days=40), key(2, "web#1", days=1)
    assert unknown(planted, ours) == [planted.sid]
    assert unknown(planted, ours, known=frozenset({ours.sid})) == [planted.sid]
    assert unknown(planted, ours, known=frozenset({planted.sid})) == [ours.sid]
