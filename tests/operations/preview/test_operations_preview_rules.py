"""The project's own rules, asked about the events of a preview; without an engine."""

from datetime import date

import pytest

from tenantry.engine.events.event import Diagnostic, PolicyViolation, ResourceOutputs, ResourcePre
from tenantry.engine.events.plan import STACK
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.install.find import Engine
from tenantry.engine.run.command import Project
from tenantry.manifest.load import load
from tenantry.model.kinds import KINDS
from tenantry.model.resources import resources_of
from tenantry.operations.preview.rules import HiddenValueError, ask_rules
from tenantry.operations.stack.open import Opened
from tenantry.operations.stack.run import CountedRun

TODAY = date(2026, 11, 30)
SPEND = "{usage_category: totalprice, trigger_by: price, trigger_value: 25, recurring: daily, callback_url: %s}"
SAFE, IN_CLEAR = "https://hooks.owl.example/s", "http://hooks.owl.example/s"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"}
ONLY_URLS = "rules:\n" + "".join(
    f"  {name}: {{level: disabled}}\n"
    for name in ("retention-set", "terms-missing", "watched-errors", "key-age", "suspended-first")
)
ACCOUNT = "AC" + "2" * 32


@pytest.fixture
def stack_of(tmp_path):
    """Return a function that opens a stack whose tenants have triggers with these callback URLs."""

    def open_stack(**urls):
        files = {"tenantry.yaml": "format: 1\nwebhooks: https://hooks.owl.example\n", "policies/config.yaml": ONLY_URLS}
        for slug, url in urls.items():
            text = f"tenant: {slug}\nname: {slug}\nusage_triggers:\n  spend: {SPEND % url}\n"
            files[f"tenants/{slug}.yaml"] = text
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        project = Project(tmp_path, "dev", Engine(tmp_path / "pulumi", "v3.259.0", "PATH"), {})
        return Opened(project, load(tmp_path, "dev"))

    return open_stack


def outputs_of(kind, name, op="same", **outputs):
    token = KINDS[kind].token
    return ResourceOutputs(op, f"urn:pulumi:dev::owl::{COMPONENT}${token}::{name}", token, name, outputs=outputs)


def preview_of(stack, *slugs, op="same", **trigger):
    """Yield what a preview shows of tenants, all as declared but for these outputs of their trigger."""
    yield ResourcePre("same", "urn:pulumi:dev::owl::pulumi:pulumi:Stack::owl-dev", STACK, "owl-dev")
    yield outputs_of("fleet", "fleet")
    for number, slug in enumerate(slugs or stack.loaded.tenants):
        for resource in resources_of(stack.loaded.tenants[slug], TODAY):
            changed = trigger if resource.kind == "usage_trigger" else {}
            account = {} if resource.kind == "subaccount" else {"account_sid": "AC" + str(number) * 32}
            yield outputs_of(resource.kind, resource.name, op, **{**resource.spec.props(), **account, **changed})


def ask(stack_of, events, focus=None, exit_code=0, **more):
    run = ask_rules(stack_of, focus, CountedRun(exit_code, tuple(events), **more), TODAY)
    found = [event for event in run.events if isinstance(event, PolicyViolation)]
    return run.exit_code, [(item.policy, item.level, item.urn.rpartition("::")[2]) for item in found]


def test_a_broken_mandatory_rule_fails_the_preview(stack_of):
    stack = stack_of(acme=SAFE, birch=IN_CLEAR)
    assert ask(stack, preview_of(stack)) == (1, [("https-urls", "mandatory", "birch")])


def test_rules_that_are_kept_fail_nothing(stack_of):
    stack = stack_of(acme=SAFE)
    assert ask(stack, preview_of(stack)) == (0, [])


def test_what_only_the_stack_shows_is_reported(stack_of):
    stack = stack_of(acme=SAFE)
    assert ask(stack, preview_of(stack, callback_url=IN_CLEAR)) == (1, [("held-mandatory", "mandatory", "acme")])


def test_what_a_refresh_or_a_deletion_reports_is_not_in_the_stack(stack_of):
    stack = stack_of(acme=SAFE)
    found = [
        outputs_of("usage_trigger", "acme/usage_trigger/spend", op, callback_url=IN_CLEAR)
        for op in ("refresh", "delete", "delete-replaced")
    ]
    assert ask(stack, [*preview_of(stack), *found]) == (0, [])


@pytest.mark.parametrize("value", [UNKNOWN, [UNKNOWN], {"url": UNKNOWN}])
def test_an_unknown_value_is_as_the_manifest_says(stack_of, value):
    stack = stack_of(acme=SAFE)
    assert ask(stack, preview_of(stack, callback_url=value, account_sid=UNKNOWN)) == (0, [])


@pytest.mark.parametrize("hidden", [{"callback_url": SECRET}, {"callback_url": [SECRET]}, {"adopt": SECRET}])
def test_a_secret_is_left_to_the_engine(stack_of, hidden):
    stack = stack_of(acme=SAFE)
    with pytest.raises(HiddenValueError):
        ask(stack, preview_of(stack, **hidden))


def test_a_focused_run_is_asked_about_its_tenants_alone(stack_of):
    stack = stack_of(acme=IN_CLEAR, birch=IN_CLEAR)
    assert ask(stack, preview_of(stack), focus=frozenset({"acme"})) == (1, [("https-urls", "mandatory", "acme")])


def test_a_tenant_that_was_not_registered_is_not_reported(stack_of):
    stack = stack_of(acme=SAFE, birch=IN_CLEAR)
    assert ask(stack, preview_of(stack, "acme")) == (0, [])


def test_a_failed_preview_is_asked_about_manifests_alone(stack_of):
    stack = stack_of(acme=SAFE, birch=IN_CLEAR)
    events = [*preview_of(stack, callback_url=IN_CLEAR), Diagnostic("error", "", "the program failed")]
    assert ask(stack, events, exit_code=1) == (1, [("https-urls", "mandatory", "birch")])


def test_an_interrupted_or_empty_preview_is_not_asked_about(stack_of):
    stack = stack_of(acme=IN_CLEAR)
    assert ask(stack, preview_of(stack), exit_code=1, interrupted=True) == (1, [])
    assert ask(stack, (), exit_code=1) == (1, [])


def test_two_resources_with_one_account_are_reported(stack_of):
    stack = stack_of(acme=SAFE, birch=SAFE)
    assert ask(stack, preview_of(stack, account_sid=ACCOUNT)) == (1, [("one-owner", "mandatory", "owl-dev")])


def test_rules_that_can_not_be_used_fail_the_preview(stack_of):
    stack = stack_of(acme=IN_CLEAR)
    (stack.project.folder / "policies" / "rules.py").write_text("import nonsuch\n")
    assert ask(stack, preview_of(stack)) == (1, [("policy-files", "mandatory", "fleet")])
