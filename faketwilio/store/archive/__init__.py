"""Where kinds of which there are millions are kept: SQLite in memory, typed records in and out."""

from faketwilio.store.archive.archive import Archive
from faketwilio.store.archive.kind import Kind
from faketwilio.store.archive.where import Span, Where

__all__ = ["Archive", "Kind", "Span", "Where"]
