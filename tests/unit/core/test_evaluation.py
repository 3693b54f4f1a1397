"""Which answers are right, what the numbers of a run say, and which questions are one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.core.app.admission import Admission
from services.core.domain import Citation, ConversationId, MessageId, MessageKind, Role, Source
from services.core.domain.bootstrap import Resampled
from services.core.domain.content import (
    Attachment,
    AttachmentKind,
    Content,
    EmailBody,
    Location,
    Part,
    Reaction,
    Selection,
    Text,
)
from services.core.domain.evaluation import Asked, Earlier, Expectation, Found, Metric, Outcome, Totals, Verdict, added
from services.core.domain.grouping import Unanswered, asks, grouped
from services.core.domain.judging import failed, has, judge, place_of_document, place_of_words
from tests.unit.core.making import ACME, NOW, conversation, turn

RETURNS, FEES = (f"organizations/acme/documents/{name}" for name in ("returns", "fees"))
TEXT = "You can return a parcel within **30 days**."


def cited(document: str, end: int = len(TEXT)) -> Citation:
    title = document.rpartition("/")[2].title()
    return Citation(0, end, Source(document, 1, f"{document}/passages/1", title, "", "", TEXT))


def answered(*documents: str, text: str = TEXT, kind: MessageKind = MessageKind.ANSWER, found: tuple[str, ...] = ()) -> Outcome:
    hits = tuple(Found(f"{name}/passages/1", name, "", "", 0.8, 0.8, 0.8, used=True) for name in found or documents)
    return Outcome(text, kind, tuple(map(cited, documents)), hits, seconds=2.0)


def admitted(*found: str) -> Outcome:
    return answered(text="I don't know.", kind=MessageKind.UNKNOWN, found=found)


EXPECTED = Asked("How long?", documents=(RETURNS,), must_contain=("30 days|thirty days",), must_not_contain=("14 days",))
NO_ANSWER = Asked("Who won?", Expectation.NO_ANSWER)
TALK = Asked("Hello!", Expectation.TALK)


@pytest.mark.parametrize(
    ("asked", "outcome", "verdict", "reason"),
    [
        (EXPECTED, answered(RETURNS), Verdict.RIGHT, "The answer cites “Returns” and has the expected words."),
        (EXPECTED, answered(FEES, RETURNS), Verdict.RIGHT, "The answer cites “Fees” and “Returns” and has the expected words."),
        (
            EXPECTED,
            answered(FEES, found=(FEES, FEES, RETURNS)),
            Verdict.WRONG_PASSAGE,
            "The answer cites “Fees”, not returns; the right passage was found at place 2.",
        ),
        (EXPECTED, answered(), Verdict.WRONG_PASSAGE, "The answer cites no source, not returns; no right passage was found."),
        (
            EXPECTED,
            answered(RETURNS, text="It depends."),
            Verdict.WRONG_ANSWER,
            "The answer lacks “30 days|thirty days”; the right passage was found at place 1.",
        ),
        (
            EXPECTED,
            answered(RETURNS, text="Thirty  DAYS, or 14 days."),
            Verdict.WRONG_ANSWER,
            "The answer has “14 days”, which it must not have.",
        ),
        (
            EXPECTED,
            admitted(RETURNS),
            Verdict.ABSTAINED,
            "The assistant says that it doesn't know, though there is an answer; the right passage was found at place 1.",
        ),
        (Asked("What?"), answered(FEES), Verdict.RIGHT, "The answer cites “Fees”."),
        (NO_ANSWER, admitted(FEES), Verdict.RIGHT, "The assistant says that it doesn't know, as expected."),
        (NO_ANSWER, answered(FEES), Verdict.ANSWERED, "The answer cites “Fees”, though no answer was expected."),
        (TALK, answered(text="Hello!"), Verdict.RIGHT, "The assistant says something without a source, as expected."),
        (TALK, answered(FEES), Verdict.WRONG_ANSWER, "The answer cites “Fees”, though small talk was expected."),
        (TALK, admitted(), Verdict.ABSTAINED, "The assistant says that it doesn't know, though there is an answer."),
    ],
)
def test_a_verdict_comes_with_its_reason(asked: Asked, outcome: Outcome, verdict: Verdict, reason: str) -> None:
    judgement = judge(asked, outcome)
    assert (judgement.verdict, judgement.reason) == (verdict, reason)


def test_words_are_compared_whatever_their_case_lines_apostrophes_and_emphasis() -> None:
    assert has("don't  return", "We DON’T\n**return** it.")
    assert not has("30 days", "3 days")
    assert not has("|", "anything")


def test_a_place_is_among_the_first_eight_and_a_document_counts_once() -> None:
    assert place_of_document({"b"}, ["a", "a", "b"]) == 2
    assert place_of_document({"z"}, [*"abcdefgh", "z"]) == 0
    assert place_of_words(["thirty", "days"], ["days", "thirty days"]) == 2


def test_without_documents_the_right_passage_is_one_with_the_words() -> None:
    asked = Asked("How long?", must_contain=("30 days",))
    judgement = judge(asked, answered(FEES, RETURNS), ["Fees are low.", TEXT])
    assert (judgement.place, judgement.scores[Metric.HIT_AT_1], judgement.scores[Metric.HIT_AT_3]) == (2, (0, 1), (1, 1))


def test_the_numbers_of_a_run_are_sums_of_parts_by_sums_of_wholes() -> None:
    totals = Totals()
    for asked, outcome in [
        (EXPECTED, answered(RETURNS, FEES)),
        (EXPECTED, answered(FEES, found=(FEES, RETURNS))),
        (EXPECTED, admitted(RETURNS)),
        (NO_ANSWER, admitted()),
        (NO_ANSWER, answered(FEES)),
    ]:
        totals = totals.plus(outcome, judge(asked, outcome))
    totals = totals.plus(Outcome(), failed("The model is down."))
    values = {metric: part / whole for metric, (part, whole) in totals.scores.items()}
    assert values == {
        Metric.RIGHT: 2 / 6,
        Metric.HIT_AT_1: 2 / 3,
        Metric.HIT_AT_3: 1,
        Metric.HIT_AT_5: 1,
        Metric.HIT_AT_8: 1,
        Metric.MEAN_RECIPROCAL_RANK: pytest.approx(2.5 / 3),
        Metric.FIRST_QUOTE_RIGHT: 1 / 3,
        Metric.ABSTENTION_PRECISION: 1 / 2,
        Metric.ABSTENTION_RECALL: 1 / 2,
        Metric.CITATIONS_RIGHT: 1 / 3,
        Metric.ANSWER_DURATION: 2.0,
    }
    assert (totals.results, totals.failed_in_a_row, totals.micros) == (6, 1, None)
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(totals)), Totals) == totals
    assert added({}, {Metric.RIGHT: (0.0, 0.0)}) == {}


def test_a_question_is_the_same_by_its_words_and_what_was_said_before() -> None:
    asked = Asked("How  long?\n", documents=(RETURNS,))
    assert asked.digest == Asked("How long?").digest
    assert asked.digest != Asked("How long?", earlier=(Earlier(Role.CUSTOMER, "To Norway?"),)).digest


def test_a_difference_that_may_be_chance_has_an_interval_with_zero() -> None:
    resampled = Resampled(60)
    right, wrong = (1.0, 1.0), (0.0, 1.0)
    before = [right, wrong] * 30
    low, high = resampled.interval(before, [right] * 60)
    assert 0.3 < low < 0.5 < high < 0.7
    low, high = resampled.interval(before, [right, *before[1:59], right])
    assert low <= 0 <= high
    assert resampled.interval([(0.0, 0.0)] * 60, before) == (0.0, 0.0), "no question of the run before is about it"


def asked_at(text: str, minutes: int, where: str = "") -> Unanswered:
    return Unanswered(ConversationId(where or f"c{minutes}"), MessageId(f"m{minutes}"), text, NOW - timedelta(minutes=minutes))


def test_questions_with_nearly_the_same_words_are_one_group() -> None:
    questions = [
        asked_at("Do you ship to Norway?", 1),
        asked_at("Gibt es Zelte für Hunde?", 2),
        asked_at("do you SHIP to norway", 3, "c1"),
        asked_at("Can you ship this to Norway please?", 4, "c4"),
        asked_at("???", 5),
        asked_at("Where is my parcel?", 6),
    ]
    groups = grouped(questions)
    assert [[int(one.message[1:]) for one in group.questions] for group in groups] == [[1, 3, 4], [2], [5], [6]]
    assert [one.message for one in groups[0].examples()] == ["m1", "m4", "m3"], "other conversations first"


@pytest.mark.parametrize(
    ("said", "question"),
    [
        (Text("Do you ship to Norway?"), True),
        (Text("¿Envían a Noruega?"), True),
        (Text("配送"), True),
        (Text("42?"), True),
        (Text("No parcel yet"), True),
        (Selection("1", "My order"), True),
        (EmailBody("Where is it?"), True),
        (Text("😀"), False),
        (Text("?!"), False),
        (Text("Yes please"), False),
        (Text("nein danke"), False),
        (Attachment(AttachmentKind.IMAGE, "m1", "boots.jpg"), False),
        (Attachment(AttachmentKind.VOICE, "m1"), False),
        (Reaction("👍"), False),
        (Location(1.0, 2.0, "Home"), False),
    ],
)
def test_messages_without_words_and_a_yes_or_no_are_no_questions(said: Part, question: bool) -> None:
    content = Content((said,))
    assert asks(content.words, content.unless_plain) is question
    assert asks("", Content((Attachment(AttachmentKind.IMAGE), said))) is question


def test_a_thousand_different_questions_are_grouped_quickly() -> None:
    questions = [asked_at(f"how do I change part number{n} of product{n % 50} in my account", n) for n in range(1000)]
    assert sum(len(group.questions) for group in grouped(questions)) == 1000


def test_an_evaluation_has_room_only_while_over_half_of_the_places_are_free_and_no_customer_waits() -> None:
    admission = Admission(max_running=8, max_per_organization=4)

    def room() -> bool:
        with admission.spare(ACME) as free:
            return free

    assert room()
    admission.enter(ACME)
    assert room(), "it takes no place itself"
    admission.enter(ACME)
    assert not room()
    admission.leave(ACME)
    waiting: Any = conversation(turn=turn())
    admission.wait(waiting)
    assert not room()
