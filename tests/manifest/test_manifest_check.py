"""Checking every stack at once."""

from tenantry.manifest.check import check

STACKS = "format: 1\nstacks:\n  a: {tenants: ta}\n  b: {tenants: tb}\n"
WRONG = "tenant: birch\nname: 1\n"


def test_every_stack_is_checked_unless_one_is_named(project):
    root = project({"tenantry.yaml": STACKS, "ta/birch.yaml": WRONG, "tb/birch.yaml": WRONG, "tenants/acme.yaml": None})
    assert [problem.file for problem in check(root).problems] == ["ta/birch.yaml", "tb/birch.yaml"]
    assert [problem.file for problem in check(root, "b").problems] == ["tb/birch.yaml"]


def test_the_folder_that_no_stack_uses_may_be_missing(project):
    root = project(
        {"tenantry.yaml": STACKS.replace("tb", "ta"), "ta/acme.yaml": "tenant: acme\nname: A\n"}
        | {"tenants/acme.yaml": None}
    )
    assert check(root).summary == "1 tenant, 0 errors, 0 warnings"


def test_a_base_that_only_one_stack_lacks_is_found(project):
    root = project(
        {
            "tenantry.yaml": "format: 1\nstacks: {a: {webhooks: https://a.example}, b: {}}\n",
            "tenants/acme.yaml": "tenant: acme\nname: A\ndebugger_webhook: {url: /e}\n",
        }
    )
    assert [problem.path for problem in check(root).problems] == ["debugger_webhook.url"]
    assert check(root, "a").problems == ()


def test_a_tenant_of_several_stacks_counts_once(project):
    root = project({"tenantry.yaml": "format: 1\nstacks: {a: {webhooks: https://a.example}, b: {}}\n"})
    assert check(root).summary == "1 tenant, 0 errors, 0 warnings"


def test_the_summary_counts_errors_and_warnings(project):
    root = project(
        {
            "tenants/acme.yaml": "tenant: acme\nname: A\nx: 1\n",
            "tenants/birch.yaml": "tenant: birch\nname: B\ndebugger_webhook: {url: http://a.example}\n",
        }
    )
    assert check(root).summary == "2 tenants, 1 error, 1 warning"
