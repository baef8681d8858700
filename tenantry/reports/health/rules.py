"""Rules for Prometheus and a dashboard for Grafana, made from the burn windows and from what telemetry counts.

They watch the fleet: calls to Twilio by host and status class. Objectives of tenants stay in `tenantry health`, because
two of them for 1,000 tenants would be some 34,000 rules, and a tenant is no label.
"""

import json
from fractions import Fraction

import yaml

from tenantry.operations.health.burn import LEAST_BAD, WINDOWS, Window

DAYS = 30
ALLOWED = Fraction(1, 200)
"""Share of calls that may fail: Twilio promises 99.95 percent, and the network between takes its part."""
BAD = 'status_class=~"5xx|none"'
THROTTLED = 'status_class="429"'
FAILED = 'tenantry_command_duration_seconds_count{status_class="failed"}'
"""Its first failure makes the series, and an increase begins at the second: so a series that is new counts too."""
_MINUTES = 60


def prometheus_rules() -> str:
    """Return a file of rules: a burning budget of calls, too many 429s, and commands that fail."""
    rules = [
        *(_burn_alert(window) for window in WINDOWS),
        _alert(
            "TenantryThrottled",
            f"{_rate(THROTTLED, '15m')} / {_rate('', '15m')} > 0.05",
            "ticket",
            "Twilio answers {{ $value | humanizePercentage }} of the calls to {{ $labels.host }} with 429",
            "Run fewer commands at once; see docs/throughput.md.",
        ),
        _alert(
            "TenantryCommandFailed",
            f"sum by (kind) (increase({FAILED}[1h])) > 0 or sum by (kind) ({FAILED} unless {FAILED} offset 1h) > 0",
            "ticket",
            "`tenantry {{ $labels.kind }}` failed",
            "Read the log of the job.",
        ),
    ]
    header = "# Written by `tenantry health --rules prometheus`; check it with `promtool check rules`.\n"
    text: str = yaml.safe_dump({"groups": [{"name": "tenantry", "rules": rules}]}, sort_keys=False, width=200)
    return header + text


def grafana_dashboard() -> str:
    """Return a dashboard as JSON: calls, failures, 429s, durations, commands."""
    panels = [
        _panel(number, title, list(queries), unit)
        for number, (title, unit, queries) in enumerate(
            (
                ("Calls to Twilio", "reqps", (f"sum by (host) ({_series('', '5m')})",)),
                ("Share of failed calls", "percentunit", (f"{_rate(BAD, '5m')} / {_rate('', '5m')}",)),
                ("Share of 429s", "percentunit", (f"{_rate(THROTTLED, '5m')} / {_rate('', '5m')}",)),
                ("Duration of calls, p50 and p99", "s", (_quantile("0.5"), _quantile("0.99"))),
                ("Calls by kind", "reqps", ("sum by (kind) (rate(tenantry_calls_total[5m]))",)),
                (
                    "Commands by how they ended",
                    "short",
                    ("sum by (kind, status_class) (increase(tenantry_command_duration_seconds_count[1h]))",),
                ),
            )
        )
    ]
    board = {
        "uid": "tenantry",
        "title": "Tenantry: calls to Twilio",
        "tags": ["tenantry"],
        "timezone": "utc",
        "schemaVersion": 39,
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]
        },
        "panels": panels,
    }
    return json.dumps(board, indent=2) + "\n"


def _burn_alert(window: Window) -> dict[str, object]:
    threshold = float(window.factor(DAYS) * ALLOWED)
    long, short = _span(window.long.total_seconds()), _span(window.short.total_seconds())
    conditions = [f"{_rate(BAD, span)} / {_rate('', span)} > {threshold:g}" for span in (long, short)]
    conditions.append(f"sum by (host) (increase(tenantry_calls_total{{{BAD}}}[{long}])) >= {LEAST_BAD}")
    return _alert(
        f"TenantryCallsFail{long}",
        " and ".join(f"({condition})" for condition in conditions),
        window.severity,
        f"{{{{ $value | humanizePercentage }}}} of the calls to {{{{ $labels.host }}}} failed in {long}",
        "See `tenantry status` and `tenantry health`.",
    )


def _alert(name: str, expression: str, severity: str, summary: str, remedy: str) -> dict[str, object]:
    return {
        "alert": name,
        "expr": expression,
        "labels": {"severity": severity},
        "annotations": {"summary": summary, "description": remedy},
    }


def _series(matchers: str, span: str) -> str:
    return f"rate(tenantry_calls_total{{{matchers}}}[{span}])"


def _rate(matchers: str, span: str) -> str:
    return f"sum by (host) ({_series(matchers, span)})"


def _quantile(share: str) -> str:
    return f"histogram_quantile({share}, sum by (le) (rate(tenantry_call_duration_seconds_bucket[5m])))"


def _span(seconds: float) -> str:
    minutes = int(seconds) // _MINUTES
    if minutes % (24 * _MINUTES) == 0:
        return f"{minutes // (24 * _MINUTES)}d"
    return f"{minutes // _MINUTES}h" if minutes % _MINUTES == 0 else f"{minutes}m"


def _panel(number: int, title: str, queries: list[str], unit: str) -> dict[str, object]:
    source = {"type": "prometheus", "uid": "${source}"}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": source,
        "gridPos": {"h": 8, "w": 12, "x": 12 * (number % 2), "y": 8 * (number // 2)},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [{"refId": "AB"[place], "datasource": source, "expr": query} for place, query in enumerate(queries)],
    }
