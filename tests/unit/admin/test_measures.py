"""Measurements of a conversation, fact by fact."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.admin.domain import measures
from services.admin.domain.measures import (
    AgentSaid,
    Asked,
    AssistantSaid,
    Changed,
    Charged,
    Closed,
    CustomerSaid,
    Happening,
    Measure,
    Measurement,
    Rated,
    Returned,
    Seen,
    Story,
    Taken,
    bin_of,
    duration_of,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
ANSWER, UNKNOWN, NOTICE = AssistantSaid(True, False), AssistantSaid(False, False), AssistantSaid(False, True)


def measured(*happenings: tuple[float, Happening, bool | None]) -> dict[tuple[Measure, str], Measurement]:
    """All measurements after some things happened, each at a second, and whether the customer's last message is open then."""
    story, kept = Story(), dict[tuple[Measure, str], Measurement]()
    for n, (second, what, is_open) in enumerate(happenings):
        result = measures.measure(story, Seen(what, NOW + timedelta(seconds=second), str(n), is_open))
        for measure in result.dropped:
            del kept[measure, measures.ONCE]
        for each in result.added:
            assert (each.measure, each.key) not in kept, "each counts once"
            kept[each.measure, each.key] = each
        story = result.story
    return kept


def counts(*happenings: tuple[float, Happening, bool | None]) -> Counter[Measure]:
    return Counter(measure for measure, _ in measured(*happenings))


def test_a_conversation_that_the_assistant_answers_counts_once_and_again_after_each_answer() -> None:
    first = (0, CustomerSaid(), True), (2, ANSWER, False)
    assert counts(*first) == {
        Measure.STARTED: 1,
        Measure.CUSTOMER_MESSAGE: 1,
        Measure.ASSISTANT_MESSAGE: 1,
        Measure.ASSISTANT_RESPONSE: 1,
        Measure.ANSWERED_ALONE: 1,
    }
    assert counts(*first, (3, CustomerSaid(), True))[Measure.ANSWERED_ALONE] == 0, "a message is open"
    again = measured(*first, (3, CustomerSaid(), True), (9, ANSWER, False))
    assert again[Measure.ANSWERED_ALONE, ""].at == NOW + timedelta(seconds=9)
    assert again[Measure.ASSISTANT_RESPONSE, ""].value == 2_000
    assert sum(measure is Measure.STARTED for measure, _ in again) == 1


def test_an_answer_that_is_none_is_unanswered_and_answers_nothing_alone() -> None:
    told = counts((0, CustomerSaid(), True), (1, UNKNOWN, False), (2, NOTICE, False))
    assert told[Measure.UNANSWERED] == 2
    assert told[Measure.ANSWERED_ALONE] == 0
    assert told[Measure.ASSISTANT_RESPONSE] == 1, "a notice responds to nothing, but the first message did"
    assert counts((0, CustomerSaid(), True), (1, NOTICE, True))[Measure.ASSISTANT_RESPONSE] == 0


def test_a_closed_conversation_without_an_answer_was_not_answered() -> None:
    assert counts((0, CustomerSaid(), True), (5, Closed(), False))[Measure.ANSWERED_ALONE] == 0


def test_a_conversation_that_is_handed_over_counts_as_answered_alone_no_more() -> None:
    before = (0, CustomerSaid(), True), (1, ANSWER, False)
    told = measured(*before, (10, Asked(), False), (40, Taken("ada"), False), (70, AgentSaid(), False), (80, Closed(), False))
    assert (Measure.ANSWERED_ALONE, "") not in told
    assert told[Measure.HANDED_OVER, ""].at == NOW + timedelta(seconds=10)
    [waiting] = [each for each in told.values() if each.measure is Measure.WAITING]
    assert (waiting.value, waiting.agent) == (30_000, "ada")
    [response] = [each for each in told.values() if each.measure is Measure.AGENT_RESPONSE]
    assert (response.value, response.agent) == (60_000, "ada")


def test_a_second_handover_is_no_second_conversation_but_waits_and_responds_again() -> None:
    told = counts(
        *(
            (0, CustomerSaid(), True),
            (1, Asked(), True),
            (2, Taken("ada"), True),
            (3, AgentSaid(), False),
            (4, Returned(), False),
        ),
        *(
            (5, CustomerSaid(), True),
            (6, Asked(), True),
            (9, Taken("bob"), True),
            (12, AgentSaid(), False),
            (13, AgentSaid(), False),
        ),
    )
    assert told[Measure.HANDED_OVER] == 1
    assert told[Measure.WAITING] == told[Measure.AGENT_RESPONSE] == 2
    assert told[Measure.AGENT_MESSAGE] == 3


def test_a_customer_who_leaves_the_line_has_waited_for_no_one() -> None:
    told = counts((0, CustomerSaid(), True), (1, Asked(), True), (9, Returned(), True), (11, ANSWER, False))
    assert told[Measure.WAITING] == 0
    assert told[Measure.ANSWERED_ALONE] == 0, "a human was asked for"


def test_an_agent_who_steps_in_hands_over_and_responds_from_then_on() -> None:
    told = measured((0, CustomerSaid(), True), (5, Taken("ada"), True), (7, AgentSaid(), False))
    assert (Measure.HANDED_OVER, "") in told
    assert not [each for each in told.values() if each.measure is Measure.WAITING], "no one was asked"
    assert [each.value for each in told.values() if each.measure is Measure.AGENT_RESPONSE] == [2_000]


def test_a_transfer_starts_no_new_wait_for_words() -> None:
    told = measured(
        *((0, CustomerSaid(), True), (1, Asked(), True), (2, Taken("ada"), True), (3, AgentSaid(), False)),
        *((4, Taken("bob", from_agent=True), False), (9, AgentSaid(), False)),
    )
    assert [each.agent for each in told.values() if each.measure is Measure.AGENT_RESPONSE] == ["ada"]
    assert [each.agent for each in told.values() if each.measure is Measure.AGENT_MESSAGE] == ["ada", "bob"]


def test_a_later_rating_replaces_the_first_and_is_the_last_agents() -> None:
    told = measured(
        (0, CustomerSaid(), True), (1, Taken("ada"), True), (2, Closed(), False), (3, Rated(1), False), (4, Rated(5), False)
    )
    assert [(each.value, each.agent) for each in told.values() if each.measure is Measure.RATING] == [(5, "ada")]


def test_what_models_took_counts_whatever_became_of_the_conversation() -> None:
    told = measured((0, Charged(100, 20, 0), None), (1, Charged(7, 0, 35), None))
    totals: Counter[Measure] = Counter()
    for each in told.values():
        totals[each.measure] += each.value
    assert totals == {Measure.INPUT_TOKENS: 107, Measure.OUTPUT_TOKENS: 20, Measure.COST: 35}
    assert counts((0, CustomerSaid(), True), (1, ANSWER, False), (2, Charged(1, 1, 1), None))[Measure.ANSWERED_ALONE] == 1


def test_a_return_to_the_assistant_after_which_nothing_is_open_changes_nothing() -> None:
    assert counts((0, Changed(), False)) == {}


@pytest.mark.parametrize("milliseconds", [2, 7, 40, 999, 1_000, 12_345, 3_600_000, 86_400_000 * 365])
def test_a_bin_is_exact_to_three_percent(milliseconds: int) -> None:
    middle = duration_of(bin_of(milliseconds)) / timedelta(milliseconds=1)
    assert abs(middle / milliseconds - 1) < 0.03
    assert 0 < bin_of(milliseconds) < 2**15
