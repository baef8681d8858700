from hypothesis import given
from hypothesis import strategies as st

from tenantry.manifest.layers import merge, merge_all
from tenantry.manifest.problem import Place, Problem
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import Node, node_at, plain

keys = st.sampled_from("abcd")
leaves = st.integers(0, 3) | st.sampled_from(["x", "y"]) | st.lists(st.integers(0, 3), max_size=2)
trees_of_leaves = st.dictionaries(keys, leaves)
trees = st.recursive(st.dictionaries(keys, leaves), lambda inner: st.dictionaries(keys, leaves | inner), max_leaves=8)
trees_with_null = st.recursive(
    st.dictionaries(keys, leaves | st.none()),
    lambda inner: st.dictionaries(keys, leaves | st.none() | inner),
    max_leaves=8,
)


def as_node(value, file="a.yaml") -> Node:
    place = Place(file)
    if isinstance(value, dict):
        return Node({key: as_node(child, file) for key, child in value.items()}, place, place)
    if isinstance(value, list):
        return Node(tuple(as_node(item, file) for item in value), place, place)
    return Node(value, place, place)


def merge_layers(*layers) -> tuple[dict, list[str]]:
    problems: list[Problem] = []
    node = merge_all([as_node(layer) for layer in layers], problems.append)
    return plain(node), [problem.path for problem in problems]


def test_mappings_merge_by_key():
    below = {"usage_triggers": {"sms": {"usage_category": "sms", "trigger_value": 1000}}}
    above = {"usage_triggers": {"sms": {"trigger_value": 2000}}}
    assert merge_layers(below, above)[0] == {
        "usage_triggers": {"sms": {"usage_category": "sms", "trigger_value": 2000}}
    }


def test_a_list_is_replaced_whole():
    assert merge_layers({"access": ["a", "b"]}, {"access": ["c"]})[0] == {"access": ["c"]}


def test_null_removes_what_is_inherited():
    assert merge_layers({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}) == ({"a": {"c": 2}}, [])


def test_null_removes_a_whole_mapping():
    assert merge_layers({"a": {"b": 1}, "c": 2}, {"a": None}) == ({"c": 2}, [])


def test_a_null_that_removes_nothing_is_reported_where_it_stands():
    problems: list[Problem] = []
    below, above = parse("a: {b: 1}\n", "below.yaml").node, parse("a:\n  c: null\n", "above.yaml").node
    assert below is not None
    assert above is not None
    merge(below, above, problems.append)
    assert [str(problem) for problem in problems] == [
        "above.yaml:2:6: a.c: null removes nothing: nothing is inherited here"
    ]


def test_what_was_removed_can_come_back():
    assert merge_layers({"a": 1}, {"a": None}, {"a": 2}) == ({"a": 2}, [])


def test_a_value_keeps_the_place_that_it_was_written_at():
    problems: list[Problem] = []
    layers = [parse("a: {b: 1, c: 2}\n", "below.yaml").node, parse("\na: {c: 3}\n", "above.yaml").node]
    node = merge_all([layer for layer in layers if layer], problems.append)
    places = {key: node_at(node, ("a", key)).place for key in "bc"}
    assert places == {"b": Place("below.yaml", 1, 8), "c": Place("above.yaml", 2, 8)}


@given(trees)
def test_an_empty_layer_changes_nothing(tree):
    assert merge_layers(tree, {}) == merge_layers({}, tree) == (tree, [])


@given(trees)
def test_a_layer_merged_over_itself_is_itself(tree):
    assert merge_layers(tree, tree) == (tree, [])


# A key that is a mapping in one layer and a number in another is replaced whole, so there the order does matter.
shaped = st.fixed_dictionaries({}, optional={"a": leaves, "b": leaves, "c": trees_of_leaves, "d": trees_of_leaves})


@given(shaped, shaped, shaped)
def test_without_null_it_does_not_matter_which_two_are_merged_first(low, middle, high):
    upper = merge_layers(middle, high)[0]
    assert merge_layers(low, upper) == merge_layers(low, middle, high)


@given(trees, trees_with_null)
def test_no_null_is_left(low, high):
    assert None not in list(values(merge_layers(low, high)[0]))


@given(trees, trees_with_null)
def test_layers_are_never_changed(low, high):
    below, above = as_node(low), as_node(high)
    merge(below, above, lambda _: None)
    assert (plain(below), plain(above)) == (low, high)


@given(trees, trees)
def test_what_the_upper_layer_says_holds(low, high):
    result = merge_layers(low, high)[0]
    assert merge_layers(result, high)[0] == result


def values(tree):
    for value in tree.values():
        yield value
        if isinstance(value, dict):
            yield from values(value)
