"""Files and folders that are looked up by one name: whoever writes it differently is told."""

import pytest

from tenantry.manifest.load import load

SMALL = "labels: {tier: small}\n"


@pytest.mark.parametrize(
    "written", ["defaults.yml", "Defaults.yaml", "DEFAULTS.YAML", "defaults.YML", "default.yaml", "Default.yml"]
)
@pytest.mark.parametrize("beside", [None, SMALL])
def test_defaults_under_another_name_are_told(problems, written, beside):
    assert problems({written: SMALL, "defaults.yaml": beside}) == [
        f"{written}:1:1: is not read: rename it to defaults.yaml"
    ]


@pytest.mark.parametrize("written", ["tenantry.yml", "Tenantry.yaml", "tenantry.YAML"])
def test_a_project_file_under_another_name_is_told(problems, project, written):
    text = f"{written}:1:1: is not read: rename it to tenantry.yaml"
    assert problems({written: "format: 1\n"}) == [text]
    (project() / "tenantry.yaml").unlink()
    assert text in [str(problem) for problem in load(project({"tenantry.yaml": None})).problems]


@pytest.mark.parametrize("folder", ["Plans", "PROFILES", "Tenants", "Waivers", "Policies"])
def test_a_folder_in_other_case_is_told_if_it_holds_manifests(problems, folder):
    texts = [f"{folder}:1:1: is not read: rename it to {folder.lower()}"]
    assert problems({f"{folder}/small.yml": SMALL}) == texts


def test_a_folder_in_other_case_that_holds_something_else_is_somebody_elses(problems):
    assert problems({"Plans/of-the-house.md": "# A house\n", "Policies/travel.pdf": "%PDF"}) == []


@pytest.mark.parametrize(("folder", "stem"), [("plans", "Small"), ("profiles", "HIPAA")])
def test_a_layer_that_no_tenant_can_name_is_told(problems, folder, stem):
    assert problems({f"{folder}/{stem}.yaml": SMALL}) == [
        f"{folder}/{stem}.yaml:1:1: no tenant can name it, as names of {folder} are in lower case; "
        f"rename it to {stem.lower()}.yaml"
    ]


def test_names_that_are_only_alike_are_no_mistake(problems):
    files = {"defaults.md": "# x\n", "my-defaults.yaml": SMALL, "mkdocs.yml": SMALL, "tenantry.toml": ""}
    assert problems(files) == []


def test_a_tenants_folder_in_other_case_is_reported_despite_its_own_name(problems):
    files = {"tenantry.yaml": "format: 1\ntenants: customers\n", "tenants/acme.yaml": None}
    assert problems({**files, "Customers/acme.yaml": "tenant: acme\nname: A\n"}) == [
        "Customers:1:1: is not read: rename it to customers",
        "tenantry.yaml:2:10: tenants: the folder 'customers' does not exist; make it with "
        "`tenantry new SLUG --name NAME`, or correct the name",
    ]


A, B = "AC" + "a" * 32, "AC" + "b" * 32
NESTED = "which the stack '{}' reads with its subfolders, so its tenants would be in both stacks; put the folders"


@pytest.mark.parametrize(
    ("text", "place", "inner", "outer"),
    [
        (
            "stacks:\n  prod: {}\n  dev: {tenants: tenants/dev}\n",
            "4:18: stacks.dev",
            "tenants/dev",
            ("tenants", "prod"),
        ),
        (
            "stacks:\n  dev: {tenants: ./tenants/../tenants/dev/x}\n  prod: {tenants: tenants/dev/}\n",
            "3:18: stacks.dev",
            "./tenants/../tenants/dev/x",
            ("tenants/dev/", "prod"),
        ),
        (
            "tenants: tenants/dev\nstacks:\n  prod: {tenants: tenants}\n  dev: {}\n",
            "2:10: stacks.dev",
            "tenants/dev",
            ("tenants", "prod"),
        ),
    ],
)
def test_a_folder_of_a_stack_inside_anothers_is_refused(problems, text, place, inner, outer):
    files = {"tenantry.yaml": f"format: 1\n{text}", "tenants/dev/x/birch.yaml": "tenant: birch\nname: B\n"}
    texts = [line for line in problems(files, "prod") if "lies in" in line]
    assert texts == [
        f"tenantry.yaml:{place}.tenants: the folder '{inner}' lies in '{outer[0]}', "
        f"{NESTED.format(outer[1])} side by side"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "stacks: {prod: {}, dev: {}}\n",
        "stacks: {prod: {tenants: tenants/prod}, dev: {tenants: tenants/dev}}\n",
        "stacks: {prod: {tenants: tenants/prod}, dev: {tenants: tenants/prod-2}}\n",
    ],
)
def test_folders_side_by_side_and_a_folder_for_both_are_fine(problems, text):
    files = {f"tenants/{name}/x.yaml": "tenant: x\nname: X\n" for name in ("prod", "dev", "prod-2")}
    found = problems({"tenantry.yaml": f"format: 1\n{text}", "tenants/acme.yaml": None, **files}, "dev")
    assert [line for line in found if "lies in" in line] == []


def test_parents_that_differ_in_case_only_are_one(problems):
    project = f"format: 1\nstacks: {{a: {{parent: {A}}}, b: {{parent: {A.upper()}}}}}\n"
    assert problems({"tenantry.yaml": project}) == [
        f"tenantry.yaml:2:71: stacks.b.parent: {A.upper()} is the parent of the stack 'a' too; "
        "a parent account has one stack"
    ]
    adopting = f"tenant: acme\nname: A\naccount: {{adopt: {B.upper()}}}\n"
    files = {"tenantry.yaml": f"format: 1\nstacks: {{a: {{parent: {B}}}}}\n", "tenants/acme.yaml": adopting}
    assert problems(files) == [
        "tenants/acme.yaml:3:18: account.adopt: is the parent account of the stack 'a'; name a subaccount below it"
    ]
