"""The manifest of a tenant with a cap, to which tests add lines."""

ON_FIRE = "{action: suspend}"
CAP = """tenant: {slug}
name: {name}
usage_triggers:
  monthly-sms:
    usage_category: sms
    trigger_by: count
    trigger_value: 1000
    recurring: monthly
    callback_url: /usage
"""
