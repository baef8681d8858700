"""Which errors of a preview with a refresh are about tenants that could not be read; without an engine."""

from tenantry.engine.events.event import Diagnostic, ResourcePre
from tenantry.engine.events.urn import COMPONENT
from tenantry.model.kinds import KINDS
from tenantry.operations.preview.run import find_unread

KEY = f"{COMPONENT}${KINDS['api_key'].token}"
PLANNED = ResourcePre("same", f"urn:pulumi:dev::owl::{KEY}::birch/api_key/web-1", KEY, "birch/api_key/web-1")
UNREAD = Diagnostic("error", f"urn:pulumi:dev::owl::{KEY}::acme/api_key/web-1", "Listing the API keys: 403")
REFUSED = Diagnostic(
    "error",
    f"urn:pulumi:dev::owl::{KEY}::birch/api_key/web-1",
    "tenantry:index:ApiKey resource 'birch/api_key/web-1' has a problem: its type can't be changed",
)
OF_STACK = Diagnostic("error", "urn:pulumi:dev::owl::pulumi:pulumi:Stack::owl-dev", "the program raised")


def test_a_read_that_fails_amid_planned_steps_is_of_its_tenant():
    assert tuple(find_unread((PLANNED, UNREAD))) == (UNREAD,)


def test_a_refused_check_beside_a_failed_read_stops_all():
    assert tuple(find_unread((UNREAD, REFUSED))) == ()


def test_an_error_of_the_program_beside_a_failed_read_stops_all():
    assert tuple(find_unread((UNREAD, OF_STACK))) == ()
