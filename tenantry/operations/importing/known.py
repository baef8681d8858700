"""Which accounts are tenants already: by `adopt`, then by the state, then by the name; doubt is for a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tenantry.engine.state.deployment import StateResource
from tenantry.manifest.load import Loaded
from tenantry.manifest.yaml.tree import node_at
from tenantry.model.subaccount import slug_mark
from tenantry.model.tenant import ENDED_STATES
from tenantry.operations.importing.slugs import mark_in
from tenantry.operations.importing.values import Row, make_row
from tenantry.twilio.account_directory import LiveAccount


@dataclass(frozen=True)
class KnownAccounts:
    """The accounts that are not to be brought in, and why some can't be."""

    slugs: Mapping[str, str]
    """The tenants that accounts have, by SID; one that the project only knows has none and is not in it."""
    skipped: frozenset[str]
    """The SIDs of all accounts that are left as they are."""
    rows: tuple[Row, ...]


def find_known(
    loaded: Loaded, accounts: Sequence[LiveAccount], state: Iterable[StateResource], given: Mapping[str, str]
) -> KnownAccounts:
    """Return which accounts are tenants already, and what is to be reported of them."""
    slugs = {**_find_held(state), **adopted_accounts(loaded)}
    unknown = loaded.files.keys() - set(slugs.values())
    named = _find_named(unknown, [account for account in accounts if account.sid not in slugs])
    doubtful = {account.sid: slug for slug, found in named.items() if len(found) > 1 for account in found}
    slugs |= {found[0].sid: slug for slug, found in named.items() if len(found) == 1}
    tenants = {*slugs, *doubtful}
    strangers = [account for account in accounts if account.sid not in tenants and account.status != "closed"]
    namesakes = dict(_of_another(strangers, loaded))
    rows = [
        *(_doubt(account, doubtful[account.sid]) for account in accounts if account.sid in doubtful),
        *(_named_as(account, namesakes[account.sid]) for account in strangers if account.sid in namesakes),
        *_report_gone(slugs, accounts, loaded),
        *_report_renamed(slugs, given, loaded),
    ]
    skipped = frozenset({*slugs, *doubtful, *namesakes, *loaded.stack.known_accounts})
    return KnownAccounts(slugs, skipped, tuple(rows))


def adopted_accounts(loaded: Loaded) -> Mapping[str, str]:
    """Return the tenants whose manifests adopt an account, by its SID."""
    found = ((node_at(node, ("account", "adopt")), slug) for slug, node in loaded.origins.items())
    return {str(node.value): slug for node, slug in found if node is not None}


def _find_held(state: Iterable[StateResource]) -> Mapping[str, str]:
    return {str(item.sid): item.slug for item in state if item.kind == "subaccount" and item.sid is not None}


def _find_named(slugs: Iterable[str], accounts: Sequence[LiveAccount]) -> Mapping[str, Sequence[LiveAccount]]:
    found: dict[str, list[LiveAccount]] = {slug: [] for slug in slugs}
    for account in accounts:
        slug = account.friendly_name.rpartition(" (")[2].removesuffix(")")
        if slug in found and account.status != "closed" and account.friendly_name.endswith(slug_mark(slug)):
            found[slug].append(account)
    return found


def _of_another(accounts: Iterable[LiveAccount], loaded: Loaded) -> Iterator[tuple[str, str]]:
    """Yield the accounts that have the name of the account of a tenant, which has another one."""
    for account in accounts:
        mark = mark_in(account.friendly_name)
        if mark is not None and mark in loaded.files:
            yield account.sid, mark


def _doubt(account: LiveAccount, slug: str) -> Row:
    return make_row(
        "in_doubt",
        f"its name ends in '{slug_mark(slug).strip()}', as that of another account does, and {slug} has no account yet",
        f"write account: {{adopt: SID}} into the manifest of {slug}, and give the other account another name",
        account_sid=account.sid,
        sid=account.sid,
        name=account.friendly_name,
    )


def _named_as(account: LiveAccount, slug: str) -> Row:
    return make_row(
        "in_doubt",
        f"its name ends in '{slug_mark(slug).strip()}', and the tenant {slug} has another account",
        "give it another name in the Console, and import again",
        account_sid=account.sid,
        sid=account.sid,
        name=account.friendly_name,
    )


def _report_gone(slugs: Mapping[str, str], accounts: Sequence[LiveAccount], loaded: Loaded) -> Iterator[Row]:
    """Yield the tenants that lost their account, but for those whose manifest says that they ended."""
    living = {account.sid for account in accounts if account.status != "closed"}
    ended = {slug for slug, tenant in loaded.tenants.items() if tenant.state in ENDED_STATES}
    for sid, slug in sorted(slugs.items(), key=lambda item: item[1]):
        if sid not in living and slug not in ended:
            yield make_row(
                "gone",
                "its manifest is here, and Twilio has closed the account, or does not know it",
                "set state: closed with close_after in its manifest, or remove the manifest if it was never applied",
                tenant=slug,
                account_sid=sid,
                sid=sid,
            )


def _report_renamed(slugs: Mapping[str, str], given: Mapping[str, str], loaded: Loaded) -> Iterator[Row]:
    for sid, slug in sorted(given.items(), key=lambda item: item[1]):
        if slugs.get(sid, slug) != slug:
            yield make_row(
                "renamed",
                f"import.yaml calls it {slug}, and its manifest is {loaded.files.get(slugs[sid], slugs[sid])}; a slug "
                "never changes",
                f"write {slugs[sid]} into import.yaml",
                tenant=slugs[sid],
                account_sid=sid,
                sid=sid,
            )
