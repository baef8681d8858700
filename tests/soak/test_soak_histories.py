"""Random histories of edits, Console acts, killed runs and applies: one undisturbed apply, and all is as written.

Each history ends with the store compared with that of another Twilio, where the last manifests were applied fresh, and
with the drift report. Two bounds that Tenantry has and these histories keep (docs/reliability.md): after a killed run
the manifests wait until a run ends, and an account that was suspended when a run looked is looked at by the next one.
"""

import contextlib
import os
import shutil
import signal
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from e2e_killing import DeadlyJournal, Kill
from e2e_picture import differences, picture
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from provider_nursery import Nursery
from provider_plugin import Operations
from soak_engine import KilledError, SmallRun, SmallStack
from soak_manifests import EDITS, OF_ALL, console_acts, first_manifest, write

from tenantry.fake.control.console import act
from tenantry.fake.journal import Journal
from tenantry.fake.server import FakeTwilio
from tenantry.manifest.load import load_or_refuse
from tenantry.reports.drift.report import find_drift
from tenantry.twilio.session import Session

SLUGS = ("acme", "birch")
STEPS = 20
FEW, MANY = 4, 500

# When a process ends after it was killed is the kernel's; so nothing that is drawn depends on what a run did.
ENTRIES = st.fixed_dictionaries({}, optional={name: st.sampled_from(choices) for name, choices in EDITS.items()})
REQUESTS = st.integers(1, 4) | st.integers(1, 40)


class Histories(RuleBasedStateMachine):
    """Two tenants, of which acme is suspended now and then."""

    nursery: Nursery
    fakes: tuple[FakeTwilio, FakeTwilio]

    @initialize()
    def begin(self):
        for fake in self.fakes:
            fake.store.reset()
        self.folder = Path(tempfile.mkdtemp(prefix="tenantry-history-"))
        self.manifests = {slug: first_manifest() for slug in SLUGS}
        self.stack = SmallStack()
        self.unsettled = False

    @rule(slug=st.sampled_from(SLUGS), entries=ENTRIES)
    def edit(self, slug, entries):
        if not self.unsettled:
            self.manifests[slug] |= entries

    @rule(state=st.sampled_from(OF_ALL))
    def set_the_state(self, state):
        if not self.unsettled:
            self.manifests["acme"]["state"] = state

    @rule()
    def take_the_webhook_of_birch_away(self):
        if not self.unsettled:
            self.manifests["birch"]["webhook"] = None

    @rule(slug=st.sampled_from(SLUGS), number=st.integers(0, 99))
    def do_something_in_the_console(self, slug, number):
        held = set(self.sids())
        acts = [one for one in console_acts(slug, self.stack.saved) if next(iter(one.values())) in held]
        if acts:
            act(self.fakes[0].store, acts[number % len(acts)])

    @rule(status=st.sampled_from(["active", "suspended"]))
    def change_the_status_in_the_console(self, status):
        if "acme" in self.stack.saved:
            act(self.fakes[0].store, {"set": self.stack.saved["acme"].id, "fields": {"status": status}})

    @rule(refresh=st.booleans())
    def apply(self, refresh):
        self.up(self.stack, self.fakes[0], refresh=refresh)

    @rule(
        refresh=st.booleans(),
        checkpoints=st.booleans(),
        request=st.integers(1, 4) | st.integers(1, 40),
        answered=st.booleans(),
    )
    def apply_and_be_killed(self, refresh, checkpoints, request, answered):
        before = self.stack.copy()
        try:
            self.up(self.stack, self.fakes[0], refresh=refresh, kill=Kill("plugin", request, answered))
        except KilledError:
            self.unsettled = True
            if not checkpoints and self.skipped_checkpoints:
                self.stack = before

    def teardown(self):
        if hasattr(self, "stack"):
            self.end_well()
            shutil.rmtree(self.folder)

    def end_well(self):
        self.manifests["acme"]["state"] = "active"
        was_resting = any(account.status != "active" for account in self.accounts())
        assert self.up(self.stack, self.fakes[0], refresh=True) == []
        if was_resting:
            assert self.up(self.stack, self.fakes[0], refresh=True) == []
        assert self.up(SmallStack(), self.fakes[1], refresh=False) == []
        assert differences(picture(self.fakes[0].store), picture(self.fakes[1].store)) == []
        assert self.unusable_keys() == []
        report = find_drift(self.load(), self.stack.exported(), self.session(), self.today)
        assert [one for group in report.groups for one in group.findings] == []

    def up(self, stack, fake, *, refresh, kill=None):
        """Apply the manifests with a plugin process of its own; return the failures."""
        plugin, journal = Operations(self.nursery, _shell(fake), fake.account_sid)(), Journal()
        if kill:
            journal = DeadlyJournal(kill, lambda: os.kill(plugin.pid, signal.SIGKILL))
        try:
            run = SmallRun(stack, plugin, self.today, lambda: kill is not None and journal.struck)
            self.skipped_checkpoints = kill is not None and run.would_only_create(self.load())
            fake.store.journal = journal
            failed = run.up(self.load(), refresh=refresh)
        finally:
            fake.store.journal = Journal()
            _end(plugin)
        self.unsettled &= bool(failed)
        return failed

    def load(self):
        write(self.folder, self.manifests)
        return load_or_refuse(self.folder, "dev")

    @property
    def today(self):
        return datetime.now(UTC).date()

    def session(self):
        return Session.from_env(_shell(self.fakes[0]))

    def accounts(self):
        return self.fakes[0].store.accounts_of(self.fakes[0].account_sid)

    def keys(self):
        return [key for account in self.accounts() for key in self.fakes[0].store.api_keys.of(account.sid)]

    def sids(self):
        store = self.fakes[0].store
        tables = (store.accounts, store.api_keys, store.usage_triggers, store.event_sinks, store.event_subscriptions)
        return [
            saved.id for saved in self.stack.saved.values() if any(table.get(saved.id) is not None for table in tables)
        ]

    def unusable_keys(self):
        """Return the live keys whose secret the state does not hold."""
        held = {saved.id: saved.outputs.get("secret") for saved in self.stack.saved.values()}
        return [key.sid for key in self.keys() if held.get(key.sid) != key.secret]


@pytest.fixture(scope="module")
def histories():
    nursery = Nursery()
    with FakeTwilio() as one, FakeTwilio() as other:
        yield type("HistoriesHere", (Histories,), {"nursery": nursery, "fakes": (one, other)})
    nursery.end()


def test_a_few_histories_end_as_the_last_manifests_say(histories):
    run_state_machine_as_test(histories, settings=_settings(FEW, derandomize=True))


@pytest.mark.soak
def test_ten_thousand_steps_end_as_the_last_manifests_say(histories):
    run_state_machine_as_test(histories, settings=_settings(MANY))


def _settings(examples, **more):
    return settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        **more,
    )


def _end(plugin):
    """End a plugin process, which may have been killed before."""
    with plugin.stdout, plugin.stderr, contextlib.suppress(ProcessLookupError):
        plugin.channel.close()
        os.kill(plugin.pid, signal.SIGKILL)


def _shell(fake):
    return {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
