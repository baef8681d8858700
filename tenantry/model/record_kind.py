"""Records that age in an account: logs and media that Twilio keeps until somebody deletes them."""

from typing import Final, Literal, get_args

RecordKind = Literal["messages", "calls", "recordings", "transcriptions"]
"""The kinds for which a manifest may have a rule; the media of a message go with it."""
RECORD_KINDS: Final[tuple[RecordKind, ...]] = get_args(RecordKind)
FILTERED_KINDS: Final[tuple[RecordKind, ...]] = ("messages", "calls", "recordings")
"""The kinds whose list takes a date; transcriptions are listed whole."""
RecordAction = Literal["delete", "redact"]
