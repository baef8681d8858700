"""The CLI itself, from the Go module that go.mod pins, and the two scripts that Pulumi ships beside it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from installer.golang import go_command, go_environment
from installer.tools import Failure, last_line, run, say

HERE = Path(__file__).resolve().parent.parent
_CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_SCRIPTS = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")


def engine_version() -> str:
    """Return the version of Pulumi that go.mod pins, such as v3.259.0."""
    found = re.search(r"^require github\.com/pulumi/pulumi/pkg/v3 (v\S+)$", (HERE / "go.mod").read_text(), re.MULTILINE)
    if found is None:
        raise Failure(f"{HERE / 'go.mod'} names no version of github.com/pulumi/pulumi/pkg/v3.")
    return found.group(1)


def build_binary(target: Path, version: str) -> None:
    """Build the CLI; raises Failure."""
    go = go_command(minimum=_go_minimum())
    say(f"building Pulumi {version} from its Go modules with {go}; about 4 minutes on 2 cores")
    linked = f"-s -w -X {_SDK}/go/common/version.Version={version}"
    flags = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-tags", "osusergo,grpcnotrace", "-ldflags", linked]
    _go(go, "downloading Pulumi's Go modules", "mod", "download", _SDK)
    _go(go, "building Pulumi", "build", *flags, "-o", target, _CLI)


def stock_scripts(folder: Path) -> None:
    """Copy the scripts that lie in the SDK's Go module, with the run bit that a module can't carry."""
    go = go_command(minimum=_go_minimum())
    module = Path(_go(go, "looking for Pulumi's SDK", "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", _SDK))
    for script in _SCRIPTS:
        target = folder / Path(script).name
        shutil.copyfile(module / script, target)
        target.chmod(0o755)


def _go_minimum() -> str:
    found = re.search(r"^go (\S+)$", (HERE / "go.mod").read_text(), re.MULTILINE)
    return found.group(1) if found else "1.25"


def _go(go: str, doing: str, *arguments: str | Path) -> str:
    try:
        return run([go, *arguments], go_environment(), cwd=HERE)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Failure(
            f"{doing} failed: {last_line(error)}. If the Go module proxy (GOPROXY) can't be reached from here, "
            "install Pulumi yourself (https://www.pulumi.com/docs/install/) and put it on PATH."
        ) from error
