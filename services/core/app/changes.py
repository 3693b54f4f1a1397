"""How a rule is applied: load, decide, commit under the revision, notify the listeners; again when someone was faster."""

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kit import failpoints
from kit.ids import OrganizationId
from services.core.domain import (
    Change,
    Conversation,
    ConversationBusy,
    ConversationId,
    ConversationReturned,
    ConversationTaken,
    HandoverRequested,
    MessageCreated,
    MessageKind,
    Role,
    TurnCharged,
    TurnId,
    TurnState,
)
from services.core.ports.conversations import AlreadySaid, Conflict, Conversations

MAX_TRIES = 16
PAUSE_SECONDS = 0.002
"""How long to wait on average after a conflict, times the conflicts before: a pause leaves room for the others."""
MAX_REMEMBERED = 10_000
FIND_OUT_SECONDS = 10.0
"""How long the outcome of a commit is looked up when it is not known. A statement takes 5 s at most."""
FIND_OUT_PAUSE = 0.25

_log = logging.getLogger("frontdesk")

Decide = Callable[[Conversation], Change | None]
Listener = Callable[[Change], None]


@dataclass(frozen=True)
class Changes:
    """Applies rules to conversations."""

    conversations: Conversations
    listeners: list[Listener] = field(default_factory=list)
    """Called right after each commit of this process: screens, and the turns that begin or end with it."""
    _latest: dict[ConversationId, Conversation] = field(default_factory=dict)
    _finding_out: set[asyncio.Task[None]] = field(default_factory=set)

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

        Raises what the rule raises, AlreadySaid, and ConversationBusy when others were faster `MAX_TRIES` times.
        """
        for conflicts in range(MAX_TRIES):
            if conflicts > 1:
                await asyncio.sleep(random.uniform(0, 2 * PAUSE_SECONDS * conflicts))
            current = known or await self.conversations.load(organization, conversation)
            known = None
            change = decide(current)
            if change is None:
                return current
            try:
                await _reach(change, "before_commit")
                await self.conversations.commit(change)
                await _reach(change, "after_commit")
            except Conflict:
                continue
            except AlreadySaid:
                raise
            except BaseException:  # the caller cancelled, or the connection broke before the answer: it may be committed
                self._find_out(change)
                raise
            self._tell(change)
            return change.after
        raise ConversationBusy(conversation)

    def _tell(self, change: Change) -> None:
        self._remember(change.after)
        for listener in self.listeners:
            listener(change)

    def _find_out(self, change: Change) -> None:
        """If the change made a turn that runs here, looks up in the background whether it was stored, and starts it if so."""
        before, fresh = change.before.turn, change.after.turn
        if fresh is not None and fresh.state is TurnState.RUNNING and (before is None or before.id != fresh.id):
            task = asyncio.create_task(self._tell_if_committed(change, fresh.id), name=f"find out {change.after.id}")
            self._finding_out.add(task)
            task.add_done_callback(self._finding_out.discard)

    async def _tell_if_committed(self, change: Change, made: TurnId) -> None:
        """The id of the turn that the change made stands in no other change: where it is stored, this one was committed."""
        until = asyncio.get_running_loop().time() + FIND_OUT_SECONDS
        while asyncio.get_running_loop().time() < until:
            try:
                stored = await self.conversations.load(change.after.organization, change.after.id)
            except Exception as error:  # still unavailable
                _log.info("can't look up yet whether a turn was committed", extra={"error": repr(error)[:200]})
            else:
                ours = stored.turn is not None and stored.turn.id == made
                if stored.revision == change.after.revision and ours:
                    self._tell(change)
                if stored.revision >= change.after.revision:
                    return
            await asyncio.sleep(FIND_OUT_PAUSE)

    def _remember(self, conversation: Conversation) -> None:
        self._latest.pop(conversation.id, None)
        if conversation.erased is not None:
            return  # nothing more can be decided on it
        self._latest[conversation.id] = conversation
        if len(self._latest) > MAX_REMEMBERED:
            del self._latest[next(iter(self._latest))]


async def _reach(change: Change, place: str) -> None:
    if failpoints.armed():
        await failpoints.reach(f"core.{_kind(change)}.{place}")


def _kind(change: Change) -> str:
    """Which rule made a change, as failpoints call it."""
    for fact in change.facts:
        match fact:
            case ConversationTaken():
                return "take"
            case ConversationReturned():
                return "return"
            case MessageCreated(message=message) if message.role is Role.ASSISTANT:
                return "hold" if message.kind is MessageKind.HOLDING else "finish"
            case MessageCreated(message=message):
                return "receive" if message.role is Role.CUSTOMER else "post"
            case HandoverRequested():
                return "handover"
    return "change" if any(not isinstance(fact, TurnCharged) for fact in change.facts) else "retry"
