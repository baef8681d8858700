"""The part of the table of cases that is about URLs which Twilio calls."""

from collections.abc import Mapping, Sequence

from rule_cases import CLOSING, Case, spend, webhook

IN_CLEAR = "in clear"
SECRET_IN_URL = "with a user or a password in the URL"
NOT_PUBLIC = "which is not a public host"

CALLBACKS: Mapping[str, Sequence[Case]] = {
    "https-urls": [
        Case(),
        Case(webhook("HTTPS://hooks.owl.example")),
        Case("debugger_webhook: null"),
        Case(
            webhook("http://hooks.owl.example/errors?token=x"),
            (f"acme: debugger_webhook.url: sends to http://hooks.owl.example/errors, {IN_CLEAR}",),
        ),
        Case(
            spend(callback_url="'http://hooks.owl.example/spend'"),
            (f"acme: usage_triggers.spend.callback_url: sends to http://hooks.owl.example/spend, {IN_CLEAR}",),
        ),
        Case(
            url="https://ana:secret@hooks.owl.example/e",
            finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
        ),
        Case(
            url="https://ana@hooks.owl.example/e",
            finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
        ),
        Case(
            url="https://:secret@hooks.owl.example/e",
            finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
        ),
        Case(webhook("http://hooks.owl.example") + CLOSING),
    ],
    "public-hosts": [
        Case(),
        Case(webhook("https://8.8.8.8/e")),
        Case(webhook("https://[2606:4700::1111]/e")),
        Case(webhook("https://localhost.owl.example/e")),
        Case(webhook("https://eulen.bücher.example/e")),
        *(
            Case(
                webhook(f"https://{host}/e"),
                (f"acme: debugger_webhook.url: sends to {told}, which is not a public host",),
            )
            for host, told in {
                "10.0.0.7": "10.0.0.7",
                "127.1": "127.1",
                "0177.0.0.1": "0177.0.0.1",
                "010.8.8.8": "010.8.8.8",
                "134744072": "134744072",
                "2130706433": "2130706433",
                "0x7f000001": "0x7f000001",
                "100.64.0.1": "100.64.0.1",
                "169.254.169.254": "169.254.169.254",
                "[::1]": "::1",
                "224.0.0.1": "224.0.0.1",
                "[ff02::1]": "ff02::1",
                "[fe80::1%25eth0]": "fe80::1%25eth0",
                "[::ffff:10.0.0.7]": "::ffff:10.0.0.7",
                "[::10.0.0.7]": "::10.0.0.7",
                "[64:ff9b::a00:7]": "64:ff9b::a00:7",
                "[2002:a00:7::1]": "2002:a00:7::1",
                "[2001:0:a00:7::1]": "2001:0:a00:7::1",
                "[2001:db8::1]": "2001:db8::1",
                "１２７.0.0.1": "１２７.0.0.1",
                "127。0｡0.1": "127。0｡0.1",
                "%31%32%37.0.0.1": "%31%32%37.0.0.1",
                "localhost": "localhost",
                "LOCALHOST.": "localhost",
                "hooks": "hooks",
                "hooks.internal": "hooks.internal",
                "a.b.local": "a.b.local",
                "hooks.home.arpa:8443": "hooks.home.arpa",
            }.items()
        ),
        Case(
            spend(callback_url="'https://10.0.0.7/s'"),
            ("acme: usage_triggers.spend.callback_url: sends to 10.0.0.7, which is not a public host",),
        ),
    ],
    "allowed-hosts": [
        Case(),
        Case(webhook("https://HOOKS.owl.example./e")),
        Case(
            webhook("https://errors.owl.example/e"),
            ("acme: debugger_webhook.url: sends to errors.owl.example, which is not an allowed host",),
        ),
        Case(webhook("https://errors.owl.example/e"), settings={"hosts": ["errors.owl.example"]}),
        Case(webhook("https://a.b.elm.example/e"), settings={"hosts": ["*.elm.example"]}),
        Case(
            webhook("https://elm.example/e"),
            ("acme: debugger_webhook.url: sends to elm.example, which is not an allowed host",),
            settings={"hosts": ["*.elm.example"]},
        ),
        Case(
            webhook("https://evilelm.example/e"),
            ("acme: debugger_webhook.url: sends to evilelm.example, which is not an allowed host",),
            settings={"hosts": ["*.elm.example", "elm.example"]},
        ),
        Case(
            webhook("https://one.example/e") + "usage_triggers: null",
            ("acme: debugger_webhook.url: sends to one.example, which is not an allowed host",),
            webhooks=None,
        ),
    ],
    "watched-errors": [
        Case(),
        Case("debugger_webhook: null", ("acme: debugger_webhook: nobody hears of errors",)),
        Case(f"debugger_webhook: null\n{CLOSING}"),
    ],
    "own-error-url": [
        Case(),
        Case(others=("", "")),
        Case(webhook("/all"), others=("",)),
        Case("debugger_webhook: null", others=("debugger_webhook: null",)),
        Case(
            webhook("/all"),
            (
                "acme: debugger_webhook.url: sends errors to the same URL as birch",
                "birch: debugger_webhook.url: sends errors to the same URL as acme",
            ),
            others=(webhook("https://HOOKS.owl.example/twilio/all/"), ""),
        ),
        Case(
            webhook("/all"),
            (
                "acme: debugger_webhook.url: sends errors to the same URL as birch and 1 more",
                "birch: debugger_webhook.url: sends errors to the same URL as acme and 1 more",
                "cedar: debugger_webhook.url: sends errors to the same URL as acme and 1 more",
            ),
            others=(webhook("/all"), webhook("/all"), webhook("/all") + CLOSING),
        ),
    ],
}
