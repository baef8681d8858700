"""Where the state of a project of these tests is: in files, or in a database where the suite runs on PostgreSQL."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from e2e_postgres import Postgres

from tenantry.engine.run.backend import local_backend

CHOICES = ("files", "postgres")
TEXT = "convert_from(decode(data->>'data', 'base64'), 'utf8')"
"""What Pulumi would have written to a file, from a row of its table."""
DEV = "key like '%/stacks/%/dev.json'"
_server: ContextVar[Postgres | None] = ContextVar("server", default=None)


class Stored(Protocol):
    """Text that a backend keeps."""

    def read_text(self) -> str: ...

    def write_text(self, data: str) -> int: ...


class Backend(Protocol):
    """The state of one project, which has the stack `dev`."""

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment that leads Pulumi to it."""

    @property
    def stack(self) -> Stored:
        """The stack's state as the backend keeps it."""

    def whole(self) -> str:
        """Return all that it keeps outside of the project's folder, histories too."""

    def lose(self) -> None:
        """Lose all of it, as somebody does who drops a bucket or a database."""

    def copy_to(self, folder: Path) -> Backend:
        """Return a copy for another project, to whose folder the files of this one were copied."""


@dataclass(frozen=True)
class Files:
    """State in a folder of the project."""

    folder: Path

    @property
    def variables(self) -> Mapping[str, str]:
        return local_backend(self.folder)

    @property
    def stack(self) -> Path:
        return next((self.folder / "state").rglob("stacks/*/dev.json"))

    def whole(self) -> str:
        return ""

    def lose(self) -> None:
        shutil.rmtree(self.folder / "state" / ".pulumi")

    def copy_to(self, folder: Path) -> Files:
        return Files(folder)


@dataclass(frozen=True)
class Database:
    """State in a database of the project's own; Pulumi's home stays in a folder of the project."""

    folder: Path
    server: Postgres
    name: str

    @property
    def variables(self) -> Mapping[str, str]:
        return {**local_backend(self.folder), "PULUMI_BACKEND_URL": self.server.url(self.name)}

    @property
    def stack(self) -> Row:
        return Row(self)

    def whole(self) -> str:
        return self.ask(f"select key, {TEXT} from pulumi_state")

    def lose(self) -> None:
        self.ask("truncate pulumi_state")

    def copy_to(self, folder: Path) -> Database:
        other = Database(folder, self.server, self.server.new_database(self.name, like=self.name))
        # Pulumi (3.259) begins each key with the name of the database: under another name it finds nothing.
        other.ask("update pulumi_state set key = current_database() || substr(key, strpos(key, '/'))")
        return other

    def ask(self, question: str) -> str:
        """Return what a query answers, a line a row."""
        return self.server.ask(self.name, question)


@dataclass(frozen=True)
class Row:
    """A stack's state in a row of Pulumi's table."""

    database: Database

    def read_text(self) -> str:
        return self.database.ask(f"select {TEXT} from pulumi_state where {DEV}")

    def write_text(self, data: str) -> int:
        kept = json.dumps({"data": base64.b64encode(data.encode()).decode()})
        self.database.ask(f"update pulumi_state set data = '{kept}' where {DEV}")
        return len(data)


def new_backend(folder: Path) -> Backend:
    """Return an empty backend for a project, of which `folder` is for such things."""
    server = _server.get()
    return Files(folder) if server is None else Database(folder, server, server.new_database(folder.parent.name))


def is_on_server() -> bool:
    """Say whether each project that is made now has a database."""
    return _server.get() is not None


@contextmanager
def all_on(server: Postgres) -> Iterator[None]:
    """Give each project that is made meanwhile a database on a server."""
    token = _server.set(server)
    yield
    _server.reset(token)
