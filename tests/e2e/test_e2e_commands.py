"""`tenantry preview`, `up` and `drift`."""

from e2e_project import WHOLE, paths


def test_drift_exits_with_2_and_a_focus_leaves_other_tenants(stack_project):
    triggers = {slug: stack_project.account(slug)["usage_triggers"][0]["sid"] for slug in ("acme", "acme-2")}
    for trigger in triggers.values():
        stack_project.console({"set": trigger, "fields": {"callback_url": "https://elsewhere.example/?token=s3cret"}})
    done = stack_project.tenantry("drift")
    assert (done.code, "s3cret" in done.output) == (2, False), done.output
    assert 'found "https://elsewhere.example/?token=…"' in done.output
    assert 'usage_trigger/monthly-sms: callback_url: wanted "https://hooks.owl.example/twilio/usage"' in done.output
    assert "in 2: acme, acme-2" in done.output
    reads = stack_project.requests()
    assert all(line[0] == "GET" for line in reads)
    # One list of all accounts; of each tenant four lists, a fetch of its restricted key's policy, its types.
    assert len(reads) == 1 + 2 * 6, paths(reads)

    stack_project.write("acme-2", WHOLE.replace("  web: {access: standard}\n", ""))
    done = stack_project.tenantry("up", "acme", "--refresh", "--yes")
    assert (done.code, "s3cret" in done.output) == (0, False), done.output
    acme, acme_2 = stack_project.account("acme")["sid"], stack_project.account("acme-2")["sid"]
    asked = stack_project.requests()
    assert [line for line in asked if acme_2 in (line[4], *line[2].split("/"))] == []
    written = [path for path in paths(asked) if not path.startswith("GET")]
    assert written == [f"POST /2010-04-01/Accounts/{acme}/Usage/Triggers/{triggers['acme']}.json"]
    assert "acme-2" not in done.output
    assert stack_project.tenantry("drift", "acme").code == 0

    done = stack_project.tenantry("preview")
    assert done.code == 2, done.output
    assert "acme-2\n  - api_key/web-1" in done.output
    assert "acme\n" not in done.output


def test_up_stops_above_the_limit_of_deletes_and_names_them(stack_project):
    stack_project.write("acme-2", WHOLE.replace("  web: {access: standard}\n", ""))
    done = stack_project.tenantry("up", "--yes", "--max-deletes", "0")
    assert done.code == 1
    assert "would delete or replace 1 of 15 resources (7 %): acme-2/api_key/web-1." in done.output
    assert "nothing was changed" in done.output
    assert stack_project.writes() == []


def test_up_needs_yes_where_nobody_can_answer_and_a_tenant_that_exists(stack_project):
    stack_project.write("acme", WHOLE.replace("1000", "2000"))
    done = stack_project.tenantry("up")
    assert done.code == 1
    assert done.output.strip() == (
        "`tenantry up` asks before it changes anything, and there is nobody to ask: standard input is no terminal. "
        "Nothing was looked at, nothing was begun. See with `tenantry preview` what would change, then run again with "
        "--yes."
    )
    assert stack_project.requests() == []

    done = stack_project.tenantry("up", "acne", "--yes")
    assert done.code == 1
    first, second = done.output.strip().splitlines()
    assert first.startswith("Stack dev, parent AC")
    assert second == "There is no tenant 'acne' in tenants/; did you mean 'acme'?"


def test_a_missing_stack_and_a_missing_project_say_what_to_do(stack_project):
    done = stack_project.tenantry("preview", "--stack", "prod")
    assert done.code == 1
    assert (
        f"Make it with `pulumi stack init prod` in {stack_project.folder}, or name another with --stack." in done.output
    )

    done = stack_project.tenantry("preview", PULUMI_STACK=None)
    assert done.code == 1
    assert "Name a stack with --stack, or choose one with `pulumi stack select`." in done.output

    done = stack_project.tenantry("preview", "-C", str(stack_project.folder.parent), PULUMI_STACK=None)
    assert done.code == 1
    assert f"tenantry.yaml:1:1: there is none in {stack_project.folder.parent}; run `tenantry init`" in done.output
