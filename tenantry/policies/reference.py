"""docs/policies.md: every rule with its parameters, from the rules themselves, as Markdown."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from tenantry.manifest.reference import table
from tenantry.manifest.schema import REWRITE
from tenantry.policies.registry import ADVICE, RULES
from tenantry.policies.rule import About, FleetRule, Rule
from tenantry.policies.waivers import WaiverEntry

_PREFACE = f"""<!-- Written by `{REWRITE}`: change the rules, not this file. -->
# Rules for every tenant

The same rules are checked in two places. `tenantry validate` checks manifests, before any engine runs.
`tenantry preview` and `up` check the stack too, with what only its resources and its state show; in plain Pulumi
`pulumi preview --policy-pack policies` does. All take the rules from `policies/rules.py` of the project, their
settings from `policies/config.yaml` and the waivers from `waivers/`. A project without a folder `policies` has no
rules.

Every rule has a **level**: a *mandatory* one stops a run and makes `validate` end with 1, an *advisory* one is only
reported, a *disabled* one is not checked.

A URL without TLS is reported by `https-urls`, and by a warning of the manifest only where that rule is not checked;
`tenantry validate --strict` makes an error of it either way.

Rules apply to tenants that stay: active and suspended ones, whose manifests can be corrected too. Tenants that are
to be closed have rules of their own, `close-notice` and `suspended-first`; released tenants are not checked.

On the engine a violation is reported before the account of its tenant is registered, so that nothing of it is made.
Violations that only the stack shows are reported at the end, under `held-mandatory` and `held-advisory` with the id of
the rule: a trigger whose drift is ignored, a resource that your own code made. Rules that can't be loaded, wrong
settings and wrong waivers stop a run as `policy-files`. An account or object with two holders stops it as `one-owner`,
and no setting and no waiver lifts that: the two would undo each other's changes. The pack reads the project that it
lies in, so a pack that was published to Pulumi Cloud finds no manifest, and says so.

Our commands ask the rules themselves about what Pulumi's preview shows, and start no pack: with one, Pulumi sends every
resource twice. `up` does what its preview showed and nothing else, so nothing is made that a mandatory rule forbids.
They leave the pack to Pulumi where you changed its program (`policies/__main__.py`), where you name it
(`--policy-pack policies`), and where a rule would look at a secret, which previews hide.

## Settings

The file is `policies/config.yaml`; a key that is left out has its default. A wrong key is reported with its line.

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

`waivers/<slug>.yaml` exempts one tenant from a rule for some time. Waivers have a folder of their own so that
CODEOWNERS can protect it. **An expired waiver is an error**, and so is a waiver for a tenant or a rule that does not
exist; one that has no effect is reported. `tenantry validate --waivers` lists them all. With `waivers: {{longest:
DAYS}}` in the settings a waiver that ends later is an error, and exempts nobody. A preview names every waiver that
lifts a rule, and says which of them are new or changed since the commit of `--changed-since`.

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
name: `locked: [retention, api_keys.*.access]`. The error for a locked path names the line that locks it. A lock can't
be waived: remove it where it was written.
"""

_OWN = """
## A rule of your own

`policies/rules.py` is yours. It names the rules of the project: ours, and those that you write beside them. A rule is
one object with a pure function, which takes a tenant and the rule's parameters and yields findings: a path of the
manifest and a sentence. It reads no clock and no file; the tenant has the day. Then `tenantry schema --write .`
puts it into the schemas and into this page. This one is in the file that `tenantry init` writes:
"""


def reference(rules: Sequence[Rule]) -> str:
    """Return the text of docs/policies.md."""
    ours = [rule for rule in rules if rule in RULES]
    own = [rule for rule in rules if rule not in RULES]
    parts = [_PREFACE, f"\n{table('', WaiverEntry)}", _LOCKED, "\n## Rules\n", _list(rules)]
    parts += [_write_section(rule) for rule in ours]
    parts += [_write_advice(advice) for advice in ADVICE]
    parts += [_OWN, *(_write_section(rule) for rule in own)]
    return "".join(parts)


def _list(rules: Sequence[Rule]) -> str:
    rows = ["", "| rule | level | |", "|---|---|---|"]
    rows += [f"| [`{rule.id}`](#{rule.id}) | {rule.level} | {rule.title} |" for rule in rules]
    rows += [f"| [`{advice.id}`](#{advice.id}) | not checked | {advice.title} |" for advice in ADVICE]
    return "\n".join(rows) + "\n"


def _write_section(rule: Rule) -> str:
    return "\n".join(["", f"### `{rule.id}`", "", *_write_body(rule), ""])


def _write_body(rule: Rule) -> Iterator[str]:
    yield f"{rule.title} *{rule.level.capitalize()}* by default.{_write_scope(rule)}"
    yield f"\n**Why.** {rule.why}"
    yield f"\n**How to comply.** {rule.mend[0].upper()}{rule.mend[1:]}."
    yield f"\n```yaml\n# breaks it\n{rule.example.breaks}```\n\n```yaml\n# complies\n{rule.example.keeps}```"
    if rule.parameters.model_fields:
        yield f"\n{_write_parameters(rule.parameters)}"
    yield f"\n{_write_sources(rule)}"


def _write_scope(rule: Rule) -> str:
    if isinstance(rule, FleetRule):
        return " Looks at all tenants of a stack together."
    closed = " For tenants that are to be closed." if rule.closed else ""
    return f"{closed} {rule.seen_in_state}".rstrip()


def _write_parameters(model: type[BaseModel]) -> str:
    return table("", model).replace("| key |", "| parameter |").rstrip("\n")


def _write_sources(about: About) -> str:
    return f"Sources: {', '.join(f'<{source}>' if source.startswith('https:') else source for source in about.source)}"


def _write_advice(advice: About) -> str:
    return (
        f"\n### `{advice.id}`\n\n{advice.title} *Not checked.*\n\n**Why.** {advice.why}\n\n{_write_sources(advice)}\n"
    )
