"""Slugs from names that people gave: of accounts, and of what is in them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from tenantry.model.subaccount import slug_mark
from tenantry.model.written import SLUG
from tenantry.twilio.account_directory import LiveAccount

LONGEST = 32
SHORTEST_CUT = 12
"""A name that is too long is cut between words, unless so little would be left."""
RESERVED = frozenset({"fleet"})
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_MARK = re.compile(r".* \(([^()]+)\)")


def slug_from(name: str, *, prefix: str) -> str:
    """Return a name as a slug; empty where no letter and no digit of it has one. `prefix` is put before a digit."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    words = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
    return cut(f"{prefix}-{words}" if words[:1].isdigit() else words)


def cut(slug: str, room: int = LONGEST) -> str:
    """Return a slug that is not longer than so many characters, cut between words if it can be."""
    if len(slug) <= room:
        return slug
    whole_words = slug[: room + 1].rpartition("-")[0]
    return (whole_words if len(whole_words) >= SHORTEST_CUT else slug[:room]).strip("-")


def first_free(slug: str, taken: Collection[str]) -> str:
    """Return a slug, with a number after it where it is taken: `acme-2`."""
    number, found = 1, slug
    while found in taken:
        number += 1
        found = f"{cut(slug, LONGEST - len(str(number)) - 1)}-{number}"
    return found


def mark_in(name: str) -> str | None:
    """Return the slug in brackets that ends a name, as the name of an account that we made; None without one."""
    found = _MARK.fullmatch(name)
    return found[1] if found and re.fullmatch(SLUG, found[1]) and name.endswith(slug_mark(found[1])) else None


def assign_slugs(accounts: Sequence[LiveAccount], given: Mapping[str, str], taken: Iterable[str]) -> Mapping[str, str]:
    """Return a slug for each account, by SID: the one that it was given, that in its name, or one made from its name.

    The older account gets the better slug. A slug that ends the name of another account is given to no account: a run
    would take the one for the other.
    """
    marks = {account.sid: mark for account in accounts if (mark := mark_in(account.friendly_name))}
    counts = Counter(marks.values())
    used = {*taken, *RESERVED}
    slugs: dict[str, str] = {}
    for account in accounts:
        if (slug := given.get(account.sid)) and slug not in used:
            slugs[account.sid] = slug
            used.add(slug)
    nameless = [account for account in sorted(accounts, key=_age) if account.sid not in slugs]
    own = {account.sid: marks[account.sid] for account in nameless if counts[marks.get(account.sid, "")] == 1}
    for account in nameless:
        if (slug := own.get(account.sid)) and slug not in used:
            slugs[account.sid] = slug
            used.add(slug)
    taken_or_marked = used | counts.keys()
    for account in (account for account in nameless if account.sid not in slugs):
        name = account.friendly_name
        slug = slug_from(name, prefix="t") or f"account-{account.sid[2:8].lower()}"
        slugs[account.sid] = first_free(slug, taken_or_marked)
        taken_or_marked.add(slugs[account.sid])
    return slugs


def _age(account: LiveAccount) -> tuple[str, str]:
    return (account.created.isoformat() if account.created else "", account.sid)
