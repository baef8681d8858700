"""What an `up` did, as text, as Markdown and as JSON."""

import json
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from plan_steps import plan, slugs, step

from tenantry.engine.events.event import Diagnostic, ResourceFailed, ResourceOutputs, ResourcePre
from tenantry.operations.recovery.orphans import EndedLeftover
from tenantry.operations.up.outcome import Pass, make_outcome
from tenantry.reports.up.as_json import as_json, up_schema
from tenantry.reports.up.as_markdown import as_markdown
from tenantry.reports.up.as_text import as_text
from tenantry.text.markdown import COMMENT_LENGTH
from tenantry.text.wrapping import Layout
from tenantry.twilio.http.traffic import Count, Traffic

REASON = "Making trigger sms in AC1: Twilio answered 400 (20001). Mend callback_url, then run again."


def did(planned):
    yield ResourcePre(planned.op, planned.urn, planned.type, planned.name, "", planned.changes)
    yield ResourceOutputs(planned.op, planned.urn, planned.type, planned.name, "UT1")


def fail(planned, *reasons):
    yield ResourcePre(planned.op, planned.urn, planned.type, planned.name, "", planned.changes)
    yield ResourceFailed(planned.op, planned.urn, planned.type, planned.name)
    yield from (Diagnostic("error", planned.urn, reason) for reason in reasons)
    yield Diagnostic("error", "", "update failed")


def outcome(planned, events, notes=(), **ended):
    return make_outcome([Pass(planned, tuple(events), **ended)], "dev", notes)


ACME, BIRCH, STATE = (
    step("create", "acme/usage_trigger/sms"),
    step("create", "birch/usage_trigger/sms"),
    step("create", "birch/account_state"),
)
MIXED = outcome(
    plan(ACME, BIRCH, STATE),
    [*did(ACME), *fail(BIRCH, REASON, REASON)],
    exit_code=255,
    notes=["Twilio: 2 requests"],
)

RUN = datetime(2026, 11, 22, 17, 40, tzinfo=UTC)
LEFT = outcome(
    plan(),
    [],
    leftovers=(
        EndedLeftover(
            tenant="acme", kind="api_key", name="sender#1", account_sid="AC1", sid="SK1", run=RUN, result="deleted"
        ),
        EndedLeftover(
            tenant="birch",
            kind="event_sink",
            name="tenantry:debugger",
            account_sid="AC2",
            sid="DG1",
            run=RUN,
            result="failed",
            reason="Deleting event sink DG1: Twilio answered 400. Run again.",
        ),
    ),
)


def test_text_has_done_failed_not_tried_and_next_step():
    assert as_text(MIXED) == (
        "Signs: + create\n"
        "Done:\n"
        "acme\n"
        "  + usage_trigger/sms\n"
        "\n"
        "Failed:\n"
        "birch\n"
        "  + usage_trigger/sms\n"
        f"      {REASON}\n"
        "\n"
        "Not done, because what it needs failed or the run was interrupted:\n"
        "birch\n"
        "  + account_state\n"
        "\n"
        "Twilio: 2 requests\n"
        "Failed: birch. Done: 1 created; 1 tenant. Run again when the reasons are gone."
    )


LIMIT = (
    "Creating subaccount 'Tenant {n} (t{n})': Twilio answered 400, error 21480 Reached maximum number of subaccounts. "
    "Ask Twilio to raise the number of subaccounts, or close some."
)
NO_ANSWER = (
    "Reading usage triggers of AC{sid} (t{n}): no answer from api.twilio.com: timed out, after {n} tries "
    "in {n} seconds, {n} of them waiting, as after the last {n} calls there. Run again."
)


def fail_all(reason, slugs):
    tried = [step("create", slug) for slug in slugs]
    failures = [fail(planned, reason(number)) for number, planned in enumerate(tried, 5)]
    return outcome(plan(*tried), [event for failure in failures for event in failure], exit_code=255)


@pytest.mark.parametrize("reason", [LIMIT, NO_ANSWER])
def test_tenants_that_failed_for_one_reason_stand_together(reason):
    def write(number):
        return reason.format(n=number, sid=f"{number:032x}")

    failed = fail_all(write, [f"t{number}" for number in range(5, 25)])
    report = as_text(failed)
    assert report.count("Twilio answered") + report.count("no answer from") == 1
    names = ", ".join(f"t{number}" for number in range(10, 20))
    assert f"\nFailed:\n20 tenants: {names} and 10 more\n  in t10, and in the others alike:\n  + " in report
    assert f"      {write(10)}\n" in report
    markdown = as_markdown(failed)
    assert f"in t10, and in the others alike:\n+ subaccount\n    {write(10)}\n```" in markdown
    assert "<summary>20 tenants</summary>" in markdown
    assert [tenant["resources"][0]["reasons"] for tenant in json.loads(as_json(failed))["failed"]][1] == [write(11)]


@pytest.mark.parametrize(
    "second", ["Twilio answered 400, error 21480", "Twilio answered 401, error 20003", "Twilio answered 400"]
)
def test_tenants_that_failed_for_other_reasons_stand_apart(second):
    reasons = {5: "Twilio answered 400, error 21481.", 6: f"{second}."}
    assert as_text(fail_all(reasons.get, ["t5", "t6"])).count("Twilio answered") == 2


def test_a_stack_that_failed_stands_beside_its_tenants():
    stack = step("create", "fleet")
    failed = outcome(plan(stack, ACME), [*fail(stack, REASON), *fail(ACME, REASON)], exit_code=255)
    assert as_text(failed).count(REASON) == 2


def test_markdown_puts_first_what_failed():
    markdown = as_markdown(MIXED)
    assert markdown.startswith(
        "<!-- tenantry:up stack=dev -->\n\n### Tenantry: up of <code>dev</code>\n\n**Failed: birch."
    )
    assert f"<code>birch</code>\n\n```\n+ usage_trigger/sms\n    {REASON}\n```" in markdown
    assert markdown.index("#### Failed") < markdown.index("#### Not done") < markdown.index("#### Done")
    assert "\n\nTwilio: 2 requests\n\n" in markdown


def test_what_is_done_is_done():
    done = outcome(plan(ACME), did(ACME))
    assert (done.result, done.failed, done.not_done) == ("done", (), ())
    assert as_text(done).endswith("Done: 1 created; 1 tenant.")


def test_an_interrupted_run_lists_what_was_not_begun():
    stopped = outcome(plan(ACME, BIRCH), did(ACME), interrupted=True, exit_code=255)
    assert [group.tenants for group in stopped.not_done] == [("birch",)]
    assert as_text(stopped).splitlines()[-1].startswith("Interrupted: 1 created; 1 tenant.")


def test_a_failed_run_without_failed_resources_shows_its_messages():
    ended = outcome(plan(ACME), [Diagnostic("error", "", "the backend is gone")], exit_code=255)
    assert as_text(ended).endswith(
        "error: the backend is gone\nFailed: the run. Done: nothing was changed. Run again when the reasons are gone."
    )


def test_the_fleet_that_fails_is_named():
    fleet = step("update", "fleet")
    refused = outcome(plan(fleet), fail(fleet, "other parent"), exit_code=255)
    assert refused.failed[0].tenant is None
    assert "Failed:\n(the whole stack)\n  ~ fleet\n      other parent\n" in as_text(refused)


def test_orphans_are_reported_and_a_failed_deletion_fails_the_run():
    assert LEFT.result == "failed"
    assert as_text(LEFT) == (
        "Orphans of an earlier run, in no manifest:\n"
        "  acme: API key sender#1 (SK1): deleted\n"
        "  birch: event sink tenantry:debugger (DG1): not deleted\n"
        "      Deleting event sink DG1: Twilio answered 400. Run again.\n"
        "\n"
        "Failed: birch. Done: 1 orphan deleted. Run again when the reasons are gone."
    )
    assert "#### Orphans of an earlier run, in no manifest\n\n```\nacme: API key" in as_markdown(LEFT)
    assert [leftover["result"] for leftover in json.loads(as_json(LEFT))["leftovers"]] == ["deleted", "failed"]


def test_a_kept_orphan_has_its_reason_in_rows_that_fit():
    [orphan] = (orphan for orphan in LEFT.leftovers if orphan.tenant == "birch")
    reason = "something failed for birch in this run; the first `tenantry up` in which nothing does deletes it"
    kept = outcome(plan(), [], leftovers=(orphan.model_copy(update={"result": "kept", "reason": reason}),))
    rows = as_text(kept, Layout(width=60)).splitlines()
    assert rows[:3] == [
        "Orphans of an earlier run, in no manifest:",
        "  birch: event sink tenantry:debugger (DG1): kept",
        "      something failed for birch in this run; the first",
    ]
    assert max(map(len, rows)) <= 60


def test_a_held_back_deletion_has_its_sign_and_reason():
    held = step("delete", "acme/api_key/web-1")
    text = as_text(outcome(plan(held), fail(held, "held back, because web-2 failed in this run"), exit_code=1))
    assert text.startswith("Signs: - delete\nFailed:\nacme\n  - api_key/web-1\n      held back, because web-2 failed")


def test_two_passes_are_one_outcome():
    both = make_outcome([Pass(plan(ACME), tuple(did(ACME))), Pass(plan(BIRCH), tuple(did(BIRCH)))], "dev")
    assert as_text(both).endswith("Done: 2 created; 2 tenants.")
    refused = make_outcome([Pass(plan(ACME), tuple(did(ACME))), Pass(plan(BIRCH), exit_code=1)], "dev")
    assert [group.tenants for group in (*refused.done, *refused.not_done)] == [("acme",), ("birch",)]
    assert refused.result == "failed"


def test_what_failed_and_was_mended_by_the_second_pass_is_no_failure():
    first = Pass(plan(ACME, STATE), tuple(fail(ACME, REASON)), exit_code=1)
    again = Pass(plan(ACME), tuple(did(ACME)), settles=frozenset({"acme"}))
    both = make_outcome([first, again], "dev")
    assert (both.result, both.failed, both.messages) == ("done", (), ())
    assert [group.tenants for group in both.not_done] == [("birch",)]


def test_only_failures_that_no_later_pass_settled_count():
    first = Pass(plan(ACME, BIRCH), (*fail(ACME, REASON), *fail(BIRCH, REASON)), exit_code=1)
    again = Pass(plan(ACME), tuple(fail(ACME, REASON)), exit_code=1, settles=frozenset({"acme"}))
    assert [failed.tenant for failed in make_outcome([first, again], "dev").failed] == ["acme", "birch"]
    mended = make_outcome([first, Pass(plan(ACME), tuple(did(ACME)), settles=frozenset({"acme"}))], "dev")
    assert ([failed.tenant for failed in mended.failed], mended.result) == (["birch"], "failed")


@pytest.mark.parametrize("printed", [MIXED, LEFT, outcome(plan(ACME), did(ACME)), outcome(plan(), [])])
def test_what_is_printed_fits_the_published_schema(printed):
    Draft202012Validator.check_schema(up_schema())
    assert [
        error.message for error in Draft202012Validator(up_schema()).iter_errors(json.loads(as_json(printed)))
    ] == []


def test_a_thousand_tenants_that_failed_fit_into_a_comment():
    steps = [step("create", f"{slug}/usage_trigger/sms") for slug in slugs(1000)]
    events = [event for number, created in enumerate(steps) for event in fail(created, f"{number}: {REASON}")]
    markdown = as_markdown(outcome(plan(*steps), events, exit_code=255))
    assert len(markdown) <= COMMENT_LENGTH
    assert "**Not all of it fits here.**" in markdown


def test_a_reason_of_others_is_text_and_nothing_else():
    hostile = "\x1b[31m```\n</details><img src=x> @ana\n<!-- tenantry:up stack=x -->"
    result = outcome(plan(ACME), fail(ACME, hostile), exit_code=255)
    assert "\x1b" not in as_text(result)
    page = MarkdownIt().render(as_markdown(result))
    assert "<img" not in page
    assert page.count("<!--") == 1


def test_what_was_there_already_is_taken_over_and_not_created():
    taken = Traffic().plus(Count("taken", "UT1"))
    done = outcome(plan(ACME), did(ACME), traffic=taken)
    assert (done.counts, done.done[0].changes[0].op) == ({"adopt": 1}, "adopt")
    assert as_text(done).startswith("Signs: > take over\nDone:\nacme\n  > usage_trigger/sms")
    assert as_text(done).endswith("Done: 1 taken over; 1 tenant.")
    assert "! adopt usage_trigger/sms" in as_markdown(done)
    Draft202012Validator(up_schema()).validate(json.loads(as_json(done)))


def test_a_cut_off_run_reports_unknown_instead_of_not_done():
    cut = outcome(plan(ACME, BIRCH, STATE), did(ACME), is_cut_off=True)
    assert (cut.result, cut.cut_off, cut.counts, cut.not_done) == ("failed", True, {"create": 1}, ())
    assert [group.tenants for group in cut.unknown] == [("birch",)]
    text, markdown = as_text(cut), as_markdown(cut)
    assert text.startswith("Signs: + create\nDone:\nacme\n")
    unknown = "Planned, and unknown whether it was done, because the run was cut off:"
    assert f"{unknown}\nbirch\n  + account_state\n  + usage_trigger/sms\n" in text
    assert f"\x1b[1m{unknown}\x1b[0m\n" in as_text(cut, Layout(coloured=True))
    assert text.splitlines()[-1] == (
        "Failed: the run was cut off, and how far it came is unknown. At least done: 1 created; 1 tenant; more may be. "
        "Run again, which looks at what is there."
    )
    assert "how far it came is unknown" in markdown
    Draft202012Validator(up_schema()).validate(json.loads(as_json(cut)))


@pytest.mark.parametrize("ended", [{}, {"interrupted": True, "exit_code": -9}], ids=["failed", "interrupted"])
def test_a_cut_off_run_without_events_may_have_changed_something(ended):
    text = as_text(outcome(plan(ACME), [], is_cut_off=True, **ended))
    assert "Its events show nothing that was done; more may be." in text
    assert "nothing was changed" not in text
