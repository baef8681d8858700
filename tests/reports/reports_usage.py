"""Reports of usage, as values."""

from datetime import UTC, date, datetime
from decimal import Decimal

from tenantry.operations.usage.values import (
    CategoryUsage,
    Comparison,
    Days,
    Effect,
    Explanation,
    Fleet,
    FleetRow,
    Reconciliation,
    Row,
    TenantUsage,
    UsageReport,
)

AS_OF = datetime(2026, 4, 4, 6, 30, tzinfo=UTC)
MARCH = Days(first=date(2026, 3, 1), last=date(2026, 3, 31), is_over=True)
EVIL = '=HYPERLINK("http://evil.example")<script>alert(1)</script>\u202e\x1b[31m'


def category(name: str = "sms", within: str | None = None, price: str | None = "0.0553") -> CategoryUsage:
    return CategoryUsage(
        category=name,
        within=within,
        count=Decimal(5),
        count_unit="messages",
        usage=Decimal(7),
        usage_unit="segments",
        price=None if price is None else Decimal(price),
        price_unit="usd",
    )


def tenant(slug: str = "acme", **changes: object) -> TenantUsage:
    total = Decimal("0.0653")
    row = Row(reason="in_no_category", category=None, amount=Decimal("0.01"), text="no category shows it")
    read = TenantUsage(
        tenant=slug,
        name=EVIL,
        account_sid="AC" + "a" * 32,
        status="active",
        availability="read",
        reason=None,
        as_of=AS_OF,
        price=total,
        price_unit="usd",
        categories=(category(), category("sms-inbound", "sms"), category("mms", price=None)),
        reconciliation=Reconciliation(
            total=total, categories=Decimal("0.0553"), difference=Decimal("0.01"), rows=(row,)
        ),
    )
    return read.model_copy(update=changes)


GONE = tenant(
    "birch", availability="not_available", reason="Twilio answered 404", price=None, categories=(), reconciliation=None
)


def report(*tenants: TenantUsage, **changes: object) -> UsageReport:
    whole = UsageReport(
        format=1,
        stack="prod",
        parent="AC" + "f" * 32,
        period=MARCH,
        as_of=AS_OF,
        is_complete=True,
        tenants=tenants or (tenant(), GONE),
        categories=(category(), category("sms-inbound", "sms")),
        fleet=Fleet(
            total=Decimal("1.50"),
            price_unit="usd",
            rows=(FleetRow(part="not_available", accounts=1, amount=None, text="not available: 1 tenant"),),
        ),
        not_available=1,
        failed=0,
    )
    return whole.model_copy(update=changes)


def explanation() -> Explanation:
    effect = Effect(name="price_missing", records=1, quantity=None, price=None, text=EVIL)
    comparison = Comparison(
        log="messages",
        measure="count",
        unit="messages",
        is_whole=False,
        log_records=3,
        log_quantity=Decimal(3),
        log_price=Decimal("-0.5"),
        effects=(effect,),
        usage_categories=("sms",),
        usage_quantity=Decimal(4),
        usage_price=Decimal("0.04"),
        unexplained_quantity=None,
        unexplained_price=None,
    )
    return Explanation(
        format=1,
        tenant="acme",
        account_sid="AC" + "a" * 32,
        period=MARCH,
        time_zone="UTC",
        as_of=AS_OF,
        price_unit="usd",
        comparisons=(comparison,),
        apart=(effect,),
    )
