"""A stack has several names in Pulumi, and one in tenantry.yaml."""

import pytest

from tenantry.manifest.load import load

A = "AC" + "a" * 32


@pytest.mark.parametrize("name", ["staging", "owl/staging", "organization/owl/staging"])
@pytest.mark.parametrize("key", ["staging", "organization/owl/staging"])
def test_a_stack_is_the_same_by_any_of_its_names(project, key, name):
    root = project(
        {
            "tenantry.yaml": f"format: 1\nstacks: {{{key}: {{parent: {A}, tenants: staging}}}}\n",
            "staging/birch.yaml": "tenant: birch\nname: Birch\n",
        }
    )
    loaded = load(root, name)
    assert (loaded.stack.name, loaded.stack.parent, list(loaded.tenants), loaded.problems) == (
        "staging",
        A,
        ["birch"],
        (),
    )


def test_two_stacks_of_one_name_are_refused(problems):
    files = {"tenantry.yaml": "format: 1\nstacks: {a/owl/dev: {tenants: tenants}, b/owl/dev: {tenants: tenants}}\n"}
    [text] = problems(files)
    assert "stacks.b/owl/dev: is called dev in its project, as the stack 'a/owl/dev' is; name one of them here" in text
