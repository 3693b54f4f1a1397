"""Bounds of the assistant: places for running turns, the price list, and the day's budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.ids import OrganizationId
from services.core.app.admission import Admission
from services.core.app.budget import Spent
from services.core.domain import (
    ASSISTANT_OFF,
    Content,
    Cost,
    HandoverRequested,
    Price,
    Responder,
    State,
    TurnState,
    begin,
    cost,
    micros,
    price_of,
    prices,
    receive,
)
from services.core.ports.assistant import Usage
from tests.unit.core.making import ACME, NOW, answering, conversation, later, turn

OTHER = OrganizationId("other")


# ---- admission


def test_organizations_take_turns_however_many_turns_one_has() -> None:
    admission = Admission(max_running=10, max_per_organization=10)
    for number in range(5):
        admission.wait(conversation(turn=turn(TurnState.PENDING, id=f"a{number}")))
    admission.wait(replace(conversation(turn=turn(TurnState.PENDING, id="b0")), organization=OTHER))
    order = []
    while waiting := admission.next():
        order.append(waiting.turn)
    assert order == ["a0", "b0", "a1", "a2", "a3", "a4"]


def test_an_organization_with_all_its_places_leaves_the_others_theirs() -> None:
    admission = Admission(max_running=3, max_per_organization=2)
    for _ in range(2):
        admission.enter(ACME)
    with admission.place(ACME) as room:
        assert not room
    with admission.place(OTHER) as room:
        assert room
        assert admission.running == 3, "the place is kept until the turn runs"
        with admission.place(OrganizationId("third")) as late:
            assert not late
    assert admission.running == 2
    admission.wait(conversation(turn=turn(TurnState.PENDING)))
    assert admission.next() is None
    admission.leave(ACME)
    with admission.place(ACME) as room:
        assert not room, "those that wait go first"
    assert admission.next() is not None


def test_a_turn_that_no_longer_waits_does_not_begin() -> None:
    waiting = answering(state=TurnState.PENDING, attempt=0)
    assert waiting.turn is not None
    started = begin(waiting, waiting.turn.id, NOW)
    assert started is not None
    assert started.after.turn is not None
    assert (started.after.turn.state, started.after.turn.attempt) == (TurnState.RUNNING, 1)
    assert begin(started.after, waiting.turn.id, NOW) is None
    assert begin(conversation(), waiting.turn.id, NOW) is None
    reschedule = answering(state=TurnState.PENDING, due=later(5))
    assert begin(reschedule, waiting.turn.id, NOW) is None


# ---- who answers


def test_with_the_assistant_off_a_message_waits_for_agents_and_ends_the_running_turn() -> None:
    change = receive(answering(), Content.of("Anybody?"), "s", NOW, responder=Responder.AGENTS)
    assert (change.after.state, change.after.turn, change.after.handover_reason) == (State.WAITING, None, ASSISTANT_OFF)
    assert [t.state for t in change.turns] == [TurnState.CANCELLED]
    assert isinstance(change.facts[-1], HandoverRequested)
    again = receive(change.after, Content.of("Hello?"), "s2", NOW, responder=Responder.AGENTS)
    assert not any(isinstance(fact, HandoverRequested) for fact in again.facts)


def test_a_message_that_no_one_answers_starts_nothing_and_is_read_with_the_next() -> None:
    quiet = receive(conversation(), Content.of("One"), "s1", NOW, responder=Responder.NOBODY)
    assert (quiet.after.turn, quiet.turns, quiet.after.unanswered, quiet.after.state) == (None, (), False, State.AUTOMATED)
    spoken = receive(quiet.after, Content.of("Two"), "s2", NOW)
    assert spoken.after.turn is not None
    assert spoken.after.turn.answers_seq == 2
    assert (
        receive(conversation(State.CLOSED), Content.of("Three"), "s3", NOW, responder=Responder.NOBODY).after.state
        is State.CLOSED
    )


# ---- prices


def test_money_is_counted_in_whole_micros_and_rounded_up() -> None:
    assert micros("12.50") == 12_500_000
    assert cost(Price(micros("2.50"), micros("10")), 1000, 100) == Cost(1100, 3500)
    assert cost(Price(micros("0.05"), micros("0.40")), 1, 0) == Cost(1, 1)
    assert cost(None, 7, 3) == Cost(10, 0)


@pytest.mark.parametrize("wrong", ["", "many", "-1", "NaN", "inf", "0.0000001"])
def test_what_is_no_money_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        micros(wrong)


def test_a_price_list_goes_before_the_built_in_prices() -> None:
    own = prices("org/llama3:8b=0/0, gpt-4o=1/2")
    assert own == {"org/llama3:8b": Price(0, 0), "gpt-4o": Price(micros("1"), micros("2"))}
    assert price_of("gpt-4o", own) == Price(micros("1"), micros("2"))
    assert price_of("gpt-4o-mini-2024-07-18", {}) == Price(micros("0.15"), micros("0.60"))
    assert price_of("something-else", own) is None
    for wrong in ("gpt-4o", "gpt-4o=1", "=1/2", "gpt-4o=a/b"):
        with pytest.raises(ValueError, match="is not a"):
            prices(wrong)


# ---- the budget


def test_what_a_process_spent_is_counted_by_direction_and_in_money() -> None:
    spent = Spent()
    for _ in range(2):
        spent.add(Usage(1000, 10), Price(500_000, 1_500_000))
    spent.add(Usage(1, 0), None)
    assert (spent.tokens, spent.micros) == ({"input": 2001, "output": 20}, 2 * cost(Price(500_000, 1_500_000), 1000, 10).micros)
