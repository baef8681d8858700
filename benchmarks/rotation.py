"""What a rotation costs on the real engine: all keys of a fleet from due to delivered and proven, and calls per key.

`make bench` or `python benchmarks/rotation.py --tenants 1000 --latency-ms 150`; each tenant has one key, which
goes to a folder. The budget is 3 minutes for 1,000. Nothing here is a test: a slow machine must not fail a build.
"""

import argparse
import tempfile
from pathlib import Path

import requests
from fleet import Fleet, Row, run_fleet

DAY = 86_400
KEY = "api_keys: {web: {access: standard, deliver_to: [disk], rotation: {every_days: 90, overlap_days: 7}}}\n"
LIMITS = ("--max-deletes", "100000", "--max-deletes-percent", "100")


def main() -> None:
    """Print seconds and calls of each step of a rotation in which every key is due."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tenants", type=int, default=100)
    parser.add_argument("--latency-ms", type=float, default=150)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, run_fleet(Path(folder), asked.tenants, asked.latency_ms) as fleet:
        settle(fleet)
        print(f"{asked.tenants} keys, {asked.latency_ms:g} ms a call")
        print(f"{'':52} {'wall s':>7} {'CPU s':>7} {'calls':>7} {'/key':>7}", flush=True)
        skip_days(fleet, 90)
        rows = [
            show("rotate: adds a generation", fleet.command("rotate"), asked.tenants),
            show("up: makes and delivers", fleet.command("up", "--yes", "--no-policies"), asked.tenants),
            show("rotate: proves", fleet.command("rotate"), asked.tenants),
        ]
        show_sum(rows, asked.tenants)
        skip_days(fleet, 7)
        show("rotate: removes a generation", fleet.command("rotate"), asked.tenants)
        show("up: retires", fleet.command("up", "--yes", "--no-policies", *LIMITS), asked.tenants)


def settle(fleet: Fleet) -> None:
    """Make the fleet, with one key a tenant, and deliver all keys."""
    folder = fleet.project.folder
    (folder / "defaults.yaml").write_text(KEY)
    with (folder / "tenantry.yaml").open("a") as settings:  # the sample's plans need what stands there
        settings.write(f"secret_sinks: {{disk: {{type: private_files, folder: {folder}/delivered}}}}\n")
    for manifest in (folder / "tenants").glob("*.yaml"):
        manifest.write_text("".join(manifest.read_text().splitlines(keepends=True)[:2]))
    fleet.first_up()
    fleet.read("secrets")


def skip_days(fleet: Fleet, days: int) -> None:
    """Move Twilio's clock."""
    url = f"{fleet.project.environ['TENANTRY_TWILIO_URL']}/_fake/clock"
    requests.post(url, json={"advance_seconds": days * DAY}, timeout=60).raise_for_status()


def show(name: str, row: Row, keys: int) -> Row:
    """Print a step as soon as it is done, and return it."""
    print(f"{name:52} {row.wall:7.1f} {row.cpu:7.1f} {row.calls:7} {row.calls / keys:7.3f}", flush=True)
    return row


def show_sum(rows: list[Row], keys: int) -> None:
    """Print the sum of the steps from due to proven."""
    wall, cpu, calls = (sum(values) for values in zip(*((row.wall, row.cpu, row.calls) for row in rows), strict=True))
    print(f"{'from due to proven':52} {wall:7.1f} {cpu:7.1f} {calls:7} {calls / keys:7.3f}", flush=True)


if __name__ == "__main__":
    main()
