"""The rows of a report: what was left out of a fleet, and what a person should know of what was brought in."""

from collections.abc import Iterable, Iterator, Sequence

from tenantry.model.kinds import KINDS, OBJECTS
from tenantry.operations.importing.drafts import TenantDraft
from tenantry.operations.importing.entries import Unfit
from tenantry.operations.importing.read import SeenAccount
from tenantry.operations.importing.values import Row, make_row
from tenantry.text.counts import format_count
from tenantry.twilio.account_directory import LiveAccount
from tenantry.twilio.matching import name_of

KEEP = "keep it as it is, which its `ignore` in the manifest says; or {}"


def report_accounts(accounts: Sequence[LiveAccount], seen: Iterable[SeenAccount]) -> Iterator[Row]:
    """Yield the accounts that are closed, and those that could not be read."""
    for account in accounts:
        if account.status == "closed":
            yield make_row(
                "closed",
                "the account is closed, and Twilio deletes it 30 days after that",
                "nothing is to be done",
                account_sid=account.sid,
                sid=account.sid,
                name=account.friendly_name,
            )
    for item in seen:
        if item.unreadable:
            kinds = " and ".join(f"{KINDS[kind].title}s" for kind in item.unreadable)
            yield make_row(
                "unreadable",
                f"its {kinds} could not be read: {next(iter(item.unreadable.values()))}",
                "when the reason is gone, import again",
                account_sid=item.account.sid,
                sid=item.account.sid,
                name=item.account.friendly_name,
            )


def report_drafts(drafts: Sequence[TenantDraft]) -> Iterator[Row]:
    """Yield what is left out of each new tenant, and notes on what no program can read."""
    for draft in drafts:
        yield from (_unfit(draft, unfit) for unfit in draft.unfit)
        if not draft.is_readable:
            yield make_row(
                "observed",
                f"the account is {draft.account.status}, so nobody can read all that is in it; it is written with "
                "manage: observe",
                f"when it is active, remove {draft.slug}'s manifest and import again",
                tenant=draft.slug,
                account_sid=draft.account.sid,
                sid=draft.account.sid,
                name=draft.account.friendly_name,
            )
    yield from _secrets(drafts)
    if drafts:
        yield make_row(
            "console_only",
            "the debugger webhook of the Console, and what it shows of retention and security, is in no API",
            "look in the Console, and write it into `debugger_webhook` and `attested`",
            count=len(drafts),
        )


def sort_rows(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows in the order of a report: what was left out first, then by kind, tenant and SID."""
    return tuple(
        sorted(rows, key=lambda row: (row.severity, row.kind, row.tenant or "", row.account_sid or "", row.sid or ""))
    )


def _unfit(draft: TenantDraft, unfit: Unfit) -> Row:
    title = KINDS[unfit.kind].title
    return make_row(
        unfit.why,
        f"the {title} stays outside: {unfit.reason}",
        KEEP.format("correct it in the Console, remove its `ignore`, and write it with `adopt`"),
        tenant=draft.slug,
        account_sid=draft.account.sid,
        sid=unfit.live.sid,
        name=name_of(unfit.live.spec),
    )


def _secrets(drafts: Sequence[TenantDraft]) -> Iterator[Row]:
    credentials = {kind for kind in OBJECTS if KINDS[kind].is_credential}
    keys = [kind for draft in drafts for kind in draft.objects.values() if kind in credentials]
    if keys:
        yield make_row(
            "secret_unknown",
            f"Twilio tells the secret of an API key once: those of {format_count(len(keys), 'key')} are unknown here, "
            "and the keys go on working",
            "to have a secret that Tenantry can deliver, add a generation to the key",
            count=len(keys),
        )
