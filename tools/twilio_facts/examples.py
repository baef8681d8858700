"""What the examples of an OpenAPI file say of a field beyond its schema."""

from typing import Any

Json = dict[str, Any]
KINDS = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}


def compare(fact: Json, values: list[Any]) -> None:
    """Add to a field what its examples have; README.md explains the words. More examples may follow later."""
    seen = {_kind(value) for value in values}
    against = {kind for kind in seen - {"null", "empty"} if not _fits(kind, fact)}
    if against:
        fact["examples_have"] = sorted({*fact.get("examples_have", []), *against})
    if "null" in seen or (seen and fact.get("nullable")):
        fact["null_shown"] = "null" in seen or fact.get("null_shown", False)
    if "empty" in seen and fact.keys() & {"enum", "format", "pattern"}:
        fact["empty_shown"] = True
    if fact.get("format") == "uri-map":
        _note_links(fact, [set(value) for value in values if isinstance(value, dict)])


def _note_links(fact: Json, maps: list[set[str]]) -> None:
    """Which links the examples have, and which of them only some have."""
    known, optional = set(fact.get("links", [])), set(fact.get("optional_links", []))
    seen = [*maps, known, known - optional] if known else maps
    if seen:
        always = {link for link in seen[0] if all(link in links for links in seen)}
        fact["links"] = sorted({link for links in seen for link in links})
        fact["optional_links"] = sorted(set(fact["links"]) - always)


def _kind(value: Any) -> str:
    return "null" if value is None else "empty" if value == "" else KINDS[type(value)]


def _fits(kind: str, fact: Json) -> bool:
    return "type" not in fact or kind == fact["type"] or (kind, fact["type"]) == ("integer", "number")
