"""What holds for each kind of record, whatever a job does: Twilio's words, dated, and nothing beyond them.

Looked up on 2026-11-30: Twilio's API description 2.6.7, its pages on data retention and on error 20009.
"""

from typing import Final

from tenantry.operations.retention.values import Fact

FACTS: Final = (
    Fact(
        about="messages",
        gone="the message and its media, from the API; a redacted one keeps its numbers, its date and its price",
        later="bodies may stay in Twilio's backups for 30 days, numbers for 120",
        never="messages older than 13 months are not in the API: the Console's message log window, and Bulk Export",
    ),
    Fact(
        about="calls",
        gone="the call's record, from the API; its recordings and transcriptions have rules of their own",
        later="Twilio names no day for its backups",
        never="calls older than 13 months are in Twilio's archives, not in the API; conferences and notifications "
        "can't be deleted by anybody",
    ),
    Fact(
        about="recordings",
        gone="the sound",
        later="what describes the recording stays for 40 days",
        never="copies in your own storage (S3) are not touched",
    ),
    Fact(
        about="transcriptions",
        gone="the text",
        later="Twilio names no day for its backups",
        never="Voice Intelligence and Conversations have transcripts of their own, which this does not reach",
    ),
)
