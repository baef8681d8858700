"""What AWS is sent: moto forgets `Type`, so the requests themselves are looked at.

Value and `Type` are those that AWS's own rotation of Twilio keys reads. Its rotation metadata (`adminSecretArn`,
`retainPreviousKey`, `friendlyNamePrefix`) is not sent, on purpose: only `RotateSecret` takes it, and that call switches
AWS's rotation on, which makes keys that no manifest names and deletes ours. One side rotates: `tenantry rotate`.
"""

import json

import pytest
from sink_stores import ACME, PLANTED, AwsStore, aws_client, key_secret

from tenantry.secret_sinks.errors import DeletedError

URL = f"https://api.twilio.com/2010-04-01/Accounts/{ACME}/Messages.json?PageSize=1"
TAGS = {
    "tenantry/stack": "dev",
    "tenantry/tenant": "acme",
    "tenantry/key": "web",
    "tenantry/generation": "1",
    "tenantry/account-sid": ACME,
    "tenantry/api-key-sid": f"SK{1:032x}",
    "tenantry/delivered-at": "2026-11-30T12:00:05Z",
}


@pytest.fixture
def aws(moto_url, monkeypatch):
    import requests

    requests.post(f"{moto_url}/moto-api/reset", timeout=60)
    return AwsStore(monkeypatch, moto_url)


def test_a_secret_is_made_of_the_type_that_aws_has_for_twilio(aws):
    aws.open().put(aws.name(), key_secret(validation_url=URL))
    (_, (operation, request)) = aws.requests
    value = json.loads(request.pop("SecretString"))
    tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags")}
    assert (operation, tags) == ("CreateSecret", TAGS)
    assert request == {
        "Name": "twilio/acme/web",
        "Type": "TwilioApiKey",
        "ClientRequestToken": f"SK{1:032x}",
        "Description": "API key of a Twilio subaccount, put here by Tenantry",
    }
    assert value == {
        "accountSid": ACME,
        "apiKeySid": f"SK{1:032x}",
        "apiKeySecret": f"{PLANTED}1",
        "validationUrl": URL,
    }


def test_the_next_generation_is_a_version_under_its_sid(aws):
    sink = aws.open()
    sink.put(aws.name(), key_secret())
    aws.requests.clear()
    sink.put(aws.name(), key_secret(2))
    assert [operation for operation, _ in aws.requests] == ["DescribeSecret", "PutSecretValue", "TagResource"]
    assert aws.requests[1][1]["ClientRequestToken"] == f"SK{2:032x}"


def test_nothing_asks_for_a_value_and_nothing_lets_aws_rotate(aws):
    sink = aws.open()
    for generation in (1, 2):
        sink.put(aws.name(), key_secret(generation))
        sink.version(aws.name())
    operations = {operation for operation, _ in aws.requests}
    assert operations == {"DescribeSecret", "CreateSecret", "PutSecretValue", "TagResource"}
    sent = " ".join(json.dumps(request) for _, request in aws.requests)
    assert "Rotation" not in sent  # neither RotationRules nor ExternalSecretRotationMetadata


def test_an_older_value_stays_as_the_version_before(aws):
    sink = aws.open()
    for generation in (1, 2):
        sink.put(aws.name(), key_secret(generation))
    stages = aws_client(aws.url).describe_secret(SecretId=aws.name())["VersionIdsToStages"]
    assert stages == {f"SK{1:032x}": ["AWSPREVIOUS"], f"SK{2:032x}": ["AWSCURRENT"]}


def test_a_deletion_leaves_aws_its_recovery_window_and_reads_no_value(aws):
    sink = aws.open()
    sink.put(aws.name(), key_secret())
    aws.requests.clear()
    sink.delete(aws.name(), key_secret().owner)
    (_, (operation, request)) = aws.requests
    assert (operation, request["RecoveryWindowInDays"]) == ("DeleteSecret", 30)
    with pytest.raises(DeletedError, match="is about to be deleted"):
        sink.put(aws.name(), key_secret(2))
