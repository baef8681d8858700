"""What reports say of the run itself: whose Twilio, which tenants, what policies say, where an `up` would stop."""

import json

import pytest
from plan_steps import add_change, plan, report, step, update_change

from tenantry.engine.events.event import Diagnostic, PolicyViolation
from tenantry.engine.events.plan import plan_of
from tenantry.engine.events.urn import COMPONENT
from tenantry.engine.run.limits import Limits
from tenantry.manifest.load import load
from tenantry.operations.preview.report import make_preview_report
from tenantry.operations.stack.about import About, PoliciesResult, Scope, describe_run
from tenantry.operations.up.outcome import Pass, make_outcome
from tenantry.reports.about import describe_scope, place_text, policies_text
from tenantry.reports.preview.as_json import as_json
from tenantry.reports.preview.as_markdown import as_markdown
from tenantry.reports.preview.as_text import as_text
from tenantry.reports.up.as_json import as_json as outcome_as_json
from tenantry.reports.up.as_markdown import as_markdown as outcome_as_markdown
from tenantry.reports.up.as_text import as_text as outcome_as_text
from tenantry.text.markdown import code

PARENT, OTHER = f"AC{'1' * 32}", f"AC{'2' * 32}"
FAKE = "http://127.0.0.1:8000"
SEEN = About(PARENT, FAKE, Scope(tenants=3, every=6, changed_since="main"), "ceb262f0aa11", policies_asked=True)
ADVISORY = PolicyViolation("", "tenantry", "key-generations", "advisory", "has two generations")


@pytest.mark.parametrize(
    ("seen", "place"),
    [
        (About(PARENT), f"stack dev, parent {PARENT}"),
        (About(), "stack dev, parent not named"),
        (About(PARENT, FAKE), f"stack dev, parent {PARENT}, fake at {FAKE}"),
        (
            About(PARENT, "https://proxy.owl.example"),
            f"stack dev, parent {PARENT}, not Twilio itself but https://proxy.owl.example",
        ),
    ],
)
def test_a_place_is_a_stack_a_parent_and_what_stands_for_twilio(seen, place):
    assert place_text(seen, "dev") == place


def test_the_parent_comes_from_settings_and_addresses_lose_secrets(tmp_path):
    (tmp_path / "tenantry.yaml").write_text(f"format: 1\nstacks: {{dev: {{parent: {PARENT}}}}}\n")
    environ = {"TWILIO_ACCOUNT_SID": OTHER, "TENANTRY_TWILIO_URL": "http://ana:hush@127.0.0.1:8000/x?token=hush"}
    assert describe_run(load(tmp_path, "dev"), environ) == About(PARENT, FAKE)
    assert describe_run(load(tmp_path, "other"), environ) == About(OTHER, FAKE)
    assert describe_run(load(tmp_path, "other"), {}) == About(None, None)


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(tenants=3, every=6, changed_since="main"), "3 of 6 tenants, changed since main"),
        (Scope(tenants=1, every=6, changed_since=None), "1 of 6 tenants"),
        (Scope(tenants=6, every=6, changed_since=None), "all 6 tenants"),
        (Scope(tenants=0, every=6, changed_since="main"), "0 of 6 tenants, changed since main"),
    ],
)
def test_which_tenants_it_is_about(scope, words):
    assert describe_scope(scope) == words


@pytest.mark.parametrize(
    ("asked", "violations", "line"),
    [
        (True, (), "Policies: asked; nothing violates them."),
        (True, (ADVISORY,), "Policies: asked; 0 mandatory and 1 advisory violation."),
        (False, (), "Policies: not asked, for --no-policies was given."),
    ],
)
def test_policies_are_one_line_in_every_format(asked, violations, line):
    seen = About(policies_asked=asked)
    found = make_preview_report(plan(violations=violations), "dev", seen)
    done = make_outcome([Pass(plan(violations=violations))], "dev", (), seen)
    for text in (as_text(found), as_markdown(found), outcome_as_text(done), outcome_as_markdown(done)):
        assert text.count(line) == 1
    message = PoliciesResult(asked=asked, mandatory=0, advisory=len(violations))
    assert policies_text(message) == line
    assert (
        json.loads(as_json(found))["policies"] == json.loads(outcome_as_json(done))["policies"] == message.model_dump()
    )


def test_a_project_without_policies_has_no_such_line():
    assert "Policies" not in as_text(report()) + as_markdown(report())
    assert json.loads(as_json(report()))["policies"] is None


def test_a_comment_begins_with_the_commit_the_tenants_and_the_place():
    text = as_markdown(
        make_preview_report(plan(step("update", "acme", update_change("friendly_name", "a", "b"))), "dev", SEEN)
    )
    whose = f"parent {PARENT}, fake at {code(FAKE)}"
    assert text.split("\n\n")[2] == f"Commit <code>ceb262f0aa11</code> · 3 of 6 tenants, changed since main · {whose}"


def test_the_address_of_a_fake_can_be_copied_out_of_a_comment():
    goes = plan(step("update", "acme", update_change("friendly_name", "a", "b")))
    previewed, done = make_preview_report(goes, "dev", SEEN), make_outcome([Pass(goes)], "dev", (), SEEN)
    for text in (as_markdown(previewed), outcome_as_markdown(done)):
        assert f"fake at ` {FAKE} `" in text
        assert "&#8203;" not in text


def test_a_preview_beyond_the_limits_names_the_options():
    goes = [step("delete", f"acme/usage_trigger/t{number}") for number in range(3)]
    found = make_preview_report(plan(*goes, same=0), "dev", limits=Limits(deletes=2))
    assert found.stops is not None
    assert found.stops.endswith("run it with --max-deletes 3 --max-deletes-percent 20.")
    assert found.stops in as_text(found).splitlines()
    assert "stops here: it would delete or replace" in as_markdown(found)
    assert json.loads(as_json(found))["stops"] == found.stops
    assert make_preview_report(plan(*goes), "dev", limits=Limits()).stops is None
    assert make_preview_report(plan(*goes), "dev").stops is None


def test_unread_tenants_are_named_and_the_others_reported():
    urn = f"urn:pulumi:dev::owl::{COMPONENT}$pulumi-python:dynamic/twilio:ApiKey::birch/api_key/web-1"
    refused = Diagnostic("error", urn, "Twilio answered 403.")
    found = make_preview_report(plan(step("create", "acme/retention")), "dev", unread=[refused])
    assert (found.failed, found.left_out) == (True, ("birch",))
    text = as_text(found)
    assert "Without birch: they could not be read, and an `up` leaves them out too." in text
    assert text.splitlines()[-1] == "1 to create, 7 unchanged; 1 tenant."
    assert "Twilio answered 403." in as_markdown(found)


def test_the_comment_has_nothing_of_the_inside_of_the_fleet():
    text = as_markdown(report(step("update", "fleet", add_change("standing.acme", "open"))))
    assert "standing" not in text
    assert "# the stack's own list of its tenants; nothing in Twilio" in text


def test_a_new_tenant_is_one_block_with_all_that_it_gets():
    steps = [
        *(step("create", slug, add_change("friendly_name", slug.title())) for slug in ("acme", "birch", "cedar")),
        *(step("create", f"{slug}/api_key/web-1") for slug in ("acme", "birch", "cedar", "elm")),
        step("create", "acme/retention"),
        step("delete", "elm/api_key/old-1"),
    ]
    text = as_markdown(report(*steps))
    sections = text.split("#### ")[1:]
    assert [section.splitlines()[0] for section in sections] == ["DANGER: delete key", "New tenants", "Changes"]
    _, new, changes = sections
    assert "<code>acme</code>\n\n```diff\n+ create subaccount\n" in new
    acme = new.split("<code>acme</code>")[1].split("```")[1]
    assert [line for line in acme.splitlines() if line.startswith("+ create")] == [
        "+ create subaccount",
        "+ create api_key/web-1",
        "+ create retention",
    ]
    assert "<code>elm</code>" in changes
    assert "acme" not in changes


def test_new_tenants_that_get_the_same_are_told_once():
    steps = [step("create", name) for slug in ("acme", "birch") for name in (slug, f"{slug}/api_key/web-1")]
    text = as_markdown(report(*steps))
    assert text.count("```diff") == 1
    assert "<code>acme</code>, <code>birch</code>" in text


def test_an_up_without_a_run_tells_its_place_too():
    done = make_outcome([Pass(plan_of(()))], "dev", (), SEEN)
    assert (done.parent, done.address) == (PARENT, FAKE)
