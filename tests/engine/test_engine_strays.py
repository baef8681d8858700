"""Resources that a focused run would pass over."""

from tenantry.engine.events.event import ResourcePre
from tenantry.engine.run.focus import targets_of
from tenantry.engine.state.strays import strays

URN = "urn:pulumi:dev::owl::tenantry:index:Tenant"
BUCKET = "aws:s3/bucket:Bucket"


def bucket(name: str, op: str = "same") -> ResourcePre:
    return ResourcePre(op, f"{URN}${BUCKET}::{name}", BUCKET, name)


def test_a_resource_below_a_tenant_whose_name_does_not_begin_with_its_slug_is_told():
    events = [bucket("acme/files"), bucket("acme-files"), bucket("files/acme"), bucket("acme-2/files")]
    assert strays(events, {"acme", "acme-2"}) == ("acme-files", "files/acme")
    assert "acme-files" not in targets_of(["acme"])


def test_what_belongs_to_no_tenant_or_goes_with_its_tenant_is_no_stray():
    own = ResourcePre("create", f"urn:pulumi:dev::owl::{BUCKET}::logs", BUCKET, "logs")
    assert strays([own, bucket("birch/files", "delete"), bucket("birch/old", "delete-replaced")], {"acme"}) == ()
