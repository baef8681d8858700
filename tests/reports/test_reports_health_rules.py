"""Rules and dashboard: the workbook's windows, only metrics and labels that telemetry has, and promtool's own check."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tenantry.reports.health.rules import grafana_dashboard, prometheus_rules
from tenantry.telemetry.attributes import NAMES

METRICS = {"tenantry_calls_total", "tenantry_call_duration_seconds_bucket", "tenantry_command_duration_seconds_count"}


RULES = yaml.safe_load(prometheus_rules())["groups"][0]["rules"]


def expressions() -> list[str]:
    panels = json.loads(grafana_dashboard())["panels"]
    return [rule["expr"] for rule in RULES] + [target["expr"] for panel in panels for target in panel["targets"]]


def test_budgets_burn_by_the_windows_of_the_workbook():
    rules = {rule["alert"]: rule for rule in RULES}
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


def check_with_promtool(folder: Path, *cases: dict[str, Any]) -> None:
    """Check the rules, and hold them against series of a minute a step."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on PATH")
    (folder / "rules.yml").write_text(prometheus_rules())
    tests = [{"interval": "1m", **case} for case in cases]
    (folder / "test.yml").write_text(yaml.safe_dump({"rule_files": ["rules.yml"], "tests": tests}))
    for arguments in (("check", "rules", "rules.yml"), ("test", "rules", "test.yml")):
        done = subprocess.run([promtool, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr


def calls(status: str, values: str) -> dict[str, str]:
    labels = f'kind="message",method="GET",status_class="{status}",host="api.twilio.com"'
    return {"series": f"tenantry_calls_total{{{labels}}}", "values": values}


def expect(alert: str, minute: int, *, fires: bool, **labels: str) -> dict[str, Any]:
    annotations = {rule["alert"]: rule["annotations"] for rule in RULES}[alert]
    severity = {rule["alert"]: rule["labels"]["severity"] for rule in RULES}[alert]
    fill = annotations["summary"].replace("{{ $labels.host }}", labels.get("host", ""))
    summary = re.sub(r"\{\{ \$value[^}]*\}\}", "20%", fill).replace("{{ $labels.kind }}", labels.get("kind", ""))
    annotated = {"summary": summary, "description": annotations["description"]}
    found = [{"exp_labels": {"severity": severity, **labels}, "exp_annotations": annotated}]
    return {"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": found if fires else []}


def test_promtool_accepts_the_rules_and_they_fire_as_meant(tmp_path: Path):
    host = {"host": "api.twilio.com"}
    check_with_promtool(
        tmp_path,
        {
            "name": "a fifth of many calls fails",
            "input_series": [calls("2xx", "0+80x90"), calls("5xx", "0+20x90")],
            "alert_rule_test": [expect("TenantryCallsFail1h", 80, fires=True, **host)],
        },
        {
            "name": "two of ten calls fail",
            "input_series": [calls("2xx", "0x70 8x20"), calls("5xx", "0x70 2x20")],
            "alert_rule_test": [expect("TenantryCallsFail1h", 73, fires=False)],
        },
        {
            "name": "a fifth is answered 429",
            "input_series": [calls("2xx", "0+80x90"), calls("429", "0+20x90")],
            "alert_rule_test": [expect("TenantryThrottled", 80, fires=True, **host)],
        },
    )


@pytest.mark.parametrize(("values", "fires"), [("_x70 1x20", True), ("0x90", False), ("1x150", False)])
def test_the_first_command_that_fails_is_told(tmp_path: Path, values, fires):
    series = 'tenantry_command_duration_seconds_count{kind="drift",status_class="failed"}'
    case = {
        "input_series": [{"series": series, "values": values}],
        "alert_rule_test": [expect("TenantryCommandFailed", 80, fires=fires, kind="drift")],
    }
    check_with_promtool(tmp_path, case)
