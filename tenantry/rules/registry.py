"""Every rule there is, in the order in which reports and docs/policies.md have them."""

from tenantry.rules.catalogue.allowed_hosts import ALLOWED_HOSTS
from tenantry.rules.catalogue.attestation_age import ATTESTATION_AGE
from tenantry.rules.catalogue.close_notice import CLOSE_NOTICE
from tenantry.rules.catalogue.console_users import NO_CONSOLE_USERS
from tenantry.rules.catalogue.https_urls import HTTPS_URLS
from tenantry.rules.catalogue.iam_wildcards import NO_IAM_WILDCARDS
from tenantry.rules.catalogue.key_age import KEY_AGE
from tenantry.rules.catalogue.key_generations import KEY_GENERATIONS
from tenantry.rules.catalogue.named_permissions import NAMED_PERMISSIONS
from tenantry.rules.catalogue.own_error_url import OWN_ERROR_URL
from tenantry.rules.catalogue.public_hosts import PUBLIC_HOSTS
from tenantry.rules.catalogue.restricted_keys import RESTRICTED_KEYS
from tenantry.rules.catalogue.retention_limit import RETENTION_LIMIT
from tenantry.rules.catalogue.retention_set import RETENTION_SET
from tenantry.rules.catalogue.spend_trigger import SPEND_TRIGGER
from tenantry.rules.catalogue.suspended_first import SUSPENDED_FIRST
from tenantry.rules.catalogue.twilio_limits import TWILIO_LIMITS
from tenantry.rules.catalogue.watched_errors import WATCHED_ERRORS
from tenantry.rules.rule import Advice, Rule

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
)

ADVICE: tuple[Advice, ...] = (NO_CONSOLE_USERS,)
