"""A Twilio that throttles, breaks off, answers 503 or a proxy's page, and dawdles: one run, and all is there once.

The faults are drawn by a seed for each request, and strike before Twilio did what it was asked and after. Two do so in
one run only after it: a lost connection to a write, which may still be under way, and a page that is not Twilio's for
the create of an account, of which there must never be two. Those resources fail alone, and the next run looks.
Twelve tenants in `make check`, a hundred in `make soak`.
"""

import json

import pytest
from e2e_killing import unusable_keys
from e2e_picture import differences, picture
from e2e_project import WHOLE

FEW, MANY = 12, 100
UP = ("up", "--yes")
CLEAN = ("preview", "--refresh", "--expect-no-changes")
IN_AN_ACCOUNT = ("/2010-04-01/Accounts/*", "/v1/*")
WEATHER = (
    {"mode": "429", "probability": 0.2},
    {"mode": "reset-after-commit", "probability": 0.05},
    {"mode": "reset", "method": "GET", "probability": 0.05},
    {"mode": "503-after-commit", "probability": 0.05},
    {"mode": "503", "probability": 0.05},
    {"mode": "html-after-commit", "probability": 0.02},
    *({"mode": "html", "path": path, "probability": 0.02} for path in IN_AN_ACCOUNT),
    {"mode": "latency", "probability": 0.02, "ms": 1000},
)
WORSE = ({"mode": "html", "probability": 0.02}, {"mode": "drop", "probability": 0.02})


def test_twelve_tenants_are_made_in_one_run_in_bad_weather(new_project, stack_project):
    _all_is_made_in_one_run(new_project, stack_project, FEW, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_a_hundred_tenants_are_made_in_one_run_in_bad_weather(new_project, stack_project, seed):
    project = _all_is_made_in_one_run(new_project, stack_project, MANY, seed)
    done = project.pulumi(*CLEAN)
    assert done.code == 0, done.output


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_a_request_in_progress_fails_alone_and_the_next_run_makes_it(new_project, stack_project, seed):
    project = new_project(dict.fromkeys(_slugs(FEW), WHOLE))
    _order(project, (*WORSE, *WEATHER), seed)
    done = project.tenantry(*UP)
    project.fake.store.faults.clear()
    assert done.code == 0 or "run again, which looks first" in done.output, done.output
    done = project.tenantry(*UP)
    assert done.code == 0, done.output
    assert differences(picture(project.fake.store), _run_undisturbed(stack_project, FEW)) == []
    assert unusable_keys(project) == []


def _all_is_made_in_one_run(new_project, stack_project, tenants, seed):
    project = new_project(dict.fromkeys(_slugs(tenants), WHOLE))
    _order(project, WEATHER, seed)
    done = project.tenantry(*UP)
    untouched = [fault for fault in project.fake.store.faults if not fault.matched]
    project.fake.store.faults.clear()
    assert done.code == 0, done.output
    assert untouched == []
    assert "tried again" in done.output
    assert differences(picture(project.fake.store), _run_undisturbed(stack_project, tenants)) == []
    assert unusable_keys(project) == []
    return project


def _run_undisturbed(stack_project, tenants):
    """Return how Twilio looks after a run that nothing disturbed: of each tenant as of acme, but for its name."""
    calm = picture(stack_project.fake.store)
    acme, parent = "Acme Dental (acme)", stack_project.fake.store.parent.friendly_name
    pictured = {parent: calm[parent]}
    for slug in _slugs(tenants):
        pictured |= json.loads(json.dumps({acme: calm[acme]}).replace("Acme", slug.title()).replace("acme", slug))
    return pictured


def _order(project, weather, seed):
    for number, order in enumerate(weather):
        project.fault(seed=seed * len(weather) + number, **order)


def _slugs(tenants):
    return [f"t{number}" for number in range(tenants)]
