"""Every tenant that may use Twilio has terms: what it costs is charged to somebody."""

from collections.abc import Iterator

from tenantry.policies.rule import Example, Finding, Parameters, TenantRule
from tenantry.policies.subject import Subject


def _find_missing_terms(subject: Subject, _parameters: Parameters) -> Iterator[Finding]:
    if subject.tenant.terms is None and subject.tenant.state != "suspended":
        yield Finding(("terms",), "nothing says what the customer pays, so it gets no statement")


TERMS_MISSING = TenantRule(
    id="terms-missing",
    title="Every active tenant has terms.",
    level="advisory",
    why="Twilio charges the parent account for every subaccount. Without terms, nobody is billed for a tenant's use.",
    mend=(
        "write terms in the manifest, its plan or defaults.yaml; if you bill elsewhere, set this rule to disabled in "
        "policies/config.yaml"
    ),
    source=(
        "https://www.twilio.com/docs/iam/api/subaccounts",
        "https://www.twilio.com/en-us/blog/isv-getting-started-with-twilio",
    ),
    example=Example(
        breaks="terms: null\n",
        keeps="terms: {currency: usd, fees: {base: 49.99}}\n",
    ),
    parameters=Parameters,
    check=_find_missing_terms,
)
