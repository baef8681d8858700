"""Reading the golden cases of this folder, and what a ledger and a history would hand to rating."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tenantry.manifest.yaml.reader import read
from tenantry.manifest.yaml.tree import plain
from tenantry.model.suspension import Suspended
from tenantry.model.terms import CustomerTerms, Terms
from tenantry.model.usage_period import UsagePeriod, read_month
from tenantry.model.usage_reading import TOTAL, UsageReading
from tenantry.operations.billing.rating.values.inputs import BilledCustomer, DatedTerms, Lot, MonthUsage, TenantMonth

FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
UNITS = {"calls": ("calls", "minutes"), "phonenumbers": ("numbers", "numbers"), "transcriptions": ("", "minutes")}


@dataclass(frozen=True)
class GoldenCase:
    """One case as data."""

    name: str
    data: Mapping[str, Any]

    @property
    def expect(self) -> Mapping[str, Any]:
        return self.data["expect"]

    @property
    def period(self) -> UsagePeriod:
        return read_month(self.data["month"])

    def files(self, until: datetime | None = None) -> dict[str, Any]:
        """Return the files of main at an instant, or at its head."""
        files: dict[str, Any] = {}
        for commit in self.data["history"]:
            if until is None or datetime.fromisoformat(commit["at"]) <= until:
                files |= {path: _content(content) for path, content in commit["files"].items()}
        return files

    def commits(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each commit of main: when, and the text of its files, as people write them."""
        for commit in self.data["history"]:
            yield commit["at"], {path: as_yaml(_content(content)) for path, content in commit["files"].items()}

    def customer(self) -> BilledCustomer:
        """Return who gets the statement: a customer's file, or the one tenant."""
        files = self.files()
        written = next((files[path] for path in files if path.startswith("customers/")), None)
        if written is None:
            ((slug, manifest),) = _tenants(files).items()
            return BilledCustomer(slug, manifest["name"])
        terms = CustomerTerms.model_validate(written.get("terms", {}))
        return BilledCustomer(written["customer"], written["name"], written.get("statement") == "together", terms)

    def months(self, usage: str = "usage") -> list[TenantMonth]:
        """Return what each tenant's part is rated from; `usage` may be `read_again`."""
        return [self._month(slug, usage) for slug in sorted(_tenants(self.files()))]

    def other_plans(self) -> dict[str, dict[str, Terms]]:
        """Return each tenant's terms on every plan."""
        files = self.files(self.period.begin)
        plans = [path.removeprefix("plans/").removesuffix(".yaml") for path in files if path.startswith("plans/")]
        tenants = _tenants(files).items()
        return {slug: {plan: _terms(files, manifest, plan) for plan in plans} for slug, manifest in tenants}

    def _month(self, slug: str, usage: str) -> TenantMonth:
        in_force, head = self.files(self.period.begin), _tenants(self.files())[slug]
        manifest = _tenants(in_force)[slug]
        return TenantMonth(
            tenant=slug,
            name=manifest["name"],
            period=self.period,
            terms=tuple(_date_terms(in_force, manifest, head.get("amendments", []), self.period)),
            usage=self._usage(slug, usage),
            billed_from=_day(head.get("billed_from")),
            billed_until=_day(head.get("billed_until")),
            suspensions=tuple(_suspension(row) for row in self.data.get("suspensions", {}).get(slug, [])),
            lots=tuple(_lots(self.data.get("purchases", {}).get(slug, []), _terms(in_force, manifest))),
            account_sid=f"AC{'5' * 32}",
            commit="c0ffee" * 6,
        )

    def _usage(self, slug: str, key: str) -> MonthUsage | None:
        rows = self.data[key][slug]
        if rows is None:
            return None
        daily = tuple(reading for row in [*rows, *_totals(rows)] for reading in [_reading(slug, row)])
        categories = sorted({reading.category for reading in daily})
        whole = (_whole(self.period, [r for r in daily if r.category == category]) for category in categories)
        return MonthUsage(tuple(whole), daily)


def read_case(name: str) -> GoldenCase:
    """Return one case of this folder."""
    return GoldenCase(name, _read(FOLDER / f"{name}.yaml"))


def _read(path: Path) -> Any:
    source = read(FOLDER, path)
    assert source.node is not None, source.problems
    assert not source.problems, source.problems
    return plain(source.node)


def _content(content: Any) -> Any:
    return _read(FOLDER / "shared" / f"{content}.yaml") if isinstance(content, str) else content


def _tenants(files: Mapping[str, Any]) -> dict[str, Any]:
    return {content["tenant"]: content for path, content in files.items() if path.startswith("tenants/")}


def _terms(files: Mapping[str, Any], manifest: Mapping[str, Any], plan: str | None = None) -> Terms:
    below = files.get(f"plans/{plan or manifest.get('plan')}.yaml", {}).get("terms", {})
    return Terms.model_validate(merge(below, manifest.get("terms", {})))


def _date_terms(
    files: Mapping[str, Any], manifest: Mapping[str, Any], amendments: list[Any], period: UsagePeriod
) -> Iterator[DatedTerms]:
    terms = _terms(files, manifest)
    yield DatedTerms(period.first, terms)
    for amendment in amendments:
        above = amendment.get("terms") or files[f"plans/{amendment['plan']}.yaml"]["terms"]
        terms = Terms.model_validate(merge(terms.model_dump(exclude_unset=True, by_alias=True), above))
        yield DatedTerms(date.fromisoformat(amendment["from"]), terms)


def as_yaml(value: Any) -> str:
    """Return data as YAML with exact numbers; in one line, for YAML holds JSON."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {as_yaml(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(as_yaml, value)) + "]"
        case Decimal():
            return f"{value:f}"
        case _:
            return json.dumps(value)


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two layers as one: mappings by key, everything else replaced."""
    merged = dict(below)
    for key, value in above.items():
        mapped = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = merge(merged[key], value) if mapped else value
    return merged


def _totals(rows: list[Any]) -> Iterator[dict[str, Any]]:
    for day in sorted({row["day"] for row in rows}):
        price = sum((Decimal(row["price"]) for row in rows if row["day"] == day), Decimal(0))
        yield {"day": day, "category": TOTAL, "count": 0, "usage": price, "price": price}


def _reading(slug: str, row: Mapping[str, Any]) -> UsageReading:
    category, day = row["category"], date.fromisoformat(row["day"])
    units = UNITS.get(category, ("usd", "usd") if category == TOTAL else ("messages", "messages"))
    figures = [Decimal(row[name]) for name in ("count", "usage", "price")]
    return UsageReading(
        tenant=slug,
        account_sid=f"AC{'5' * 32}",
        period=UsagePeriod(day, day),
        granularity="day",
        category=category,
        count=figures[0],
        count_unit=units[0],
        usage=figures[1],
        usage_unit=units[1],
        price=figures[2],
        price_unit="usd",
        as_of=None,
    )


def _whole(period: UsagePeriod, days: list[UsageReading]) -> UsageReading:
    first, zero = days[0], Decimal(0)
    return UsageReading(
        tenant=first.tenant,
        account_sid=first.account_sid,
        period=period,
        granularity="period",
        category=first.category,
        count=sum((day.count or zero for day in days), zero),
        count_unit=first.count_unit,
        usage=sum((day.usage or zero for day in days), zero),
        usage_unit=first.usage_unit,
        price=sum((day.price or zero for day in days), zero),
        price_unit="usd",
        as_of=None,
    )


def _suspension(row: Mapping[str, Any]) -> Suspended:
    return Suspended(row["reason"], datetime.fromisoformat(row["since"]), datetime.fromisoformat(row["until"]))


def _lots(rows: list[Any], terms: Terms) -> Iterator[Lot]:
    for number, row in enumerate(rows, 1):
        pack = getattr(terms.charges[row["charge"]], "packs")[row["pack"]]  # noqa: B009  # of Credits alone
        first = date.fromisoformat(row["on"])
        last = _day(row.get("expires")) or first + timedelta(days=pack.days - 1)
        credit, units = Decimal(pack.credits), Decimal(pack.units)
        lot = (number, row["charge"], row["pack"], credit, units, pack.price, "usd", first, last, row["ref"], units)
        yield Lot(*lot)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
