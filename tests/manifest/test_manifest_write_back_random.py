"""Random files and random edits: what is read afterwards is what was meant, and no comment is lost by an addition."""

import itertools
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tenantry.manifest.write_back import AppendValue, FileText, RemoveValue, SetValue
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import plain
from tenantry.manifest.yaml.written_values import flow_text

NAMES = st.sampled_from(["web", "mobile app", "1", "null", "a-b", "größe", "x: y"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-999, 999),
    st.text("aé 'z:#{},-\"", max_size=8),
    st.sampled_from(["a\nb", "~"]),
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)
FILES = st.dictionaries(NAMES, DATA, min_size=1, max_size=4)


def lines_of(value, column, draw, comments):
    """Yield the lines of a value in a layout that chance chooses, with comments wherever they may stand."""
    indent = " " * column
    if isinstance(value, dict):
        heads = [(f"{indent}{flow_text(key)}:", child) for key, child in value.items()]
    else:
        heads = [(f"{indent}-", child) for child in value]
    for head, child in heads:
        if draw(st.booleans()):
            yield f"{indent}# c{next(comments)}"
        if isinstance(child, dict | list) and child and head.endswith(":") and draw(st.booleans()):
            yield f"{head}   # c{next(comments)}"
            yield from lines_of(child, column + draw(st.sampled_from([1, 2, 4])), draw, comments)
        else:
            yield f"{head} {flow_text(child)}" + (f"  # c{next(comments)}" if draw(st.booleans()) else "")
        if draw(st.integers(0, 4)) == 0:
            yield ""


@st.composite
def files(draw):
    """Draw a file and its data."""
    data = draw(FILES)
    line_break = draw(st.sampled_from(["\n", "\r\n"]))
    text = line_break.join(lines_of(data, 0, draw, itertools.count(1)))
    return data, text + draw(st.sampled_from(["", line_break]))


def paths_of(value, path=()):
    """Yield each path of some data."""
    if path:
        yield path
    for part, child in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from paths_of(child, (*path, part))


def value_at(data, path):
    """Return what stands at a path."""
    for part in path:
        data = data[part]
    return data


def edit_file(text, edit):
    """Return the text after an edit and its data."""
    changed = FileText(Path("x.yaml"), "x.yaml", text.encode(), text).edit([edit]).text
    return changed, plain(parse(changed, "x.yaml").node)


@given(files(), st.data())
def test_an_addition_keeps_every_line_and_comment(file, chance):
    data, text = file
    places = [path for path in [(), *paths_of(data)] if isinstance(value_at(data, path), dict | list)]
    path = chance.draw(st.sampled_from(places))
    value = chance.draw(DATA)
    is_list = isinstance(value_at(data, path), list)
    changed, found = edit_file(text, AppendValue(path, value) if is_list else SetValue((*path, "added"), value))
    expected = value_at(data, path)
    if is_list:
        expected.append(value)
    else:
        expected["added"] = value
    assert found == data
    remaining = iter(changed)
    assert all(sign in remaining for sign in text), "an addition removed something"


@given(files(), st.data())
def test_what_is_removed_is_gone_and_nothing_else(file, chance):
    data, text = file
    path = chance.draw(st.sampled_from(list(paths_of(data))))
    del value_at(data, path[:-1])[path[-1]]
    if not data:
        return
    assert edit_file(text, RemoveValue(path))[1] == data


@given(files(), st.data())
def test_what_is_set_is_read_back(file, chance):
    data, text = file
    path, value = chance.draw(st.sampled_from(list(paths_of(data)))), chance.draw(DATA)
    value_at(data, path[:-1])[path[-1]] = value
    assert edit_file(text, SetValue(path, value))[1] == data
