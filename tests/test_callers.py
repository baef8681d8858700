"""What nothing but a test calls is deleted, or it gets its caller: a test can prove what no command does."""

from collections.abc import Iterable

from source_rules import PACKAGES, ROOT
from vulture import Vulture

from tenantry.secret_sinks.registry import SINKS

CALLED_BY_DECORATORS = ["@click.*", "@*.command", "@model_validator", "@field_validator"]
CALLED_BY_LIBRARIES = {
    "http.server": ("do_*", "log_message"),
    "pytest": ("pytest_*", "fake_twilio_client"),
    "gRPC, of an interceptor": ("intercept_service",),
    "gRPC, of a language host": (
        *("Cancel", "GetPluginInfo", "GetProgramDependencies", "GetRequiredPackages", "Handshake"),
        *("InstallDependencies", "RunPlugin", "RuntimeOptionsPrompts"),
    ),
    "click": ("list_commands", "get_command", "format_commands"),
    "Python": ("__getattr__",),
    "twilio.request_validator": ("getall",),
    "tenantry.secret_sinks.registry, by name": tuple(SINKS.values()),
}
KINDS = ("class", "function", "method", "property")


def find_uncalled(paths: Iterable[str]) -> list[str]:
    """Return the functions and classes of some files that no line of them names, by file and name."""
    names = [name for called in CALLED_BY_LIBRARIES.values() for name in called]
    found = Vulture(ignore_names=names, ignore_decorators=CALLED_BY_DECORATORS)
    found.scavenge([str(ROOT / path) for path in paths], exclude=["*/.work/*"])
    return sorted(f"{item.filename}: {item.name}" for item in found.get_unused_code() if item.typ in KINDS)


def test_every_function_has_a_caller_that_is_no_test():
    assert find_uncalled(["__main__.py", *(package for package in PACKAGES if package != "tests")]) == []


def test_a_function_without_caller_is_named(tmp_path):
    path = tmp_path / "x.py"
    path.write_text("def run():\n    walk()\n\n\ndef walk():\n    pass\n")
    assert find_uncalled([path]) == [f"{path}: run"]
