"""The one variable of a focused run."""

from hypothesis import given
from hypothesis import strategies as st

from tenantry.engine.events.event import ResourcePre
from tenantry.engine.events.plan import plan_of
from tenantry.engine.run.command import Project, preview, up
from tenantry.engine.run.environment import environment
from tenantry.engine.run.focus import TARGET_VARIABLE, closing_in, fits, slugs_in, targets_of

SLUGS = st.from_regex(r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True)


def test_targets_name_the_component_its_resources_and_the_fleet():
    assert targets_of(["acme"]) == "**::acme,**::acme/**,**::fleet"


@given(st.frozensets(SLUGS))
def test_the_program_reads_exactly_the_tenants_that_were_targeted(slugs):
    assert slugs_in(targets_of(slugs)) == slugs


def test_a_thousand_tenants_fit_into_the_variable_and_ten_thousand_do_not():
    assert fits(f"tenant-{number}" for number in range(1000))
    assert not fits(f"tenant-{number}" for number in range(10_000))


def test_people_may_write_blanks_between_the_tenants_that_a_run_closes():
    assert closing_in(" birch, cedar,,") == {"birch", "cedar"}
    assert closing_in("") == frozenset()


def test_without_the_variable_there_is_no_focus():
    assert slugs_in(None) is None
    assert slugs_in("") is None


def test_targets_that_a_user_wrote_are_no_focus():
    assert slugs_in("**::acme**") is None
    assert slugs_in("**::acme/**,**::fleet") is None
    assert slugs_in("**::acme,**::acme/**,**::fleet,urn:pulumi:dev::x::y::z") is None


def test_a_run_without_focus_drops_a_focus_of_the_environment(tmp_path, pulumi_engine):
    project = Project(tmp_path, "dev", pulumi_engine, {TARGET_VARIABLE: "**::acme"})
    assert TARGET_VARIABLE not in environment(project)
    assert environment(project, ["birch"])[TARGET_VARIABLE] == targets_of(["birch"])


def test_a_focus_on_acme_leaves_acme_2_alone(tiny_project):
    assert up(tiny_project.where(TINY_THINGS="2")).exit_code == 0
    focused = preview(tiny_project.where(TINY_SIZE="5", TINY_THINGS="1"), slugs=["acme"])
    assert {(step.op, step.name) for step in plan_of(focused.events).steps} == {
        ("update", "acme/thing/0"),
        ("delete", "acme/thing/1"),
    }


def test_a_focused_run_works_for_a_tenant_missing_in_the_state(tiny_project):
    run = preview(tiny_project.where(TINY_TENANTS="birch"), slugs=["birch"])
    assert {event.name for event in run.events if isinstance(event, ResourcePre) and event.op == "create"} >= {
        "birch",
        "birch/thing/0",
    }
