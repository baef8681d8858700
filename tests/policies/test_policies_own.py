"""Rules of a project's own: asked like ours, and named where they can't be used or raise."""

import re

import pytest
from rule_cases import ENTRY, TODAY, list_violations

from tenantry.policies.check import check_project
from tenantry.policies.own import RulesError

OWN = """
from tenantry.policies.registry import RULES as OURS
from tenantry.policies.rule import Example, Finding, Parameters, TenantRule

def check(subject, parameters):
    if "crm_id" not in subject.tenant.labels:
        yield Finding(("labels", "crm_id"), "is missing")

RULES = (*OURS, TenantRule(id="crm", title="t", why="w", level="mandatory", mend="m", source=("s",),
    example=Example(breaks="{}", keeps="{}"), parameters=Parameters, check=check))
"""


def test_a_rule_of_the_project_is_asked_set_and_waived_like_ours(judge):
    files = {"policies/rules.py": OWN}
    assert list_violations(judge(files)) == ["plans/small.yaml:1:1 acme crm mandatory"]
    assert list_violations(judge({**files, "policies/config.yaml": "rules: {crm: {level: advisory}}\n"})) == [
        "plans/small.yaml:1:1 acme crm advisory"
    ]
    assert list_violations(judge({**files, "waivers/acme.yaml": f"crm: {ENTRY}\n"})) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("RULES = 3\n", "has no tuple RULES"),
        ("from tenantry.policies.registry import RULES as OURS\nRULES = OURS + OURS[:1]\n", "the id spend-trigger;"),
        ("RULES = ('crm',)\n", "has 'crm' among RULES; make it a TenantRule"),
        (
            "import nonsuch\n",
            "can't be loaded, so no rule was checked: ModuleNotFoundError: No module named 'nonsuch' "
            "(policies/rules.py, line 1); repair the file",
        ),
        (
            "from tenantry.policies.rule import Nonsuch\n",
            "so no rule was checked: ImportError: cannot import name 'Nonsuch'",
        ),
        (
            "RULES = (\n",
            "so no rule was checked: SyntaxError: '(' was never closed (rules.py, line 1); repair the file",
        ),
        (
            "\nRULES = {}['crm']\n",
            "so no rule was checked: KeyError: 'crm' (policies/rules.py, line 2); repair the file",
        ),
    ],
)
def test_rules_that_can_not_be_used_are_refused(project, text, sentence):
    with pytest.raises(RulesError, match=re.escape(sentence)):
        check_project(project({"policies/rules.py": text}), None, TODAY)


@pytest.mark.parametrize(
    ("line", "raised"),
    [
        ("yield subject.tenant.labels['crm_id']", "KeyError: 'crm_id' (policies/rules.py, line 6)"),
        ("raise AssertionError", "AssertionError (policies/rules.py, line 6)"),
        ("return None", "TypeError: 'NoneType' object is not iterable"),
        ("return ['labels']", "TypeError: it yields 'labels', which is no Finding"),
        ("raise ValueError('x' * 1000 + chr(27))", f"ValueError: {'x' * 300}… (policies/rules.py, line 6)"),
    ],
)
def test_a_rule_that_raises_is_reported_with_tenant_line_and_next_step(project, line, raised):
    text = re.sub(r"    if .*\n.*\n", f"    {line}\n", OWN)
    with pytest.raises(RulesError) as error:
        check_project(project({"policies/rules.py": text}), None, TODAY)
    assert str(error.value) == (
        f"The rule crm could not be asked about the tenant acme: {raised}. So nothing was decided, and nothing "
        "goes on. Look at the value that it was asked about: the rule may be what refuses it. Then correct the rule or "
        "the value."
    )
    disabled = {"policies/rules.py": text, "policies/config.yaml": "rules: {crm: {level: disabled}}\n"}
    assert check_project(project(disabled), None, TODAY).errors == 0


@pytest.mark.parametrize("name", ["Rules.py", "RULES.PY"])
def test_rules_under_another_name_are_told(project, name):
    with pytest.raises(RulesError, match=f"policies/{name} is not read: rename it to rules.py"):
        check_project(project({f"policies/{name}": OWN}), None, TODAY)


def test_no_sentence_about_a_rule_that_raises_advises_to_disable_it(project):
    text = re.sub(r"    if .*\n.*\n", "    raise ValueError\n", OWN)
    with pytest.raises(RulesError) as error:
        check_project(project({"policies/rules.py": text}), None, TODAY)
    assert "disable" not in str(error.value)


def test_a_rule_about_the_stack_that_raises_is_named(project):
    text = re.sub(r"TenantRule\(id", "FleetRule(id", OWN).replace("import Example", "import FleetRule, Example")
    with pytest.raises(RulesError, match="The rule crm could not be asked about the stack: AttributeError: "):
        check_project(project({"policies/rules.py": text}), None, TODAY)
