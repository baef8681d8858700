import errno
import os
import subprocess
import sys
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tenantry.manifest.problem import Place
from tenantry.manifest.yaml.reader import parse, read
from tenantry.manifest.yaml.tree import node_at, plain

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in parse(text, "a.yaml").problems]


def test_a_file_becomes_plain_data():
    text = "a: 1\nb: [x, 2.50, no]\nc: {d: true, e: 'null'}\nf: |\n  two\n  lines\ng: null\nh: {}\n"
    node = parse(text, "a.yaml").node
    assert node is not None
    assert plain(node) == {
        "a": 1,
        "b": ["x", Decimal("2.50"), "no"],
        "c": {"d": True, "e": "null"},
        "f": "two\nlines\n",
        "g": None,
        "h": {},
    }


def test_every_value_knows_its_place_and_that_of_its_key():
    node = parse("# first\na:\n  bc: [1, x]\n", "a.yaml").node
    found = node_at(node, ("a", "bc", 1)), node_at(node, ("a", "bc"))
    assert [(item.place, item.key) for item in found] == [
        (Place("a.yaml", 3, 11), Place("a.yaml", 3, 11)),
        (Place("a.yaml", 3, 7), Place("a.yaml", 3, 3)),
    ]


def test_a_number_remembers_how_it_was_written():
    assert node_at(parse("a: 0012\n", "a.yaml").node, ("a",)).text == "0012"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "a: [1\n",
            "a.yaml:2:1: not a manifest in YAML: did not find expected ',' or ']' (while parsing a flow sequence)",
        ),
        (
            "a: 'x\n",
            "a.yaml:2:1: not a manifest in YAML: found unexpected end of stream (while scanning a quoted scalar)",
        ),
        (
            "a: 1\n\tb: 2\n",
            "a.yaml:2:1: not a manifest in YAML: found a tab character that violates indentation "
            "(while scanning a plain scalar)",
        ),
        ("a: \x07\n", "a.yaml:1:4: not a manifest in YAML: control characters are not allowed"),
        ("", "a.yaml:1:1: the file is empty; write a mapping such as 'tenant: acme', or remove it"),
        ("# only a comment\n", "a.yaml:1:1: the file is empty; write a mapping such as 'tenant: acme', or remove it"),
        ("- a\n", "a.yaml:1:1: must be a mapping of keys to values, such as 'tenant: acme'"),
        ("just text\n", "a.yaml:1:1: must be a mapping of keys to values, such as 'tenant: acme'"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1: a second YAML document; write one manifest a file"),
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: a: this key is repeated; the first is in line 1"),
        ("x: {a: 1, a: 2}\n", "a.yaml:1:11: x.a: this key is repeated; the first is in line 1"),
        (
            "a:\nb: 1\n",
            "a.yaml:1:1: a: empty value; write a value, {} for all defaults, or null to remove what is inherited",
        ),
        (
            "a: [x, ]\nb: [x, , y]\n",
            "a.yaml:2:8: not a manifest in YAML: did not find expected node content (while parsing a flow node)",
        ),
        ("a: !!str 1\n", "a.yaml:1:4: a: tags such as !!str are not supported; remove it"),
        (
            "a: !!python/object:os.system x\n",
            "a.yaml:1:4: a: tags such as !!python/object:os.system are not supported; remove it",
        ),
        ("a: ! 1\n", "a.yaml:1:4: a: tags such as ! are not supported; remove it"),
        ("? [a]\n: 1\n", "a.yaml:1:3: a key must be plain text, not empty, and 4096 characters at most"),
        ("'': 1\n", "a.yaml:1:1: a key must be plain text, not empty, and 4096 characters at most"),
        ('a: "x\\e[31m"\n', "a.yaml:1:4: a: holds a control character, which can steer a terminal; remove the escape"),
    ],
)
def test_bad_yaml_is_one_sentence_with_a_place(text, problem):
    assert problems_of(text) == [problem]


def test_anchors_and_aliases_are_refused_where_they_stand():
    sentence = "anchors and aliases (& and *) are not supported; write the value out, or move it to a layer"
    assert problems_of("a: &x [1]\nb: *x\n") == [f"a.yaml:1:4: a: {sentence}", f"a.yaml:2:4: b: {sentence}"]


def test_an_alias_bomb_is_refused_before_it_grows():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(problems_of("\n".join(["l0: &l0 [lol]", *levels]))) == 30 + 29 * 9


def test_deep_nesting_is_refused():
    assert problems_of("a: " + "[" * 900 + "]" * 900) == [
        "a.yaml:1:24: not a manifest in YAML: nested deeper than 20 levels"
    ]


def test_more_values_than_any_manifest_has_are_refused():
    keys = "".join(f"k{number}: 1\n" for number in range(10_000))
    assert problems_of(keys) == ["a.yaml:10000:8: not a manifest in YAML: more than 10000 values"]


def test_all_problems_of_a_file_come_at_once():
    assert len(problems_of("a:\nb: .nan\nc: !!x 1\nd: 1\nd: 2\n")) == 4


def test_a_broken_value_leaves_the_rest_readable():
    node = parse("a: .nan\nb: 2\n", "a.yaml").node
    assert plain(node)["b"] == 2


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert plain(read(tmp_path, tmp_path / "a.yaml").node) == {"a": 1, "b": 2}


def file_problems(path) -> list[str]:
    return [str(problem) for problem in read(path.parent, path).problems]


def test_a_file_of_10_mb_is_not_read(tmp_path):
    (tmp_path / "a.yaml").write_bytes(b"a: 1\n" * 2_000_000)
    assert file_problems(tmp_path / "a.yaml") == ["a.yaml:1:1: is larger than 1 MiB, which no manifest is; not read"]


def test_text_that_is_not_utf_8_is_told_with_its_place(tmp_path):
    (tmp_path / "a.yaml").write_bytes("a: 1\nname: Zahnärzte\n".encode("latin-1"))
    assert file_problems(tmp_path / "a.yaml") == ["a.yaml:2:11: is not UTF-8 text; save it as UTF-8"]


def test_a_folder_that_is_named_like_a_manifest_is_no_manifest(tmp_path):
    (tmp_path / "a.yaml").mkdir()
    assert file_problems(tmp_path / "a.yaml") == [
        "a.yaml:1:1: is not a file; put a manifest in its place, or remove it"
    ]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.yaml")
    assert file_problems(tmp_path / "a.yaml") == [
        "a.yaml:1:1: is not a file; put a manifest in its place, or remove it"
    ]


def test_a_link_that_leads_in_a_circle_is_no_manifest(tmp_path):
    (tmp_path / "a.yaml").symlink_to(tmp_path / "a.yaml")
    assert file_problems(tmp_path / "a.yaml") == [
        f"a.yaml:1:1: can't be read: {os.strerror(errno.ELOOP)}; put a manifest in its place, or remove it"
    ]


@pytest.fixture
def as_nobody():
    """Root may read every file, so a test that runs as root stops being it for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


def test_an_unreadable_file_is_told_with_its_reason(tmp_path, request):
    (tmp_path / "a.yaml").touch(mode=0)
    request.getfixturevalue("as_nobody")
    assert file_problems(tmp_path / "a.yaml") == [
        "a.yaml:1:1: can't be read: Permission denied; correct its permissions"
    ]


@given(st.text(alphabet=st.sampled_from("ab:-[]{}#&*!|>'\"%@` \n,?0.~") | st.characters(codec="utf-8"), max_size=40))
def test_no_text_whatever_raises(text):
    source = parse(text, "a.yaml")
    assert source.node is not None or source.problems


@given(
    st.recursive(
        st.booleans()
        | st.integers(-(10**30), 10**30)
        | st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=TURNING)),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    ).map(lambda value: {"value": value})
)
def test_what_yaml_writes_reads_back(value):
    text = yaml.safe_dump(value, allow_unicode=True, default_style='"').replace('!!int "', '"').replace('!!bool "', '"')
    assert plain(parse(text, "a.yaml").node) == as_text(value)


def as_text(value):
    if isinstance(value, dict):
        return {key: as_text(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_the_loader_in_python_finds_the_same_as_the_one_in_c():
    text = "a: 0012\nb: [x, {c: 2.5}]\nd:\ne: &x 1\nd: 2\n"
    without_c = (
        "import sys, yaml; vars(yaml).pop('CSafeLoader', None); from tenantry.manifest.yaml.reader import parse; "
    )
    command = [sys.executable, "-c", f"{without_c}print(repr(parse(sys.argv[1], 'a.yaml')))", text]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == repr(parse(text, "a.yaml"))
