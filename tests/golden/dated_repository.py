"""A repository whose commits have the dates that a test gives them."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


class DatedRepository:
    """A project in git; each commit is made on main at a date, such as `2026-03-15` or a whole UTC time stamp."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", "--template=")

    def commit(self, at: str, files: Mapping[str, str | None]) -> str:
        """Write files, or remove those with None, and return the id of the commit."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True) if text is None else path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "change", at=at)
        return self.git("rev-parse", "HEAD").strip()

    def git(self, *arguments: str, at: str = "2026-01-01") -> str:
        instant = at if "T" in at else f"{at}T12:00:00Z"
        names = {f"GIT_{who}_{what}": "t@owl.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        dates = {"GIT_AUTHOR_DATE": instant, "GIT_COMMITTER_DATE": instant}
        environ = {**os.environ, **names, **dates, "GIT_CONFIG_GLOBAL": os.devnull}
        done = subprocess.run(["git", *arguments], cwd=self.root, env=environ, capture_output=True, check=True)
        return done.stdout.decode()
