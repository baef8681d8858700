"""What an import writes, leaves out and reports, from accounts that people made by hand."""

import pytest
from importing_world import ERRORS, HOOKS, RECEIPTS, SEND, TODAY, make_ugly

from faketwilio.store.fault import fault_of
from tenantry.operations.errors import StoppedError
from tenantry.operations.importing.mapping import read_mapping
from tenantry.operations.importing.rules import Waive
from tenantry.reports.importing.as_text import as_text


def rows(imported, kind=None):
    found = [row for row in imported.report.rows if kind in (None, row.kind)]
    return [(row.kind, row.tenant, row.name) for row in found]


def test_an_ugly_fleet_leaves_nothing_for_drift(fleet):
    make_ugly(fleet)
    imported = fleet.run()
    assert fleet.drift() == []
    assert imported.report.exit_code == 2
    assert {row.kind for row in imported.report.rows if row.severity == "left_out"} == {"no_entry", "url"}
    assert rows(imported, "closed") == [("closed", None, "Gone Dental")]
    assert sorted(rows(imported, "url")) == [("url", "acme-dental", "Secret"), ("url", "acme-dental", "Token")]
    text = as_text(imported.report)
    assert "user:pass" not in text
    assert "token=abc" not in text
    assert not any(b"token=abc" in content or b"user:pass" in content for content in fleet.files().values())


def test_only_reads_are_sent_and_few_of_them(fleet):
    for number in range(20):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    fleet.fake.store.request_log.clear()
    fleet.run()
    lines = list(fleet.fake.store.request_log.log)
    assert {line[0] for line in lines} == {"GET"}
    assert len(lines) == 1 + 20 * (4 + 1 + 2)


def test_a_second_run_writes_the_same_bytes(fleet):
    make_ugly(fleet)
    fleet.run()
    before = fleet.files()
    again = fleet.run().report
    assert fleet.files() == before
    assert again.imported == ()
    assert again.files == ()


def test_what_people_wrote_stays_and_new_accounts_are_added(fleet):
    for number in range(5):
        fleet.customer(f"Practice {number}", f"practice-{number}")
    fleet.run()
    for name in ("tenants/practice-0.yaml", "defaults.yaml", "import.yaml"):
        (fleet.folder / name).write_text(f"# ours\n{fleet.text(name)}# the end\n")
    before = fleet.files()
    new = fleet.customer("Acme", "acme", 7)
    report = fleet.run().report
    assert [item.tenant for item in report.imported] == ["acme"]
    assert report.files == ("import.yaml", "tenants/acme.yaml")
    after = fleet.files()
    assert {name: after[name] for name in before if name != "import.yaml"} == {
        name: content for name, content in before.items() if name != "import.yaml"
    }
    text = fleet.text("import.yaml")
    assert text.startswith("# ours\n")
    assert "# the end" in text
    assert f"{new}: acme" in text
    assert fleet.drift() == []


def test_a_slug_of_the_mapping_is_respected(fleet):
    sid = fleet.customer("Acme Dental", "x")
    fleet.folder.mkdir()
    (fleet.folder / "import.yaml").write_text(f"{sid}: the-first  # as in our CRM\n")
    assert [item.tenant for item in fleet.run().report.imported] == ["the-first"]
    assert fleet.text("import.yaml") == f"{sid}: the-first  # as in our CRM\n"


def test_slugs_that_yaml_has_words_for_are_read_back(fleet):
    accounts = {name: fleet.account(name) for name in ("null", "Yes", "OFF")}
    for account in accounts.values():
        fleet.key(account, "true")
    fleet.run()
    before = fleet.files()
    late = fleet.account("~ No")
    fleet.run(dry_run=True)
    assert fleet.files() == before
    assert [item.tenant for item in fleet.run().report.imported] == ["no"]
    assert read_mapping(fleet.folder) == {**{sid: name.lower() for name, sid in accounts.items()}, late: "no"}


@pytest.mark.parametrize(
    "text",
    ["AC1: acme\n", f"AC{'1' * 32}: Acme\n", f"AC{'1' * 32}: null\n", "- a\n", f"AC{'1' * 32}: a\nAC{'2' * 32}: a\n"],
)
def test_a_wrong_mapping_stops_before_anything_is_written(fleet, text):
    fleet.account("Acme")
    fleet.folder.mkdir()
    (fleet.folder / "import.yaml").write_text(text)
    with pytest.raises(StoppedError, match=r"(?s)import\.yaml.*Nothing was written"):
        fleet.run()
    assert not (fleet.folder / "tenantry.yaml").exists()


def test_a_renamed_slug_of_a_written_tenant_is_a_row(fleet):
    fleet.account("Acme")
    fleet.run()
    (fleet.folder / "import.yaml").write_text(fleet.text("import.yaml").replace(": acme", ": other"))
    assert rows(fleet.run(), "renamed") == [("renamed", "acme", None)]


def test_an_account_that_is_gone_is_a_row(fleet):
    sid = fleet.account("Acme")
    fleet.run()
    fleet.set(sid, status="closed")
    again = fleet.run()
    assert (rows(again, "gone"), again.report.exit_code) == ([("gone", "acme", None)], 2)
    ended = fleet.text("tenants/acme.yaml") + 'state: closed\nclose_after: "2026-01-01"\n'
    (fleet.folder / "tenants" / "acme.yaml").write_text(ended)
    again = fleet.run()
    assert (rows(again, "gone"), again.report.exit_code) == ([], 0)  # its manifest says that it left


def test_one_account_can_be_named_by_sid_name_or_slug(fleet):
    sid = fleet.account("Acme")
    fleet.account("Birch, of the North")
    fleet.account("Cedar")
    named = (sid, "Birch, of the North", "cedar")
    assert [item.tenant for item in fleet.run(only=named, dry_run=True).report.imported] == [
        "acme",
        "birch-of-the-north",
        "cedar",
    ]
    with pytest.raises(StoppedError, match="--only Elm"):
        fleet.run(only=("Elm",))


def test_more_event_types_than_ours_stay(fleet):
    account = fleet.account("Acme")
    fleet.webhook(account, f"{HOOKS}/errors", (ERRORS, RECEIPTS))
    assert rows(fleet.run(), "no_entry") == []
    assert fleet.drift() == []


def test_an_account_that_cannot_be_read_is_left_for_the_next_run(fleet):
    fleet.customer("Acme", "acme")
    sid = fleet.customer("Birch", "birch")
    fleet.fake.store.faults.append(
        fault_of({"mode": "error", "status": 403, "code": 20008, "path_contains": f"{sid}/Keys", "times": 1})
    )
    first = fleet.run()
    assert [item.tenant for item in first.report.imported] == ["acme"]
    assert rows(first, "unreadable") == [("unreadable", None, "Birch")]
    assert [item.tenant for item in fleet.run().report.imported] == ["birch"]
    assert fleet.drift() == []


def test_a_name_that_no_manifest_can_say_leaves_its_object_outside(fleet):
    account = fleet.account("Acme\x1b[31m\u202e")
    fleet.key(account, "Web\x1b[31m")
    fleet.key(account, "{[#: 'odd\u00a0' \\ \"name\" ]}")
    imported = fleet.run()
    assert rows(imported, "not_writable") == [("not_writable", "acme-31m", "Web\x1b[31m")]
    assert fleet.drift() == []


def test_a_suspended_account_is_only_observed(fleet):
    fleet.account("Acme", status="suspended")
    [tenant] = fleet.run().report.imported
    assert tenant.observed
    assert fleet.loaded.tenants["acme"].is_observed
    assert fleet.drift() == []


def test_observe_writes_every_tenant_so(fleet):
    fleet.customer("Acme", "acme")
    fleet.run(observe=True)
    assert fleet.loaded.tenants["acme"].is_observed
    assert fleet.drift() == []


def test_waivers_cover_what_the_rules_refuse(fleet):
    account = fleet.account("Acme")
    fleet.key(account, "Everything")
    fleet.key(account, "Sender", SEND)
    assert "restricted-keys" in {row.name for row in fleet.run(dry_run=True).report.rows}
    imported = fleet.run(waive=Waive("ana@owl.example", TODAY.replace(year=2027)))
    assert rows(imported, "refused_by_policy") == []
    assert "restricted-keys:" in fleet.text("waivers/acme.yaml")


def test_an_observed_tenant_gets_the_waivers_that_its_promotion_takes(fleet):
    fleet.key(fleet.account("Acme"), "Everything")
    assert rows(fleet.run(dry_run=True, observe=True), "refused_by_policy") == []
    fleet.run(observe=True, waive=Waive("ana@owl.example", TODAY.replace(year=2027)))
    assert "restricted-keys:" in fleet.text("waivers/acme.yaml")


def test_an_account_with_the_name_of_a_tenant_is_in_doubt(fleet):
    fleet.account("Acme")
    fleet.run()
    fleet.account("Another one (acme)")
    assert rows(fleet.run(), "in_doubt") == [("in_doubt", None, "Another one (acme)")]


def test_a_folder_with_something_else_is_refused(fleet):
    fleet.folder.mkdir()
    (fleet.folder / "main.py").write_text("")
    with pytest.raises(StoppedError, match=r"main\.py"):
        fleet.run()


def test_a_dry_run_writes_nothing(fleet):
    fleet.account("Acme")
    assert fleet.run(dry_run=True).report.dry_run
    assert not fleet.folder.exists()


def test_known_accounts_stay_outside(fleet):
    known = fleet.account("Ours")
    fleet.account("Acme")
    fleet.run(only=("Acme",))
    path = fleet.folder / "tenantry.yaml"
    path.write_text(f"{path.read_text()}known_accounts:\n  {known}: {{reason: for tests}}\n")
    report = fleet.run().report
    assert report.imported == ()
    assert report.already == 2
