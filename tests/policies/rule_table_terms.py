"""Cases of the rules about terms: prices, allowances, discounts."""

from collections.abc import Mapping, Sequence

from rule_cases import CLOSING, Case

SUSPENDED = "state: suspended\n"
UNTOLD = "nobody is notified when the {} included units are used up: no monthly trigger has"
UNTOLD_100 = (f"acme: terms.charges.sms.included: {UNTOLD.format(100)} usage_category: sms and trigger_by: count",)
BEATEN = (
    "acme: terms.charges.sms.overage_price: from 121 units a month on the plan medium is cheaper: "
    "it costs 59.99 with 200 units included, and 121 units cost 60.49 here",
)


def charge(strategy: str, name: str = "sms", quantity: str = "count", **more: object) -> str:
    """Return terms with one charge; `more` are its keys."""
    keys = {"label": "Texts", "strategy": strategy, "quantity": quantity, **more}
    entry = ", ".join(f"{key}: {value}" for key, value in keys.items())
    return f"terms: {{charges: {{{name}: {{{entry}}}}}}}\n"


def price_terms(base: object, included: object, price: object, **more: object) -> str:
    """Return terms with a base fee and one charge with overage."""
    overage = charge("tiers_with_overage", included=included, overage_price=price, **more)
    return overage.replace("terms: {", f"terms: {{fees: {{base: {base}}}, ")


def plan(base: object, included: object, currency: str = "usd", **more: object) -> str:
    """Return what a plan has under terms; with no `included`, all units are in the fee."""
    counted = {} if included is None else {"included": included}
    terms = charge(**{"strategy": "tiers", **counted, **more}).removeprefix("terms: {").rstrip("\n}")  # type: ignore[arg-type]
    return f"{{currency: {currency}, fees: {{base: {base}}}, {terms}}}}}}}\n"


def monthly(value: object = 100, key: str = "monthly-sms", **more: object) -> str:
    """Return one trigger as an entry of usage_triggers."""
    keys = {
        "usage_category": "sms",
        "trigger_by": "count",
        "trigger_value": value,
        "recurring": "monthly",
        "callback_url": "/usage",
        **more,
    }
    return f"{key}: {{{', '.join(f'{name}: {text}' for name, text in keys.items())}}}"


def triggers(*entries: str) -> str:
    return f"usage_triggers: {{{', '.join(entries)}}}\n"


def fires(value: str, included: str = "100", key: str = "monthly-sms") -> tuple[str, ...]:
    sentence = f"fires at {value} units a month, and {included} are included (terms.charges.sms.included)"
    return (f"acme: usage_triggers.{key}.trigger_value: {sentence}",)


def below(path: str, price: str, category: str = "sms", cost: str = "0.0079", per: str = "a unit") -> str:
    return f"acme: terms.charges.sms.{path}: is {price} {per}, and each unit of {category} costs {cost}"


TIERS = charge("tiers", included=100)
COSTS = {"costs": {"sms": "0.0079"}}
PACKS = "{p100: {credits: 100, units: 500, price: %s, days: 365}, one: {credits: 1, units: 1, price: 0.01, days: 9}}"
BOTH = "[sms-inbound, sms-outbound]"
SMALL = price_terms(49.99, 100, "0.50")
MEDIUM = {"medium": plan(59.99, 200)}
TOO_HIGH = "acme: terms.discount.percent: is 20.5, and 20 is the highest allowed"

TERMS: Mapping[str, Sequence[Case]] = {
    "terms-missing": [
        Case(),
        Case("terms: null\n", ("acme: terms: nothing says what the customer pays, so it gets no statement",)),
        Case(
            "terms: null\nstate: active\n",
            ("acme: terms: nothing says what the customer pays, so it gets no statement",),
        ),
        Case(f"terms: null\n{SUSPENDED}"),
        Case(f"terms: null\n{CLOSING}"),
        Case("terms: null\nstate: released\n"),
    ],
    "trigger-matches-allowance": [
        Case(),
        Case("terms: null\n"),
        Case(TIERS + triggers(monthly())),
        Case(TIERS + triggers(monthly(90)), fires("90")),
        Case(TIERS + triggers(monthly(1000)), fires("1,000")),
        Case(TIERS + triggers(monthly(150, warn_at_percent="[80]")), fires("150")),
        Case(TIERS + triggers(monthly(90), monthly(key="full"), monthly(110, key="over"))),
        Case(
            TIERS + triggers(monthly(50), monthly(110, key="near"), monthly(150, key="far")), fires("110", key="near")
        ),
        Case(TIERS, UNTOLD_100),
        Case(TIERS + triggers(monthly(recurring="daily")), UNTOLD_100),
        Case(TIERS + triggers(monthly(trigger_by="usage")), UNTOLD_100),
        Case(TIERS + triggers(monthly(usage_category="mms")), UNTOLD_100),
        Case(f"{TIERS}{SUSPENDED}", UNTOLD_100),
        Case(f"{TIERS}{CLOSING}"),
        Case(SMALL, UNTOLD_100),
        Case(
            charge("tiers", included=5000, name="calls", quantity="usage")
            + triggers(monthly(5000, trigger_by="usage")),
            (
                f"acme: terms.charges.calls.included: {UNTOLD.format('5,000')} "
                "usage_category: calls and trigger_by: usage",
            ),
        ),
        Case(
            charge("tiers", included=5000, name="calls", quantity="usage")
            + triggers(monthly(5000, usage_category="calls", trigger_by="usage"))
        ),
        Case(
            charge("tiers", included=100, usage_categories="[sms, mms]", quantity_of="[mms]"),
            (f"acme: terms.charges.sms.included: {UNTOLD.format(100)} usage_category: mms and trigger_by: count",),
        ),
        Case(charge("tiers", included=100, usage_categories=BOTH, quantity_of=BOTH)),
        Case(charge("tiers", included=0)),
        Case(charge("tiers")),
        Case(charge("fixed", price=1)),
    ],
    "price-below-cost": [
        Case(),
        Case("terms: null\n", settings=COSTS),
        Case(charge("fixed", price="0.003")),
        Case(charge("fixed", price="0.0079"), settings=COSTS),
        Case(charge("fixed", price="0.0078"), (below("price", "0.0078"),), COSTS),
        Case(charge("fixed", price="0.000000001"), (below("price", "0.000000001"),), COSTS),
        Case(charge("fixed", markup_percent=0), settings=COSTS),
        Case(charge("fixed", price="0.003"), settings={"costs": {"mms": "0.02"}}),
        Case(price_terms(10, 100, "0.001"), (below("overage_price", "0.001"),), COSTS),
        Case(price_terms(10, 100, "0.0079"), settings=COSTS),
        Case(TIERS, settings=COSTS),
        Case(charge("credits", packs=PACKS % "3.95", when_empty="{price: 0.01}"), settings=COSTS),
        Case(
            charge("credits", packs=PACKS % "3.94", when_empty="{price: 0.007}"),
            (below("packs.p100.price", "3.94", per="for 500 units"), below("when_empty.price", "0.007")),
            COSTS,
        ),
        Case(
            charge("credits", packs=PACKS % "9.00", when_empty="stop"),
            (below("packs.one.price", "0.01", cost="0.011"),),
            {"costs": {"sms": "0.011"}},
        ),
        Case(
            charge("fixed", price="0.005", usage_categories=BOTH, quantity_of=BOTH),
            (below("price", "0.005", category="sms-outbound"),),
            {"costs": {"sms-inbound": "0.006", "sms-outbound": "0.0079"}},
        ),
        Case(
            charge("fixed", price="0.005", usage_categories=BOTH, quantity_of="[sms-inbound]"),
            settings={"costs": {"sms-inbound": "0.004", "sms-outbound": "0.0079"}},
        ),
        Case(charge("fixed", price="0.003") + CLOSING, settings=COSTS),
    ],
    "overage-beats-next-tier": [
        Case(),
        Case("terms: null\n", plans=MEDIUM),
        Case(SMALL),
        Case(SMALL, BEATEN, plans=MEDIUM),
        Case(SMALL, BEATEN, plans={**MEDIUM, "large": plan(65.99, 300)}),
        Case(SMALL, BEATEN, plans={"large": plan(65.99, 300), **MEDIUM}),
        Case(SMALL, BEATEN, plans={"medium": plan(59.99, 200, strategy="tiers_with_overage", overage_price=0.30)}),
        Case(SMALL, plans={"small": plan(59.99, 200)}),
        Case(SMALL, plans={"medium": plan(59.99, 200, currency="eur")}),
        Case(SMALL, plans={"medium": plan(59.99, 200, quantity="usage")}),
        Case(SMALL, plans={"medium": plan(59.99, 200, name="mms")}),
        Case(SMALL, plans={"medium": plan(59.99, 200, usage_categories="[mms]")}),
        Case(SMALL, plans={"medium": plan(59.99, None, strategy="fixed", price=1)}),
        Case(SMALL, plans={"medium": plan(49.99, 200)}),
        Case(SMALL, plans={"medium": plan(39.99, 200)}),
        Case(
            SMALL,
            (
                "acme: terms.charges.sms.overage_price: from 102 units a month on the plan medium is cheaper: "
                "it costs 50.49 with 200 units included, and 102 units cost 50.99 here",
            ),
            plans={"medium": plan("50.49", 200)},
        ),
        Case(SMALL, plans={"medium": plan(59.99, 121)}),
        Case(
            SMALL,
            (BEATEN[0].replace("200", "122"),),
            plans={"medium": plan(59.99, 122)},
        ),
        Case(
            SMALL,
            (BEATEN[0].replace("200 units", "all units"),),
            plans={"medium": plan(59.99, None)},
        ),
        Case(
            charge("tiers_with_overage", included=0, overage_price="0.04"),
            (
                "acme: terms.charges.sms.overage_price: from 1,251 units a month on the plan medium is cheaper: "
                "it costs 50 with 2,000 units included, and 1,251 units cost 50.04 here",
            ),
            plans={"medium": plan(50, 2000)},
        ),
        Case(price_terms(49.99, 100, 0), plans=MEDIUM),
        Case(price_terms(49.99, 100, "0.10"), plans=MEDIUM),
        Case(TIERS, plans=MEDIUM),
        Case(SMALL, settings={"accepted": ["small"]}, plans=MEDIUM),
        Case(SMALL, BEATEN, {"accepted": ["medium"]}, plans=MEDIUM),
        Case(SMALL + CLOSING, plans=MEDIUM),
    ],
    "discount-limit": [
        Case(),
        Case("terms: null\n", customer="{discount: {percent: 90}}"),
        Case("terms: {discount: {percent: 20}}\n"),
        Case("terms: {discount: {percent: 20.5}}\n", (TOO_HIGH,)),
        Case("terms: {discount: {percent: 20.5}}\n", settings={"percent": 21}),
        Case(
            "terms: {discount: {percent: 11}}\n",
            ("acme: terms.discount.percent: is 11, and 10 is the highest allowed",),
            {"percent": 10},
        ),
        Case(customer="{discount: {percent: 20}}"),
        Case(customer="{discount: {percent: 20.5}}", finds=(TOO_HIGH,)),
        Case("terms: {discount: {percent: 90}}\n", customer="{discount: {percent: 5}}"),
        Case("terms: {discount: {percent: 20.5}}\n", (TOO_HIGH,), customer="{net_days: 5}"),
        Case(
            "amendments: [{from: '2026-12-01', terms: {discount: {percent: 5}}, reason: x}, "
            "{from: '2027-01-01', terms: {discount: {percent: 50}}, reason: x}]\n",
            ("acme: amendments[1].terms.discount.percent: is 50, and 20 is the highest allowed",),
        ),
        Case(
            "amendments: [{from: '2026-12-01', terms: {discount: {percent: 50}}, reason: x}]\n",
            customer="{discount: {percent: 5}}",
        ),
        Case("amendments: [{from: '2026-12-01', terms: {discount: null}, reason: x}]\n"),
        Case("terms: {discount: {percent: 90}}\n" + CLOSING),
    ],
}
