"""Paths that a layer locks, and who is told when somebody sets one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantry.manifest.load import load
from tenantry.manifest.locked import find_broken_locks, without_locks
from tenantry.manifest.problem import Place
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import Node

ACME = "tenant: acme\nname: Acme Dental\nplan: small\n"
MENDED = "remove it here, or unlock it there"


@pytest.fixture
def lock_problems(problems):
    """Return the problems of a tenant on a plan, both over defaults that lock paths."""

    def check(locked: str, tenant: str = "", plan: str = "debugger_webhook: {url: /errors}\n") -> list[str]:
        files = {"defaults.yaml": f"locked: {locked}\n", "plans/small.yaml": plan, "tenants/acme.yaml": ACME + tenant}
        return problems(files)

    return check


def test_setting_a_locked_path_reports_the_line_of_the_lock(lock_problems):
    assert lock_problems("[retention.calls]", "retention: {calls: {keep_days: 3}}\n") == [
        f"tenants/acme.yaml:4:13: retention.calls: is locked by defaults.yaml:1:10 (retention.calls); {MENDED}"
    ]


def test_a_later_layer_is_held_to_it_too(lock_problems):
    assert lock_problems("[retention]", plan="retention: {calls: {keep_days: 3}}\n") == [
        f"plans/small.yaml:1:1: retention: is locked by defaults.yaml:1:10 (retention); {MENDED} (in acme)"
    ]


def test_the_layer_that_locks_may_set_it(problems):
    layer = "locked: [retention]\nretention: {calls: {keep_days: 3}}\n"
    assert problems({"defaults.yaml": layer}) == []


def test_a_lock_of_a_plan_is_for_its_own_tenants_alone(problems):
    files = {
        "plans/small.yaml": "locked: [labels]\n",
        "tenants/acme.yaml": "tenant: acme\nname: A\nlabels: {a: b}\n",
    }
    assert problems(files) == []


@pytest.mark.parametrize(
    ("locked", "tenant"),
    [
        ("retention.calls.keep_days", "retention: {calls: {keep_days: 3}}"),
        ("retention.calls.keep_days", "retention: {messages: {keep_days: 3}, calls: {keep_days: 4}}"),
        ("retention", "retention: {per_request: {content_retention: discard}}"),
        ("api_keys.*.access", "api_keys: {web: {access: standard}}"),
        ("labels.a.b", "labels: {a.b: c}"),
        ("labels.*", "labels: {a.b: c}"),
        ("profiles", "profiles: []"),
        ("ignore", "ignore: {retention: {reason: x}}"),
    ],
)
def test_a_value_at_or_below_a_locked_path_is_an_error(lock_problems, locked, tenant):
    assert [
        f"is locked by defaults.yaml:1:10 ({locked})" in text for text in lock_problems(f"['{locked}']", tenant)
    ] == [True]


@pytest.mark.parametrize(
    ("locked", "tenant"),
    [
        ("retention.calls.keep_days", "retention: {messages: {keep_days: 3}}"),
        ("api_keys.web", "api_keys: {web-2: {access: standard}}"),
        ("labels.a.b", "labels: {a: c}"),
        ("usage_triggers.*.trigger_value", "labels: {a: c}"),
    ],
)
def test_other_paths_stay_free(lock_problems, locked, tenant):
    assert lock_problems(f"['{locked}']", tenant) == []


def test_removing_what_holds_a_locked_path_is_an_error(problems):
    files = {
        "defaults.yaml": "locked: [retention.calls.keep_days]\nretention: {calls: {keep_days: 3}}\n",
        "tenants/acme.yaml": "tenant: acme\nname: A\nretention: null\n",
    }
    assert problems(files) == [
        "tenants/acme.yaml:3:1: retention: is locked by defaults.yaml:1:10 (retention.calls.keep_days); " + MENDED
    ]


@pytest.mark.parametrize(
    ("locked", "sentence"),
    [
        ("retntion", "locks 'retntion', and no manifest has such a key; did you mean 'retention'?"),
        ("retention.call", "locks 'retention.call', and no manifest has such a key; did you mean 'calls'?"),
        ("profiles.one", "locks 'profiles.one', and no manifest has such a key"),
        ("name", "locks 'name', which only tenants may have"),
    ],
)
def test_what_no_layer_can_set_is_not_to_be_locked(lock_problems, locked, sentence):
    assert lock_problems(f"[{locked}]") == [f"defaults.yaml:1:10: locked[0]: {sentence}"]


def test_a_tenant_locks_and_unlocks_nothing(lock_problems):
    assert lock_problems("[retention]", "locked: []\n") == [
        "tenants/acme.yaml:4:1: locked: belongs to defaults.yaml, plans and profiles; a lock there can't be lifted here"
    ]


def test_locks_are_no_part_of_the_effective_manifest(project):
    loaded = load(project({"defaults.yaml": "locked: [retention]\nlabels: {a: b}\n"}))
    assert list(loaded.origins["acme"].value) == ["labels", "tenant", "name"]


TREES = st.recursive(
    st.sampled_from([1, None]), lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3), max_leaves=8
)


@given(TREES, st.lists(st.sampled_from("abc"), min_size=1, max_size=3))
def test_a_layer_is_reported_only_if_it_touches_the_path(tree, path):
    layer = _node(tree if isinstance(tree, dict) else {})
    lock = parse(f"locked: [{'.'.join(path)}]", "defaults.yaml").node
    assert bool(list(find_broken_locks([lock, layer]))) == _touches(without_locks(layer), path)


def _node(value: object) -> Node:
    place = Place("plans/x.yaml")
    children = {key: _node(child) for key, child in value.items()} if isinstance(value, dict) else value
    return Node(children, place, place)


def _touches(node: Node, path: list[str]) -> bool:
    """Follow the path as far as the layer goes: it touches what it ends in, unless that is a mapping on the way."""
    if not path:
        return True
    if not isinstance(node.value, dict):
        return True
    child = node.value.get(path[0])
    return child is not None and _touches(child, path[1:])
