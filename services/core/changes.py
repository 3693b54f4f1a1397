"""How a rule becomes true: load, decide, commit under the revision, tell those who listen; anew when somebody was faster."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.core.domain import Change, Conversation, ConversationBusy, ConversationId, OrganizationId
from services.core.ports import Conflict, Conversations

MOST_TRIES = 8

Decide = Callable[[Conversation], Change | None]
Listener = Callable[[Change], None]


@dataclass(frozen=True)
class Changes:
    """Applies rules to conversations."""

    conversations: Conversations
    listeners: list[Listener] = field(default_factory=list)
    """Called right after each commit of this process: screens, and the turns that begin or end with it."""

    async def apply(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        decide: Decide,
        known: Conversation | None = None,
    ) -> Conversation:
        """The conversation after the rule. `known` saves the first load; if it is outdated, the commit says so.

        Raises what the rule raises, AlreadySaid, and ConversationBusy when others were faster eight times.
        """
        for _ in range(MOST_TRIES):
            current = known or await self.conversations.load(organization, conversation)
            known = None
            change = decide(current)
            if change is None:
                return current
            try:
                await self.conversations.commit(change)
            except Conflict:
                continue
            for listener in self.listeners:
                listener(change)
            return change.after
        raise ConversationBusy(conversation)
