"""Secret sinks in tenantry.yaml, and keys that go to them."""

import pytest

from tenantry.manifest.check import check
from tenantry.manifest.load import load

HEAD = "format: 1\nsecret_sinks:\n"
FILES = "  disk: {type: private_files, folder: /srv/keys}\n"
KEY = "tenant: {}\nname: X\napi_keys:\n  {}: {{access: standard, deliver_to: [{}]}}\n"
AWS = "  s: {{type: aws_secrets_manager, region: us-east-1, name: '{}'}}\n"
CLUSTER = "  s: {{type: kubernetes, namespace: crm, name: '{}'}}\n"


def key(slug="acme", name="web", sinks="disk"):
    return KEY.format(slug, name, sinks)


@pytest.mark.parametrize(
    ("sink", "problem"),
    [
        (AWS.format("x/{tenant}"), "s.name: needs {key}: without it several keys would have one name"),
        (AWS.format("{key}"), "s.name: needs {tenant}"),
        (AWS.format("{tenant}/{key}/{region}"), "s.name: holds a brace that is not {stack}, {tenant} or {key}"),
        (AWS.format("{tenant}{key}"), "s.name: has nothing between {tenant} and {key}"),
        (AWS.format("{tenant} {key}"), "s.name: must be letters, digits and / _ + = . @ - for AWS"),
        (CLUSTER.format("{tenant}-{key}"), "s.name: separates {tenant} and {key} by '-' alone"),
        (CLUSTER.format("{key}--{tenant}"), "s.name: separates {tenant} and {key} by '-' alone"),
        (CLUSTER.format("{tenant}/{key}"), "s.name: must come to a name of Kubernetes"),
        ("  s: {type: private_files, folder: keys}\n", "s.folder: must be an absolute path"),
        ("  s: {type: private_files, folder: '/k/{tenant}'}\n", "s.folder: holds a brace"),
        ("  s: {type: age_files}\n", "s: age_files is not supported yet"),
        ("  s: {folder: /srv/keys}\n", "s: the key 'type' is missing: write aws_secrets_manager, "),
        (
            "  s: {type: private_file, folder: /k}\n",
            "s: expected aws_secrets_manager, vault_kv2, kubernetes or private_",
        ),
        ("  s: {type: private_files, folder: /k, region: x}\n", "s.region: 'region' is a key of type aws_secrets_"),
        (
            "  s: {type: vault_kv2, address: 'http://vault.example', path: '{tenant}/{key}'}\n",
            "s.address: must begin with https://, since secrets go there",
        ),
        (
            "  s: {type: vault_kv2, address: 'https://u:hush@vault.example', path: '{tenant}/{key}'}\n",
            "s.address: must not hold a user or a password",
        ),
        (
            "  s: {type: vault_kv2, address: 'https://vault.example', path: '{tenant}/../{key}'}\n",
            "s.path: must be parts of letters",
        ),
    ],
)
def test_a_wrong_sink_is_told(problems, sink, problem):
    [sentence] = problems({"tenantry.yaml": HEAD + sink})
    assert sentence.partition("secret_sinks.")[2].startswith(problem)
    assert "hush" not in sentence


@pytest.mark.parametrize("credential", ["token", "password", "secret_id", "aws_secret_access_key"])
def test_a_credential_in_the_file_is_an_error(problems, credential):
    [sentence] = problems({"tenantry.yaml": f"{HEAD}  disk: {{type: private_files, folder: /k, {credential}: hush}}\n"})
    assert "a credential never stands in this file, which is in git" in sentence
    assert "hush" not in sentence


def test_an_unknown_sink_is_told_with_a_suggestion(problems):
    [sentence] = problems({"tenantry.yaml": HEAD + FILES, "tenants/acme.yaml": key(sinks="dsik")})
    assert sentence.startswith(
        "tenants/acme.yaml:4:40: api_keys.web.deliver_to: tenantry.yaml has no sink 'dsik'; did you"
    )


def test_a_sink_of_another_stack_is_no_sink_of_this_one(project):
    stacks = (
        "format: 1\nstacks:\n  eu:\n    secret_sinks:\n      disk: {type: private_files, folder: /srv/keys}\n  us: {}\n"
    )
    root = project({"tenantry.yaml": stacks, "tenants/acme.yaml": key()})
    assert load(root, "eu").problems == ()
    assert "has no sink 'disk'; it has no secret_sinks" in str(load(root, "us").problems[0])
    assert "has no sink 'disk'" in str(check(root).problems[0])


def test_a_stacks_own_sink_takes_the_place_of_the_files(project):
    own = "stacks:\n  eu:\n    secret_sinks:\n      disk: {type: private_files, folder: /srv/eu}\n  us: {}\n"
    root = project({"tenantry.yaml": HEAD + FILES + own})
    assert [load(root, name).stack.secret_sinks["disk"].folder for name in ("eu", "us")] == ["/srv/eu", "/srv/keys"]


def test_two_keys_of_one_name_are_refused_with_both_places(problems):
    [sentence] = problems(
        {
            "tenantry.yaml": HEAD + AWS.format("twilio/{tenant}-{key}"),
            "tenants/acme.yaml": key("acme", "x-web", "s"),
            "tenants/acme-x.yaml": key("acme-x", "web", "s"),
        }
    )
    assert "'twilio/acme-x-web' in AWS Secrets Manager in us-east-1 would hold the key" in sentence
    assert "tenants/acme.yaml:4:" in sentence
    assert "tenants/acme-x.yaml:4:" in sentence


def test_two_sinks_of_one_place_are_refused(problems):
    again = "  copy: {type: private_files, folder: /srv/keys/}\n"
    [sentence] = problems({"tenantry.yaml": HEAD + FILES + again, "tenants/acme.yaml": key(sinks="disk, copy")})
    assert "'acme/web.json' in the folder /srv/keys would hold" in sentence


@pytest.mark.parametrize(("form", "count"), [("{tenant}/{key}", 1), ("{stack}/{tenant}/{key}", 0)])
def test_two_stacks_never_share_a_name(project, form, count):
    text = f"{HEAD}{AWS.format(form)}stacks: {{eu: {{}}, us: {{}}}}\n"
    root = project({"tenantry.yaml": text, "tenants/acme.yaml": key(sinks="s")})
    problems = check(root).problems
    assert len(problems) == count
    assert all("of the stack 'us'" in str(problem) and "of the stack 'eu'" in str(problem) for problem in problems)


def test_a_stack_whose_name_a_sink_does_not_take_is_refused(problems):
    text = f"{HEAD}{CLUSTER.format('{stack}.{tenant}.{key}')}stacks: {{Prod: {{}}}}\n"
    [sentence] = problems({"tenantry.yaml": text})
    assert "in the stack 'Prod' it makes names like 'Prod.t.k', which kubernetes does not take" in sentence


def test_rotation_without_a_sink_is_a_warning(acme_problems):
    [sentence] = acme_problems("api_keys:\n  web: {access: standard, rotation: {every_days: 90}}\n")
    assert sentence.startswith("4:37: warning: api_keys.web.rotation: no sink gets the next key")


@pytest.mark.parametrize(
    ("rotation", "problem"),
    [
        ("{every_days: 7}", "overlap_days, 7, must be below every_days, 7"),
        ("{every_days: 30, overlap_days: 30}", "overlap_days, 30, must be below every_days, 30"),
        ("{every_days: 1}", "must be 2 or more"),
        ("{}", "the key 'every_days' is missing"),
    ],
)
def test_a_rotation_that_never_ends_is_refused(acme_problems, rotation, problem):
    assert problem in acme_problems(f"api_keys:\n  web: {{access: standard, rotation: {rotation}}}\n")[0]


def test_rotated_by_is_not_supported_yet(acme_problems):
    [sentence] = acme_problems("api_keys:\n  web: {access: standard, rotated_by: aws}\n")
    assert sentence == "4:27: api_keys.web.rotated_by: not supported yet; remove it"
