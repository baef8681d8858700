"""The receiver of errors tells tenants apart by the URL."""

from collections.abc import Iterator, Sequence

from tenantry.policies.callbacks import Callback
from tenantry.policies.rule import Example, Finding, FleetRule, Parameters
from tenantry.policies.subject import Subject
from tenantry.text.some import first_of

URL = ("debugger_webhook", "url")


def _find_shared(subjects: Sequence[Subject], _parameters: Parameters) -> Iterator[tuple[Subject | None, Finding]]:
    sharing: dict[str, list[Subject]] = {}
    for subject in subjects:
        if subject.is_kept and subject.tenant.debugger_webhook is not None:
            sharing.setdefault(Callback(URL, subject.tenant.debugger_webhook.url).meaning, []).append(subject)
    for alike in sharing.values():
        for subject in alike if len(alike) > 1 else ():
            slugs = [other.slug for other in alike if other is not subject]
            yield subject, Finding(URL, f"sends errors to the same URL as {first_of(slugs, 1)}")


OWN_ERROR_URL = FleetRule(
    id="own-error-url",
    title="The URL of a debugger webhook differs from that of every other tenant.",
    level="mandatory",
    why=(
        "Twilio signs an event with the auth token of the tenant's account, and the event does not promise to say "
        "whose it is: the receiver can only pick the token by the URL."
    ),
    mend="put {tenant} into the URL",
    source=(
        "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
        "https://github.com/twilio/twilio-node/issues/693",
    ),
    example=Example(
        breaks="debugger_webhook: {url: /errors/everybody}\n",
        keeps="debugger_webhook: {url: '/errors/{tenant}'}\n",
    ),
    parameters=Parameters,
    check=_find_shared,
)
