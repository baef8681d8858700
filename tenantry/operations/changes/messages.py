"""The messages of a run, for people: each sentence once, without what the engine puts around it."""

import re
from collections.abc import Iterable, Sequence

from tenantry.engine.events.event import Diagnostic, PolicyViolation
from tenantry.engine.events.urn import name_of
from tenantry.engine.run.ending import is_afterword
from tenantry.operations.changes.values import Message
from tenantry.text.own_names import leave_out_names

_OF_CHECK = " has a problem: "
# What the engine puts before the message of a check that refused, and of a program that ended.
_BEFORE = re.compile(
    rf"^(Preview failed: )?(\S+ resource '[^']*'(: property \S+ value \{{.*?\}})?{_OF_CHECK})?", re.DOTALL
)
_PLACE = re.compile(r"^\S+\.yaml:\d+:\d+: ", re.MULTILINE)
FEW = 5
"""So many findings of a rule that are alike but for the file are told one by one."""
_FOUND = frozenset({"advisory", "mandatory", "remediate"})
WAY_OUT = "`tenantry validate` says where: put it right, or waive it (docs/policies.md)"
"""What a person does about a mandatory rule that stops a run."""
_GRAVEST_FIRST = ("error", "mandatory", "remediate", "advisory", "warning")

_Said = tuple[str, str | None, str]


def gather_messages(
    diagnostics: Iterable[Diagnostic], violations: Iterable[PolicyViolation] = ()
) -> tuple[Message, ...]:
    """Return the messages with all the resources that each is about, the gravest first."""
    about: dict[_Said, set[str]] = {}
    for diagnostic in diagnostics:
        if sentence := sentence_of(diagnostic):
            about.setdefault((diagnostic.severity, None, sentence), set()).add(name_of(diagnostic.urn))
    for violation in violations:
        about.setdefault((violation.level, violation.policy, violation.message), set()).add(name_of(violation.urn))
    return tuple(
        Message(severity=severity, policy=policy, text=text, resources=tuple(sorted(names - {""})))
        for (severity, policy, text), names in sorted(about.items(), key=lambda item: _rank_gravity(item[0]))
    )


def join_findings(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Return messages with what is said of many tenants alike once, with the place and the names of the first."""
    alike: dict[tuple[str, str | None, str], list[Message]] = {}
    for message in messages:
        alike.setdefault((message.severity, message.policy, _leave_out_own(message)), []).append(message)
    joined: list[Message] = []
    for same in alike.values():
        joined += [_join(same)] if len(same) > FEW else same
    return tuple(joined)


def _leave_out_own(message: Message) -> str:
    """Return a text without its place, or without the names of the only tenant that it is about."""
    if message.severity in _FOUND:
        return _PLACE.sub("", message.text)
    tenants = {name.partition("/")[0] for name in message.resources if "/" in name}
    return leave_out_names([message.text], tenants.pop())[0] if len(tenants) == 1 else message.text


def _join(messages: Sequence[Message]) -> Message:
    resources = sorted({name for message in messages for name in message.resources})
    where = "more places" if messages[0].severity in _FOUND else "more resources alike"
    text = f"{messages[0].text} (and at {len(messages) - 1:,} {where})"
    return messages[0].model_copy(update={"text": text, "resources": tuple(resources)})


def sentence_of(diagnostic: Diagnostic) -> str:
    """Return the sentence of a diagnostic, empty if the engine only says that others failed."""
    sentence = _BEFORE.sub("", diagnostic.message)
    return "" if is_afterword(sentence) else sentence


def is_of_check(diagnostic: Diagnostic) -> bool:
    """Return whether the engine tells what a check of inputs refused."""
    return _OF_CHECK in diagnostic.message


def _rank_gravity(message: _Said) -> tuple[int, str, str]:
    severity, policy, text = message
    return (_GRAVEST_FIRST.index(severity), policy or "", text)
