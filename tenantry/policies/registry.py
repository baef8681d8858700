"""Every rule there is, in the order in which reports and docs/policies.md have them."""

from tenantry.policies.catalogue.allowed_hosts import ALLOWED_HOSTS
from tenantry.policies.catalogue.attestation_age import ATTESTATION_AGE
from tenantry.policies.catalogue.close_notice import CLOSE_NOTICE
from tenantry.policies.catalogue.console_users import NO_CONSOLE_USERS
from tenantry.policies.catalogue.discount_limit import DISCOUNT_LIMIT
from tenantry.policies.catalogue.https_urls import HTTPS_URLS
from tenantry.policies.catalogue.iam_wildcards import NO_IAM_WILDCARDS
from tenantry.policies.catalogue.key_age import KEY_AGE
from tenantry.policies.catalogue.key_generations import KEY_GENERATIONS
from tenantry.policies.catalogue.named_permissions import NAMED_PERMISSIONS
from tenantry.policies.catalogue.overage_beats_next_tier import OVERAGE_BEATS_NEXT_TIER
from tenantry.policies.catalogue.own_error_url import OWN_ERROR_URL
from tenantry.policies.catalogue.price_below_cost import PRICE_BELOW_COST
from tenantry.policies.catalogue.public_hosts import PUBLIC_HOSTS
from tenantry.policies.catalogue.restricted_keys import RESTRICTED_KEYS
from tenantry.policies.catalogue.retention_limit import RETENTION_LIMIT
from tenantry.policies.catalogue.retention_set import RETENTION_SET
from tenantry.policies.catalogue.spend_trigger import SPEND_TRIGGER
from tenantry.policies.catalogue.suspend_stops_numbers import SUSPEND_STOPS_NUMBERS
from tenantry.policies.catalogue.suspended_first import SUSPENDED_FIRST
from tenantry.policies.catalogue.terms_missing import TERMS_MISSING
from tenantry.policies.catalogue.trigger_matches_allowance import TRIGGER_MATCHES_ALLOWANCE
from tenantry.policies.catalogue.twilio_limits import TWILIO_LIMITS
from tenantry.policies.catalogue.watched_errors import WATCHED_ERRORS
from tenantry.policies.rule import Advice, Rule

RULES: tuple[Rule, ...] = (
    SPEND_TRIGGER,
    HTTPS_URLS,
    PUBLIC_HOSTS,
    ALLOWED_HOSTS,
    WATCHED_ERRORS,
    OWN_ERROR_URL,
    RESTRICTED_KEYS,
    NO_IAM_WILDCARDS,
    NAMED_PERMISSIONS,
    KEY_GENERATIONS,
    KEY_AGE,
    RETENTION_SET,
    RETENTION_LIMIT,
    ATTESTATION_AGE,
    CLOSE_NOTICE,
    SUSPENDED_FIRST,
    TWILIO_LIMITS,
    TERMS_MISSING,
    TRIGGER_MATCHES_ALLOWANCE,
    PRICE_BELOW_COST,
    OVERAGE_BEATS_NEXT_TIER,
    DISCOUNT_LIMIT,
    SUSPEND_STOPS_NUMBERS,
)

ADVICE: tuple[Advice, ...] = (NO_CONSOLE_USERS,)
