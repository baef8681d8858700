"""Random histories of edits, Console acts, killed runs and applies: one undisturbed apply, and all is as written.

Each history ends with the store compared with that of another Twilio, where the last manifests were applied fresh, and
with the drift report.
"""

import pytest
from e2e_killing import Kill
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from soak_manifests import EDITS, OF_ALL
from soak_world import SLUGS

STEPS = 20
FEW, MANY = 4, 500

# When a process ends after it was killed is the kernel's; so nothing that is drawn depends on what a run did.
ENTRIES = st.fixed_dictionaries({}, optional={name: st.sampled_from(choices) for name, choices in EDITS.items()})
REQUESTS = st.integers(1, 4) | st.integers(1, 40)


class Histories(RuleBasedStateMachine):
    """Two tenants, of which acme is suspended now and then."""

    @initialize()
    def begin(self):
        self.world = self.new_world()

    @rule(slug=st.sampled_from(SLUGS), entries=ENTRIES)
    def edit(self, slug, entries):
        self.world.manifests[slug] |= entries

    @rule(state=st.sampled_from(OF_ALL))
    def set_the_state(self, state):
        self.world.manifests["acme"]["state"] = state

    @rule()
    def take_the_webhook_of_birch_away(self):
        self.world.manifests["birch"]["webhook"] = None

    @rule(slug=st.sampled_from(SLUGS), number=st.integers(0, 99))
    def do_something_in_the_console(self, slug, number):
        if acts := self.world.console_acts(slug):
            self.world.act(acts[number % len(acts)])

    @rule(status=st.sampled_from(["active", "suspended"]))
    def change_the_status_in_the_console(self, status):
        if account := self.world.stack.saved.get("acme"):
            self.world.act({"set": account.id, "fields": {"status": status}})

    @rule(refresh=st.booleans())
    def apply(self, refresh):
        self.world.apply(refresh=refresh)

    @rule(refresh=st.booleans(), checkpoints=st.booleans(), request=REQUESTS, answered=st.booleans())
    def apply_and_be_killed(self, refresh, checkpoints, request, answered):
        kill = Kill("plugin", request, answered)
        self.world.apply_and_be_killed(kill, refresh=refresh, checkpoints=checkpoints)

    def teardown(self):
        if hasattr(self, "world"):
            self.end_well()
            self.world.end()

    def end_well(self):
        self.world.manifests["acme"]["state"] = "active"
        assert self.world.apply(refresh=True) == []
        assert self.world.differences() == []
        assert self.world.unusable_keys() == []
        assert self.world.drift() == []


@pytest.fixture
def histories(new_world):
    return type("HistoriesHere", (Histories,), {"new_world": staticmethod(new_world)})


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
