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
        skip_days(fleet, 90)
        rows = [fleet.command("rotate"), fleet.command("up", "--yes", "--no-policies"), fleet.command("rotate")]
        skip_days(fleet, 7)
        retired = [fleet.command("rotate"), fleet.command("up", "--yes", "--no-policies", *LIMITS)]
    show(rows, retired, asked.tenants, asked.latency_ms)


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


def show(rows: list[Row], retired: list[Row], tenants: int, latency_ms: float) -> None:
    """Print a table, and the sum of the steps from due to proven."""
    print(f"{tenants} keys, {latency_ms:g} ms a call")
    print(f"{'':52} {'wall s':>7} {'CPU s':>7} {'calls':>7} {'/key':>7}")
    names = ("rotate: adds a generation", "up: makes and delivers", "rotate: proves")
    for name, row in zip((*names, "rotate: removes a generation", "up: retires"), [*rows, *retired], strict=True):
        print(f"{name:52} {row.wall:7.1f} {row.cpu:7.1f} {row.calls:7} {row.calls / tenants:7.3f}")
    wall, calls = sum(row.wall for row in rows), sum(row.calls for row in rows)
    print(f"{'from due to proven':52} {wall:7.1f} {sum(row.cpu for row in rows):7.1f} {calls:7} {calls / tenants:7.3f}")


if __name__ == "__main__":
    main()
