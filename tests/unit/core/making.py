"""Conversations, replies and passages for the tests of core."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

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
    Passage,
    Reply,
    Role,
    State,
    Turn,
    TurnId,
    TurnState,
)
from services.core.ports.assistant import Recalled
from tests.support.jumping import START

NOW = START
ACME = OrganizationId("acme")
C1 = ConversationId("c1")
ROBIN = AgentId("robin")
KIM = AgentId("kim")


def browser(session: str, channel: ChannelId) -> Opening:
    """The identity with which Sam's browser opens a conversation."""
    identity = Identity(IdentityKind.BROWSER, session, verified=NOW, source=IdentitySource.SESSION)
    return Opening(channel, identity, display_name="Sam")


REPLY = Reply("It takes 30 days.", MessageKind.ANSWER, (), "scripted", 3, 4)


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


def passage(number: int, text: str = "Text") -> Passage:
    return Passage(f"documents/d{number}/passages/3-0", f"documents/d{number}", 3, f"Title {number}", "", "", text)


def recalled(text: str, similarity: float = 0.8, lexical: float = 0.8, number: int = 1) -> Recalled:
    return Recalled(passage(number, text), similarity, lexical, score=(similarity + lexical) / 2)
