"""Whether a model's answers are right, as evaluations judge them, and what they cost.

A model has its own words, in the customer's language. So the expected words are looked for in the passages that an answer
cites, and of them only the figures in the answer itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.answers import report
from bench.answers.answers import Answer, Verdict
from bench.answers.asking import Written
from bench.answers.baseline import COST, SECONDS, TOKENS, WITHHELD, Number
from bench.answers.sets import TALK, UNANSWERABLE, Question
from services.core.app.evaluating import judged
from services.core.domain import MICROS, MessageKind, judging
from services.core.domain.evaluation import Asked, Expectation, Metric, Outcome, Score
from services.core.domain.evaluation import Verdict as Judged
from services.core.domain.figures import Known, figures

NOTHING = 0.0, 0.0


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer with its verdict."""

    written: Written
    answer: Answer
    outcome: Outcome
    of_documents: Score
    """How many citations are of a document that answers, of how many."""
    of_words: Score
    """How many citations are of a passage with the expected words, of how many."""


def judge(written: Written) -> JudgedAnswer:
    """The verdict on an answer."""
    question = written.question
    if written.preview is None:
        failed = Answer(question, written.problem, Verdict.FAILED, second=False, second_fits=False)
        return JudgedAnswer(written, failed, Outcome(), NOTHING, NOTHING)
    outcome, judgement = judged(_asked(question), written.preview)
    texts = {one.passage.name: one.passage.text for one in written.preview.findings.passages}
    cited = [texts.get(citation.source.passage, "") for citation in outcome.citations]
    if outcome.kind is MessageKind.UNKNOWN:
        verdict = Verdict.ADMITTED
    elif not cited:
        verdict = Verdict.TALKED
    elif judgement.verdict is not Judged.RIGHT:
        verdict = Verdict.WRONG
    else:
        verdict = Verdict.RIGHT if _says(question, outcome.text, cited) else Verdict.CITED
    documents = list(dict.fromkeys(citation.source.document for citation in outcome.citations))
    fits = all(document in question.documents for document in documents[1:])
    holding = sum(map(question.answered_by, cited)), len(cited)
    return JudgedAnswer(
        written=written,
        answer=Answer(question, outcome.text, verdict, len(documents) > 1, fits),
        outcome=outcome,
        of_documents=judgement.scores.get(Metric.CITATIONS_RIGHT, NOTHING),
        of_words=holding if question.documents and verdict is not Verdict.ADMITTED else NOTHING,
    )


def numbers(found: Sequence[JudgedAnswer]) -> Mapping[str, Number]:
    """The numbers that count, and those that are only shown."""
    answers = [one.answer for one in found]
    answerable = report.answerable(answers)
    counted = {
        "right, English": report.share([one for one in answerable if one.question.language == "en"], lambda one: one.good),
        "right, other languages": report.share(
            [one for one in answerable if one.question.language != "en"], lambda one: one.good
        ),
        "answerable, answered wrongly": report.share(answerable, lambda one: one.verdict in (Verdict.WRONG, Verdict.TALKED)),
        "citations of a right document": _sum([one.of_documents for one in found]),
        "citations with the expected words": _sum([one.of_words for one in found]),
    }
    got = [one for one in found if one.answer.verdict is not Verdict.FAILED]
    micros = [one.outcome.micros for one in got if one.outcome.micros is not None]
    first, whole = [one.outcome.first_text for one in got], [one.outcome.seconds for one in got]
    shown = {
        WITHHELD: _sum([(one.written.withheld, one.written.sentences) for one in got]),
        f"{TOKENS}in, an answer": _mean([one.outcome.input_tokens for one in got]),
        f"{TOKENS}out, an answer": _mean([one.outcome.output_tokens for one in got]),
        f"{COST}, an answer": Number(sum(micros) / MICROS / len(got), len(got)) if micros else None,
        f"{SECONDS}first released text, p50": _percentile(first, 50),
        f"{SECONDS}first released text, p95": _percentile(first, 95),
        f"{SECONDS}whole answer, p50": _percentile(whole, 50),
        f"{SECONDS}whole answer, p95": _percentile(whole, 95),
    }
    return {name: number for name, number in (counted | report.abstention(answers) | shown).items() if number is not None}


def _asked(question: Question) -> Asked:
    expectation = Expectation.ANSWER
    if question.kind == TALK:
        expectation = Expectation.TALK
    elif question.kind in UNANSWERABLE:
        expectation = Expectation.NO_ANSWER
    return Asked(question.text, expectation, question.documents)


def _says(question: Question, text: str, cited: Sequence[str]) -> bool:
    """Whether an answer rests on a passage with the expected words, and has their figures."""
    known = Known.of(judging.plain(text))
    return any(
        any(judging.has(words, passage) for passage in cited) and all(map(known.has, figures(judging.plain(words))[0]))
        for words in question.answers
    )


def _sum(scores: Sequence[Score]) -> Number | None:
    part, whole = (sum(score[at] for score in scores) for at in (0, 1))
    return Number(part / whole, int(whole)) if whole else None


def _mean(values: Sequence[float]) -> Number | None:
    return Number(float(np.mean(values)), len(values)) if values else None


def _percentile(values: Sequence[float], percent: int) -> Number | None:
    return Number(float(np.percentile(values, percent)), len(values)) if values else None
