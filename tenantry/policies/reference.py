"""docs/policies.md: every rule with its parameters, from the rules themselves, as Markdown."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from tenantry.manifest.reference import table
from tenantry.manifest.schema import REWRITE
from tenantry.policies.registry import ADVICE, RULES
from tenantry.policies.rule import About, FleetRule, Rule
from tenantry.policies.waivers import WaiverEntry

_PREFACE = f"""<!-- Written by `{REWRITE}`: change the rules, not this file. -->
# What every tenant keeps to

The same rules are checked in two places. `tenantry validate` checks manifests, before any engine runs;
`pulumi preview --policy-pack policies` checks them on the engine, where it also sees what only the state knows.
Both take the rules from `policies/rules.py` of the project, their settings from `policies/config.yaml` and the
waivers from `waivers/`. A project without a folder `policies` has no rules.

Every rule has a **level**: a *mandatory* one stops a run and makes `validate` end with 1, an *advisory* one is only
told, a *disabled* one is not asked.

A URL without TLS is told by `https-urls`, and by a warning of the manifest only where nobody asks that rule;
`tenantry validate --strict` makes an error of it either way.

Rules are about tenants that stay: active ones and suspended ones, whose manifests can be mended too. Tenants that are
to be closed have rules of their own, `close-notice` and `suspended-first`; nobody asks those that are released.

On the engine a violation is told before the account of its tenant is registered, so that nothing of it is made. What
only the stack shows is told at the end, under `held-mandatory` and `held-advisory` with the id of the rule: a trigger
whose drift is ignored, a resource that your own code made. Rules that can't be loaded, wrong settings and wrong waivers
stop a run as `policy-files`. An account or object that two resources hold stops it as `one-owner`, and no setting and
no waiver lifts that: the two would undo each other. The pack reads the project that it lies in, so a pack that was
published to Pulumi Cloud finds no manifest, and says so.

## Settings

`policies/config.yaml`; what is left out has its default. A wrong key is told with its line.

```yaml
# yaml-language-server: $schema=../schemas/policies.schema.json
rules:
  spend-trigger:
    ceilings: {{small: 50, large: 1000}}
  key-generations: {{level: mandatory, most: 2}}
  watched-errors: {{level: disabled}}
  price-below-cost:
    costs: {{sms: "0.0079"}}
waivers:
  longest: 90    # days that a waiver may still have; left out, any
```

## Waivers

`waivers/<slug>.yaml` lets one tenant off a rule for some time. They lie in a folder of their own so that CODEOWNERS
can guard it. **An expired waiver is an error**, and so is one of a tenant or a rule that does not exist; one that
waives nothing is told. `tenantry validate --waivers` lists them all. With `waivers: {{longest: DAYS}}` in the settings
one that ends later is an error, and lets nobody off. A preview names every waiver that lifts a rule, and says which of
them are new or changed since the commit of `--changed-since`.

```yaml
# yaml-language-server: $schema=../schemas/waivers.schema.json
allowed-hosts:
  reason: their own CRM hears of the first call
  owner: ana@owl.example
  until: "2027-01-31"
```
"""

_LOCKED = """
## Locked paths

`locked` in `defaults.yaml`, a plan or a profile names paths that no later layer and no tenant may set, `*` for every
name: `locked: [retention, api_keys.*.access]`. Whoever sets one is told the line that locks it. A lock can't be
waived: it is taken out where it was put in.
"""

_OWN = """
## A rule of your own

`policies/rules.py` is yours. It names the rules of the project: ours, and those that you write beside them. A rule is
one object with a pure function, which gets a tenant and the rule's parameters and yields what it finds: a path of the
manifest and a sentence. It reads no clock and no file; the day is in what it gets. Then `tenantry schema --write .`
puts it into the schemas and into this page. This one is in the file that `tenantry init` writes:
"""


def reference(rules: Sequence[Rule]) -> str:
    """Return the text of docs/policies.md."""
    ours = [rule for rule in rules if rule in RULES]
    own = [rule for rule in rules if rule not in RULES]
    parts = [_PREFACE, f"\n{table('', WaiverEntry)}", _LOCKED, "\n## Rules\n", _list(rules)]
    parts += [_section(rule) for rule in ours]
    parts += [_advice(advice) for advice in ADVICE]
    parts += [_OWN, *(_section(rule) for rule in own)]
    return "".join(parts)


def _list(rules: Sequence[Rule]) -> str:
    rows = ["", "| rule | level | |", "|---|---|---|"]
    rows += [f"| [`{rule.id}`](#{rule.id}) | {rule.level} | {rule.title} |" for rule in rules]
    rows += [f"| [`{advice.id}`](#{advice.id}) | not checked | {advice.title} |" for advice in ADVICE]
    return "\n".join(rows) + "\n"


def _section(rule: Rule) -> str:
    return "\n".join(["", f"### `{rule.id}`", "", *_body(rule), ""])


def _body(rule: Rule) -> Iterator[str]:
    yield f"{rule.title} *{rule.level.capitalize()}* by default.{_scope(rule)}"
    yield f"\n**Why.** {rule.why}"
    yield f"\n**Mend.** {rule.mend[0].upper()}{rule.mend[1:]}."
    yield f"\n```yaml\n# breaks it\n{rule.example.breaks}```\n\n```yaml\n# keeps to it\n{rule.example.keeps}```"
    if rule.parameters.model_fields:
        yield f"\n{_parameters(rule.parameters)}"
    yield f"\n{_sources(rule)}"


def _scope(rule: Rule) -> str:
    if isinstance(rule, FleetRule):
        return " Looks at all tenants of a stack together."
    closed = " About tenants that are to be closed." if rule.closed else ""
    return f"{closed} {rule.seen_in_state}".rstrip()


def _parameters(model: type[BaseModel]) -> str:
    return table("", model).replace("| key |", "| parameter |").rstrip("\n")


def _sources(about: About) -> str:
    return f"Sources: {', '.join(f'<{source}>' if source.startswith('https:') else source for source in about.source)}"


def _advice(advice: About) -> str:
    return f"\n### `{advice.id}`\n\n{advice.title} *Not checked.*\n\n**Why.** {advice.why}\n\n{_sources(advice)}\n"
