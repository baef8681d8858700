"""The tenants that an import would write: slug, name, entries, and what stays outside of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tenantry.model.kinds import KINDS, OBJECTS, KindName
from tenantry.model.subaccount import slug_mark
from tenantry.model.url import with_placeholder
from tenantry.model.written import NAME_LENGTH
from tenantry.operations.importing.entries import Entry, Unfit, make_entries
from tenantry.operations.importing.read import SeenAccount
from tenantry.operations.importing.settings import is_writable
from tenantry.operations.importing.slugs import mark_in
from tenantry.twilio.account_directory import LiveAccount


@dataclass(frozen=True)
class TenantDraft:
    """A tenant before its layers are found."""

    slug: str
    account: LiveAccount
    entries: tuple[Entry, ...]
    unfit: tuple[Unfit, ...] = ()
    observed: bool = False

    @property
    def name(self) -> str:
        """The name for people: that of the account, without the slug that ends it."""
        name = self.account.friendly_name
        mark = mark_in(name)
        words = " ".join((name.removesuffix(slug_mark(mark)) if mark else name).split())
        shown = "".join(sign for sign in words if sign.isprintable())[:NAME_LENGTH].strip()
        return shown if shown and is_writable(shown) else self.slug

    @property
    def is_readable(self) -> bool:
        """Whether what is in its account could be read: an account that is suspended can't be read whole."""
        return self.account.status == "active"

    @property
    def objects(self) -> Mapping[str, KindName]:
        """What it takes over, by SID."""
        return {sid: kind for entry in self.entries for sid, kind in entry.objects.items()}


def draft_tenants(seen: Iterable[SeenAccount], slugs: Mapping[str, str], *, observe: bool) -> tuple[TenantDraft, ...]:
    """Return the tenants of accounts, sorted by slug, with `{tenant}` in URLs where several tenants share one so."""
    drafts = [_draft(account, slugs[account.account.sid], observe=observe) for account in seen]
    return _share_urls(sorted(drafts, key=lambda draft: draft.slug))


def _draft(seen: SeenAccount, slug: str, *, observe: bool) -> TenantDraft:
    written = make_entries(seen)
    observed = observe or seen.account.status != "active"
    return TenantDraft(slug, seen.account, written.entries, written.unfit, observed)


def _share_urls(drafts: Sequence[TenantDraft]) -> tuple[TenantDraft, ...]:
    """Write the slug in a URL as `{tenant}` where more tenants share that than the URL as it is."""
    whole = Counter(shape for draft in drafts for _, shape, _ in _urls(draft))
    shared = Counter(shape for draft in drafts for _, _, shape in _urls(draft))
    return tuple(
        replace(draft, entries=tuple(_share_url(draft.slug, entry, whole, shared) for entry in draft.entries))
        for draft in drafts
    )


def _share_url(slug: str, entry: Entry, whole: Counter[str], shared: Counter[str]) -> Entry:
    settings = dict(entry.settings)
    for field in _callbacks(entry):
        url = str(settings[field])
        template = with_placeholder(url, slug)
        if shared[_shape(entry, field, template)] > max(whole[_shape(entry, field, url)], 1):
            settings[field] = template
    return replace(entry, settings=settings)


def _urls(draft: TenantDraft) -> Iterator[tuple[Entry, str, str]]:
    """Yield each URL of a tenant, as it is and with the placeholder, each with the place that it has."""
    for entry in draft.entries:
        for field in _callbacks(entry):
            url = str(entry.settings[field])
            yield entry, _shape(entry, field, url), _shape(entry, field, with_placeholder(url, draft.slug))


def _shape(entry: Entry, field: str, url: str) -> str:
    return f"{'.'.join(entry.path)} {field} {url}"


def _callbacks(entry: Entry) -> tuple[str, ...]:
    kinds = (KINDS[name] for name in OBJECTS)
    found = next(kind for kind in kinds if kind.written == entry.path[0] and kind.entry_of is not None)
    return tuple(field for field in found.callbacks if field in entry.settings)
