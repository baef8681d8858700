"""What every tenant keeps to. These files are yours: change a level, take a rule out, add one of your own.

A mandatory rule stops a run, an advisory one is only shown. The ids stand in reports and logs; don't change them.
"""

from tenant_rules.https_urls import HTTPS_URLS
from tenant_rules.iam_wildcards import NO_IAM_WILDCARDS
from tenant_rules.key_generations import KEY_GENERATIONS
from tenant_rules.rule import ResourceRule, TenantRule
from tenant_rules.spend_trigger import SPEND_TRIGGER
from tenant_rules.watched_errors import WATCHED_ERRORS

RULES: tuple[ResourceRule | TenantRule, ...] = (
    SPEND_TRIGGER,
    HTTPS_URLS,
    NO_IAM_WILDCARDS,
    WATCHED_ERRORS,
    KEY_GENERATIONS,
)
