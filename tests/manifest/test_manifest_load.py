"""What must hold between files: layers, folders, stacks, and tenants among each other."""

# ruff: noqa: E501  a message is shown whole, in the line of what it is about

import dataclasses

import pytest

from tenantry.manifest.load import load, load_or_refuse
from tenantry.manifest.problem import ManifestError

A, B = "AC" + "a" * 32, "AC" + "b" * 32
BIRCH = "tenant: birch\nname: Birch\n"


def test_tenants_come_sorted_by_slug(project):
    root = project({"tenants/z/birch.yaml": BIRCH, "tenants/zed.yaml": "tenant: zed\nname: Z\n"})
    assert list(load(root).tenants) == ["acme", "birch", "zed"]


def test_a_tenant_is_merged_over_defaults_its_plan_and_its_profiles(project):
    root = project(
        {
            "defaults.yaml": "plan: small\nlabels: {a: defaults, b: defaults, c: defaults, d: defaults}\n",
            "plans/small.yaml": "profiles: [one, two]\nlabels: {b: plan, c: plan, d: plan}\n",
            "profiles/one.yaml": "labels: {c: one, d: one}\n",
            "profiles/two.yaml": "labels: {d: two}\n",
        }
    )
    loaded = load(root)
    assert loaded.problems == ()
    assert loaded.tenants["acme"].labels == {"a": "defaults", "b": "plan", "c": "one", "d": "two"}
    assert loaded.tenants["acme"].plan == "small"


def test_a_tenants_own_plan_and_profiles_hold(project):
    root = project(
        {
            "defaults.yaml": "plan: small\nprofiles: [one]\n",
            "plans/small.yaml": "labels: {plan: small}\n",
            "plans/large.yaml": "labels: {plan: large}\n",
            "profiles/one.yaml": "labels: {one: x}\n",
            "tenants/acme.yaml": "tenant: acme\nname: A\nplan: large\nprofiles: []\n",
        }
    )
    assert load(root).tenants["acme"].labels == {"plan": "large"}


def test_a_tenant_can_leave_the_plan_of_the_defaults(project):
    root = project(
        {
            "defaults.yaml": "plan: small\n",
            "plans/small.yaml": "labels: {plan: small}\n",
            "tenants/acme.yaml": "tenant: acme\nname: A\nplan: null\n",
        }
    )
    loaded = load(root)
    assert (loaded.problems, loaded.tenants["acme"].plan, loaded.tenants["acme"].labels) == ((), None, {})


def test_urls_and_permission_sets_are_resolved_for_the_stack(project):
    root = project(
        {
            "tenantry.yaml": (
                "format: 1\nwebhooks: https://a.example\n"
                "permission_sets: {sender: [/twilio/messaging/messages/create]}\n"
                "stacks: {staging: {webhooks: https://b.example}}\n"
            ),
            "tenants/acme.yaml": (
                "tenant: acme\nname: A\ndebugger_webhook: {url: '/e/{tenant}'}\napi_keys: {web: {access: ['@sender']}}\n"
            ),
        }
    )
    tenant = load(root, "staging").tenants["acme"]
    assert tenant.debugger_webhook.url == "https://b.example/e/acme"
    assert tenant.api_keys["web"].access == ("/twilio/messaging/messages/create",)


def test_a_stack_has_its_own_folder_of_tenants(project):
    root = project(
        {
            "tenantry.yaml": "format: 1\nstacks: {staging: {tenants: staging}}\n",
            "staging/birch.yaml": BIRCH,
        }
    )
    assert (list(load(root).tenants), list(load(root, "staging").tenants)) == (["acme"], ["birch"])


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"tenants/birch.yaml": "tenant: brich\nname: B\n"},
            ["tenants/birch.yaml:1:9: tenant: 'brich' differs from the name of its file, birch.yaml; rename one of them"],
        ),
        (
            {"tenants/north/acme.yaml": "tenant: acme\nname: B\n"},
            ["tenants/north/acme.yaml:1:9: tenant: 'acme' is the tenant of tenants/acme.yaml too; a slug belongs to one file"],
        ),
        ({"tenants/birch.yml": BIRCH}, ["tenants/birch.yml:1:1: is not read: rename it to birch.yaml"]),
        ({"plans/small.yml": "{}"}, ["plans/small.yml:1:1: is not read: rename it to small.yaml"]),
        ({"plans/old/small.yaml": "{}"}, ["plans/old:1:1: is a folder; the files of plans lie right in plans"]),
        (
            {"plans/small.yaml": "{}\n", "tenants/acme.yaml": "tenant: acme\nname: A\nplan: smal\n"},
            ["tenants/acme.yaml:3:7: plan: the plan 'smal' does not exist; did you mean 'small'?"],
        ),
        (
            {"tenants/acme.yaml": None},
            ["tenantry.yaml:1:1: tenants: the folder 'tenants' does not exist; make it with `tenantry new SLUG --name NAME`, or correct the name"],
        ),
        (
            {"tenants/acme.yaml": None, "tenants/CODEOWNERS": "* @owl\n", "tenants/.acme.yaml.swp": "x"},
            ["tenantry.yaml:1:1: tenants: the folder 'tenants' holds no manifest (*.yaml); write the first with `tenantry new SLUG --name NAME`"],
        ),
        (
            {"tenantry.yaml": f"format: 1\nstacks: {{a: {{parent: {A}}}, b: {{parent: {A}}}}}\n"},
            [f"tenantry.yaml:2:71: stacks.b.parent: {A} is the parent of the stack 'a' too; a parent account has one stack"],
        ),
        (
            {
                "tenants/acme.yaml": f"tenant: acme\nname: A\naccount: {{adopt: {A}}}\n",
                "tenants/birch.yaml": f"{BIRCH}account: {{adopt: {A}}}\n",
            },
            [f"tenants/birch.yaml:3:18: account.adopt: {A} is taken over at tenants/acme.yaml:3:18 already; an object belongs to one entry"],
        ),
        (
            {"tenantry.yaml": f"format: 1\nstacks: {{prod: {{parent: {A}}}}}\n", "tenants/acme.yaml": f"tenant: acme\nname: A\naccount: {{adopt: {A}}}\n"},
            ["tenants/acme.yaml:3:18: account.adopt: is the parent account of the stack 'prod'; name a subaccount below it"],
        ),
        ({"tenantry.yaml": "format: 2\n"}, ["tenantry.yaml:1:9: format: expected 1, found the number 2"]),
        ({"tenantry.yaml": "format: 1\nwebhooks: null\n"}, ["tenantry.yaml:2:11: webhooks: null removes nothing: nothing is inherited here"]),
        ({"tenantry.yaml": "format: 1\nstaks: {}\n"}, ["tenantry.yaml:2:1: staks: unknown key; did you mean 'stacks'?"]),
    ],
)  # fmt: skip
def test_what_is_wrong_between_files_is_one_sentence_at_its_place(problems, files, expected):
    assert problems(files) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"defaults.yaml": "tenant: x\n"}, "defaults.yaml:1:1: tenant: only tenants may have it; move it to the files of those tenants"),
        ({"defaults.yaml": "state: active\n"}, "defaults.yaml:1:1: state: only tenants may have it; move it to the files of those tenants"),
        ({"plans/small.yaml": "plan: large\n"}, "plans/small.yaml:1:1: plan: belongs to defaults.yaml and tenants; remove it here"),
        ({"profiles/one.yaml": "profiles: [two]\n"}, "profiles/one.yaml:1:1: profiles: belongs to defaults.yaml, plans and tenants; remove it here"),
        ({"profiles/one.yaml": "api_keys: {web: {adopt: SK1}}\n"}, "profiles/one.yaml:1:18: api_keys.web.adopt: only tenants may have it; move it to the files of those tenants"),
        ({"plans/small.yaml": "retntion: {}\n"}, "plans/small.yaml:1:1: retntion: unknown key; did you mean 'retention'?"),
        ({"plans/small.yaml": "labels: {a: 1}\n"}, "plans/small.yaml:1:13: labels.a: expected text, found the number 1; write it in quotes"),
        ({"plans/small.yaml": "environment: 1\n"}, "plans/small.yaml:1:1: environment: not supported yet; remove it"),
        ({"plans/small.yaml": ""}, "plans/small.yaml:1:1: the file is empty; write a mapping such as 'tenant: acme', or remove it"),
    ],
)  # fmt: skip
def test_a_layer_is_checked_though_no_tenant_uses_it(problems, files, expected):
    assert problems(files)[0] == expected


def test_a_layer_may_hold_a_part_of_an_entry(problems):
    assert problems({"plans/small.yaml": "usage_triggers: {sms: {trigger_value: 5}}\nretention: {calls: null}\n"}) == []


def test_a_wrong_value_of_a_layer_is_reported_once_with_its_line(problems):
    files = {
        "defaults.yaml": "retention: {calls: {keep_days: '30'}}\n",
        "tenants/birch.yaml": BIRCH,
    }
    assert problems(files) == [
        "defaults.yaml:1:32: retention.calls.keep_days: expected a whole number, found text '30'; remove the quotes"
    ]


def test_what_only_some_tenants_lack_of_a_layer_names_them(problems):
    files = {f"tenants/t{n}.yaml": f"tenant: t{n}\nname: T\n" for n in range(5)}
    files |= {
        "defaults.yaml": "usage_triggers:\n  sms: {usage_category: sms, trigger_value: 1}\n",
        "tenants/acme.yaml": "tenant: acme\nname: A\nusage_triggers: {sms: {callback_url: /usage}}\n",
    }
    assert problems(files) == [
        "defaults.yaml:2:3: usage_triggers.sms: the key 'callback_url' is missing (a whole URL, or a path below webhooks; "
        "{tenant} is the slug) (in t0, t1, t2 and 2 more)"
    ]


def test_a_layer_that_cannot_be_read_hides_nothing_of_its_tenants(problems):
    files = {
        "plans/small.yaml": "a: [\n",
        "tenants/acme.yaml": "tenant: acme\nname: 1\nplan: small\nusage_triggers: {sms: {trigger_value: 5}}\n",
    }
    assert problems(files) == [
        "plans/small.yaml:2:1: not a manifest in YAML: did not find expected node content (while parsing a flow node)",
        "tenants/acme.yaml:2:7: name: expected text, found the number 1; write it in quotes",
    ]


def test_a_linked_folder_is_refused_as_it_can_lead_in_circles(project):
    root = project()
    (root / "tenants" / "more").symlink_to(root / "tenants")
    assert [str(problem) for problem in load(root).problems] == [
        "tenants/more:1:1: is a symbolic link to a folder, which can lead in circles; put the files here"
    ]


def test_a_link_that_leads_nowhere_is_no_absent_file(project):
    root = project()
    (root / "defaults.yaml").symlink_to("gone.yaml")
    assert [str(problem) for problem in load(root).problems] == [
        "defaults.yaml:1:1: can't be read: No such file or directory; put a manifest in its place, or remove it"
    ]


def test_without_a_project_there_is_one_problem(tmp_path):
    assert [str(problem) for problem in load(tmp_path).problems] == [
        f"tenantry.yaml:1:1: there is none in {tmp_path}; run `tenantry init` in a new folder, or name a project with -C"
    ]


def test_a_stack_that_is_almost_named_is_a_warning(problems):
    files = {"tenantry.yaml": f"format: 1\nstacks:\n  production: {{parent: {A}}}\n"}
    assert problems(files, "prodution") == [
        "tenantry.yaml:3:3: warning: stacks: the stack 'prodution' is not named here, so the file's own values apply; "
        "did you mean 'production'?"
    ]


def test_a_stack_of_ones_own_is_no_problem(problems):
    assert problems({"tenantry.yaml": f"format: 1\nstacks: {{production: {{parent: {A}}}}}\n"}, "dev") == []


def test_only_tenants_without_an_error_are_given_out(project):
    loaded = load(project({"tenants/birch.yaml": BIRCH + "zzz: 1\n"}))
    assert (list(loaded.tenants), list(loaded.origins)) == (["acme"], ["acme", "birch"])


def test_the_problems_of_all_files_come_at_once(problems):
    files = {"tenantry.yaml": "format: 1\nx: 1\n", "defaults.yaml": "x: 1\n", "tenants/acme.yaml": "x: 1\n"}
    assert {text.split(":")[0] for text in problems(files)} == {"tenantry.yaml", "defaults.yaml", "tenants/acme.yaml"}


def test_a_project_with_an_error_is_refused_with_all_of_its_problems(project):
    root = project({"tenants/acme.yaml": "tenant: acme\nname: 1\nx: 2\n"})
    with pytest.raises(ManifestError) as refused:
        load_or_refuse(root)
    assert str(refused.value).splitlines() == [
        "tenants/acme.yaml:2:7: name: expected text, found the number 1; write it in quotes",
        "tenants/acme.yaml:3:1: x: unknown key",
        "2 errors in the manifests have to be corrected. Nothing was sent to Twilio.",
    ]


def test_a_warning_refuses_nothing(project):
    root = project({"tenants/acme.yaml": "tenant: acme\nname: A\ndebugger_webhook: {url: http://owl.example}\n"})
    assert len(load_or_refuse(root).warnings) == 1


def test_a_warning_refuses_when_strict(project):
    root = project({"tenants/acme.yaml": "tenant: acme\nname: A\ndebugger_webhook: {url: http://owl.example}\n"})
    with pytest.raises(ManifestError):
        load_or_refuse(root, strict=True)


def test_what_is_loaded_is_frozen(project):
    with pytest.raises(dataclasses.FrozenInstanceError):
        load(project()).problems = ()


def test_names_that_would_steer_a_terminal_are_written_out(project):
    root = project({"tenants/\x1b[31m.yaml": "a: 1\n"})
    assert "\x1b" not in "\n".join(str(problem) for problem in load(root).problems)


def test_an_account_and_everything_in_it_can_be_taken_over(project):
    sid = "0123456789abcdef" * 2
    text = (
        f"tenant: acme\nname: A\naccount: {{adopt: AC{sid}, friendly_name: Acme Dental}}\n"
        f"api_keys: {{web: {{access: standard, adopt: SK{sid}}}}}\n"
        f"usage_triggers: {{sms: {{usage_category: sms, trigger_value: 1, callback_url: /u, adopt: UT{sid}}}}}\n"
        f"debugger_webhook: {{url: /e, adopt: {{sink: DG{sid}, subscription: DF{sid}}}}}\n"
    )
    loaded = load(project({"tenants/acme.yaml": text}))
    assert loaded.problems == ()
    tenant = loaded.tenants["acme"]
    assert (tenant.account.adopt, tenant.debugger_webhook.adopt.sink) == (f"AC{sid}", f"DG{sid}")
