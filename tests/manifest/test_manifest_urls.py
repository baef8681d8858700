"""URLs that Twilio would not call, or that its client and ours would read differently, and those that it takes."""

import pytest

ODD = "in its host, which clients read differently; write letters, digits, '-' and '.' alone"
NO_PORT = "has a host or a port that no client can dial: ports are 1 to 65535, IPv6 addresses whole"
NO_NAME = "has a host that is no valid name: between its dots are 1 to 63 characters, 253 in all"
USERINFO = "must not hold a user or a password: manifests are in git and URLs are in the state in clear"
BLANK = "must not hold white space"
BACKSLASH = "holds a backslash, which some clients read as a slash; write /"
NO_URL = "must be a URL that starts with https://"
UNSEEN = "holds U+{}, which is invisible; remove it"
REFUSED = {
    "https://a_b.example/e": f"has '_' {ODD}",
    "https://a%2eb.example/e": f"has '%' {ODD}",
    "https://evil.example;.owl.example/e": f"has ';' {ODD}",
    "https://straße.example/e": f"has 'ß' {ODD}",
    "https://a..example/e": NO_NAME,
    f"https://{'a' * 64}.example/e": NO_NAME,
    f"https://{'.'.join(['a' * 60] * 5)}/e": NO_NAME,
    "https://owl.example:65536/e": NO_PORT,
    "https://owl.example:0/e": NO_PORT,
    "https://owl.example:x/e": NO_PORT,
    "https://[::1/e": NO_PORT,
    "https://@owl.example/e": USERINFO,
    "https://:@owl.example/e": USERINFO,
    "https://ana@owl.example/e": USERINFO,
    "https://evil.example\\.owl.example/e": BACKSLASH,
    "https://owl.example/a\\b": BACKSLASH,
    " https://owl.example/e": BLANK,
    "https://owl.example/e ": BLANK,
    "https://owl.example/\u200be": UNSEEN.format("200B"),
    "https://owl\u200b.example/e": UNSEEN.format("200B"),
    "https://owl.example/\ufeffe": UNSEEN.format("FEFF"),
    "https://owl.example/\u3164e": UNSEEN.format("3164"),
    "https://owl.example/\u00ade": UNSEEN.format("00AD"),
    "https:///e": NO_URL,
    "https:owl.example": NO_URL,
    "https://": NO_URL,
    "https://:443/e": NO_URL,
}
PATHS = {
    "//owl.example/e": "begins with //, after which clients read a host; write one slash, or a whole URL",
    "/a b": BLANK,
    "/e ": BLANK,
    "/\\owl.example/e": BACKSLASH,
    "/\u2060e": UNSEEN.format("2060"),
}
TAKEN = (
    "https://owl.example",
    "HTTPS://Owl.Example./e",
    "https://bücher.example/straße?q=ä",
    "https://owl.example:65535/e",
    "https://owl.example:/e",
    "https://[2606:4700::1111]:8443/e",
    "https://{tenant}.owl.example/e",
    "https://owl.example/e?tenant={tenant}#rc=3",
    "https://owl.example/a;b=c/@d/e_f/%2F",
    "https://1.1.1.1/e",
)


@pytest.mark.parametrize(("url", "sentence"), (REFUSED | PATHS).items())
def test_a_url_that_clients_read_differently_is_refused(problems, url, sentence):
    text = f"tenant: acme\nname: Acme\ndebugger_webhook: {{url: '{url}'}}\n"
    assert problems({"tenants/acme.yaml": text}) == [f"tenants/acme.yaml:3:25: debugger_webhook.url: {sentence}"]


@pytest.mark.parametrize(("url", "sentence"), REFUSED.items())
def test_a_base_that_clients_read_differently_is_refused(problems, url, sentence):
    found = problems({"tenantry.yaml": f"format: 1\nwebhooks: '{url}'\n"})
    assert found == [f"tenantry.yaml:2:11: webhooks: {sentence}"]


@pytest.mark.parametrize("more", ["?a=b", "#rc=3", "/twilio?", "/twilio#", "?"])
@pytest.mark.parametrize("stacks", ["", "stacks: {dev: {webhooks: 'https://owl.example%s'}}\n"])
def test_a_base_with_a_query_or_a_fragment_is_refused(problems, more, stacks):
    base = "webhooks: https://owl.example\n" if stacks else f"webhooks: 'https://owl.example{more}'\n"
    found = problems({"tenantry.yaml": f"format: 1\n{base}{stacks and stacks % more}"})
    place, path = ("3:26", "stacks.dev.webhooks") if stacks else ("2:11", "webhooks")
    sentence = "is a base, to which paths are added: it must not have a query (?) or a fragment (#)"
    assert found == [f"tenantry.yaml:{place}: {path}: {sentence}"]


@pytest.mark.parametrize("url", TAKEN)
def test_a_url_that_twilio_takes_is_taken(problems, url):
    assert problems({"tenants/acme.yaml": f"tenant: acme\nname: Acme\ndebugger_webhook: {{url: '{url}'}}\n"}) == []


def test_a_url_that_is_too_long_with_its_base_is_refused(problems):
    base, path = f"https://owl.example/{'b' * 3000}", f"/{'p' * 1076}"
    files = {
        "tenantry.yaml": f"format: 1\nwebhooks: {base}\n",
        "tenants/acme.yaml": f"tenant: acme\nname: Acme\ndebugger_webhook: {{url: {path}}}\n",
    }
    assert problems(files | {"tenants/acme.yaml": files["tenants/acme.yaml"].replace(path, path[:-1])}) == []
    assert problems(files) == [
        "tenants/acme.yaml:3:25: debugger_webhook.url: comes to 4097 characters below webhooks; 4096 at most "
        "are allowed"
    ]
