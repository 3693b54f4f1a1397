"""Admin as a follower of core's facts: reports are a projection of core's journal."""

from collections.abc import Callable, Sequence

from frontdesk.core.internal import v1 as internal

from kit.journal import Transaction
from services.admin.app.reports import Measuring
from services.admin.convert.reports import place_from_pb, seen_from_pb
from services.admin.ports import ConversationTags

WANTED = internal.WatchEventsRequest(
    filters=[
        {"kinds": ["MessageCreated", "TurnCharged", "HandoverRequested", "ConversationTaken", "ConversationReturned"]},
        {
            "kinds": [
                "ConversationClosed",
                "ConversationReopened",
                "ConversationTagged",
                "ConversationRated",
                "ConversationErased",
            ]
        },
    ]
)
"""Of core's facts, those that reports measure."""


class CoreFollower:
    """Acts on core's facts, each of which must come once."""

    def __init__(self, measuring_on: Callable[[Transaction], Measuring], tags: ConversationTags) -> None:
        self._measuring_on = measuring_on
        self._tags = tags
        self._read: dict[str, tuple[str, ...]] = {}

    async def prepare(self, events: Sequence[internal.Event]) -> None:
        """Reads the tags of conversations that were tagged. Raises Unavailable when core can't be reached."""
        tagged = [event.conversation.name for event in events if event.WhichOneof("fact") == "conversation_tagged"]
        self._read = await self._tags.of(tagged) if tagged else {}

    async def handle(self, transaction: Transaction, event: internal.Event) -> None:
        """Acts on one fact, for `kit.journal.follow`, in its transaction."""
        measuring = self._measuring_on(transaction)
        organization, conversation, channel = place_from_pb(event)
        match event.WhichOneof("fact"):
            case "conversation_tagged":
                await measuring.tag(organization, conversation, self._read.get(event.conversation.name, ()))
            case "conversation_erased":
                await measuring.tag(organization, conversation, ())
        if (seen := seen_from_pb(event)) is not None:
            await measuring.see(organization, conversation, channel, seen)
