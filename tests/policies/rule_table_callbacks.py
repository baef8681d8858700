"""The part of the table of cases that is about URLs which Twilio calls."""

from collections.abc import Mapping, Sequence

from rule_cases import CLOSING, Case, spend, webhook

UNENCRYPTED = "unencrypted"
SECRET_IN_URL = "with a user or a password in the URL"
NOT_PUBLIC = "which is not a public host"

ODD_HOSTS = {
    "https://%31%32%37.0.0.1/e": "%31%32%37.0.0.1",
    "https://127.0.0.1\\.owl.example/e": "127.0.0.1\\.owl.example",
    "https://127.0.0.1%2f.owl.example/e": "127.0.0.1%2f.owl.example",
    "https://127.0.0.1;.owl.example/e": "127.0.0.1;.owl.example",
    "https://127.0.0.1\0.owl.example/e": "127.0.0.1\0.owl.example",
    "https://127.0.0.1\t.owl.example/e": "127.0.0.1\t.owl.example",
    "https://ho\u200boks.owl.example/e": "ho\u200boks.owl.example",
    "https://straße.owl.example/e": "straße.owl.example",
    "https://127.0.0.1_.owl.example/e": "127.0.0.1_.owl.example",
    "https://a..owl.example/e": "a..owl.example",
    "https://[::1.owl.example/e": "[::1.owl.example",
    "https://hooks.owl.example:99999/e": "hooks.owl.example",
    "https:///e": "",
}
"""URLs that no manifest can have, whose host readers of URLs take differently, as a stack may hold them."""

CALLBACKS: Mapping[str, Sequence[Case]] = {
    "https-urls": [
        Case(),
        Case(webhook("HTTPS://hooks.owl.example")),
        Case("debugger_webhook: null"),
        Case(
            webhook("http://hooks.owl.example/errors?token=x"),
            (f"acme: debugger_webhook.url: sends to http://hooks.owl.example/errors, {UNENCRYPTED}",),
        ),
        Case(
            spend(callback_url="'http://hooks.owl.example/spend'"),
            (f"acme: usage_triggers.spend.callback_url: sends to http://hooks.owl.example/spend, {UNENCRYPTED}",),
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
        *(
            Case(
                url=f"https://{userinfo}@hooks.owl.example/e",
                finds=(f"acme: debugger_webhook.url: sends to https://hooks.owl.example/e {SECRET_IN_URL}",),
            )
            for userinfo in ("", ":")
        ),
        Case(
            url="http:hooks.owl.example",
            finds=(f"acme: debugger_webhook.url: sends to http://, {UNENCRYPTED}",),
        ),
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
                (f"acme: debugger_webhook.url: sends to {text}, which is not a public host",),
            )
            for host, text in {
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
                "localhost": "localhost",
                "LOCALHOST.": "localhost",
                "hooks": "hooks",
                "hooks.internal": "hooks.internal",
                "a.b.local": "a.b.local",
                "hooks.home.arpa:8443": "hooks.home.arpa",
                "localhost.localdomain": "localhost.localdomain",
                "hooks.default.svc": "hooks.default.svc",
                "hooks.default.svc.cluster.local": "hooks.default.svc.cluster.local",
                "hooks.owl.corp": "hooks.owl.corp",
                "HOOKS.Owl.CORP.": "hooks.owl.corp",
                "hooks.owl.ｃｏｒｐ": "hooks.owl.ｃｏｒｐ",
                "hooks.owl.123": "hooks.owl.123",
            }.items()
        ),
        *(
            Case(url=url, finds=(f"acme: debugger_webhook.url: sends to {text}, which is not a public host",))
            for url, text in ODD_HOSTS.items()
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
        *(
            Case(
                url=url,
                finds=(f"acme: debugger_webhook.url: sends to {text}, which is not an allowed host",),
                settings={"hosts": ["*.owl.example", "owl.example"]},
            )
            for url, text in ODD_HOSTS.items()
        ),
        Case(webhook("https://bücher.example/e"), settings={"hosts": ["xn--bcher-kva.example"]}),
        Case(webhook("https://ＨＯＯＫＳ.owl.example/e")),
        Case(webhook("/e"), webhooks="https://HOOKS。owl.example."),
        Case(
            webhook("https://one.example/e") + "usage_triggers: null",
            ("acme: debugger_webhook.url: sends to one.example, which is not an allowed host",),
            webhooks=None,
        ),
    ],
    "watched-errors": [
        Case(),
        Case("debugger_webhook: null", ("acme: debugger_webhook: nobody is notified of errors",)),
        Case(f"debugger_webhook: null\n{CLOSING}"),
    ],
    "own-error-url": [
        Case(),
        Case(other_tenants=("", "")),
        Case(webhook("/all"), other_tenants=("",)),
        Case("debugger_webhook: null", other_tenants=("debugger_webhook: null",)),
        Case(
            webhook("/all"),
            (
                "acme: debugger_webhook.url: sends errors to the same URL as birch",
                "birch: debugger_webhook.url: sends errors to the same URL as acme",
            ),
            other_tenants=(webhook("https://HOOKS.owl.example/twilio/all/"), ""),
        ),
        *(
            Case(
                webhook("/all"),
                (
                    "acme: debugger_webhook.url: sends errors to the same URL as birch",
                    "birch: debugger_webhook.url: sends errors to the same URL as acme",
                ),
                other_tenants=(webhook(f"https://{spelled}"),),
            )
            for spelled in (
                "hooks.owl.example:443/twilio/all",
                "hooks.owl.example./twilio/%61ll",
                "hooks.owl.example/twilio/all#birch",
                "ｈooks。owl.example/twilio/all",
            )
        ),
        Case(webhook("/all"), other_tenants=(webhook("https://hooks.owl.example:8443/twilio/all"),)),
        Case(webhook("/all?tenant=acme"), other_tenants=(webhook("/all?tenant=birch"),)),
        Case(
            webhook("/all"),
            (
                "acme: debugger_webhook.url: sends errors to the same URL as birch and 1 more",
                "birch: debugger_webhook.url: sends errors to the same URL as acme and 1 more",
                "cedar: debugger_webhook.url: sends errors to the same URL as acme and 1 more",
            ),
            other_tenants=(webhook("/all"), webhook("/all"), webhook("/all") + CLOSING),
        ),
    ],
}
