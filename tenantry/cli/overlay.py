"""`tenantry overlay`: lay the manifests of a merge over main's checkout; what preview.yml does before it previews."""

from pathlib import Path
from typing import NoReturn

import click

from tenantry.cli.options import project_option
from tenantry.manifest.git import GitError
from tenantry.manifest.overlay import Overlay, OverlayError, lay_over
from tenantry.reports.overlay.as_markdown import explain_coverage, explain_refusal
from tenantry.text.plain import plain


@click.command()
@click.argument("commit")
@project_option
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def overlay(commit: str, root: Path, form: str) -> None:
    """Lay the manifests that merging COMMIT would bring over this checkout, and none of its code.

    For a preview of a pull request that runs the code of main: nothing is merged or committed, and no file but
    manifests changes. What a checkout of the merge would read differently, such as links, is refused. Prints what is
    left out.
    """
    try:
        laid = lay_over(root, commit)
    except OverlayError as error:
        _end([str(problem) for problem in error.problems], str(error), form)
    except GitError as error:
        _end([str(error)], str(error), form)
    except OSError as error:
        reason = (
            f"Writing the manifests of the merge: {error}. `git status` shows what was written; check out main again."
        )
        _end([reason], reason, form)
    click.echo(explain_coverage(laid) if form == "markdown" else _write_text(laid), nl=form == "text")


def _write_text(laid: Overlay) -> str:
    lines = [f"Laid the manifests of the merge of {laid.head} over {laid.main}."]
    lines += [f"not covered: {path}" for path in laid.not_covered]
    return "\n".join(map(plain, lines))


def _end(reasons: list[str], message: str, form: str) -> NoReturn:
    if form == "markdown":
        click.echo(explain_refusal(reasons), nl=False)
    click.echo("\n".join(map(plain, message.split("\n"))), err=True)
    raise SystemExit(1)
