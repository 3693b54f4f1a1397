"""How often customers may do something: buckets that hold a burst and fill evenly."""

from dataclasses import dataclass

from kit.ids import OrganizationId
from services.channel.domain.inbound import Sender, Writer

SESSIONS = 3
"""A customer who is known in several browsers may do as much as this many sessions."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a minute in the long run, and at most `burst` at once."""

    per_minute: int
    burst: int

    def times(self, factor: int) -> "Rate":
        """So many times as often."""
        return Rate(self.per_minute * factor, self.burst * factor)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted together."""

    organization: OrganizationId
    key: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class CustomerRates:
    """How often one session of a customer may write, and show that they type."""

    messages: Rate
    typing: Rate

    @classmethod
    def per_minute(cls, messages: int, typing: int) -> "CustomerRates":
        """Half of a minute's calls may come at once."""
        return cls(Rate(messages, (messages + 1) // 2), Rate(typing, (typing + 1) // 2))

    def of_message(self, writer: Writer) -> tuple[Bucket, ...]:
        """What a message in a web chat is counted in."""
        return _buckets(writer, "send", self.messages)

    def of_typing(self, writer: Writer) -> tuple[Bucket, ...]:
        """What a sign of typing, or the beginning of a stream, is counted in."""
        return _buckets(writer, "typing", self.typing)

    def of_sender(self, organization: OrganizationId, sender: Sender) -> Bucket:
        """What a message by a provider is counted in."""
        return Bucket(organization, f"send:{sender.kind}:{sender.address}", self.messages.times(SESSIONS))


def _buckets(writer: Writer, what: str, rate: Rate) -> tuple[Bucket, ...]:
    return (
        Bucket(writer.organization, f"{what}:session:{writer.session}", rate),
        Bucket(writer.organization, f"{what}:customer:{writer.customer}", rate.times(SESSIONS)),
    )
