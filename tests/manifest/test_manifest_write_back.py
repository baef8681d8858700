"""Editing people's files: what an edit does not name stays as it is, byte for byte."""

from pathlib import Path

import pytest

from tenantry.manifest.write_back import AppendValue, FileText, RemoveValue, SetValue, WriteBackError, read_file
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import plain

CEDAR = """\
# yaml-language-server: $schema=../schemas/tenant.schema.json
tenant: cedar
name:   'Cedar Oral Surgery'   # as the contract has it

api_keys:
  web:
    generations: [ 1, 2 ]     # being rotated
  # Listens to its own calls.
  reporting: {access: ["@reader",
      /twilio/voice/recordings/read], }
usage_triggers:
    - {odd: 0100}
notes: |
    first

    second

# the end
"""


def edit_text(text, *edits):
    """Return a text after edits."""
    return FileText(Path("x.yaml"), "x.yaml", text.encode(), text).edit(edits).text


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (AppendValue(("api_keys", "web", "generations"), 3), "[ 1, 2 ]", "[ 1, 2, 3 ]"),
        (RemoveValue(("api_keys", "web", "generations", 0)), "[ 1, 2 ]", "[ 2 ]"),
        (RemoveValue(("api_keys", "web", "generations", 1)), "[ 1, 2 ]", "[ 1 ]"),
        (SetValue(("api_keys", "web", "generations"), [7]), "[ 1, 2 ]", "[7]"),
        (SetValue(("name",), "Cedar: a clinic"), "'Cedar Oral Surgery'", '"Cedar: a clinic"'),
        (
            SetValue(("api_keys", "web", "adopt"), "SK1"),
            "# being rotated\n",
            "# being rotated\n    adopt: SK1\n",
        ),
        (
            SetValue(("api_keys", "reporting", "generations"), [1, 2]),
            "recordings/read], }",
            "recordings/read], generations: [1, 2], }",
        ),
        (
            SetValue(("api_keys", "spare", "generations"), [1, 2]),
            "recordings/read], }\n",
            "recordings/read], }\n  spare: {generations: [1, 2]}\n",
        ),
        (RemoveValue(("api_keys", "web")), "  web:\n    generations: [ 1, 2 ]     # being rotated\n", ""),
        (AppendValue(("usage_triggers",), {"a": 1}), "0100}\n", "0100}\n    - {a: 1}\n"),
        (SetValue(("state",), "active"), "    second\n", "    second\n\nstate: active\n"),
        (SetValue(("notes",), "none"), "notes: |\n    first\n\n    second\n\n", "notes: none\n"),
        (RemoveValue(("usage_triggers", 0)), "usage_triggers:\n    - {odd: 0100}\n", "usage_triggers: []\n"),
    ],
)
def test_an_edit_changes_its_value_alone(edit, old, new):
    assert CEDAR.count(old) == 1
    expected = CEDAR.replace(old, new)
    if edit.path == ("state",):
        expected = CEDAR.replace("    second\n\n", "    second\n\nstate: active\n")
    assert edit_text(CEDAR, edit) == expected


def test_a_section_that_is_new_is_a_block_after_a_blank_line():
    text = "tenant: acme\n\nname: Acme\n"
    edit = SetValue(("api_keys", "web", "generations"), [1, 2])
    assert edit_text(text, edit) == f"{text}\napi_keys:\n  web: {{generations: [1, 2]}}\n"


@pytest.mark.parametrize("text", ["tenant: acme\nname: Acme", "tenant: acme\r\nname: Acme\r\n", "\ufefftenant: acme\n"])
def test_line_endings_and_the_mark_of_an_editor_stay(text):
    line_break = "\r\n" if "\r\n" in text else "\n"
    changed = edit_text(text, SetValue(("api_keys",), {"web": {"generations": [1, 2]}}))
    assert changed.startswith(text.rstrip())
    assert changed.count("\n") == changed.count(line_break) == text.count("\n") + 2
    assert changed.endswith("\n") == text.endswith("\n")


def test_an_empty_or_removed_entry_takes_a_value():
    text = "api_keys:\n  web: null   # not here\n  reporting: {}\n"
    edits = [SetValue(("api_keys", name, "generations"), [2]) for name in ("web", "reporting")]
    assert edit_text(text, *edits) == (
        "api_keys:\n  web: {generations: [2]}   # not here\n  reporting: {generations: [2]}\n"
    )


def test_a_long_entry_is_written_in_several_lines():
    access = [f"/twilio/messaging/permission-{number}/read" for number in range(3)]
    text = edit_text("tenant: acme\n", SetValue(("api_keys", "web"), {"access": access, "generations": [1]}))
    assert text == (
        "tenant: acme\napi_keys:\n  web:\n    access:\n"
        + "".join(f"      - {permission}\n" for permission in access)
        + "    generations: [1]\n"
    )


def test_the_first_key_of_an_item_goes():
    text = "amendments:\n  - from: x\n    plan: y\n"
    assert edit_text(text, RemoveValue(("amendments", 0, "from"))) == "amendments:\n  - plan: y\n"


def test_a_replaced_block_keeps_the_comment_of_its_key():
    text = "api_keys:\n  web:   # rotates\n    generations:\n      - 1\n      - 2  # new\nname: x\n"
    assert edit_text(text, SetValue(("api_keys", "web"), {})) == "api_keys:\n  web: {}  # rotates\nname: x\n"


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (SetValue(("name", "first"), 1), "name.first can't be edited: a value stands there that is no mapping"),
        (AppendValue(("name",), 1), "name can't be edited: no list stands there"),
        (RemoveValue(("nothing",)), "nothing can't be edited: nothing stands there"),
        (SetValue(("usage_triggers", 3), 1), "usage_triggers[3] can't be edited: the list has no such item"),
    ],
)
def test_what_stands_in_the_way_is_named(edit, sentence):
    with pytest.raises(WriteBackError, match="Nothing was written") as refused:
        edit_text(CEDAR, edit)
    assert sentence in str(refused.value)


def test_an_edit_that_would_change_another_value_is_refused():
    text = "a: 1\nnotes: |+\n  kept\n\n\n"
    changed = edit_text(text, SetValue(("b",), 2))
    assert plain(parse(changed, "x").node) == {"a": 1, "notes": "kept\n\n\n", "b": 2}


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text("tenant: acme\n")
    path.chmod(0o640)
    read_file(tmp_path, path).edit([SetValue(("state",), "active")]).write()
    assert path.read_text() == "tenant: acme\nstate: active\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_somebody_changed_meanwhile_is_left(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text("tenant: acme\n")
    file = read_file(tmp_path, path).edit([SetValue(("state",), "active")])
    path.write_text("tenant: acme\nname: Acme\n")
    with pytest.raises(WriteBackError, match=r"acme\.yaml was changed by somebody else meanwhile"):
        file.write()
    assert path.read_text() == "tenant: acme\nname: Acme\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_with_a_mistake_is_not_edited(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text("tenant: &x acme\n")
    with pytest.raises(WriteBackError, match="anchors and aliases"):
        read_file(tmp_path, path)


def test_a_link_is_not_edited(tmp_path):
    (tmp_path / "real.yaml").write_text("tenant: acme\n")
    (tmp_path / "acme.yaml").symlink_to("real.yaml")
    with pytest.raises(WriteBackError, match="symbolic link"):
        read_file(tmp_path, tmp_path / "acme.yaml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: b  # one\n\n# the end\n", 'a: b  # one\nc: d\n"null": e-1\n\n# the end\n'),
        ("a: b", 'a: b\nc: d\n"null": e-1\n'),
        ("\ufeffa: b\r\n", '\ufeffa: b\r\nc: d\r\n"null": e-1\r\n'),
        ("{a: b}\n", '{a: b, c: d, "null": e-1}\n'),
        ("a:\n  - b\n", 'a:\n  - b\nc: d\n"null": e-1\n'),
    ],
    ids=["comments", "no last line end", "windows", "flow style", "a value of several lines"],
)
def test_entries_are_added_behind_the_last_one(before, after):
    file = FileText(Path("x.yaml"), "x.yaml", before.encode(), before)
    assert file.add_entries({"c": "d", "null": "e-1"}).text == after


def test_a_thousand_entries_are_added_at_once():
    text = "".join(f"AC{number:032x}: t-{number}\n" for number in range(1000))
    entries = {f"AC{number:032x}": f"t-{number}" for number in range(1000, 2000)}
    added = FileText(Path("x.yaml"), "x.yaml", text.encode(), text).add_entries(entries).text
    assert added.splitlines() == [f"AC{number:032x}: t-{number}" for number in range(2000)]
