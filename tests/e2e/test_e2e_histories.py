"""The histories of tests/soak on the real engine: few, since each run takes seconds."""

import random
import shutil

import pytest
from e2e_killing import VICTIMS, Kill, run_up_killed, unusable_keys
from e2e_picture import differences, picture
from e2e_project import make_project
from provider_plugin import Saved
from soak_manifests import EDITS, OF_ALL, console_acts, first_manifest, write

from faketwilio.control.kinds import CHILDREN
from faketwilio.server import FakeTwilio
from tenantry.model.kinds import BY_TOKEN

SLUGS = ("acme", "birch")
STEPS = 8
LIMITS = ("--max-deletes", "1000", "--max-deletes-percent", "100")
WHO = (*VICTIMS, "tenantry", "all")


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_a_history_on_the_real_engine_ends_as_the_last_manifests_say(new_project, pulumi_engine, tmp_path, seed):
    history = History(new_project({}), random.Random(seed))
    for _ in range(STEPS):
        history.step()
    history.end()
    with FakeTwilio() as fresh:
        other = make_project(tmp_path / "fresh", pulumi_engine, fresh, {})
        shutil.copytree(history.project.folder / "tenants", other.folder / "tenants")
        other.make_stack()
        done = other.tenantry("up", "--yes")
        assert done.code == 0, done.output
        assert differences(picture(history.project.fake.store), picture(fresh.store)) == []


class History:
    """A project with two tenants, of which acme is suspended now and then, and dice."""

    def __init__(self, project, dice):
        self.project = project
        self.dice = dice
        self.manifests = {slug: first_manifest() for slug in SLUGS}
        self.write()
        assert self.apply().code == 0

    def step(self):
        self.edit()
        for _ in range(self.dice.randint(0, 2)):
            self.do_something_in_the_console()
        if self.dice.random() < 0.5:
            self.apply(*self.dice.choice([(), ("--refresh",)]))
        else:
            self.apply_and_be_killed()

    def end(self):
        """Run once undisturbed."""
        self.manifests["acme"]["state"] = "active"
        self.write()
        done = self.apply("--refresh")
        assert done.code == 0, done.output
        assert unusable_keys(self.project) == []
        done = self.project.tenantry("drift")
        assert done.code == 0, done.output

    def edit(self):
        for slug in SLUGS:
            for entry in self.dice.sample(sorted(EDITS), self.dice.randint(0, 3)):
                self.manifests[slug][entry] = self.dice.choice(EDITS[entry])
        self.manifests["acme"]["state"] = self.dice.choice(OF_ALL)
        self.write()

    def do_something_in_the_console(self):
        existing = {item["sid"] for account in self.project.accounts() for item in _records(account)}
        saved = {
            name: Saved(BY_TOKEN[resource["type"]], resource["id"], {}, {})
            for name, resource in self.project.resources().items()
            if resource["type"] in BY_TOKEN and resource["id"] in existing
        }
        if acts := console_acts(self.dice.choice(SLUGS), saved):
            self.project.console(self.dice.choice(acts))

    def apply(self, *options):
        done = self.project.tenantry("up", "--yes", *LIMITS, *options)
        if "is currently locked" in done.output:
            assert self.project.pulumi("cancel", "--yes").code == 0
            done = self.project.tenantry("up", "--yes", *LIMITS, *options)
        return done

    def apply_and_be_killed(self):
        kill = Kill(self.dice.choice(WHO), self.dice.randint(1, 12), self.dice.random() < 0.5)
        run_up_killed(self.project, kill, *LIMITS)

    def write(self):
        write(self.project.folder, self.manifests)


def _records(account):
    kinds = [kind.plural for kind in CHILDREN.values()]
    return [account, *(item for kind in kinds for item in account[kind])]
