"""How a rule becomes true: load, decide, commit under the revision, tell those who listen; anew when somebody was faster."""

from collections.abc import Callable
from dataclasses import dataclass, field

from services.core.domain import Change, Conversation, ConversationBusy, ConversationId, OrganizationId
from services.core.ports import Conflict, Conversations

MOST_TRIES = 8
MOST_REMEMBERED = 10_000

Decide = Callable[[Conversation], Change | None]
Listener = Callable[[Change], None]


@dataclass(frozen=True)
class Changes:
    """Applies rules to conversations."""

    conversations: Conversations
    listeners: list[Listener] = field(default_factory=list)
    """Called right after each commit of this process: screens, and the turns that begin or end with it."""
    _latest: dict[ConversationId, Conversation] = field(default_factory=dict)

    def latest(self, conversation: ConversationId) -> Conversation | None:
        """The conversation as this process last committed it. It may be outdated: good enough to decide on what is committed
        under its revision, and for nothing else.
        """
        return self._latest.get(conversation)

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
            self._remember(change.after)
            for listener in self.listeners:
                listener(change)
            return change.after
        raise ConversationBusy(conversation)

    def _remember(self, conversation: Conversation) -> None:
        self._latest.pop(conversation.id, None)
        self._latest[conversation.id] = conversation
        if len(self._latest) > MOST_REMEMBERED:
            del self._latest[next(iter(self._latest))]
