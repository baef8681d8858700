"""No text is read or written in whatever encoding the machine's locale has."""

import ast
from collections.abc import Iterator

import pytest
from source_rules import ROOT, SourceFile


def find_locale_encodings(file: SourceFile) -> Iterator[str]:
    """Yield each call of the package that depends on the locale."""
    if file.package == "tenantry":
        for node in file.nodes:
            if isinstance(node, ast.Call) and _depends_on_the_locale(node):
                yield f"{file.place}:{node.lineno}"


def test_no_child_process_and_no_file_uses_the_locales_encoding(breaches):
    assert breaches("test_encodings:find_locale_encodings") == []


@pytest.mark.parametrize(
    ("source", "lines"), [("path.read_text()", ["tenantry/x.py:1"]), ("path.read_text(encoding='utf-8')", [])]
)
def test_a_call_without_an_encoding_is_found(source, lines):
    assert list(find_locale_encodings(SourceFile(ROOT / "tenantry" / "x.py", source))) == lines


def _depends_on_the_locale(call: ast.Call) -> bool:
    """Return whether a call reads or writes text and does not say in which encoding."""
    given = {keyword.arg for keyword in call.keywords}
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if "encoding" in given:
        return False
    modes = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    if isinstance(receiver, ast.Call) and "build_opener" in ast.unparse(receiver.func):
        return False  # opens a URL, and bytes
    if getattr(receiver, "id", "") == "distribution":
        return False  # importlib.metadata reads UTF-8, and takes no encoding
    is_module = getattr(receiver, "id", "") in ("os", "tarfile")
    match name:
        case "read_text" | "write_text":
            return True
        case "open" | "fdopen" if not is_module or name == "fdopen":
            return not any("b" in mode for mode in modes)
        case _:
            return bool(given & {"text", "universal_newlines"}) and name in ("run", "Popen", "check_output")
