"""A whole project: settings, waivers, places through the layers, stacks."""

import pytest
from rule_cases import BASE, ENTRY, TODAY, list_violations

from tenantry.policies.check import CheckResult, check_project

UNHEARD = BASE.replace('debugger_webhook: {url: "/errors/{tenant}"}\n', "")
WAIVER = "watched-errors: {reason: a pilot, owner: ana@owl.example, until: '2027-01-31'}\n"


def problems(judge: CheckResult) -> list[str]:
    return list(map(str, judge.files.problems))


def test_a_project_that_keeps_to_every_rule_has_nothing_to_tell(judge):
    assert judge({}).summary == "1 tenant, 0 errors, 0 warnings"


def test_a_project_without_a_folder_of_policies_has_no_rules(judge):
    assert judge({"tenants/acme.yaml": UNHEARD, "policies/config.yaml": None}).violations == ()


def test_an_advisory_rule_warns_and_a_mandatory_one_is_an_error(judge):
    found = judge({"tenants/acme.yaml": UNHEARD.replace("recurring: daily", "recurring: alltime")})
    assert list_violations(found) == [
        "tenants/acme.yaml:2:1 acme watched-errors advisory",
        "tenants/acme.yaml:7:1 acme spend-trigger mandatory",
    ]
    assert (found.errors, found.warnings) == (1, 1)


def test_the_configuration_changes_levels_and_parameters(judge):
    config = "rules:\n  watched-errors: {level: mandatory}\n  spend-trigger: {ceiling: 10}\n"
    found = judge({"tenants/acme.yaml": UNHEARD, "policies/config.yaml": config})
    assert list_violations(found) == [
        "tenants/acme.yaml:2:1 acme watched-errors mandatory",
        "tenants/acme.yaml:8:73 acme spend-trigger mandatory",
    ]


def test_a_disabled_rule_is_not_asked(judge):
    config = "rules: {watched-errors: {level: disabled}}\n"
    assert judge({"tenants/acme.yaml": UNHEARD, "policies/config.yaml": config}).violations == ()


def test_everything_that_is_wrong_with_the_configuration_is_told_at_once(judge):
    config = (
        "rules:\n  spend-triger: {level: mandatory}\n  key-age: {day: 3, level: of}\n  retention-set: {kinds: [fax]}\n"
    )
    found = problems(judge({"policies/config.yaml": config}))
    assert [text.removeprefix("policies/config.yaml:") for text in found] == [
        "2:3: rules.spend-triger: unknown key; did you mean 'spend-trigger'?",
        "3:13: rules.key-age.day: unknown key; did you mean 'days'?",
        "3:28: rules.key-age.level: expected advisory, mandatory or disabled, found text 'of'",
        "4:27: rules.retention-set.kinds[0]: expected messages, calls, recordings or transcriptions, found text 'fax'",
    ]


def test_a_violation_is_at_the_line_that_set_the_value(judge):
    plan = "retention:\n  messages: {keep_days: 4000}\n"
    tenant = BASE.replace("messages: {keep_days: 30}, ", "")
    found = judge({"plans/small.yaml": plan, "tenants/acme.yaml": tenant})
    assert list_violations(found) == ["plans/small.yaml:2:25 acme retention-limit mandatory"]


def test_a_waiver_lets_a_tenant_off_one_rule(judge):
    found = judge({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WAIVER})
    assert (list_violations(found), found.summary) == ([], "1 tenant, 0 errors, 0 warnings, 1 waived")


def test_a_waiver_of_one_tenant_is_nothing_to_another(judge):
    birch = UNHEARD.replace("acme", "birch")
    found = judge({"tenants/acme.yaml": UNHEARD, "tenants/birch.yaml": birch, "waivers/acme.yaml": WAIVER})
    assert list_violations(found) == ["tenants/birch.yaml:2:1 birch watched-errors advisory"]


@pytest.mark.parametrize(("until", "expired"), [("2026-11-22", False), ("2026-11-21", True)])
def test_a_waiver_is_valid_through_its_last_day_and_then_an_error(judge, until, expired):
    waiver = WAIVER.replace("2027-01-31", until)
    found = judge({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": waiver})
    assert problems(found) == (
        [
            "waivers/acme.yaml:1:66: watched-errors.until: expired on 2026-11-21; "
            "correct the tenant and remove the waiver, or ask ana@owl.example for a new one"
        ]
        if expired
        else []
    )
    assert bool(found.errors) is expired
    assert (len(list_violations(found)) == 1) is expired


@pytest.mark.parametrize(("longest", "fits"), [(70, True), (69, False)])
def test_a_waiver_beyond_the_longest_time_is_an_error_without_effect(judge, longest, fits):
    config = f"waivers: {{longest: {longest}}}\n"
    found = judge({"tenants/acme.yaml": UNHEARD, "waivers/acme.yaml": WAIVER, "policies/config.yaml": config})
    assert problems(found) == (
        []
        if fits
        else [
            "waivers/acme.yaml:1:66: watched-errors.until: is in 70 days, and 69 days are the limit "
            "(waivers.longest in policies/config.yaml); write an earlier day"
        ]
    )
    assert (len(list_violations(found)) == 0) is fits


@pytest.mark.parametrize("longest", ["0", "-1", "1.5", "'3'", "null"])
def test_a_longest_term_that_is_none_is_told_with_its_place(judge, longest):
    found = judge({"policies/config.yaml": f"waivers: {{longest: {longest}}}\n"})
    assert [text.split(" ")[1] for text in problems(found)] == ["waivers.longest:"]


@pytest.mark.parametrize("name", ["config.yml", "Config.yaml", "CONFIG.YML", "configs.yaml"])
@pytest.mark.parametrize("beside", [None, "rules: {}\n"])
def test_settings_under_another_name_are_told(judge, name, beside):
    files = {"policies/config.yaml": beside, f"policies/{name}": "rules: {watched-errors: {level: disabled}}\n"}
    assert problems(judge(files)) == [f"policies/{name}:1:1: is not read: rename it to config.yaml"]


def test_an_expired_waiver_is_an_error_even_for_a_compliant_tenant(judge):
    assert judge({"waivers/acme.yaml": WAIVER.replace("2027", "2020")}).errors == 1


def test_waivers_of_unknown_tenants_and_rules_are_errors(judge):
    files = {"waivers/acne.yaml": f"watched-error: {ENTRY}\n", "waivers/acme.yml": WAIVER}
    assert problems(judge(files)) == [
        "waivers/acme.yml:1:1: is not read: rename it to acme.yaml",
        "waivers/acne.yaml:1:1: waives rules for 'acne', and there is no such tenant; did you mean 'acme'?",
        "waivers/acne.yaml:1:1: watched-error: unknown key; did you mean 'watched-errors'?",
    ]


def test_a_waiver_says_why_who_and_until_when(judge):
    found = problems(judge({"waivers/acme.yaml": "watched-errors: {until: soon}\nkey-age: null\n"}))
    assert [text.removeprefix("waivers/acme.yaml:") for text in found] == [
        "1:1: watched-errors: the key 'owner' is missing (who answers for it, such as an email address)",
        "1:1: watched-errors: the key 'reason' is missing (why it is intended)",
        '1:25: watched-errors.until: must be a day written as "YYYY-MM-DD"',
        "2:10: key-age: null removes nothing: nothing is inherited here",
    ]


def test_a_waiver_that_waives_nothing_is_told(judge):
    assert problems(judge({"waivers/acme.yaml": WAIVER})) == [
        "waivers/acme.yaml:1:66: warning: watched-errors: has no effect: "
        "acme complies with watched-errors, or the rule is disabled; remove it"
    ]


def test_a_waiver_without_effect_in_one_stack_may_be_needed_elsewhere(judge):
    assert problems(judge({"waivers/acme.yaml": WAIVER}, "production")) == []


def test_a_waiver_of_what_only_the_state_knows_may_be_needed(judge):
    assert problems(judge({"waivers/acme.yaml": f"key-age: {ENTRY}\n"})) == []


def test_tenants_of_other_stacks_are_known_when_one_stack_is_named(judge):
    files = {
        "tenantry.yaml": (
            "format: 1\nwebhooks: https://hooks.owl.example\n"
            "permission_sets: {sender: [/twilio/messaging/messages/create]}\n"
            "stacks: {production: {}, staging: {tenants: staging}}\n"
        ),
        "staging/birch.yaml": UNHEARD.replace("acme", "birch"),
        "waivers/birch.yaml": WAIVER,
    }
    assert problems(judge(files, "production")) == []
    assert judge(files).summary == "2 tenants, 0 errors, 0 warnings, 1 waived"


def test_tenants_with_errors_are_told_as_such_and_the_others_are_judged(judge):
    files = {"tenants/acme.yaml": UNHEARD + "stat: x\n", "tenants/birch.yaml": UNHEARD.replace("acme", "birch")}
    found = judge(files)
    assert list_violations(found) == ["tenants/birch.yaml:2:1 birch watched-errors advisory"]
    assert found.errors == 1


def test_what_is_about_the_stack_is_told_at_the_project(judge):
    found = judge({"policies/config.yaml": "rules: {twilio-limits: {accounts: 1}}\n"})
    assert list_violations(found) == ["tenantry.yaml:1:1 None twilio-limits advisory"]


HTTP = "http://hooks.owl.example/errors"
IN_CLEAR = BASE.replace('"/errors/{tenant}"', HTTP)
WARNED = "is called without encryption, so anybody on the network path can read and change it; write https://"


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"tenants/acme.yaml": IN_CLEAR}, "tenants/acme.yaml:9:25"),
        (
            {
                "tenants/acme.yaml": UNHEARD,
                "plans/small.yaml": f"debugger_webhook: {{url: {HTTP}}}\n",
            },
            "plans/small.yaml:1:25",
        ),
    ],
    ids=["own-file", "layer"],
)
def test_a_url_in_clear_is_told_by_the_rule_alone(project, files, place, strict):
    found = check_project(project(files), None, TODAY, strict=strict)
    assert (list_violations(found), problems(found)) == ([f"{place} acme https-urls mandatory"], [])


def test_an_unencrypted_base_is_reported_once_at_its_line(judge):
    manifest = "format: 1\nwebhooks: {}\npermission_sets: {{sender: [/twilio/messaging/messages/create]}}\n"
    for base, rule in {"http://hooks.owl.example": "https-urls", "https://10.0.0.7": "public-hosts"}.items():
        found = judge({"tenantry.yaml": manifest.format(base)})
        assert set(list_violations(found)) == {f"tenantry.yaml:2:11 acme {rule} mandatory"}
        assert ({item.path for item in found.counting}, problems(found)) == ({"webhooks"}, [])


def test_a_whole_url_that_begins_with_the_base_has_its_own_line(judge):
    project = "format: 1\nwebhooks: http://hooks.owl.example\npermission_sets: {sender: [/twilio/voice/calls/read]}\n"
    found = judge({"tenantry.yaml": project, "tenants/acme.yaml": IN_CLEAR})
    assert list_violations(found) == [
        "tenantry.yaml:2:11 acme https-urls mandatory",
        "tenants/acme.yaml:9:25 acme https-urls mandatory",
    ]


def test_strict_makes_an_unencrypted_url_an_error_at_any_level(project):
    advised = project(
        {"tenants/acme.yaml": IN_CLEAR, "policies/config.yaml": "rules: {https-urls: {level: advisory}}\n"}
    )
    assert list_violations(check_project(advised, None, TODAY)) == ["tenants/acme.yaml:9:25 acme https-urls advisory"]
    assert list_violations(check_project(advised, None, TODAY, strict=True)) == [
        "tenants/acme.yaml:9:25 acme https-urls mandatory"
    ]


@pytest.mark.parametrize(("strict", "mark"), [(False, "warning: "), (True, "")])
def test_the_manifest_reports_an_unencrypted_url_that_no_rule_reports(project, strict, mark):
    disabled = project(
        {"tenants/acme.yaml": IN_CLEAR, "policies/config.yaml": "rules: {https-urls: {level: disabled}}\n"}
    )
    found = check_project(disabled, None, TODAY, strict=strict)
    assert (list_violations(found), problems(found)) == (
        [],
        [f"tenants/acme.yaml:9:25: {mark}debugger_webhook.url: {WARNED}"],
    )


@pytest.mark.parametrize("strict", [False, True])
def test_a_url_in_clear_that_is_waived_is_not_told(project, strict):
    waived = project({"tenants/acme.yaml": IN_CLEAR, "waivers/acme.yaml": f"https-urls: {ENTRY}\n"})
    found = check_project(waived, None, TODAY, strict=strict)
    assert found.summary == "1 tenant, 0 errors, 0 warnings, 1 waived"


@pytest.mark.parametrize("name", ["policies", "waivers"])
@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_file_named_like_a_folder_of_rules_is_refused(project, name, kind):
    root = project({"policies/config.yaml": None})
    if kind == "link":
        (root / name).symlink_to("gone")
    else:
        (root / name).write_text("rules: {}\n")
    judged = check_project(root, None, TODAY)
    assert judged.errors == 1
    [problem] = judged.files.problems
    what = "is a link that leads nowhere" if kind == "link" else "is no folder"
    assert (problem.file, problem.message.partition(",")[0]) == (name, what)


def test_waivers_that_lead_nowhere_are_an_error_beside_policies_too(project):
    root = project()
    (root / "waivers").symlink_to("gone")
    assert check_project(root, None, TODAY).errors == 1
