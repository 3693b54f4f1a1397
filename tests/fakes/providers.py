"""A scripted provider: accepts messages, loses answers, and knows what it has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from services.channel.adapters.twilio.config import FORM
from services.channel.domain.channels import Channel
from services.channel.domain.deliveries import Delivery, DeliveryState, Report
from services.channel.domain.providers import Capabilities, Fetched, Item, OutboundContent, ProviderError, Reply, Webhook
from services.channel.ports.providers import Provider


@dataclass
class ScriptedProvider:
    """All roles of a provider; its channels look like Twilio's."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    """Messages it accepted: (its id, recipient, text)."""
    fails: list[ProviderError | Callable[[], Awaitable[None] | None]] = field(default_factory=list)
    """Results of the next calls: an error instead of accepting, or something done after accepting."""
    fetches: list[Fetched | ProviderError] = field(default_factory=list)
    """Results of the next fetches; after that nothing new."""
    cursors: list[bytes] = field(default_factory=list)
    """Where it was asked to fetch from."""
    reads: Sequence[Item] = ()
    files: list[bytes | ProviderError | Awaitable[bytes]] = field(default_factory=list)
    """Results of the next requests for files, or when they come."""
    hidden: bool = False
    """Whether its list does not show yet what it accepted."""
    reply = Reply()

    def provider(self, reconciles: bool = True) -> Provider:
        reconciler = self if reconciles else None
        return Provider(FORM, Capabilities(1000), self, self, self.check, fetcher=self, reconciler=reconciler, files=self)

    def read(self, channel: Channel, webhook: Webhook) -> Sequence[Item]:
        return self.reads

    def parts(self, content: OutboundContent) -> Sequence[str]:
        return content.text.split("|")

    async def send(self, channel: Channel, part: Delivery) -> Report:
        then = self.fails.pop(0) if self.fails else None
        if isinstance(then, ProviderError):
            raise then
        id = f"p{len(self.sent) + 1}"
        self.sent.append((id, part.outgoing.recipient, part.text))
        if then is not None and (done := then()) is not None:
            await done
        return Report(id, DeliveryState.SENT)

    async def find(self, channel: Channel, part: Delivery) -> Sequence[Report]:
        wanted = (part.outgoing.recipient, part.text)
        return [Report(id, DeliveryState.SENT) for id, *rest in self.sent if tuple(rest) == wanted and not self.hidden]

    async def fetch(self, channel: Channel, cursor: bytes) -> Fetched:
        self.cursors.append(cursor)
        then = self.fetches.pop(0) if self.fetches else Fetched([], cursor)
        if isinstance(then, ProviderError):
            raise then
        return then

    async def fetch_file(self, channel: Channel, reference: str, max_bytes: int) -> bytes:
        then = self.files.pop(0)
        if isinstance(then, ProviderError):
            raise then
        return then if isinstance(then, bytes) else await then

    async def check(self, channel: Channel) -> Sequence[str]:
        return []
