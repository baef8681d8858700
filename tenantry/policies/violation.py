"""A violation of a rule: by which tenant, in which line, and what to do."""

from dataclasses import dataclass

from tenantry.manifest.problem import Place
from tenantry.manifest.yaml.tree import Node, child_of
from tenantry.policies.rule import Finding, Level, Rule
from tenantry.policies.waivers import Waiver
from tenantry.text.printable import printable


@dataclass(frozen=True)
class Violation:
    """One finding of one rule, at the line that set the value, through the layers."""

    rule: Rule
    level: Level
    tenant: str | None
    """The tenant's slug; None where it is about the stack as a whole."""
    place: Place
    path: str
    sentence: str
    waiver: Waiver | None = None
    """The waiver that lifts it; it then does not count."""

    @property
    def message(self) -> str:
        """What is wrong and what to do, in one line."""
        return printable(f"{self.path}: {self.summary}" if self.path else self.summary)

    @property
    def summary(self) -> str:
        """The message without the path."""
        return f"{self.sentence}; {self.rule.mend}"


def place_of(node: Node, finding: Finding) -> Place:
    """Return where a value was written; of one that is not there, where the mapping that lacks it was."""
    place, found = node.place, node
    for part in finding.path:
        child = child_of(found, part)
        if child is None:
            break
        found = child
        place = child.key if isinstance(child.value, dict) else child.place
    return place
