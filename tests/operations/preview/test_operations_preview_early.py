"""A preview that is begun before its manifests are read, with a script in Pulumi's place."""

import os
from pathlib import Path

import pytest

from tenantry.operations.preview.early import Asked, begin_early
from tenantry.operations.run_listener import RunListener
from tenantry.operations.stack.open import open_stack
from tenantry.operations.stack.policies import Policies, choose_policies
from tenantry.operations.stack.wanted import Wanted

VERSION = '#!/bin/sh\n[ "$1" = version ] && { echo v3.259.0; exit; }\n'
SUMMARY = '{"sequence":0,"summaryEvent":{"resourceChanges":{"same":1},"durationSeconds":1}}'
WHOLE = f"""{VERSION}
while [ "$1" != --event-log ]; do shift; done
echo '{SUMMARY}' >"$2"
"""
WAITING = f"""{VERSION}
trap 'echo interrupted >interrupted; exit 1' INT
echo begun >reached
while :; do sleep 0.01; done
"""


@pytest.fixture
def project(tmp_path):
    """Return a function that writes a project whose Pulumi is a script, and that returns its environment."""

    def write(script: str, manifest: str = "tenant: acme\nname: Acme\n") -> dict[str, str]:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name, text in (("pulumi", script), ("pulumi-language-python", "#!/bin/sh\n")):
            (folder / name).write_text(text)
            (folder / name).chmod(0o700)
        (tmp_path / "tenants").mkdir()
        (tmp_path / "tenants" / "acme.yaml").write_text(manifest)
        (tmp_path / "tenantry.yaml").write_text("format: 1\n")
        (tmp_path / "Pulumi.yaml").write_text("name: owl\nruntime: python\n")
        return {"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    return write


def ask(root: Path, *, stack: str | None = "dev", refresh: bool = False, **wanted: object) -> Asked:
    def choose(folder: Path) -> Policies:
        return choose_policies(folder, (), skip=False)

    return Asked(root, stack, Wanted(**wanted), choose, refresh=refresh, recover=False)


def test_it_is_asked_what_the_manifests_then_say(project, tmp_path):
    environ = project(WHOLE)
    with begin_early(ask(tmp_path, names=("acme",)), environ) as early:
        opened = open_stack(tmp_path, "dev", environ)
        assert (early.preview.project, early.preview.focus) == (opened.project, frozenset({"acme"}))
        run = early.finish(RunListener())
    assert (run.exit_code, run.is_whole) == (0, True)


def test_it_is_interrupted_where_the_manifests_have_an_error(project, tmp_path):
    environ = project(WAITING)
    os.mkfifo(tmp_path / "reached")

    def fail():
        with begin_early(ask(tmp_path), environ):
            assert (tmp_path / "reached").read_text() == "begun\n"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (tmp_path / "interrupted").read_text() == "interrupted\n"


@pytest.mark.parametrize("asked", [{"refresh": True}, {"changed_since": "main"}, {"stack": None}])
def test_it_waits_for_the_manifests_where_they_or_twilio_decide(project, tmp_path, asked):
    with begin_early(ask(tmp_path, **asked), project(WHOLE)) as early:
        assert early is None


@pytest.mark.parametrize("missing", ["Pulumi.yaml", "tenantry.yaml", "bin/pulumi"])
def test_it_is_not_begun_without_a_project_or_an_engine(project, tmp_path, missing):
    environ = project(WHOLE)
    (tmp_path / missing).unlink()
    with begin_early(ask(tmp_path), environ) as early:
        assert early is None
