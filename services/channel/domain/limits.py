"""How often customers may do something, and what is counted together."""

from dataclasses import dataclass, field
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
    of_customer: Rate | None = None
    """How often all of a customer's sessions may write; None: as often as `SESSIONS` of them."""

    @property
    def _customer(self) -> Rate:
        return self.of_customer or self.messages.times(SESSIONS)

    @classmethod
    def per_minute(cls, messages: int, typing: int) -> "CustomerRates":
        """Half of a minute's calls may come at once."""
        return cls(_per_minute(messages), _per_minute(typing))

    def lowered(self, messages: int, of_customer: int) -> "CustomerRates":
        """With an organization's own messages a minute of a session and of a customer, never more than these. 0: these."""
        session = _per_minute(min(messages, self.messages.calls)) if messages else self.messages
        most = self.messages.times(SESSIONS).calls
        return CustomerRates(session, self.typing, _per_minute(min(of_customer, most)) if of_customer else None)

    def of_message(self, writer: Writer) -> tuple[Bucket, ...]:
        """The buckets of a message in a web chat."""
        return _buckets(writer, "send", self.messages, self._customer)

    def of_typing(self, writer: Writer) -> tuple[Bucket, ...]:
        """The buckets of a sign of typing, or of the beginning of a stream."""
        return _buckets(writer, "typing", self.typing, self.typing.times(SESSIONS))

    def of_leaving(self, writer: Writer) -> tuple[Bucket, ...]:
        """The bucket of leaving the line: each time a conversation changes hands, which its feed keeps forever."""
        return (Bucket(writer.organization, f"leave:customer:{writer.customer}", LEAVING),)

    def of_sender(self, organization: OrganizationId, sender: Sender) -> Bucket:
        """The buckets of a message by a provider."""
        return Bucket(organization, f"send:{sender.kind}:{sender.address}", self._customer)


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of each organization: the installation's, or its own where they are lower."""

    installation: CustomerRates
    _own: dict[OrganizationId, CustomerRates] = field(default_factory=dict)

    def of(self, organization: OrganizationId) -> CustomerRates:
        """An organization's rates."""
        return self._own.get(organization, self.installation)

    def change(self, organization: OrganizationId, messages: int, of_customer: int) -> None:
        """Sets messages a minute of a session and of a customer; 0: the installation's."""
        self._own[organization] = self.installation.lowered(messages, of_customer)


def of_sessions(organization: OrganizationId, key: str, per_minute: int) -> Bucket:
    """The buckets of opening or renewing sessions; a whole minute's may come at once."""
    return Bucket(organization, key, Rate(per_minute, _MINUTE, burst=per_minute))


def of_conversations(holder: Holder, per_hour: int) -> Bucket:
    """The buckets of starting a conversation; a whole hour's may come at once."""
    return Bucket(holder.organization, f"conversation:{holder.customer}", Rate(per_hour, timedelta(hours=1), burst=per_hour))


def _per_minute(calls: int) -> Rate:
    return Rate(calls, _MINUTE, burst=(calls + 1) // 2)


LEAVING = Rate(6, _MINUTE, burst=6)
"""How often a customer may leave the line for a human."""


def _buckets(writer: Writer, what: str, rate: Rate, of_customer: Rate) -> tuple[Bucket, ...]:
    return (
        Bucket(writer.organization, f"{what}:session:{writer.session}", rate),
        Bucket(writer.organization, f"{what}:customer:{writer.customer}", of_customer),
    )
