"""Holds an answer to the facts: every problem as a sentence, none when it is as Twilio says."""

import re
from collections.abc import Iterator
from typing import Any

from shape_facts import Fact, facts, facts_of, fields_of
from shape_observer import Exchange

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "object": dict,
    "array": list,
}
DAY, MONTH = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
FORMATS = {
    "date-time-rfc-2822": rf"{DAY}, \d\d {MONTH} \d{{4}} \d\d:\d\d:\d\d \+0000",
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "date": r"\d{4}-\d\d-\d\d",
    "uri": r"(https?:/)?/[^\s]+",
    "currency": r"[A-Z]{3}|[a-z]{3}",
    "iso-country-code": r"[A-Z]{2}",
}


def exchange_problems(seen: Exchange) -> list[str]:
    """What is wrong with one answer; nothing where Twilio publishes no facts."""
    fact = facts_of(seen.host, seen.operation)
    if fact is None:
        return []
    if str(seen.status) not in fact["answers"]:
        return [f"{seen.operation}: answers {seen.status}, and Twilio {', '.join(fact['answers'])}"]
    answer = fact["answers"][str(seen.status)]
    return [f"{seen.operation}: {problem}" for problem in answer_problems(answer, seen.body)]


def answer_problems(answer: Any, body: Any) -> list[str]:
    """What is wrong with a body: `answer` is the facts' null, name of an object, or list."""
    if answer is None:
        return [] if body is None else ["has a body, and Twilio sends none"]
    if isinstance(answer, str):
        return list(_object("", fields_of(answer), body))
    return list(_list(answer, body))


def _list(answer: dict[str, str], body: Any) -> Iterator[str]:
    key = answer["key"]
    if not isinstance(body, dict) or not isinstance(body.get(key), list):
        yield f"no list {key}"
        return
    yield from _object("", facts()["lists"][answer["list"]], {name: body[name] for name in body if name != key})
    if answer["list"] == "meta" and body.get("meta", {}).get("key") != key:
        yield f"meta.key is not {key}"
    for place, item in enumerate(body[key]):
        yield from _object(f"{key}[{place}].", fields_of(answer["of"]), item)


def _object(where: str, fields: dict[str, Fact], value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where or 'the body'} is no object"
        return
    yield from (f"{where}{name} is missing" for name in sorted(set(fields) - set(value)))
    yield from (f"{where}{name} is none of Twilio's fields" for name in sorted(set(value) - set(fields)))
    for name in sorted(set(fields) & set(value)):
        yield from _field(where + name, fields[name], value[name])


def _field(where: str, fact: Fact, value: Any) -> Iterator[str]:
    if value is None:
        if not fact.get("null_shown", fact.get("nullable")):
            yield f"{where} is null, which Twilio shows nowhere"
        return
    if value == "" and fact.get("empty_shown"):
        return
    if not _is_of(value, fact.get("type")):
        yield f"{where} is a {type(value).__name__}, not of type {fact['type']}"
        return
    if "enum" in fact and value not in fact["enum"]:
        yield f"{where} is {value!r}, none of {fact['enum']}"
    if "pattern" in fact and not re.search(fact["pattern"], value):
        yield f"{where} is {value!r}, which does not match {fact['pattern']}"
    yield from _format(where, fact, value)
    if "properties" in fact:
        yield from _object(f"{where}.", fact["properties"], value)
    for place, item in enumerate(value if "items" in fact else ()):
        yield from _field(f"{where}[{place}]", fact["items"], item)


def _format(where: str, fact: Fact, value: Any) -> Iterator[str]:
    form = fact.get("format")
    if form == "uri-map":
        yield from _links(where, fact, value)
        for name, link in value.items():
            yield from _format(f"{where}.{name}", {"format": "uri"}, link)
    elif form in FORMATS and not (isinstance(value, str) and re.fullmatch(FORMATS[form], value)):
        yield f"{where} is {value!r}, not of format {form}"


def _links(where: str, fact: Fact, links: dict[str, Any]) -> Iterator[str]:
    if "links" in fact:
        known, optional = set(fact["links"]), set(fact["optional_links"])
        yield from (f"{where} has no {name}" for name in sorted(known - optional - set(links)))
        yield from (f"{where}.{name} is none of Twilio's links" for name in sorted(set(links) - known))


def _is_of(value: Any, kind: str | None) -> bool:
    # A bool is an int to Python and not to JSON.
    return kind is None or (isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean"))
