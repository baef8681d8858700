"""FLOOR 3. The second front door: what Twilio calls. `uvicorn tenantry.receiver:application`, or `tenantry serve`.

A request is checked, written to the ledger, and only then answered. What follows from it is done by threads of the same
process, from the ledger: a process that is killed loses nothing that it answered.
"""

from tenantry.receiver.application import application

__all__ = ["application"]
