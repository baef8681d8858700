"""Where kinds of which there are millions are kept: SQLite in memory, typed records in and out."""

from tenantry.fake.archive.archive import Archive
from tenantry.fake.archive.kind import Kind
from tenantry.fake.archive.where import Span, Where

__all__ = ["Archive", "Kind", "Span", "Where"]
