"""The levels of evidence of an embedding model, chosen by the questions of all sets.

A level refuses questions without an answer, and must not refuse others. The levels with the least loss are taken. The report
shows also how levels of one half of the questions do on the other half.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.answers.answers import said
from bench.answers.sets import TALK, UNANSWERABLE, Question
from bench.answers.ways import Memory
from services.core.domain import evidence
from services.core.domain.evidence import Evidence, Levels
from services.core.domain.languages import language_of
from services.core.domain.policy import DEFAULT_THRESHOLDS
from services.core.domain.questions import asked

OFF_TOPIC, LOOK_ALIKE = 0.93, 0.4
"""The shares of questions without an answer that are to be refused: the targets, and some room for other questions."""
NOISE = 0.01
"""Of a loss."""
WEIGHTS = np.arange(0.15, 0.51, 0.05)
SCORES = np.arange(0.15, 0.61, 0.01)


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and all that the levels judge of it."""

    question: Question
    score: float
    """Of the best passage."""
    foreign: bool
    doubt: float
    misses_a_number: bool

    def answered(self, levels: Levels) -> bool:
        """Whether the best passage is quoted."""
        return not self.misses_a_number and levels.of(self.score, self.doubt, foreign=self.foreign) is Evidence.ENOUGH


def cases(questions: Sequence[Question], memory: Memory) -> Iterator[Case]:
    """The questions that are no small talk."""
    for question in questions:
        if question.kind == TALK:
            continue
        own, query = asked(said(question))
        found = memory.search(query)
        best = max(found.hits, key=lambda hit: hit.score)
        text, language = best.passage.text, language_of(own)
        doubt = evidence.doubt_of(own, found.unknown_words)
        foreign = evidence.is_foreign(language, text)
        yield Case(question, best.score, foreign, doubt, evidence.misses_a_number(own, [text]))


def levels(given: Sequence[Case], start: Levels) -> Levels:
    """The levels with the least loss. Where evidence is weak at all stays as it is in `start`."""
    own = [one for one in given if not one.foreign]
    tried = [
        replace(start, enough=round(float(score), 2), unknown_weight=round(float(weight), 2))
        for weight in WEIGHTS
        for score in SCORES
    ]
    best = _middle(own, tried)
    foreign = [one for one in given if one.foreign]
    return _middle(foreign, [replace(best, enough_foreign=round(float(score), 2)) for score in SCORES])


def _middle(given: Sequence[Case], tried: Sequence[Levels]) -> Levels:
    """The middle one of those that are as good as the best, but for noise: its neighbours are good, too."""
    losses = [loss(given, one) for one in tried]
    good = [one for one, lost in zip(tried, losses, strict=True) if lost <= min(losses) + NOISE]
    return good[len(good) // 2]


def loss(given: Sequence[Case], tried: Levels) -> float:
    """The share of questions that are refused though they have an answer, and what the refused others lack of the aims."""
    refused, off_topic, look_alike = shares(given, tried)
    return refused + 2 * max(0.0, OFF_TOPIC - off_topic) + max(0.0, LOOK_ALIKE - look_alike)


def shares(given: Sequence[Case], tried: Levels) -> tuple[float, float, float]:
    """The shares of refused questions: of those with an answer, off topic, and look-alikes."""
    kinds = [[one for one in given if one.question.documents]]
    kinds += [[one for one in given if one.question.kind == kind] for kind in UNANSWERABLE]
    refused, *others = (float(np.mean([not one.answered(tried) for one in kind])) if kind else 1.0 for kind in kinds)
    return refused, others[0], others[1]


def report(model: str, given: Sequence[Case]) -> list[str]:
    """The levels in words, and what comes of them."""
    now = evidence.levels_of(model, DEFAULT_THRESHOLDS)
    chosen, half = levels(given, now), levels(given[::2], now)
    lines = [f"{model}: {chosen}"]
    for name, used, on in (
        ("in use now", now, given),
        ("chosen by all questions", chosen, given),
        ("chosen by half of them, seen on the other half", half, given[1::2]),
    ):
        refused, off_topic, look_alike = shares(on, used)
        lines.append(
            f"  {name:48} answerable, yet refused {refused:.2f}   off topic {off_topic:.2f}   look-alikes {look_alike:.2f}"
        )
    return lines
