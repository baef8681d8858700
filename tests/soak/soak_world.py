"""Two tenants, the state of their stack, the Twilio that holds them, and another one to compare with."""

import contextlib
import os
import shutil
import signal
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from e2e_killing import LATENCY_MS, DeadlyJournal, Kill, wait_for_requests
from e2e_picture import differences, picture
from provider_nursery import Nursery
from provider_plugin import Operations, Plugin
from soak_engine import KilledError, SmallRun, SmallStack
from soak_manifests import console_acts, first_manifest, write

from faketwilio.control.console import act
from faketwilio.control.kinds import CHILDREN
from faketwilio.server import FakeTwilio
from faketwilio.store.records import ApiKey
from faketwilio.store.request_log import RequestLog
from tenantry.engine.state.recovery import UNFINISHED_VARIABLE
from tenantry.engine.state.unfinished import Marks, format_marks
from tenantry.manifest.load import Loaded, load_or_refuse
from tenantry.operations.drift.story import find_drift
from tenantry.operations.drift.values import Finding
from tenantry.operations.recovery.delete_orphans import delete_orphans, find_unsettled
from tenantry.operations.recovery.marks import begin_run, end_run
from tenantry.operations.recovery.orphans import OrphanSearch, find_orphans
from tenantry.twilio.session import Session

SLUGS = ("acme", "birch")


class World:
    """What people and runs do to two tenants."""

    def __init__(self, nursery: Nursery, fake: FakeTwilio, fresh: FakeTwilio) -> None:
        self.fake = fake
        self.manifests = {slug: first_manifest() for slug in SLUGS}
        self.stack = SmallStack()
        self._nursery = nursery
        self._fresh = fresh
        self._folder = Path(tempfile.mkdtemp(prefix="tenantry-history-"))
        for item in (fake, fresh):
            item.store.reset()

    def end(self) -> None:
        shutil.rmtree(self._folder)

    def apply(self, *, refresh: bool) -> list[str]:
        """Apply the manifests; return the failures."""
        return self._up(self.stack, self.fake, refresh=refresh)

    def apply_and_be_killed(self, kill: Kill, *, refresh: bool, checkpoints: bool) -> bool:
        """Begin to apply the manifests; return whether it came to the kill."""
        try:
            self._up(self.stack, self.fake, refresh=refresh, kill=kill, checkpoints=checkpoints)
        except KilledError:
            return True
        return False

    def console_acts(self, slug: str) -> list[dict[str, Any]]:
        """Return what somebody may do in the Console to what is there and the state holds."""
        existing = {record.sid for record in self._records()}
        acts = console_acts(slug, self.stack.saved)
        return [item for item in acts if item.get("set", item.get("delete")) in existing]

    def act(self, order: dict[str, Any]) -> None:
        """Do something in the Console."""
        act(self.fake.store, order)

    def differences(self) -> list[str]:
        """Return in what Twilio is not as if the manifests were applied to an empty one."""
        assert self._up(SmallStack(), self._fresh, refresh=False) == []
        return differences(picture(self.fake.store), picture(self._fresh.store))

    def unusable_keys(self) -> list[str]:
        """Return the live keys whose secret the state does not hold."""
        held = {saved.id: saved.outputs.get("secret") for saved in self.stack.saved.values()}
        keys = [key for account in self._accounts() for key in self.fake.store.table(ApiKey).of(account.sid)]
        return [key.sid for key in keys if held.get(key.sid) != key.secret]

    def drift(self) -> list[Finding]:
        """Return what the drift report finds."""
        report = find_drift(self._load(), self.stack.export(), _session(self.fake), datetime.now(UTC).date())
        return [finding for group in report.groups for finding in group.findings]

    def _up(
        self,
        stack: SmallStack,
        fake: FakeTwilio,
        *,
        refresh: bool,
        kill: Kill | None = None,
        checkpoints: bool = True,
        slugs: frozenset[str] | None = None,
    ) -> list[str]:
        """Go the way of `tenantry up`: look, run, delete, and once more for accounts that were made active."""
        before, now = stack.copy(), datetime.now(UTC)
        skips = not checkpoints and self._would_only_create()
        looked = self._look(stack, fake, slugs)
        stack.marks = begin_run(before.marks, now, slugs)
        try:
            run = self._run(stack, fake, refresh=refresh, kill=kill, slugs=slugs, marks=before.marks)
        except KilledError:
            if skips:
                stack.forget_since(before)
            raise
        failed = frozenset(line.partition(":")[0].partition("/")[0] for line in run.failed)
        deleted = tuple(delete_orphans(_session(fake), looked, stack.held, failed))
        remaining = find_unsettled(looked, deleted, failed)
        stack.marks = end_run(before.marks, now, datetime.now(UTC), slugs, failed=failed, unsettled=remaining)
        failures = [*run.failed, *(str(remaining) for remaining in deleted if remaining.result == "failed")]
        active = frozenset(run.activated | (run.created & looked.unseen)) if slugs is None and refresh else None
        return [*failures, *(self._up(stack, fake, refresh=True, slugs=active) if active else ())]

    def _look(self, stack: SmallStack, fake: FakeTwilio, slugs: frozenset[str] | None) -> OrphanSearch:
        if not stack.marks:
            return OrphanSearch()
        today = datetime.now(UTC).date()
        state, session = stack.export(), _session(fake)
        return find_orphans(self._load(), state, stack.held, stack.marks, session, today, slugs=slugs)

    def _run(
        self,
        stack: SmallStack,
        fake: FakeTwilio,
        *,
        refresh: bool,
        kill: Kill | None,
        slugs: frozenset[str] | None,
        marks: Marks,
    ) -> SmallRun:
        plugin, loaded = self._plugin(fake, marks), self._load()
        strike = DeadlyJournal(kill, lambda: os.kill(plugin.pid, signal.SIGKILL)) if kill else None
        fake.store.request_log, fake.store.latency_ms = strike or RequestLog(), LATENCY_MS if kill else 0
        try:
            today = datetime.now(UTC).date()
            run = SmallRun(stack, plugin, today, lambda: strike is not None and strike.struck, slugs)
            run.up(loaded, refresh=refresh)
            return run
        finally:
            _end(plugin)
            # Pulumi takes a second to begin, in which a request of the killed run ends; this engine takes none.
            assert wait_for_requests(fake.store.request_log)
            fake.store.request_log, fake.store.latency_ms = RequestLog(), 0

    def _would_only_create(self) -> bool:
        plugin = self._plugin(self.fake)
        try:
            return SmallRun(self.stack, plugin, datetime.now(UTC).date()).would_only_create(self._load())
        finally:
            _end(plugin)

    def _plugin(self, fake: FakeTwilio, marks: Marks = ()) -> Plugin:
        """Start one, told of the runs before as `tenantry up` tells it."""
        settings = {**_shell(fake), UNFINISHED_VARIABLE: format_marks(marks)}
        return Operations(self._nursery, settings, fake.account_sid)()

    def _load(self) -> Loaded:
        write(self._folder, self.manifests)
        return load_or_refuse(self._folder, "dev")

    def _accounts(self) -> list[Any]:
        return self.fake.store.accounts_of(self.fake.account_sid)

    def _records(self) -> list[Any]:
        store = self.fake.store
        tables = [store.table(kind.record) for kind in CHILDREN.values()]
        return self._accounts() + [
            record for account in self._accounts() for table in tables for record in table.of(account.sid)
        ]


def _end(plugin: Plugin) -> None:
    """End a plugin process, which may have been killed before."""
    with plugin.stdout, plugin.stderr, contextlib.suppress(ProcessLookupError):
        plugin.channel.close()
        os.kill(plugin.pid, signal.SIGKILL)


def _session(fake: FakeTwilio) -> Session:
    return Session.from_env(_shell(fake))


def _shell(fake: FakeTwilio) -> dict[str, str]:
    return {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }
