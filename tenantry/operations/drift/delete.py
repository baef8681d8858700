"""Deleting what drift has found and nobody knows: one object, by its SID, after a person was asked."""

from dataclasses import dataclass

from tenantry.model.kinds import BY_TOKEN, KINDS, KindName
from tenantry.operations.drift.values import Finding, Report
from tenantry.operations.errors import StoppedError
from tenantry.twilio.errors import TwilioError
from tenantry.twilio.session import Session

STRANGE = frozenset({"unmanaged", "duplicate"})


@dataclass(frozen=True)
class StrangeObject:
    """An object that no manifest names, in the account of a tenant."""

    kind: KindName
    finding: Finding

    @property
    def sentence(self) -> str:
        """What it is and where, for the question."""
        name = self.finding.entry.partition("/")[2]
        title = KINDS[self.kind].title
        return (
            f"the {title} '{name}' ({self.finding.sid}) of {self.finding.tenant}, in account {self.finding.account_sid}"
        )


def find_strange(report: Report, sid: str) -> StrangeObject:
    """Return the object that drift found with this SID; raises StoppedError for any other."""
    for finding in (item for group in report.groups for item in group.findings if item.sid == sid):
        kind = finding.entry.partition("/")[0]
        is_strange = finding.kind in STRANGE or finding.meant in STRANGE
        found = next((name for name in BY_TOKEN.values() if name == kind and KINDS[name].gateway is not None), None)
        if is_strange and found is not None and finding.tenant is not None:
            return StrangeObject(found, finding)
        raise StoppedError(f"{sid} is nothing that drift may delete: {finding.settle}. Nothing was deleted.")
    raise StoppedError(f"Drift has found no object {sid} that no manifest names. Nothing was deleted.")


def delete_strange(session: Session, strange: StrangeObject) -> None:
    """Delete it; raises StoppedError."""
    try:
        session.gateway(strange.kind).delete(str(strange.finding.account_sid), str(strange.finding.sid))
    except TwilioError as error:
        raise StoppedError(str(error)) from error
