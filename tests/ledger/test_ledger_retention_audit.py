"""The chain of a tenant's audit, marks and holds: what is there, and what is noticed when somebody changes it."""

from datetime import date

import pytest

from tenantry.ledger.audit_breaks import accept_breaks, accepted_breaks
from tenantry.ledger.audit_check import audit_problems, find_breaks
from tenantry.ledger.check import find_problems
from tenantry.ledger.holds import HeldTenant, open_hold, open_holds, record_hold, record_release
from tenantry.ledger.retention_audit import AuditEntry, ChainOwner, append_audit, each_line, end_of_chain, open_intents
from tenantry.ledger.retention_marks import read_marks, set_mark

PARENT = "AC" + "0" * 32
ACME, BIRCH = ChainOwner(PARENT, "acme"), ChainOwner(PARENT, "birch")


def entry(number: int, **changes):
    fields = {"event": "intent", "kind": "messages", "action": "delete", "account_sid": "AC" + "1" * 32}
    fields |= {"sid": f"SM{number:032x}", "record_day": date(2026, 1, 2), "reason": "older than 30 days"}
    return AuditEntry(**{**fields, **changes})


def write(ledger, owner, *entries):
    with ledger.writing_facts():
        return append_audit(ledger, owner, "run-1", entries)


@pytest.fixture
def chains(ledger):
    intents = write(ledger, ACME, *(entry(number) for number in range(3)))
    results = [entry(line.number, event="result", intent=line.number, outcome="done") for line in intents[:2]]
    write(ledger, ACME, *results)
    write(ledger, BIRCH, entry(9))
    return ledger


def test_a_chain_is_whole_and_each_tenant_has_its_own(chains):
    assert [line.number for line in each_line(chains, PARENT)] == [1, 2, 3, 4, 5, 1]
    assert end_of_chain(chains, ACME).lines == 5
    assert audit_problems(chains, PARENT) == find_problems(chains) == ()


def test_an_intent_without_a_result_is_found_again(chains):
    assert [line.number for line in open_intents(chains, ACME)] == [3]
    assert open_intents(chains, ACME, after=3) == ()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("DELETE FROM retention_audit WHERE tenant = 'acme' AND number = 2", "Line 2 of the audit of acme does not"),
        ("DELETE FROM retention_audit WHERE tenant = 'acme' AND number = 1", "Line 1 of the audit of acme does not"),
        ("UPDATE retention_audit SET outcome = 'gone' WHERE number = 4", "Line 4 of the audit of acme does not"),
        ("UPDATE retention_audit SET number = 8 - number WHERE number IN (3, 5)", "Line 3 of the audit of acme does"),
        ("UPDATE retention_audit SET tenant = 'oak' WHERE tenant = 'birch'", "Line 1 of the audit of oak does not"),
        ("DELETE FROM retention_audit WHERE tenant = 'acme' AND number = 5", "The audit of acme ends at line 4, and"),
        ("DELETE FROM retention_audit WHERE tenant = 'birch'", "The audit of birch is gone, and the journal knows"),
    ],
    ids=["removed", "first removed", "changed", "reordered", "moved", "cut", "gone"],
)
def test_a_line_that_somebody_touched_is_noticed(chains, damage, sentence):
    if "8 - number" in damage:  # a unique index sees each row for itself
        for old, new in ((3, 99), (5, 3), (99, 5)):
            chains.run("UPDATE retention_audit SET number = ? WHERE tenant = 'acme' AND number = ?", new, old)
    else:
        chains.run(damage)
    assert any(problem.startswith(sentence) for problem in audit_problems(chains, PARENT))
    assert find_problems(chains)


def test_an_accepted_break_is_no_problem_and_a_forged_one_is(chains):
    chains.run("DELETE FROM retention_audit WHERE tenant = 'acme' AND number = 2")
    [found] = find_breaks(chains, PARENT, {"acme"})
    accept_breaks(chains, [(found.owner, found.place, found.problem)], ref="SEC-12", by="ana")
    assert audit_problems(chains, PARENT) == find_problems(chains) == ()
    [accepted] = accepted_breaks(chains, PARENT, "acme")
    assert (accepted.ref, accepted.by, accepted.problem) == ("SEC-12", "ana", found.problem)
    chains.run("UPDATE audit_breaks SET ref = 'SEC-13'")
    assert audit_problems(chains, PARENT) == (found.problem,)


def test_marks_are_replaced(ledger):
    set_mark(ledger, PARENT, "acme", "messages", "2026-01-01")
    set_mark(ledger, PARENT, "acme", "messages", "2026-01-02")
    assert read_marks(ledger, PARENT, "acme") == {"messages": "2026-01-02"}
    assert read_marks(ledger, PARENT, "birch") == {}


def test_a_hold_is_remembered_until_it_is_released(ledger):
    hold = HeldTenant("acme", "claim 12", date(2026, 1, 2), "ana")
    assert record_hold(ledger, PARENT, hold)
    assert not record_hold(ledger, PARENT, HeldTenant("acme", "another", date(2026, 2, 2), "ben"))
    assert open_holds(ledger, PARENT) == (hold,)
    assert record_release(ledger, PARENT, "acme", on=date(2026, 3, 1), by="ben")
    assert open_hold(ledger, PARENT, "acme") is None
    assert not record_release(ledger, PARENT, "acme", on=date(2026, 3, 1), by="ben")
    assert record_hold(ledger, PARENT, hold)
