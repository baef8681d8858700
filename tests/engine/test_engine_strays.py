"""Resources that a focused run would pass over."""

from tenantry.engine.events.event import ResourcePre
from tenantry.engine.run.focus import targets_of
from tenantry.engine.state.strays import find_strays

URN = "urn:pulumi:dev::owl::tenantry:index:Tenant"
BUCKET = "aws:s3/bucket:Bucket"


def bucket(name: str, op: str = "same") -> ResourcePre:
    return ResourcePre(op, f"{URN}${BUCKET}::{name}", BUCKET, name)


def test_a_resource_named_without_its_tenants_slug_is_a_stray():
    events = [bucket("acme/files"), bucket("acme-files"), bucket("files/acme"), bucket("acme-2/files")]
    assert find_strays(events, {"acme", "acme-2"}) == ("acme-files", "files/acme")
    assert "acme-files" not in targets_of(["acme"])


def test_resources_without_a_tenant_or_leaving_with_it_are_no_strays():
    own = ResourcePre("create", f"urn:pulumi:dev::owl::{BUCKET}::logs", BUCKET, "logs")
    assert find_strays([own, bucket("birch/files", "delete"), bucket("birch/old", "delete-replaced")], {"acme"}) == ()
