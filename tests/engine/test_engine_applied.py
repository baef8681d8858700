"""What an `up` did, by its events."""

from tenantry.engine.events.applied import applied_of
from tenantry.engine.events.event import Diagnostic, ResourceFailed, ResourceOutputs, ResourcePre

TYPE = "pulumi-python:dynamic/twilio:ApiKey"


def urn(name):
    return f"urn:pulumi:dev::owl::tenantry:index:Tenant${TYPE}::{name}"


def begin(op, name, id_=""):
    return ResourcePre(op, urn(name), TYPE, name, id_)


def end(op, name, id_="SK1"):
    return ResourceOutputs(op, urn(name), TYPE, name, id_)


def fail(op, name):
    return ResourceFailed(op, urn(name), TYPE, name)


def outline(*events):
    applied = applied_of(events)
    return (
        [(step.op, step.name) for step in applied.done],
        [(failure.op, failure.name, [reason.message for reason in failure.reasons]) for failure in applied.failed],
    )


def test_an_ended_step_is_done_and_one_that_began_is_not():
    assert outline(begin("create", "a/x"), end("create", "a/x"), begin("create", "a/y")) == ([("create", "a/x")], [])


def test_a_step_that_failed_has_its_reasons_and_is_not_done():
    text = Diagnostic("error", urn("a/x"), "no")
    assert outline(begin("update", "a/x"), fail("update", "a/x"), text) == ([], [("update", "a/x", ["no"])])


def test_a_replacement_whose_new_object_or_old_object_fails_is_one_failure():
    new = outline(begin("create-replacement", "a/x"), fail("create-replacement", "a/x"))
    old = outline(begin("replace", "a/x"), end("replace", "a/x"), fail("delete-replaced", "a/x"))
    assert new == old == ([], [("replace", "a/x", [])])


def test_an_old_object_left_by_an_earlier_run_is_finished_or_fails():
    old = begin("delete-replaced", "a/x")
    assert outline(old, end("delete-replaced", "a/x")) == ([("finish", "a/x")], [])
    assert outline(old, fail("delete-replaced", "a/x")) == ([], [("finish", "a/x", [])])


def test_what_a_check_refused_failed_before_it_came_to_a_step():
    assert outline(Diagnostic("error", urn("a/x"), "wrong")) == ([], [(None, "a/x", ["wrong"])])


def test_what_the_provider_could_not_make_in_a_resting_account_waits():
    assert outline(begin("create", "a/x"), end("create", "a/x", "waiting-x"))[0] == [("wait", "a/x")]


def test_what_waited_and_is_made_now_is_made():
    assert outline(begin("replace", "a/x", "waiting-x"), end("replace", "a/x", "waiting-x"))[0] == [("create", "a/x")]


def test_errors_of_the_program_concern_the_run_and_warnings_are_no_failure():
    program = Diagnostic("error", "urn:pulumi:dev::owl::pulumi:pulumi:Stack::owl-dev", "program failed")
    assert outline(program, Diagnostic("error", "", "update failed"), Diagnostic("warning", urn("a/x"), "hm")) == (
        [],
        [],
    )


def test_resources_recorded_again_of_a_found_tenant_were_not_created():
    account, retention = (f"pulumi-python:dynamic/twilio:{kind}" for kind in ("Subaccount", "Retention"))

    def create(type_, name, id_):
        where = f"urn:pulumi:dev::owl::tenantry:index:Tenant${type_}::{name}"
        return ResourcePre("create", where, type_, name, ""), ResourceOutputs("create", where, type_, name, id_)

    events = [
        *create(account, "acme", "AC1"),
        *create(retention, "acme/retention", "r"),
        *create(account, "birch", "AC2"),
    ]
    done = applied_of([*events, *create(retention, "birch/retention", "r")], {"AC1"}).done
    assert {step.name: step.op for step in done} == {
        "acme": "adopt",
        "acme/retention": "adopt",
        "birch": "create",
        "birch/retention": "create",
    }
