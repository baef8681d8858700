"""All that passes through an account: messages, calls, what they leave behind, and the numbers they use."""

from tenantry.fake.api import (
    conference,
    incoming_phone_number,
    media,
    message,
    notification,
    part_recording,
    phone_call,
    recording,
    transcription,
)
from tenantry.fake.call import Operation


def operations() -> tuple[Operation, ...]:
    return (
        message.operations()
        + media.operations()
        + phone_call.operations()
        + recording.operations()
        + part_recording.operations()
        + transcription.operations()
        + conference.operations()
        + notification.operations()
        + incoming_phone_number.operations()
    )
