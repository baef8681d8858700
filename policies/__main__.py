"""The policy pack: `pulumi preview --policy-pack policies`. Its rules are in tenant_rules/."""

from pulumi_policy import PolicyPack
from tenant_rules import RULES
from tenant_rules.pulumi_rule import policy_of

# This starts a server and does not return, so it may stand in no other file.
PolicyPack("tenantry", policies=[policy_of(rule) for rule in RULES])
