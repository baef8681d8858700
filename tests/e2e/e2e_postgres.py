"""A PostgreSQL server of the tests' own: a folder, a port and a user of its own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PACKAGE = "postgresql"
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep the server's programs, which they put on nobody's PATH."""
NOBODY = "nobody"
PORTS = 5
SECONDS = 240


@dataclass(frozen=True)
class Postgres:
    """A server that runs, and the password without which it lets nobody in."""

    programs: Path
    port: int
    password: str = field(repr=False)

    def new_database(self, name: str, *, like: str = "template1") -> str:
        """Make a database, empty or as another is, and return its name: as close to the wanted one as it may be."""
        database = f"{re.sub(r'[^a-z0-9]', '_', name)[:30]}_{secrets.token_hex(4)}"
        self.ask("postgres", f'create database "{database}" template "{like}"')
        return database

    def url(self, database: str) -> str:
        """Return the URL by which Pulumi knows a database."""
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def ask(self, database: str, question: str) -> str:
        """Return what a query answers, a line a row."""
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database)
        command = [str(self.programs / "psql"), *address, "-X", "-q", "-A", "-t", "-c", question]
        done = subprocess.run(
            command, env={"PGPASSWORD": self.password}, capture_output=True, text=True, timeout=SECONDS, check=True
        )
        return done.stdout


def programs() -> Path | None:
    """Return the folder of initdb, pg_ctl and psql, of the newest server that this machine has."""
    on_path = shutil.which("initdb")
    found = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    places = [*reversed(found), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((place for place in places if (place / "initdb").exists() and (place / "psql").exists()), None)


@contextmanager
def running_postgres(where: Path) -> Iterator[Postgres]:
    """Run a server. It refuses to run as root, so root's tests give it to nobody; all else runs it as itself."""
    # Not in pytest's own folder: nobody else may look into that.
    with TemporaryDirectory(prefix="tenantry-postgres-", ignore_cleanup_errors=True) as name:
        folder, password = Path(name), secrets.token_hex(16)
        (folder / "password").write_text(password)
        for path in (folder, folder / "password"):
            _give(path)
        data = folder / "data"
        options = ("-N", "-A", "scram-sha-256", "--pwfile", folder / "password", "-U", "postgres")
        _run(where, "initdb", "-D", data, *options)  # -N waits for no disk, as the server does not
        port = _start(where, folder, data)
        try:
            yield Postgres(where, port, password)
        finally:
            _run(where, "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def _start(where: Path, folder: Path, data: Path) -> int:
    """Start the server on a free port. Somebody else may take it first; then the next one is tried."""
    for _ in range(PORTS):
        port = _free_port()
        settings = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off -c full_page_writes=off"
        try:
            _run(where, "pg_ctl", "-D", data, "-l", folder / "log", "-o", settings, "-w", "start")
        except subprocess.CalledProcessError:
            continue
        return port
    raise AssertionError((folder / "log").read_text())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _run(where: Path, program: str, *arguments: str | Path) -> None:
    command = [str(where / program), *map(str, arguments)]
    subprocess.run(
        command,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=SECONDS,
        check=True,
        **_as_nobody(),
    )


def _as_nobody() -> Mapping[str, Any]:
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam(NOBODY)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": ()}


def _give(path: Path) -> None:
    if owner := _as_nobody():
        os.chown(path, owner["user"], owner["group"])
