"""A rotation is short: the next generation is made, the application moves to it, the old one goes."""

from collections import Counter
from collections.abc import Iterator

from tenant_rules.rule import Tenant, TenantRule

MOST = 2


def _too_many_generations(tenant: Tenant) -> Iterator[str]:
    # A key is named {slug}/api_key/{key}-{generation}.
    keys = Counter(key.name.rpartition("/")[2].rpartition("-")[0] for key in tenant.of_kind("ApiKey"))
    for key, generations in sorted(keys.items()):
        if generations > MOST:
            yield (
                f"{tenant.slug} has {generations} live generations of the key {key}, {MOST} are enough; "
                f"take those that nobody uses any more out of api_keys.{key}.generations"
            )


KEY_GENERATIONS = TenantRule(
    id="key-generations",
    description=f"At most {MOST} generations of an API key live at once.",
    level="advisory",
    check=_too_many_generations,
)
