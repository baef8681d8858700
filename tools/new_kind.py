"""Write the skeleton of a new kind: `python tools/new_kind.py messaging_service --host messaging`.

It writes a file a floor and prints the lines that the registries need. Nothing of it passes: what is to be written says
FILL IN, raises when it is called, and fails `tests/test_kinds.py` until it is gone. docs/contributing/adding-a-kind.md.
"""

import argparse
import re
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
SKELETONS = Path(__file__).resolve().parent / "new_kind"

FILES = {
    "model.txt": "tenantry/model/$kind.py",
    "twilio.txt": "tenantry/twilio/$kind.py",
    "providers.txt": "tenantry/providers/$kind.py",
    "fake.txt": "faketwilio/hosts/$host/$kind.py",
    "test_twilio.txt": "tests/twilio/test_twilio_$kind.py",
    "test_fake.txt": "tests/fake/test_fake_$kind.py",
}
"""Each skeleton, and the file that it becomes."""

LINES = (
    ("tenantry/model/kinds.py", 'in KindName and in KINDS: "$kind": $kind.KIND'),
    ("tenantry/model/tenant.py", "in Tenant: ${kind}s: dict[Slug, ${name}Entry]"),
    ("tenantry/twilio/session.py", "in __init__: self.${kind}s = ${name}s(...)"),
    ("tenantry/providers/__init__.py", 'in RESOURCES: "$kind": $name'),
    ("tests/test_contract.py", "in TYPES, PROVIDERS, SUSPENDED and tenant(): what will lie in users' state"),
    ("tests/providers/provider_samples.py", 'in CHILDREN: "$title": ("$kind", {...})'),
    ("faketwilio/hosts/registry.py", "in RESOURCES, below its host: $kind"),
    ("faketwilio/control/kinds.py", 'in KINDS: "$kind": Kind("$sid", ...)'),
    ("tests/fake/shape_calls.py", "a call of each operation"),
    ("tools/twilio_facts/scope.py", "in RESOURCES: the paths; then write the facts, as its README says"),
    ("defaults.yaml, plans/, tenants/", "in the sample of Owl Inc.: every field of the entry"),
)
"""The other places: the file, and what is added there."""


def words_of(kind: str, host: str, sid: str) -> dict[str, str]:
    """Return what the skeletons call the kind: `messaging_service` is MessagingService and "messaging service"."""
    parts = kind.split("_")
    name = "".join(part.title() for part in parts)
    return {"kind": kind, "name": name, "title": " ".join(parts), "host": host, "sid": sid}


def write_skeletons(root: Path, words: dict[str, str]) -> list[Path]:
    """Write a file a floor below `root`; raises FileExistsError, before anything is written, if one is there."""
    files = {root / Template(path).substitute(words): SKELETONS / skeleton for skeleton, path in FILES.items()}
    for path in files:
        if path.exists():
            raise FileExistsError(f"{path.relative_to(root)} is there already; nothing was written")
    for path, skeleton in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(skeleton.read_text("utf-8")).substitute(words), encoding="utf-8")
    host = root / "faketwilio/hosts" / words["host"] / "__init__.py"
    if not host.exists():
        host.write_text(f'"""{words["host"]}.twilio.com."""\n', encoding="utf-8")
    return list(files)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the skeleton of the kind that the arguments name; return the exit code."""
    parser = argparse.ArgumentParser(description="Write the skeleton of a new kind.")
    parser.add_argument("kind", help="in the singular, such as messaging_service")
    parser.add_argument("--host", required=True, help="the folder of its host in faketwilio/hosts, such as messaging")
    parser.add_argument("--sid", default="XX", help="what its SIDs begin with, such as MG")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", options.kind):
        parser.error(f"{options.kind} is no name of a kind: write lower-case words with '_' between them")
    words = words_of(options.kind, options.host, options.sid)
    try:
        written = write_skeletons(root, words)
    except FileExistsError as error:
        parser.error(str(error))
    print("Written; replace each FILL IN:")
    print(*(f"  {path.relative_to(root)}" for path in written), sep="\n")
    print("To be added by hand:")
    print(*(f"  {file}: {Template(line).substitute(words)}" for file, line in LINES), sep="\n")
    print("Then run `pytest tests/test_kinds.py tests/fake/test_fake_shapes.py`, which name what is missing.")
    print("When they pass, `make docs` writes the generated pages.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
