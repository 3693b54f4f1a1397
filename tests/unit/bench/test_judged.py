"""Answers of a model are asked for as customers do, and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bench.answers import baseline, judged, report
from bench.answers.answers import Verdict
from bench.answers.asking import ChatModel, ModelUnavailable, Written, ask
from bench.answers.baseline import Number
from bench.answers.sets import TALK, UNANSWERABLE, Question
from kit.ids import OrganizationId
from services.core.domain import Passage
from services.core.ports.assistant import Findings, Knowledge, Recalled
from tests.fakes.core import FixedKnowledge
from tests.support.quoting import INVENTED, QuotingModel

OFF_TOPIC, LOOK_ALIKE = UNANSWERABLE
PAGES = {
    "returns": "You can return a parcel within 30 days.",
    "fees": "A return from Spain costs €4.95. Two parcels cost twice as much.",
    "wholesale": "We sell to people at home.",
}
SCORES = {"return": ("returns", 0.9), "spain": ("fees", 0.8), "wholesale": ("wholesale", 0.3), "warranty": ("returns", 0.6)}


class Pages(FixedKnowledge):
    """Finds the page of a word in the query, as well as `SCORES` says."""

    async def search(self, organization: OrganizationId, query: str, limit: int) -> Findings:
        found = [place for word, place in SCORES.items() if word in query.lower()]
        return Findings(tuple(_recalled(name, score) for name, score in found[-1:]), embedding_model="multilingual-e5-small")


def test_a_models_answers_are_judged_as_customers_see_them() -> None:
    right = _question("How long can I return a parcel?", "returns", "within 30 days")
    german = _question("Was kostet das von Spain aus?", "fees", "€4.95", language="de")
    elsewhere = _question("How do I return a table?", "returns", "by the carrier")
    wrong = _question("May I return a parcel to a shop?", "fees", "€4.95")
    refused = _question("When is the warranty over?", "returns", "30 days")
    unanswerable = [_question(f"{words}?", kind=OFF_TOPIC) for words in ("Who won the election", "What is a parsec")]
    look_alikes = [
        _question("Do you have wholesale prices?", kind=LOOK_ALIKE),
        _question("Can I return a gift?", kind=LOOK_ALIKE),
    ]
    greeting = _question("Hello!", kind=TALK)
    model = QuotingModel()
    written = _asked(model, [right, german, elsewhere, wrong, refused, *unanswerable, *look_alikes, greeting], Pages())
    found = list(map(judged.judge, written))

    verdicts = [one.answer.verdict for one in found]
    admitted = Verdict.ADMITTED
    expected = [Verdict.RIGHT, Verdict.RIGHT, Verdict.CITED, Verdict.WRONG, admitted, admitted, admitted, admitted]
    assert verdicts == [*expected, Verdict.WRONG, Verdict.TALKED]
    assert INVENTED not in found[0].answer.text
    assert (written[0].sentences, written[0].withheld) == (2, 1)
    assert len(model.short_calls) == 1, "only the wholesale page is weak evidence"

    numbers = judged.numbers(found)
    assert numbers["right, English"] == (0.25, 4)
    assert numbers["right, other languages"] == (1.0, 1)
    assert numbers["answerable, answered wrongly"] == (0.2, 5)
    assert numbers["answerable, yet not answered"] == (0.2, 5)
    assert numbers["off topic admitted"] == (1.0, 2)
    assert numbers["look-alikes admitted"] == (0.5, 2)
    assert numbers["small talk answered"] == (1.0, 1)
    assert numbers["citations of a right document"] == (0.75, 4)
    assert numbers["citations with the expected words"] == (0.5, 4)
    calls = len(model.replies) + len(model.short_calls)
    assert numbers["tokens in, an answer"] == (calls * 1000 / 10, 10)
    assert numbers["tokens out, an answer"] == (calls * 50 / 10, 10)
    assert numbers["cost, an answer"].value == pytest.approx(calls * (1000 * 2.5 + 50 * 10) / 1e6 / 10, rel=0.01)
    assert 0 < numbers["s: first released text, p50"].value <= numbers["s: whole answer, p95"].value
    assert "failed" not in report.table([one.answer for one in found])[0]


def test_the_figures_of_an_answer_are_those_of_the_passage_in_whatever_language() -> None:
    question = _question("?", "fees", "€4.95")
    assert judged._says(question, "Eine Rücksendung kostet **4,95 Euro**.", [PAGES["fees"]])
    assert not judged._says(question, "Eine Rücksendung kostet 5 Euro.", [PAGES["fees"]])
    assert not judged._says(question, "It costs €4.95.", [PAGES["returns"]])


def test_a_model_without_a_price_has_no_cost() -> None:
    written = _asked(QuotingModel(), [_question("Hello!", kind=TALK)], Pages(), name="of-our-own")
    assert "cost, an answer" not in judged.numbers([judged.judge(written[0])])


def test_a_model_that_is_not_there_ends_the_run_and_one_failure_does_not() -> None:
    questions = [_question(f"Can I return parcel {letter}?", "returns", "30 days") for letter in "abcdefgh"]
    with pytest.raises(ModelUnavailable, match="5 questions in a row"):
        _asked(QuotingModel(), questions, FixedKnowledge(unavailable=True))
    (failed,) = map(judged.judge, _asked(QuotingModel(), questions[:1], FixedKnowledge(unavailable=True)))
    assert failed.answer.verdict is Verdict.FAILED
    assert "searched" in failed.answer.text
    assert "failed" in report.table([failed.answer])[0]
    assert judged.numbers([failed])["right, English"] == (0.0, 1)


def test_a_question_is_asked_again_when_the_model_failed_for_a_while() -> None:
    class Busy(Pages):
        async def search(self, organization: OrganizationId, query: str, limit: int) -> Findings:
            self.unavailable = len(self.asked) == 1
            await FixedKnowledge.search(self, organization, query, limit)
            return await super().search(organization, query, limit)

    questions = [_question(f"Can I return parcel {letter}?", "returns", "30 days") for letter in "ab"]
    written = _asked(QuotingModel(), questions, Busy(), at_once=1)
    assert [one.problem for one in written] == ["", ""]


def test_times_and_costs_are_shown_but_no_regression() -> None:
    before = {"s: whole answer, p50": 1.0, "cost, an answer": 0.001, "tokens in, an answer": 9.0, "sentences withheld": 0.1}
    now = {name: Number(value * 9, 100) for name, value in before.items()}
    assert not list(baseline.worse(before, now))
    assert list(baseline.worse({"answerable, answered wrongly": 0.1}, {"answerable, answered wrongly": Number(0.2, 100)}))


def _asked(
    model: QuotingModel, questions: Sequence[Question], knowledge: Knowledge, name: str = "gpt-4o", at_once: int = 4
) -> list[Written]:
    async def run() -> list[Written]:
        async with model.serving() as url:
            return await ask(questions, knowledge, ChatModel(name, url, at_once=at_once), pause=0.01)

    return asyncio.run(run())


def _question(text: str, document: str = "", answer: str = "", *, kind: str = "plain", language: str = "en") -> Question:
    return Question(text, kind, language, (document,) if document else (), (answer,) if answer else ())


def _recalled(name: str, score: float) -> Recalled:
    return Recalled(Passage(name, name, 1, name.title(), "", "", PAGES[name]), score, score, score)
