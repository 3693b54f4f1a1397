"""Whatever happens in whatever order: what must hold for a conversation holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kit import errors
from services.core.domain import (
    MAX_SUPERSEDES,
    Change,
    Content,
    Message,
    Role,
    State,
    Turn,
    TurnLost,
    TurnState,
    close,
    finish,
    note,
    post,
    receive,
    reopen,
    request_handover,
    retry,
    return_to_assistant,
    take,
)
from tests.unit.core.making import KIM, NOW, REPLY, ROBIN, conversation

AGENTS = st.sampled_from([ROBIN, KIM])
OPEN = (TurnState.PENDING, TurnState.RUNNING)


class AConversation(RuleBasedStateMachine):
    """Customers, agents and workers, some of whom come too late."""

    def __init__(self) -> None:
        super().__init__()
        self.now = conversation()
        self.messages: list[Message] = []
        self.turns: dict[str, Turn] = {}
        self.workers: list[Turn] = []
        self.count = 0

    def commit(self, change: Change | None) -> None:
        if change is None:
            return
        assert change.before == self.now
        assert change.after.revision == self.now.revision + 1
        assert change.after.epoch >= self.now.epoch
        for message in change.messages:
            assert message.source not in {known.source for known in self.messages}
            if message.role is Role.ASSISTANT:
                assert change.before.state is State.AUTOMATED, "the assistant spoke while a human had the conversation"
                assert message.epoch == change.before.epoch
        for turn in change.turns:
            known = self.turns.get(turn.id)
            assert known is None or known.state in OPEN, "a turn that had ended moved again"
            self.turns[turn.id] = turn
        self.messages += change.messages
        self.now = change.after
        if self.now.turn is not None and self.now.turn.state is TurnState.RUNNING and self.now.turn not in self.workers:
            self.workers.append(self.now.turn)

    @rule(quiet=st.sampled_from([0, 2]))
    def customer_writes(self, quiet: int) -> None:
        self.count += 1
        before = self.now.turn
        self.commit(receive(self.now, Content.of("Hi"), f"s{self.count}", NOW, quiet=timedelta(seconds=quiet)))
        assert (self.now.turn is not None) == (self.now.state is State.AUTOMATED)
        if before is not None and self.now.turn is not None:
            assert self.now.turn.supersedes <= MAX_SUPERSEDES

    @precondition(lambda self: self.workers)
    @rule(data=st.data(), works=st.booleans())
    def a_worker_ends(self, data: st.DataObject, works: bool) -> None:
        turn = data.draw(st.sampled_from(self.workers))
        try:
            change = finish(self.now, turn, REPLY, NOW) if works else retry(self.now, turn, "broken", NOW)
        except TurnLost:
            return
        self.commit(change)

    @precondition(lambda self: self.now.turn is not None)
    @rule()
    def a_turn_is_claimed(self) -> None:
        assert self.now.turn is not None
        claimed = replace(self.now.turn, state=TurnState.RUNNING, attempt=self.now.turn.attempt + 1)
        self.turns[claimed.id] = claimed
        self.workers.append(claimed)
        self.now = replace(self.now, turn=claimed, revision=self.now.revision + 1)

    @rule(agent=AGENTS, what=st.sampled_from(["take", "transfer", "return", "post", "note", "close", "reopen", "ask"]))
    def a_human_acts(self, agent: object, what: str) -> None:
        self.count += 1
        who, other = (ROBIN, KIM) if agent == ROBIN else (KIM, ROBIN)
        before = self.now
        try:
            match what:
                case "take":
                    self.commit(take(before, who, who, None, NOW))
                    assert self.now.state is State.ASSIGNED
                case "transfer":
                    self.commit(take(before, who, who, other, NOW))
                case "return":
                    self.commit(return_to_assistant(before, who, NOW))
                case "post":
                    self.commit(post(before, who, Content.of("Hi"), f"r{self.count}", NOW))
                case "note":
                    self.commit(note(before, who, who, Content.of("Hi"), f"r{self.count}", NOW))
                case "close":
                    self.commit(close(before, NOW))
                case "reopen":
                    self.commit(reopen(before, NOW))
                case _:
                    self.commit(request_handover(before, "why", NOW))
        except errors.FailedPrecondition:
            assert self.now == before

    @invariant()
    def messages_are_numbered_without_gaps(self) -> None:
        assert [message.seq for message in self.messages] == list(range(1, len(self.messages) + 1))
        assert self.now.last_seq == len(self.messages)
        said = [message.seq for message in self.messages if message.role is Role.CUSTOMER]
        assert self.now.last_customer_seq == max(said, default=0)

    @invariant()
    def at_most_one_turn_is_open_and_only_while_the_assistant_owns(self) -> None:
        open_turns = [turn for turn in self.turns.values() if turn.state in OPEN]
        assert open_turns == ([self.now.turn] if self.now.turn is not None else [])
        if self.now.state is not State.AUTOMATED:
            assert self.now.turn is None

    @invariant()
    def what_is_open_has_a_turn_or_a_human(self) -> None:
        if self.now.state is State.AUTOMATED:
            assert self.now.unanswered == (self.now.turn is not None)
        said_by_agents = (m.seq for m in self.messages if m.role is Role.AGENT and not m.note)
        answered = (turn.answers_seq for turn in self.turns.values() if turn.state is TurnState.DONE)
        if self.now.unanswered:
            assert self.now.last_customer_seq > max([0, *said_by_agents, *answered])

    @invariant()
    def an_agent_has_it_when_it_is_assigned(self) -> None:
        assert (self.now.state is State.ASSIGNED) == (self.now.agent is not None)


AConversation.TestCase.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True, database=None
)
pytestmark = pytest.mark.budget(2, "a machine of many steps")
TestAConversation = AConversation.TestCase
