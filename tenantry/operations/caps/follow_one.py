"""Letting one account follow at once, after a person did something about its cap."""

from tenantry.ledger.account_tasks import finish_task, tasks_of
from tenantry.operations.caps.accounts import follow_task
from tenantry.operations.caps.duty import Duty
from tenantry.operations.caps.people import CapAct
from tenantry.operations.caps.values import CapActReport


def follow_act(duty: Duty, act: CapAct) -> CapActReport:
    """Bring the account to what the ledger says; what fails is left to the receiver.

    Raises LedgerError, TwilioError.
    """
    session = duty.open_session()
    with duty.open_ledger() as ledger:
        problem = None
        for task in tasks_of(ledger, duty.parent):
            if task.tenant == act.tenant:
                problem = follow_task(ledger, session, task)
                if problem is None:
                    finish_task(ledger, task)
        account = session.accounts.get(act.account_sid) if problem is None else None
    return CapActReport(
        tenant=act.tenant,
        account_sid=act.account_sid,
        cap=act.cap,
        done=act.sentence,
        status=account.status if account else None,
        problem=problem,
    )
