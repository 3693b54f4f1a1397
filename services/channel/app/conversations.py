"""A customer reads a conversation, rates it, waits for a human, and leaves the line."""

from dataclasses import dataclass

from kit.limits import Limits
from services.channel.app.participation import Participation
from services.channel.app.widgets import WidgetApp
from services.channel.domain.availability import HumanAvailability
from services.channel.domain.inbound import Writer
from services.channel.domain.limits import Rates
from services.channel.domain.sessions import TooManyRequests
from services.channel.ports import Conversations, WebConversations


@dataclass(frozen=True, slots=True)
class ConversationApp:
    """Each call raises TooManyRequests and ConversationMismatch."""

    participation: Participation
    conversations: Conversations
    known: WebConversations
    widgets: WidgetApp
    limits: Limits
    rates: Rates

    async def mark_read(self, writer: Writer, seq: int) -> None:
        """Notes up to which message the customer has read. It only moves forward."""
        await self._check(writer)
        await self.conversations.mark_read(writer.organization, writer.conversation, seq)
        await self.known.mark_read(writer.organization, writer.conversation, seq)

    async def rate(self, writer: Writer, score: int, comment: str) -> None:
        """Notes the customer's opinion, in place of an earlier one. Raises RatingsOff."""
        await self._check(writer)
        await self.widgets.check_ratings(writer.organization, writer.channel)
        await self.conversations.rate(writer.organization, writer.conversation, score, comment.strip())

    async def leave_line(self, writer: Writer) -> str:
        """The assistant has the conversation again; its state then. Raises AssistantOff and TooManyRequests."""
        await self._check(writer)
        if wait := await self.limits.take(*self.rates.of(writer.organization).of_leaving(writer)):
            raise TooManyRequests(wait)
        await self.widgets.check_assistant(writer.organization, writer.channel)
        return await self.conversations.leave_line(writer.organization, writer.conversation)

    async def availability(self, writer: Writer) -> HumanAvailability:
        """Whether a human is there, and the conversation's place in the queue."""
        await self._check(writer)
        return await self.widgets.availability(writer.organization, writer.conversation)

    async def _check(self, writer: Writer) -> None:
        if wait := await self.limits.take(*self.rates.of(writer.organization).of_typing(writer)):
            raise TooManyRequests(wait)
        await self.participation.check(writer)
