"""A dynamic provider that needs nothing."""

import os
import threading
from pathlib import Path
from typing import Any

from pulumi import ResourceOptions
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from tenantry.engine.run.command import CommandError

_TOGETHER = threading.Barrier(int(os.environ.get("TINY_TOGETHER", "1")))


class ThingProvider(ResourceProvider):
    serialize_as_secret_always = False

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        return DiffResult(None, ["name"] if _olds["name"] != _news["name"] else [])

    def create(self, props: dict[str, Any]) -> CreateResult:
        if os.environ.get("TINY_FAIL") == "ours":
            raise CommandError("Twilio refused acme's key (code 20003). Check the credentials.") from ValueError(
                "inner"
            )
        if os.environ.get("TINY_FAIL") == "theirs":
            raise ValueError("a bug")
        if reached := os.environ.get("TINY_REACHED"):
            Path(reached).write_text("create")
        if release := os.environ.get("TINY_RELEASE"):
            Path(release).read_text()
        _TOGETHER.wait(timeout=60)
        return CreateResult(f"id-{props['name']}", {**props, "token": "hush"})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        return UpdateResult({**_news, "token": "hush"})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        live = {**props, "size": os.environ.get("TINY_LIVE_SIZE", props["size"])}
        return ReadResult(id_, live, {key: live[key] for key in ("name", "size", "__provider")})


class Thing(Resource, module="test", name="Thing"):
    token: Any

    def __init__(self, name: str, size: str, opts: ResourceOptions) -> None:
        secrets = ResourceOptions(additional_secret_outputs=["token"])
        shown = "renamed" if os.environ.get("TINY_RENAME") else name
        props = {"name": shown, "size": size, "token": None}
        super().__init__(ThingProvider(), name, props, ResourceOptions.merge(opts, secrets))
