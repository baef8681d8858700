"""A component of one's own beside Tenantry's resources."""

import json

from e2e_project import WHOLE, secrets_of

REGISTERED = 'self.register_outputs({"account_sid": self.account_sid})'
WITH_SECRET = 'self.register_outputs({"web": resources[f"{slug}/api_key/web-1"].secret})'


def test_a_component_may_pass_on_a_keys_secret_which_stays_secret(new_project, fake):
    project = new_project({"acme": WHOLE})
    component = project.folder / "components" / "tenant.py"
    component.write_text(component.read_text().replace(REGISTERED, WITH_SECRET))
    for _ in range(2):
        done = project.tenantry("up", "--yes")
        assert done.code == 0, done.output
        run = project.pulumi("stack", "export", "--show-secrets")
        secret = json.loads(outputs_of(run.output)["web"]["plaintext"])
        assert secret in secrets_of(fake.store)
        assert secret not in done.output + project.state_file.read_text()


def outputs_of(exported):
    resources = json.loads(exported)["deployment"]["resources"]
    return next(resource["outputs"] for resource in resources if resource["type"] == "tenantry:index:Tenant")
