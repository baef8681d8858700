"""How tenantry.yaml says where the ledger is: `sqlite:/abs/path/ledger.db`, or `postgresql:`, never with a password."""

from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from tenantry.model.written import refusal

SQLITE = "sqlite:"
POSTGRESQL = "postgresql:"
_SCHEMA = rf"^({SQLITE}/.*[^/]|{POSTGRESQL})$"
_EXPECTED = "must be `sqlite:/absolute/path/ledger.db`, or `postgresql:` with the URL in TENANTRY_LEDGER_URL"


def address_problem(written: str) -> str | None:
    """Return what is wrong with an address, as the rest of a sentence that begins with it; None if it is right."""
    if written == POSTGRESQL:
        return None
    if written.startswith((POSTGRESQL, "postgres:")):
        return "must be `postgresql:` alone: its URL may hold a password and belongs in TENANTRY_LEDGER_URL"
    path = written.removeprefix(SQLITE)
    if path == written or not path:
        return _EXPECTED
    if not path.startswith("/"):
        return f"must name an absolute path: '{path}' would be another file in each folder"
    return "must name a file, not a folder" if path.endswith("/") else None


def _check(written: str) -> str:
    if problem := address_problem(written):
        raise refusal(problem)
    return written


LedgerAddress = Annotated[str, AfterValidator(_check), WithJsonSchema({"type": "string", "pattern": _SCHEMA})]
