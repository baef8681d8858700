"""Rules and dashboard: the workbook's windows, only metrics and labels that telemetry has, and promtool's own check."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tenantry.reports.health.rules import grafana_dashboard, prometheus_rules
from tenantry.telemetry.attributes import NAMES

METRICS = {"tenantry_calls_total", "tenantry_call_duration_seconds_bucket", "tenantry_command_duration_seconds_count"}


def expressions() -> list[str]:
    rules = yaml.safe_load(prometheus_rules())["groups"][0]["rules"]
    panels = json.loads(grafana_dashboard())["panels"]
    return [rule["expr"] for rule in rules] + [target["expr"] for panel in panels for target in panel["targets"]]


def test_budgets_burn_by_the_windows_of_the_workbook():
    rules = {rule["alert"]: rule for rule in yaml.safe_load(prometheus_rules())["groups"][0]["rules"]}
    fast, slow = rules["TenantryCallsFail1h"], rules["TenantryCallsFail3d"]
    assert re.findall(r"\[(\w+)\]\)\) > ([\d.]+)", fast["expr"]) == [("1h", "0.072"), ("5m", "0.072")]
    assert (fast["labels"]["severity"], slow["labels"]["severity"]) == ("page", "ticket")
    assert re.findall(r"> ([\d.]+)", slow["expr"]) == ["0.005", "0.005"]


@pytest.mark.parametrize("expression", expressions())
def test_only_what_telemetry_counts_is_asked_for(expression):
    assert set(re.findall(r"tenantry_\w+", expression)) <= METRICS
    labels = re.findall(r"(\w+)(?:=~|=)\"", expression)
    labels += [label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")]
    assert set(labels) <= NAMES | {"le"}


def test_promtool_accepts_the_rules(tmp_path: Path):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on PATH")
    file = tmp_path / "rules.yml"
    file.write_text(prometheus_rules())
    done = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
