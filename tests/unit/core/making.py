"""Conversations, replies and passages for the tests of core, and a loop whose clock jumps."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from kit.ids import OrganizationId
from services.core.domain import (
    AgentId,
    ChannelId,
    Conversation,
    ConversationId,
    CustomerId,
    Identity,
    IdentityKind,
    IdentitySource,
    Message,
    MessageId,
    MessageKind,
    Opening,
    Reply,
    Role,
    Source,
    State,
    Turn,
    TurnId,
    TurnState,
)
from services.core.ports import Recalled

T = TypeVar("T")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ACME = OrganizationId("acme")
C1 = ConversationId("c1")
ROBIN = AgentId("robin")
KIM = AgentId("kim")


def browser(session: str, channel: ChannelId) -> Opening:
    """What Sam's browser opens a conversation with."""
    identity = Identity(IdentityKind.BROWSER, session, verified=NOW, source=IdentitySource.SESSION)
    return Opening(channel, identity, display_name="Sam")


REPLY = Reply("It takes 30 days.", MessageKind.ANSWER, (), (), "scripted", 3, 4)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def conversation(state: State = State.AUTOMATED, **more: Any) -> Conversation:
    """A conversation in a state, with robin as its agent if it is assigned."""
    c = Conversation(ACME, C1, CustomerId("k1"), ChannelId("web"), state, NOW, NOW, **more)
    return replace(c, agent=ROBIN, agent_display_name="Robin") if state is State.ASSIGNED and c.agent is None else c


def turn(state: TurnState = TurnState.RUNNING, **more: Any) -> Turn:
    given: dict[str, Any] = {"id": TurnId("t1"), "epoch": 1, "answers_seq": 1, "attempt": 1, "created": NOW, "due": NOW} | more
    return Turn(state=state, **given)


def answering(**more: Any) -> Conversation:
    """A conversation in which the assistant is about to answer the customer's first message."""
    return conversation(last_seq=1, last_customer_seq=1, turn=turn(**more))


def message(seq: int, text: str = "Hello", role: Role = Role.CUSTOMER, **more: Any) -> Message:
    return Message(MessageId(f"m{seq}"), seq, role, text, NOW, f"test/{seq}", **more)


def source(number: int, text: str = "Text") -> Source:
    return Source(f"documents/d{number}", f"documents/d{number}/passages/1", f"Title {number}", "", "", text)


def recalled(text: str, similarity: float = 0.8, lexical: float = 0.8, number: int = 1) -> Recalled:
    return Recalled(source(number, text), similarity, lexical)


class _Jumping(selectors.DefaultSelector):
    """Instead of waiting until a time, lets the loop's clock jump there."""

    now = 1000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("Everybody waits, and nothing will ever happen.")
        if not ready and timeout:
            self.now += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """A loop on which an hour of sleep takes no time."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on a loop whose clock jumps."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(work)
