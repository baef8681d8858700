"""`import.yaml`: which account is which tenant. People may edit it before they import; later runs respect it."""

import re
from collections.abc import Mapping
from pathlib import Path

from tenantry.manifest.effective import scalar
from tenantry.manifest.write_back import WriteBackError, read_file
from tenantry.manifest.yaml.reader import parse
from tenantry.manifest.yaml.tree import Node, entries_of, plain
from tenantry.model.written import SLUG
from tenantry.operations.errors import StoppedError
from tenantry.text.plain import plain as plain_text
from tenantry.text.sids import ACCOUNT_SID

FILE = "import.yaml"
HEAD = """\
# Which Twilio account is which tenant. `tenantry import` wrote it, and looks here first. A slug may be changed as long
# as the tenant has no manifest; after that slugs never change.
"""


def read_mapping(root: Path) -> Mapping[str, str]:
    """Return the slugs that were given, by SID of the account; raises StoppedError for a file that is wrong."""
    path = root / FILE
    if not path.exists():
        return {}
    source = parse(path.read_text(encoding="utf-8"), FILE)
    data = plain(source.node) if source.node is not None and not source.problems else None
    if source.node is not None and source.node.value in (None, {}):
        return {}
    if not isinstance(data, dict):
        mistakes = "; ".join(map(str, source.problems)) or f"{FILE}: it is no mapping of SIDs to slugs"
        raise StoppedError(f"{mistakes}. Nothing was written. Correct it.")
    problems = list(_problems(entries_of(source.node)))
    if problems:
        raise StoppedError("\n".join([*problems, "Nothing was written. Correct them, and run again."]))
    return {str(sid): str(slug) for sid, slug in data.items()}


def _problems(entries: Mapping[str, Node]) -> list[str]:
    found = [
        f"{node.key}: {sid} is not the SID of an account"
        for sid, node in entries.items()
        if not re.fullmatch(ACCOUNT_SID, sid)
    ]
    seen: dict[object, str] = {}
    for sid, node in entries.items():
        slug = node.value
        if not isinstance(slug, str):
            found.append(
                f"{node.place}: {sid}: this is no text; a slug that YAML takes for something else, such as null, needs "
                "quotes"
            )
        elif not re.fullmatch(SLUG, slug):
            found.append(
                f"{node.place}: {sid}: a slug is a-z, 0-9 and '-', starts with a letter, does not end in '-', and has "
                "32 characters at most"
            )
        elif slug in seen:
            found.append(f"{node.place}: {sid}: '{slug}' is the slug of {seen[slug]} too; a tenant has one account")
        else:
            seen[slug] = sid
    return found


def mapping_text(root: Path, added: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return the text of the file with some accounts more, each with its name behind it in a new file.

    Raises StoppedError where an existing one can't be edited.
    """
    if not (root / FILE).exists():
        rows = [f"{sid}: {scalar(slug)}{_remark(names.get(sid, ''))}" for sid, slug in _sort_by_slug(added)]
        return HEAD + "\n".join([*rows, ""])
    try:
        file = read_file(root, root / FILE)
        return file.add_entries(dict(_sort_by_slug(added))).text
    except WriteBackError as error:
        raise StoppedError(str(error)) from error


def _sort_by_slug(slugs: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(slugs.items(), key=lambda item: item[1])


def _remark(name: str) -> str:
    text = plain_text(" ".join(name.split()))
    return f"  # {text}" if text else ""
