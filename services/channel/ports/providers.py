"""The ports of channel to the providers of channels. A provider is one folder of adapters, and one line in main."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from services.channel.domain.channels import Channel, Form, Kind
from services.channel.domain.deliveries import Delivery, Report
from services.channel.domain.providers import Capabilities, Fetched, Item, OutboundContent, Reply, Webhook


class Receiver(Protocol):
    """Understands a provider's webhooks."""

    reply: Reply
    """The answer to a webhook that was stored."""

    def read(self, channel: Channel, webhook: Webhook) -> Sequence[Item]:
        """The events of a webhook, in its order. Raises SignatureInvalid or WebhookInvalid."""


class Fetcher(Protocol):
    """Reads back what no webhook brought."""

    async def fetch(self, channel: Channel, cursor: bytes) -> Fetched:
        """The events since a cursor of this provider, the oldest first; an empty cursor: since the channel was created.

        Earlier events may come again. Raises ProviderError.
        """


class PartSender(Protocol):
    """Brings messages to customers."""

    def parts(self, content: OutboundContent) -> Sequence[str]:
        """A message in the provider's form, in as many parts as its length asks for."""

    async def send(self, channel: Channel, part: Delivery) -> Report:
        """Hands a part over, once: its text or its file. Raises Refused, Withdrawn, RateLimited (or Unauthorized) or
        OutcomeUnknown.
        """


class Reconciler(Protocol):
    """Finds the outcome of a call whose answer got lost."""

    async def find(self, channel: Channel, part: Delivery) -> Sequence[Report]:
        """The provider's messages that an UNKNOWN delivery may have become: to its recipient, with its text, since it began.

        Raises ProviderError.
        """


class FileFetcher(Protocol):
    """Brings files of customers' messages."""

    async def fetch_file(self, channel: Channel, reference: str, max_bytes: int) -> bytes:
        """The bytes of a file. Raises Refused when it can't be had at all, or another ProviderError."""


@dataclass(frozen=True)
class Provider:
    """The provider of one kind of channel."""

    form: Form
    """The configuration of such a channel."""
    capabilities: Capabilities
    receiver: Receiver
    sender: PartSender
    check: Callable[[Channel], Awaitable[Sequence[str]]]
    """Asks the provider what keeps it from working for a channel; sentences that say what to do."""
    fetcher: Fetcher | None = None
    """None: what no webhook brings is lost."""
    reconciler: Reconciler | None = None
    """None: a delivery whose answer got lost has failed, and a person decides whether it is sent again."""
    files: FileFetcher | None = None
    """None: its messages have no files."""


Providers = Mapping[Kind, Provider]


def by_kind(*providers: Provider) -> Providers:
    """Providers by the kind of channel that each runs."""
    return {provider.form.kind: provider for provider in providers}
