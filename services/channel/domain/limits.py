"""How often customers may do something, and what is counted together."""

from dataclasses import dataclass
from datetime import timedelta

from kit.ids import OrganizationId
from kit.limits import Bucket, Rate
from services.channel.domain.inbound import Sender, Writer
from services.channel.domain.sessions import Holder

SESSIONS = 3
"""A customer who is known in several browsers may do as much as this many sessions."""


_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CustomerRates:
    """How often one session of a customer may write, and show that they type."""

    messages: Rate
    typing: Rate

    @classmethod
    def per_minute(cls, messages: int, typing: int) -> "CustomerRates":
        """Half of a minute's calls may come at once."""
        return cls(*(Rate(calls, _MINUTE, burst=(calls + 1) // 2) for calls in (messages, typing)))

    def of_message(self, writer: Writer) -> tuple[Bucket, ...]:
        """What a message in a web chat is counted in."""
        return _buckets(writer, "send", self.messages)

    def of_typing(self, writer: Writer) -> tuple[Bucket, ...]:
        """What a sign of typing, or the beginning of a stream, is counted in."""
        return _buckets(writer, "typing", self.typing)

    def of_sender(self, organization: OrganizationId, sender: Sender) -> Bucket:
        """What a message by a provider is counted in."""
        return Bucket(organization, f"send:{sender.kind}:{sender.address}", self.messages.times(SESSIONS))


def of_sessions(organization: OrganizationId, key: str, per_minute: int) -> Bucket:
    """What opening or renewing sessions is counted in; a whole minute's may come at once."""
    return Bucket(organization, key, Rate(per_minute, _MINUTE, burst=per_minute))


def of_conversations(holder: Holder, per_hour: int) -> Bucket:
    """What starting a conversation is counted in; a whole hour's may come at once."""
    return Bucket(holder.organization, f"conversation:{holder.customer}", Rate(per_hour, timedelta(hours=1), burst=per_hour))


def _buckets(writer: Writer, what: str, rate: Rate) -> tuple[Bucket, ...]:
    return (
        Bucket(writer.organization, f"{what}:session:{writer.session}", rate),
        Bucket(writer.organization, f"{what}:customer:{writer.customer}", rate.times(SESSIONS)),
    )
