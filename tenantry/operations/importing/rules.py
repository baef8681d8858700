"""What the project's own rules say of new tenants: a row, or a waiver for each tenant and rule."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tenantry.manifest.files import POLICIES, WAIVERS
from tenantry.manifest.load import Loaded
from tenantry.operations.errors import StoppedError
from tenantry.operations.importing.texts import WAIVERS as HEAD
from tenantry.operations.importing.texts import file_text
from tenantry.operations.importing.values import Row, make_row
from tenantry.policies.check import build_rule_book
from tenantry.policies.own import RulesError
from tenantry.policies.subject import list_subjects
from tenantry.policies.violation import Violation
from tenantry.text.counts import format_count

NEXT = (
    "`tenantry validate` says where, and how to put it right; or import with --waive, --owner and --until, and remove "
    "the manifests before that if they are written already"
)
REASON = "it was so when tenantry import brought the tenant in"


@dataclass(frozen=True)
class Waive:
    """Who answers for waivers, and their last day."""

    owner: str
    until: date


def find_refusals(folder: Path, loaded: Loaded, slugs: Collection[str], today: date) -> tuple[Violation, ...]:
    """Return what mandatory rules find in tenants, without what is waived; raises StoppedError.

    Of a tenant that is only observed they stop nothing today, and would once it is taken over.
    """
    if not (folder / POLICIES).is_dir():
        return ()
    try:
        book = build_rule_book(folder, today)
        violations = book.judge(loaded).violations(list_subjects(loaded, today))
    except RulesError as error:
        raise StoppedError(f"{error} Nothing was written.") from error
    found = (item for item in violations if book.config.of(item.rule).level == "mandatory" and item.waiver is None)
    return tuple(item for item in found if item.tenant in slugs)


def write_waivers(refusals: Sequence[Violation], waive: Waive) -> Mapping[str, bytes]:
    """Return the files of waivers for what rules refuse."""
    rules: dict[str, set[str]] = {}
    for found in refusals:
        rules.setdefault(str(found.tenant), set()).add(found.rule.id)
    entry = {"reason": REASON, "owner": waive.owner, "until": waive.until.isoformat()}
    files = {f"{WAIVERS}/{slug}.yaml": dict.fromkeys(sorted(ids), entry) for slug, ids in rules.items()}
    return {name: file_text(document, HEAD, name).encode() for name, document in files.items()}


def check_waivers(folder: Path, slugs: Collection[str], today: date) -> None:
    """Raise StoppedError where the waivers of these tenants are refused, such as for ending too late."""
    try:
        problems = build_rule_book(folder, today).waivers.problems_for(slugs)
    except RulesError as error:
        raise StoppedError(f"{error} Nothing was written.") from error
    if problems:
        raise StoppedError("\n".join([str(problems[0]), "Nothing was written. Give another day with --until."]))


def report_refusals(refusals: Sequence[Violation]) -> tuple[Row, ...]:
    """Return a row for each rule that refuses something, with how many tenants it refuses."""
    by_rule: dict[str, set[str]] = {}
    for found in refusals:
        if found.level == "mandatory":
            by_rule.setdefault(found.rule.id, set()).add(str(found.tenant))
    return tuple(
        make_row(
            "refused_by_policy",
            f"the rule {rule} refuses {format_count(len(tenants), 'tenant')}, and `tenantry up` with them",
            NEXT,
            name=rule,
            count=len(tenants),
        )
        for rule, tenants in sorted(by_rule.items())
    )
