"""No password of a backend's URL is in anything that is printed, in whatever form it was written."""

import pytest

from tenantry.engine.events.event import plain
from tenantry.engine.install.doctor import without_password
from tenantry.twilio.errors import clean

PASSWORDS = ("hunter2", "hun%74er2", "hu#nter2", "hu/nter2", "hu?nter2", "hu@nter2", "hu:nter2")


@pytest.mark.parametrize("printed", [plain, without_password, clean])
@pytest.mark.parametrize("password", PASSWORDS)
def test_the_password_before_the_host_is_never_printed(printed, password):
    shown = printed(f"postgres://ana:{password}@db.example/pulumi?sslmode=disable")
    assert "nter2" not in shown
    assert "er2" not in shown
    assert "@db.example/pulumi?sslmode=disable" in shown


@pytest.mark.parametrize("printed", [plain, without_password, clean])
@pytest.mark.parametrize("query", ["password", "PASSWORD", "pass%77ord", "sslpassword", "sas", "sig", "anything"])
def test_what_may_be_a_password_in_a_query_is_never_printed(printed, query):
    shown = printed(f"postgresql://ana@db.example/pulumi?sslmode=require&{query}=hunter2&region=eu")
    assert "hunter2" not in shown
    assert shown == f"postgresql://ana@db.example/pulumi?sslmode=require&{query}=***&region=eu"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("host=db user=ana password=hunter2 sslmode=require", "host=db user=ana password=*** sslmode=require"),
        ("password='hun ter2' host=db", "password=*** host=db"),
        (
            'parse "postgres://ana:p": invalid port ":p" after host',
            'parse "postgres://ana:p": invalid port "***" after host',
        ),
        ('invalid URL escape "%te"', 'invalid URL escape "***"'),
        ('dial "postgres://a:b@c/d?password=e": no', 'dial "postgres://a:***@c/d?password=***": no'),
        ("two: x://a:b@c and y://d:e@f/g", "two: x://a:***@c and y://d:***@f/g"),
    ],
)
def test_other_forms_in_which_pulumi_and_go_repeat_it_are_masked(text, shown):
    assert plain(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "file:///home/ana/state?metadata=skip",
        "s3://bucket?region=eu-central-1&profile=owl&awssdk=v2",
        "azblob://container?storage_account=owl",
        "http://127.0.0.1:8000/x: mail ana@owl.example",
        "https://api.pulumi.com",
        "the password of ana is wrong",
    ],
)
def test_what_is_no_secret_stays(text):
    assert plain(text) == text
