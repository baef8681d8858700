"""The step of health.yml that keeps an issue an incident: its script, run with a `gh` that notes what it is asked."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml
from docs_text import USERS_WORKFLOWS

MARKER = "<!-- tenantry:health stack=production tenant={} -->"
GH = """\
#!/bin/sh
printf "%s\\n" "$*" >> asked
case "$*" in *--paginate*) printf '%s' "$FOUND";; esac
"""


def script(name: str = "Issues") -> str:
    [job] = yaml.safe_load((USERS_WORKFLOWS / "health.yml").read_text())["jobs"].values()
    [run] = [step["run"] for step in job["steps"] if step.get("name") == name]
    return str(run)


def run_step(folder: Path, burning: list[str], found: dict[int, str], unknown: tuple[str, ...] = ()) -> list[str]:
    """Run the step as GitHub does; return what `gh` was asked after the list of open issues."""
    (folder / "incidents").mkdir()
    for slug in unknown:
        (folder / "incidents" / f"{slug}.unknown").write_text(f"{MARKER.format(slug)}\n")
    for slug in burning:
        text = f"{MARKER.format(slug)}\n\n### Health: an objective of {slug} burns or is missed\n"
        (folder / "incidents" / f"tenant-{slug}.md").write_text(text)
    (folder / "gh").write_text(GH)
    (folder / "gh").chmod(0o755)
    issues = "".join(f"{number} {MARKER.format(slug)}\n" for number, slug in found.items())
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "FOUND": issues, "ISSUES": "i", "STACK": "production"}
    subprocess.run(["bash", "-e", "-c", script()], cwd=folder, env=environ, check=True)
    return (folder / "asked").read_text().splitlines()[1:]


@pytest.mark.parametrize(
    ("burning", "found", "then"),
    [
        ([], {}, []),
        (["acme"], {}, ["issue create --title Health: an objective of acme burns or is missed"]),
        (["acme"], {7: "acme"}, ["issue edit 7 --body-file incidents/tenant-acme.md"]),
        ([], {7: "acme"}, ["issue close 7"]),
        (["acme-2"], {7: "acme"}, ["issue create", "issue close 7"]),
    ],
    ids=["well", "new", "still", "over", "another"],
)
def test_an_issue_an_incident_is_opened_edited_and_closed(tmp_path, burning, found, then):
    done = [words for words in run_step(tmp_path, burning, found) if not words.startswith("label")]
    assert len(done) == len(then)
    assert all(line.startswith(words) for line, words in zip(done, then, strict=True))


def test_an_issue_of_which_nobody_knows_stays_as_it_is(tmp_path):
    done = run_step(tmp_path, [], {7: "acme", 8: "birch"}, unknown=("acme",))
    assert [words for words in done if not words.startswith("label")] == ["issue close 8 --comment It is over."]


@pytest.mark.parametrize(
    ("found", "code", "goes_on"),
    [
        ("mkdir incidents; exit 0", 0, True),
        ("mkdir incidents; exit 2", 2, True),
        ("mkdir incidents; exit 1", 1, True),
        ("exit 1", 1, False),
        ("exit 130", 130, False),
    ],
)
def test_issues_are_kept_wherever_anything_was_read(tmp_path, found, code, goes_on):
    (tmp_path / "tenantry").write_text(f"#!/bin/sh\n{found}\n")
    (tmp_path / "tenantry").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "STACK": "production", "GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "output"}
    done = subprocess.run(["bash", "-e", "-c", script("Health")], cwd=tmp_path, env=environ, check=False)
    assert (done.returncode, (tmp_path / "output").read_text()) == (0 if goes_on else code, f"code={code}\n")
