"""The export as JSON, CSV and lines for a shell."""

import csv
import io
import json
import random
import re
import shlex
from pathlib import Path
from unicodedata import normalize

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stack_state import ACCOUNT, account, acme, child, fleet, manifests, save_resource, sid, state, tenant

from tenantry.model.written import NAME
from tenantry.operations.export.choose import ChosenKey, choose_key, find_only_tenant
from tenantry.operations.export.gather import ExportError, gather, select_tenants
from tenantry.reports.export.as_csv import COLUMNS, as_csv
from tenantry.reports.export.as_env import as_env
from tenantry.reports.export.as_json import SCHEMA_FILE, as_json, export_schema, schema_text
from tenantry.text.csv_cell import FORMULA_SIGNS

ROOT = Path(__file__).resolve().parents[2]
REWRITE = f"python -c 'from tenantry.reports.export.as_json import *; print(schema_text(), end=\"\")' > {SCHEMA_FILE}"
ELM = tenant("elm", state="closed", close_after="2026-12-31", labels={"tier": "large"})


def an_export(*tenants, resources=()):
    elm = account("elm", "waiting-elm", "missing")
    given_ = manifests(tenant(labels={"crm_id": "0012x"}), ELM, tenant("birch"), *tenants)
    return gather("dev", given_, state(fleet(), *acme(), elm, *resources))


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_json_is_as_the_published_schema_says():
    schema = json.loads((ROOT / SCHEMA_FILE).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(as_json(an_export())), schema, format_checker=jsonschema.FormatChecker())


def test_the_published_schema_is_fresh():
    assert (ROOT / SCHEMA_FILE).read_text() == schema_text(), f"write it anew: {REWRITE}"


def test_the_schema_wants_every_field_and_knows_no_other():
    schema = export_schema()
    for part in (schema, *schema["$defs"].values()):
        assert part["additionalProperties"] is False
        assert set(part["required"]) == set(part["properties"])


def test_equal_stacks_give_equal_bytes_whatever_order_the_state_has():
    resources = [fleet(), *acme(), account("elm", "waiting-elm", "missing")]
    texts = set()
    for seed in range(5):
        random.Random(seed).shuffle(resources)
        export = gather("dev", manifests(tenant(), ELM), state(*resources))
        texts.add((as_json(export), as_csv(export)))
    assert len(texts) == 1


def test_json_can_not_steer_a_terminal():
    text = as_json(an_export(tenant("zoo", name="x\x9b31m\u202e\x1b]0;hi\x07")))
    assert all((sign.isprintable() and sign.isascii()) or sign == "\n" for sign in text)


def test_csv_has_a_row_for_each_key_with_its_current_generation():
    found = [
        (row["tenant"], row["api_key"], row["generation"], row["api_key_sid"]) for row in rows(as_csv(an_export()))
    ]
    assert found == [
        ("acme", "sender", "10", sid("SK", 3)),
        ("acme", "web", "2", sid("SK", 2)),
        ("birch", "", "", ""),
        ("elm", "", "", ""),
    ]


def test_csv_columns_are_fixed_and_labels_follow_sorted():
    header = as_csv(an_export()).splitlines()[0].split(",")
    assert header == [*COLUMNS, "label.crm_id", "label.tier"]


def test_csv_says_who_and_how():
    web = rows(as_csv(an_export()))[1]
    assert {name: web[name] for name in ("account_sid", "status", "access", "secret_known", "label.crm_id")} == {
        "account_sid": ACCOUNT,
        "status": "active",
        "access": "standard",
        "secret_known": "true",
        "label.crm_id": "0012x",
    }


def test_csv_quotes_as_rfc_4180_says():
    text = as_csv(an_export(tenant("zoo", name='Smith, "Jo"')))
    assert 'zoo,zoo,"Smith, ""Jo""",true' in text
    assert text.endswith("\r\n")
    assert rows(text)[-1]["name"] == 'Smith, "Jo"'


@pytest.mark.parametrize(
    "formula",
    [
        *('=HYPERLINK("x")', "+1", "-2+3", "@SUM(A1)", " =1", "\t=1", "\r=1", "|calc", " |calc"),
        *("＝1", "＋1", "－1", "＠SUM(A1)", "｜calc", "\u3000＝1", "\u22121", "﹢1", "⁺1", "﹣1"),
    ],
)
def test_csv_has_no_formulas(formula):
    (row,) = [row for row in rows(as_csv(an_export(tenant("zoo", labels={"note": formula})))) if row["tenant"] == "zoo"]
    assert not normalize("NFKC", row["label.note"].lstrip()).startswith(FORMULA_SIGNS)


@pytest.mark.parametrize("text", ["a=1", "1+1", "me@owl.example", "a|b", "100 %", "", "'x", "Ｏwl"])
def test_csv_leaves_other_cells_as_they_are(text):
    (row,) = [row for row in rows(as_csv(an_export(tenant("zoo", labels={"note": text})))) if row["tenant"] == "zoo"]
    assert row["label.note"] == text


@given(st.text(max_size=30), st.text(min_size=1, max_size=30).filter(lambda name: re.fullmatch(NAME, name)))
def test_csv_has_one_line_a_row_and_no_control_signs(label, name):
    text = as_csv(gather("dev", manifests(tenant(name=name, labels={"note": label})), state(fleet())))
    assert text.count("\r\n") == 2
    assert all(sign.isprintable() for sign in text.replace("\r\n", ""))
    assert len(rows(text)) == 1


def env(name=None, secret_file=None):
    item = find_only_tenant(select_tenants(an_export(), ["acme"]))
    return dict(line.split("=", 1) for line in as_env(item, choose_key(item, name), secret_file).splitlines())


def test_env_has_the_account_the_current_key_and_the_flags():
    assert env("web") == {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_API_KEY": sid("SK", 2),
        "TWILIO_CONTENT_RETENTION": "discard",
        "TENANTRY_EXPORTED_ACCOUNT_SID": ACCOUNT,
    }


def test_env_names_the_file_of_the_secret_quoted_for_a_shell():
    assert env("web", Path("/tmp/my $secrets/a'b.json"))["TWILIO_API_KEY_SECRET_FILE"] == shlex.quote(
        "/tmp/my $secrets/a'b.json"
    )


def test_env_is_for_one_tenant():
    with pytest.raises(ExportError, match="exactly one tenant, not 3: name it with --only SLUG"):
        find_only_tenant(an_export())


@pytest.mark.parametrize(("slug", "why"), [("birch", "made by `tenantry up`"), ("elm", "when the tenant is active")])
def test_env_needs_an_account(slug, why):
    with pytest.raises(ExportError, match=f"{slug} has no account that an application could use: .*{why}"):
        find_only_tenant(select_tenants(an_export(), [slug]))


def test_env_asks_which_of_several_keys():
    with pytest.raises(ExportError, match="acme has 2 API keys: choose one with --key: sender, web"):
        env()


def test_env_guesses_what_key_was_meant():
    with pytest.raises(ExportError, match=r"--key wep: acme has no such API key.*did you mean 'web'"):
        env("wep")


def test_env_refuses_a_key_that_waits():
    export = gather(
        "dev",
        manifests(tenant()),
        state(fleet(), account(), child("api_key", "acme/api_key/web-1", "waiting-web#1")),
    )
    with pytest.raises(ExportError, match="the API key web of acme is not made yet"):
        choose_key(find_only_tenant(export), None)


def test_env_of_a_tenant_with_one_key_needs_no_name():
    key = child("api_key", "acme/api_key/web-1", sid("SK", 1))
    item = find_only_tenant(gather("dev", manifests(tenant()), state(fleet(), account(), key)))
    assert choose_key(item, None) == ChosenKey("web", 1, sid("SK", 1))


def test_env_of_a_tenant_without_keys_is_its_account():
    item = find_only_tenant(
        gather("dev", manifests(tenant()), state(save_resource("fleet", "fleet", "fleet"), account()))
    )
    assert as_env(item, choose_key(item, None), None) == (
        f"TWILIO_ACCOUNT_SID={ACCOUNT}\nTENANTRY_EXPORTED_ACCOUNT_SID={ACCOUNT}\n"
    )
