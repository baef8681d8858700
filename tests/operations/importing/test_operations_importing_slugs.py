"""Slugs from names that people gave."""

import re

import pytest

from tenantry.model.written import SLUG
from tenantry.operations.importing.slugs import assign_slugs, first_free, slug_from
from tenantry.twilio.account_directory import LiveAccount


def account(number: int, name: str) -> LiveAccount:
    return LiveAccount(f"AC{number:032x}", name, "active", "ACp")


def slugs_of(*names: str, given=None, taken=()):
    accounts = [account(number, name) for number, name in enumerate(names)]
    given = {accounts[number].sid: slug for number, slug in (given or {}).items()}
    found = assign_slugs(accounts, given, taken)
    assert all(re.fullmatch(SLUG, slug) for slug in found.values())
    return [found[item.sid] for item in accounts]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme Dental", "acme-dental"),
        ("Zahnärzte Großmann", "zahnarzte-grossmann"),
        ("Łódź & Søn", "lodz-son"),
        ("  --A  b-- ", "a-b"),
        ("3M", "t-3m"),
        ("🦷", ""),
        ("歯科医院", ""),
        ("x" * 64, "x" * 32),
        ("The very long name of a practice of dentists", "the-very-long-name-of-a-practice"),
    ],
)
def test_a_name_becomes_a_slug(name, slug):
    assert slug_from(name, prefix="t") == slug


def test_names_without_letters_take_the_sid():
    assert slugs_of("🦷", "") == ["account-000000", "account-000000-2"]


def test_equal_names_are_numbered_the_oldest_first():
    assert slugs_of("Acme", "ACME", "acme") == ["acme", "acme-2", "acme-3"]
    assert slugs_of("a" * 40, "a" * 40)[1] == f"{'a' * 30}-2"


def test_the_slug_that_ends_a_name_is_taken():
    assert slugs_of("Acme Dental (acme)", "Acme") == ["acme", "acme-2"]


def test_a_slug_that_ends_two_names_is_given_to_nobody():
    assert slugs_of("North (birch)", "South (birch)", "Birch") == ["north-birch", "south-birch", "birch-2"]


def test_what_the_mapping_says_goes_first():
    assert slugs_of("Acme", "Acme", given={1: "acme"}) == ["acme-2", "acme"]


def test_taken_and_reserved_slugs_are_numbered():
    assert slugs_of("Acme", "Fleet", taken=["acme"]) == ["acme-2", "fleet-2"]


def test_a_number_keeps_a_long_slug_short():
    assert first_free("a" * 32, {"a" * 32}) == f"{'a' * 30}-2"
