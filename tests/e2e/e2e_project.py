"""A Pulumi project of its own with a fake Twilio, and the two command lines that run it."""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from e2e_backend import Backend, Stored, new_backend
from e2e_nursery import TENANTRY, nursery, starts_alike, warm_environment
from e2e_nursery_door import NURSERY
from e2e_transit import KEY, transit_variables

from faketwilio.control.console import act
from faketwilio.control.kinds import CHILDREN
from faketwilio.control.state import render_state
from faketwilio.server import FakeTwilio
from faketwilio.store.fault import fault_of
from faketwilio.store.records import ApiKey
from faketwilio.store.store import Store
from tenantry.engine.install.find import Engine
from tenantry.engine.install.toolchain import EMPTY_LOCK, LOCK, add_uv_to_path
from tenantry.engine.run.home import LOGS

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ("Pulumi.yaml", "__main__.py", "components", "plugin")
SECONDS = 240
SETTINGS = "format: 1\nwebhooks: https://hooks.owl.example/twilio\n"
OURS = ("TWILIO_", "TENANTRY_", "PULUMI_")

WHOLE = """\
api_keys:
  web: {access: standard}
  sender: {access: [/twilio/messaging/messages/create]}
usage_triggers:
  monthly-sms:
    usage_category: sms
    trigger_by: count
    trigger_value: 1000
    recurring: monthly
    callback_url: /usage
debugger_webhook:
  url: /errors/{tenant}
retention:
  messages: {keep_days: 30}
"""
"""A tenant with one of each kind, and two keys."""

Order = Mapping[str, Any]
Line = tuple[str, str, str, int | None, str | None]


class Done(NamedTuple):
    """How a command ended: its exit code, and all that it printed."""

    code: int
    output: str


@dataclass(frozen=True)
class Project:
    """A project folder, its backend, and the fake that it is about."""

    folder: Path
    engine: Engine
    fake: FakeTwilio
    backend: Backend
    environ: Mapping[str, str] = field(repr=False)

    def pulumi(self, *arguments: str, **variables: str | None) -> Done:
        """Run plain Pulumi in the project; None unsets a variable."""
        return self._run([str(self.engine.binary), *arguments], variables)

    def tenantry(self, *arguments: str, **variables: str | None) -> Done:
        """Run our own command line in the project."""
        environ = self._environ(variables)
        if starts_alike(environ):
            return Done(*nursery().run(arguments, self.folder, environ, SECONDS))
        return self._run([str(TENANTRY), *arguments], variables)

    def make_stack(self, name: str = "dev") -> None:
        """Make a stack whose secrets are encrypted by a key of our Vault."""
        done = self.pulumi("stack", "init", name, "--secrets-provider", KEY)
        assert done.code == 0, done.output

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        """Start plain Pulumi, cold, without waiting for it; it leads a process group of its own."""
        return subprocess.Popen(
            [str(self.engine.binary), *arguments],
            cwd=self.folder,
            env=self._environ({**variables, NURSERY: None}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def write(self, slug: str, text: str) -> None:
        """Write a tenant's manifest; `tenant:` and `name:` are put before the text."""
        path = self.manifest(slug)
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"tenant: {slug}\nname: {name_of(slug)}\n{text}")

    def manifest(self, slug: str) -> Path:
        """Return the file of a tenant."""
        return self.folder / "tenants" / f"{slug}.yaml"

    @property
    def cold(self) -> dict[str, str]:
        """The environment of a user, in which nothing is forked by a nursery."""
        return self._environ({NURSERY: None})

    @property
    def state_file(self) -> Stored:
        """The stack's state as its backend keeps it."""
        return self.backend.stack

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return what the state holds, by resource name."""
        saved = json.loads(self.state_file.read_text())["checkpoint"]["latest"]["resources"]
        return {resource["urn"].split("::", 3)[-1]: resource for resource in saved}

    def read_state(self) -> dict[str, tuple[Any, ...]]:
        """Return what the state knows of each resource, less the secrets, which are encrypted anew by each write."""
        return {
            name: (
                resource.get("id"),
                resource.get("inputs"),
                {key: value for key, value in resource.get("outputs", {}).items() if key != "secret"},
            )
            for name, resource in self.resources().items()
        }

    def account(self, slug: str) -> dict[str, Any]:
        """Return the account of a tenant that is in the fake; exactly one may be there, closed ones aside."""
        found = [account for account in self.accounts() if account["friendly_name"].endswith(f" ({slug})")]
        assert len(found) == 1, [account["friendly_name"] for account in self.accounts()]
        return found[0]

    def accounts(self) -> list[dict[str, Any]]:
        """Return all subaccounts of the fake."""
        state = render_state(self.fake.store)
        return [account for sid, account in state["accounts"].items() if sid != state["parent"]]

    def console(self, order: Order) -> None:
        """Do what somebody does in Twilio's Console."""
        act(self.fake.store, dict(order))

    def fault(self, **order: Any) -> None:
        """Order a fault."""
        self.fake.store.faults.append(fault_of(order))

    def requests(self) -> list[Line]:
        """Return the requests since the last time this was asked: method, host, path, status, account."""
        lines = list(self.fake.store.request_log.log)
        self.fake.store.request_log.clear()
        return lines

    def writes(self) -> list[Line]:
        """Return the requests that were no reads, since the last time requests were asked for."""
        return [line for line in self.requests() if line[0] != "GET"]

    def _run(self, command: list[str], variables: Mapping[str, str | None]) -> Done:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environ(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
        )
        return Done(done.returncode, done.stdout)

    def _environ(self, variables: Mapping[str, str | None]) -> dict[str, str]:
        return {name: value for name, value in {**self.environ, **variables}.items() if value is not None}


def name_of(slug: str) -> str:
    """Return the name of a customer of these tests."""
    return f"{slug.title()} Dental"


def make_project(
    folder: Path,
    engine: Engine,
    fake: FakeTwilio,
    manifests: Mapping[str, str],
    settings: str = SETTINGS,
) -> Project:
    """Make a project whose program is this source tree's own, with its virtual environment and a stack `dev` to be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROGRAM:
        transfer = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        transfer(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(warm_environment())
    (folder / LOCK).write_text(EMPTY_LOCK)
    (folder / "tenantry.yaml").write_text(settings)
    backend = new_backend(folder / "backend")
    project = Project(folder, engine, fake, backend, environment(backend, engine, fake))
    # A third of plain Pulumi's work is a log that it can't write where this is no folder (tenantry/engine/run/home.py).
    Path(project.environ["PULUMI_HOME"], LOGS).touch()
    for slug, text in manifests.items():
        project.write(slug, text)
    return project


def environment(backend: Backend, engine: Engine, fake: FakeTwilio) -> dict[str, str]:
    """Return a shell's environment: a backend of the project's own, and the three variables of its fake."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **kept,
        **backend.variables,
        **credentials(fake),
        **nursery().variables,
        **transit_variables(),
        "PATH": f"{engine.binary.parent}{os.pathsep}{add_uv_to_path(os.environ)}",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "GOGC": "off",
        "NO_COLOR": "1",
    }


def credentials(fake: FakeTwilio) -> dict[str, str]:
    """Return what `tenantry fake` prints."""
    return {
        "TWILIO_ACCOUNT_SID": fake.account_sid,
        "TWILIO_AUTH_TOKEN": fake.auth_token,
        "TENANTRY_TWILIO_URL": fake.url,
    }


def same_project(project: Project, folder: Path, fake: FakeTwilio) -> Project:
    """Copy a project with its state to another folder, for another fake with the same contents."""
    shutil.copytree(project.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    backend = project.backend.copy_to(folder / "backend")
    # Pulumi remembers the selected stack by the project's path.
    environ = {**environment(backend, project.engine, fake), "PULUMI_STACK": "dev"}
    return Project(folder, project.engine, fake, backend, environ)


def still(project: Project, folder: Path) -> Project:
    """Copy a project as it is now; nobody serves its fake."""
    return same_project(project, folder, FakeTwilio(copy.deepcopy(project.fake.store)))


def secrets_of(store: Store) -> list[str]:
    """Return everything in a store that nobody may ever see: tokens of accounts, secrets of keys."""
    accounts = store.accounts_of(store.parent_sid)
    secrets = [key.secret for account in accounts for key in store.table(ApiKey).of(account.sid)]
    return secrets + [account.auth_token for account in accounts]


def objects(project: Project) -> dict[str, list[str]]:
    """Return the names of all that is in the fake, by kind, for the question what is there twice."""
    names: dict[str, Callable[[Any], str]] = {
        **{kind.plural: lambda item: str(item["friendly_name"]) for kind in CHILDREN.values()},
        "api_keys": lambda key: f"{key['friendly_name']} {key['policy']}",
        "usage_triggers": lambda trigger: f"{trigger['friendly_name']} {trigger['trigger_value']}",
        "event_sinks": lambda sink: str(sink["sink_configuration"]["destination"]),
        "event_subscriptions": lambda subscription: str(subscription["description"]),
    }
    accounts = project.accounts()
    return {"accounts": sorted(f"{account['friendly_name']} {account['status']}" for account in accounts)} | {
        kind: sorted(f"{account['friendly_name']}: {name(item)}" for account in accounts for item in account[kind])
        for kind, name in names.items()
    }


def paths(lines: Iterable[Line]) -> list[str]:
    """Return what was asked for, as `POST /2010-04-01/Accounts.json`."""
    return [f"{method} {path}" for method, _, path, _, _ in lines]
