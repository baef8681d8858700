"""The sentence for each kind of pydantic error: short, exact, and with the next step."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from tenantry.manifest.layers import tag_of
from tenantry.manifest.partial import ANY, LOCKED, PLAN, PROFILES, Partial, fields_at, tags_at, tags_with
from tenantry.manifest.problem import Place
from tenantry.manifest.yaml.tree import Node, Path, entries_of, node_at
from tenantry.model.project import Project
from tenantry.model.secret_sink import CREDENTIALS, NOT_YET
from tenantry.model.tenant import RESERVED, Tenant
from tenantry.text.spelling import closest

_NO_CREDENTIALS = (
    "a credential never stands in this file, which is in git; remove it: the client of the sink finds it in its own "
    "environment (docs/secrets.md)"
)
_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
}


@dataclass(frozen=True)
class Complaint:
    """An error of pydantic at a path that exists in the tree."""

    path: Path
    branch: bool
    """Whether it is about one alternative of several."""
    error: ErrorDetails
    node: Node
    model: type[BaseModel]
    root: Node

    @property
    def kind(self) -> str:
        """Pydantic's name for this sort of error."""
        return self.error["type"]

    @property
    def expected(self) -> str:
        """The expected type in words; empty where the error is not about a type."""
        return _EXPECTED.get(self.kind, "")


def sentence_of(complaint: Complaint) -> tuple[Place, str]:
    """Return the place and the sentence of a complaint."""
    return _SENTENCES.get(complaint.kind, _describe_other)(complaint)


def none_of(complaints: list[Complaint]) -> str:
    """Return one sentence for a value that is none of several alternatives."""
    choices = [choice for complaint in complaints for choice in _list_choices(complaint.error)]
    expected = [f"'{choice}'" for choice in choices]
    expected += [complaint.expected for complaint in complaints if complaint.expected]
    node = complaints[0].node
    word = node.value if isinstance(node.value, str) else ""
    is_item = word.startswith(("@", "/")) and "a list" in expected
    hint = f'; write it as a list: ["{word}"]' if is_item else did_you_mean(word, choices)
    return f"expected {_join_choices(expected)}, found {describe(node)}{hint}"


def did_you_mean(word: str, choices: Sequence[str]) -> str:
    """Return `; did you mean 'monthly'?`, or nothing when no choice is close."""
    close = closest(word, choices)
    return f"; did you mean '{close}'?" if close else ""


def _describe_unknown_key(complaint: Complaint) -> tuple[Place, str]:
    path, place = complaint.path, complaint.node.key
    key = str(path[-1])
    if _is_reserved(path):
        return place, "not supported yet; remove it"
    if tag_of(path[:-1]) == "type" and key in CREDENTIALS:
        return place, _NO_CREDENTIALS
    if path == (LOCKED,) and "tenant" in complaint.model.model_fields:
        return place, "belongs to defaults.yaml, plans and profiles; a lock there can't be lifted here"
    if tag_of(path[:-1]) and key in fields_at(complaint.model, path[:-1]):
        return place, _of_another_tag(complaint, key)
    if not issubclass(complaint.model, Partial | Project) or not _belongs_elsewhere(path):
        return place, f"unknown key{did_you_mean(key, list(fields_at(complaint.model, path[:-1])))}"
    return place, _describe_belonging(path)


def _is_reserved(path: Path) -> bool:
    patterns = (reserved.split(".") for reserved in RESERVED)
    return any(
        len(parts) == len(path) and all(part in (ANY, key) for part, key in zip(parts, path, strict=True))
        for parts in patterns
    )


def _of_another_tag(complaint: Complaint, key: str) -> str:
    tag = str(tag_of(complaint.path[:-1]))
    written = node_at(complaint.root, (*complaint.path[:-1], tag))
    owners = _join_choices(tags_with(complaint.model, complaint.path[:-1], tag, key))
    chosen = f"{tag}: {written.value} stands at {written.place}" if written else f"there is no `{tag}`"
    return f"'{key}' is a key of {tag} {owners}, and {chosen}; remove it, or change the {tag} here"


def _belongs_elsewhere(path: Path) -> bool:
    return path[-1] in fields_at(Tenant, path[:-1])


def _describe_belonging(path: Path) -> str:
    if path in ((PLAN,), (PROFILES,)):
        where = "defaults.yaml and tenants" if path == (PLAN,) else "defaults.yaml, plans and tenants"
        return f"belongs to {where}; remove it here"
    return "only tenants may have it; move it to the files of those tenants"


def _describe_missing(complaint: Complaint) -> tuple[Place, str]:
    key = str(complaint.error["loc"][-1])
    field = fields_at(complaint.model, complaint.path).get(key)
    meaning = f" ({field.description})" if field is not None and field.description else ""
    return complaint.node.key, f"the key '{key}' is missing{meaning}"


def _describe_wrong_type(complaint: Complaint) -> tuple[Place, str]:
    return (
        complaint.node.place,
        f"expected {complaint.expected}, found {describe(complaint.node)}{_write_hint(complaint)}",
    )


def _write_hint(complaint: Complaint) -> str:
    value = complaint.node.value
    if complaint.expected == "text" and isinstance(value, int | Decimal):
        return "; write it in quotes"
    if complaint.expected == "a whole number" and isinstance(value, str) and re.fullmatch(r"[-+]?\d+", value):
        return "; remove the quotes"
    if complaint.expected == "true or false" and isinstance(value, str):
        yes = value.lower() in ("yes", "on", "y", "true")
        no = value.lower() in ("no", "off", "n", "false")
        return f"; write {'true' if yes else 'false'}" if yes or no else ""
    return ""


def _describe_wrong_choice(complaint: Complaint) -> tuple[Place, str]:
    choices, node = _list_choices(complaint.error), complaint.node
    if complaint.path == ("region",):
        return node.place, f"regions other than us1 are not supported yet, found {describe(node)}"
    hint = did_you_mean(str(node.value), choices)
    return node.place, f"expected {_join_choices(choices)}, found {describe(node)}{hint}"


def _explain_refusal(complaint: Complaint) -> tuple[Place, str]:
    context = complaint.error.get("ctx", {})
    about = entries_of(complaint.node).get(context.get("about", ""), complaint.node)
    is_key = complaint.error["loc"][-1:] == ("[key]",)
    return about.key if is_key else about.place, str(context["sentence"])


def _limit(complaint: Complaint) -> tuple[Place, str]:
    context = complaint.error.get("ctx", {})
    sentence = _LIMITS[complaint.kind].format(
        **context, found=describe(complaint.node), length=_measure_length(complaint.node)
    )
    return complaint.node.place, sentence.replace(" 1 items", " 1 item").replace(" 1 characters", " 1 character")


def _measure_length(node: Node) -> int:
    return len(node.value) if isinstance(node.value, str | tuple) else 0


def _describe_other(complaint: Complaint) -> tuple[Place, str]:
    sentence = complaint.error["msg"].replace("Input should be", "must be")
    return complaint.node.place, f"{sentence[:1].lower()}{sentence[1:]}, found {describe(complaint.node)}"


def describe(node: Node) -> str:
    """Describe a value in words: `text '30'`, `the number 0012`, `a list`."""
    match node.value:
        case None:
            return "null"
        case bool():
            return str(node.value).lower()
        case int() | Decimal():
            return f"the number {node.text}"
        case str() as text:
            return f"text '{text}'" if len(text) <= 40 else f"text '{text[:39]}…'"
        case tuple():
            return "a list"
        case _:
            return "a mapping"


def _list_choices(error: ErrorDetails) -> list[str]:
    expected = str(error.get("ctx", {}).get("expected", ""))
    return re.findall(r"'([^']*)'", expected) or [expected] if expected else []


def _join_choices(words: Sequence[str]) -> str:
    *most, last = dict.fromkeys(words)
    return f"{', '.join(most)} or {last}" if most else last


_LIMITS = {
    "string_too_short": "must not be empty",
    "string_too_long": "has {length} characters; {max_length} at most are allowed",
    "too_short": "needs at least {min_length} items",
    "too_long": "has {length} items; {max_length} at most are allowed",
    "greater_than_equal": "must be {ge} or more, found {found}",
    "less_than_equal": "must be {le} or less, found {found}",
}


def _describe_missing_tag(complaint: Complaint) -> tuple[Place, str]:
    key = complaint.error["ctx"]["discriminator"].strip("'")
    choices = tags_at(complaint.model, complaint.path, key)
    where = "" if issubclass(complaint.model, Project) else ", here or in a layer below"
    return complaint.node.key, f"the key '{key}' is missing: write {_join_choices(choices)}{where}"


def _describe_unknown_tag(complaint: Complaint) -> tuple[Place, str]:
    key = complaint.error["ctx"]["discriminator"].strip("'")
    written = entries_of(complaint.node)[key]
    if key == "type" and written.value in NOT_YET:
        return written.place, f"{written.value} is not supported yet; take another type, or remove this sink"
    choices = re.findall(r"'([^']*)'", complaint.error["ctx"]["expected_tags"])
    hint = did_you_mean(str(written.value), choices)
    return written.place, f"expected {_join_choices(choices)}, found {describe(written)}{hint}"


_SENTENCES: dict[str, Callable[[Complaint], tuple[Place, str]]] = {
    "extra_forbidden": _describe_unknown_key,
    "missing": _describe_missing,
    "union_tag_not_found": _describe_missing_tag,
    "union_tag_invalid": _describe_unknown_tag,
    "literal_error": _describe_wrong_choice,
    "refused": _explain_refusal,
    **dict.fromkeys(_EXPECTED, _describe_wrong_type),
    **dict.fromkeys(_LIMITS, _limit),
}
