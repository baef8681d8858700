"""AWS Secrets Manager: a secret a key, of the type and shape that AWS itself reads for Twilio's API keys.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-TwilioApiKey.html

The id of a version is the SID of the key in it. So a value that was changed by hand, or whose tags were not written
any more, is told without being read, and a put that is sent twice makes one version. AWS keeps the version before it
under AWSPREVIOUS. Rotation by AWS is never switched on: it would make keys of its own, and delete ours.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from tenantry.model.secret_sink import AwsSecretsManager
from tenantry.secret_sinks.errors import ConflictError, DeletedError, MissingExtraError, SinkError, UnreachableError
from tenantry.secret_sinks.secret import KeyOwner, KeySecret, Version, read_marks, refuse_foreign

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:
    raise MissingExtraError("boto3", "aws") from None

TYPE = "TwilioApiKey"
CURRENT = "AWSCURRENT"
RECOVERY_DAYS = 30
"""So long AWS keeps what was deleted; its own default."""
DESCRIPTION = "API key of a Twilio subaccount, put here by Tenantry"
_TALKATIVE = ("botocore", "boto3")
"""Loggers that tell whole requests at level DEBUG, the secret in them."""
_CREDENTIALS = frozenset(
    {
        *("ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidClientTokenId"),
        *("InvalidSignatureException", "MissingAuthenticationTokenException", "UnrecognizedClientException"),
    }
)
_NO_RIGHT = "AWS refused it: {}. The role needs secretsmanager: CreateSecret, DescribeSecret, PutSecretValue, "
_RIGHTS = "TagResource and UpdateSecretVersionStage on these names; for `tenantry offboard` DeleteSecret too."


class AwsSecretsManagerSink:
    """Keys in AWS Secrets Manager. Credentials are found as every client of AWS finds them."""

    def __init__(self, sink: AwsSecretsManager, clock: Callable[[], datetime]) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        config = Config(
            connect_timeout=10,
            read_timeout=30,
            max_pool_connections=32,
            retries={"mode": "standard", "total_max_attempts": 5},
        )
        with _trouble():
            self._client = boto3.session.Session().client("secretsmanager", region_name=sink.region, config=config)
        self._region = sink.region
        self._clock = clock

    def version(self, name: str) -> Version | None:
        """Return what a secret holds, by its tags and the ids of its versions."""
        found = self._describe(name)
        return self._read_version(name, found) if found is not None else None

    def put(self, name: str, secret: KeySecret) -> None:
        """Write the value under the SID as its version, make it the current one, then write the tags."""
        found = self._describe(name)
        value = json.dumps(_build_value(secret))
        tags = [{"Key": key, "Value": mark} for key, mark in secret.marks(self._clock()).items()]
        with _trouble(secret):
            if found is None:
                self._client.create_secret(
                    Name=name,
                    ClientRequestToken=secret.sid,
                    Description=DESCRIPTION,
                    SecretString=value,
                    Tags=tags,
                    Type=TYPE,
                )
                return
            refuse_foreign(self._read_version(name, found), secret.owner, self._locate(name))
            self._make_current(name, secret.sid, value, found.get("VersionIdsToStages") or {})
            self._client.tag_resource(SecretId=name, Tags=tags)

    def delete(self, name: str, owner: KeyOwner) -> date | None:
        """Schedule the deletion of all versions; AWS can restore them until its recovery window ends."""
        try:
            found = self._describe(name)
        except DeletedError as error:
            return error.until
        if found is None:
            return None
        refuse_foreign(self._read_version(name, found), owner, self._locate(name))
        with _trouble():
            answer = self._client.delete_secret(SecretId=found["ARN"], RecoveryWindowInDays=RECOVERY_DAYS)
        until: date = answer["DeletionDate"].date()
        return until

    def _make_current(self, name: str, sid: str, value: str, stages: Mapping[str, list[str]]) -> None:
        current = _current_of(stages)
        if current == sid:
            return
        if sid in stages and current is not None:
            self._client.update_secret_version_stage(
                SecretId=name, VersionStage=CURRENT, MoveToVersionId=sid, RemoveFromVersionId=current
            )
            return
        self._client.put_secret_value(SecretId=name, ClientRequestToken=sid, SecretString=value)

    def _describe(self, name: str) -> dict[str, Any] | None:
        with _trouble():
            try:
                found: dict[str, Any] = self._client.describe_secret(SecretId=name)
            except self._client.exceptions.ResourceNotFoundException:
                return None
        if "DeletedDate" in found:
            raise DeletedError(
                f"{self._locate(name)} is about to be deleted. Restore it (`aws secretsmanager restore-secret`), or "
                "wait until it is gone, and run again.",
                found["DeletedDate"].date(),
            )
        return found

    def _read_version(self, name: str, found: Mapping[str, Any]) -> Version:
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags") or ()}
        marks = read_marks(tags, self._locate(name), is_whole=True)
        current = _current_of(found.get("VersionIdsToStages") or {})
        return read_marks(tags, self._locate(name), is_whole=current == marks.sid)

    def _locate(self, name: str) -> str:
        return f"The secret '{name}' in AWS Secrets Manager, {self._region},"


def _build_value(secret: KeySecret) -> dict[str, str]:
    """Return the value as AWS reads it; a restricted key has a URL to try it with."""
    url = {"validationUrl": secret.validation_url} if secret.validation_url else {}
    return {**secret.value(), **url}


def _current_of(stages: Mapping[str, list[str]]) -> str | None:
    return next((version for version, labels in stages.items() if CURRENT in labels), None)


@contextmanager
def _trouble(secret: KeySecret | None = None) -> Iterator[None]:
    """Turn what boto3 raises into what a sink raises."""
    try:
        yield
    except ClientError as error:
        raise _make_error(error, secret) from None
    except BotoCoreError as error:
        sentence = f"AWS could not be asked: {error}. Look at the network, at the region and at the credentials of AWS."
        raise UnreachableError(sentence) from None


def _make_error(error: ClientError, secret: KeySecret | None) -> SinkError:
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
    words = f"{code}: {message}"
    if secret is not None:
        words = secret.hide_in(words)
    if code in _CREDENTIALS:
        return UnreachableError(f"AWS does not take the credentials: {words}. Renew them, and run again.")
    if code == "ResourceExistsException":
        return ConflictError(f"Somebody else wrote this secret at the same moment: {words}. Run again.")
    if code in ("AccessDenied", "AccessDeniedException"):
        return SinkError(_NO_RIGHT.format(words) + _RIGHTS)
    return SinkError(f"AWS did not do it: {words}. Run again; `tenantry secrets --check` says what is missing.")
