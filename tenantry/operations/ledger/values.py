"""What was done with a ledger, as values: the published schema is made from them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LedgerOutcome(BaseModel):
    """What a command did with a ledger, and what the ledger is afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: Literal[1] = Field(default=1, description="version of this format; fields are added to it, never changed")
    action: Literal["init", "check", "backup", "copy"]
    ledger: str = Field(description="its address, without a password")
    database: Literal["sqlite", "postgresql"]
    id: str = Field(description="made with the ledger, and the same in its copies")
    version: int = Field(description="number of its newest migration")
    migrations: tuple[str, ...] = Field(default=(), description="those that ran now, by name")
    head: str = Field(description="end of its journal, `entries:digest`: note it down for `ledger check --head`")
    rows: dict[str, int] = Field(description="how many rows each table has")
    target: str | None = Field(default=None, description="the file or ledger that was written; null where none was")
    problems: tuple[str, ...] = Field(default=(), description="what is wrong, a sentence each")
    warnings: tuple[str, ...] = Field(default=(), description="what will be refused later, a sentence each")
