"""Counts: how well each way ranks, and how good the answers are."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from bench.answers.answers import Answer, Verdict
from bench.answers.baseline import Number
from bench.answers.sets import TALK, UNANSWERABLE, Question
from services.core.domain.bootstrap import Resampled
from services.core.domain.judging import PLACES, place_of_document, reciprocal
from services.memory.domain.documents import Passage


def of_document(question: Question, found: Sequence[Passage]) -> int:
    """The place of the first document that answers, counting each document once; 0: not among the first eight."""
    return place_of_document(question.documents, [passage.document for passage in found])


def of_passage(question: Question, found: Sequence[Passage]) -> int:
    """The place of the first passage that has words of the answer; 0: not among the first eight."""
    return next((at for at, passage in enumerate(found[: PLACES[-1]], 1) if question.answered_by(passage.text)), 0)


def compared(one: Sequence[int], two: Sequence[int]) -> str:
    """The difference between the MRR of two collections with the same questions, with a paired bootstrap's 95 %."""
    low, high = _difference(one, two)
    return f"MRR of the first less that of the second: {mrr(one) - mrr(two):+.3f}, 95 % {low:+.3f} to {high:+.3f}"


def rankings(ranks: Mapping[str, Sequence[int]]) -> list[str]:
    """A table: MRR and hits of each way, and the difference of its MRR from the first way's, with a paired bootstrap's 95 %."""
    first = next(iter(ranks.values()))
    lines = [f"{'':22}{'MRR':>7}" + "".join(f"{f'hit@{place}':>7}" for place in PLACES) + "   the first less this, 95 %"]
    for name, found in ranks.items():
        hits = "".join(f"{np.mean([0 < place <= most for place in found]):7.2f}" for most in PLACES)
        low, high = _difference(first, found)
        lines.append(f"{name:22}{mrr(found):7.3f}{hits}" + ("" if found is first else f"   {low:+.3f} to {high:+.3f}"))
    return lines


def answers(found: Sequence[Answer]) -> tuple[list[str], dict[str, Number]]:
    """A table of verdicts by kind and language, and the numbers that count."""
    return table(found), numbers(found)


def table(found: Sequence[Answer]) -> list[str]:
    """A table of verdicts by kind and language."""
    failed = any(one.verdict is Verdict.FAILED for one in found)
    verdicts = [verdict for verdict in Verdict if failed or verdict is not Verdict.FAILED]
    groups: dict[str, list[Answer]] = defaultdict(list)
    for one in found:
        groups[f"{one.question.kind}, {one.question.language}"].append(one)
    lines = [f"{'':28}{'asked':>7}" + "".join(f"{verdict.value:>10}" for verdict in verdicts)]
    for name, group in groups.items():
        lines.append(f"{name:28}{len(group):7}" + "".join(f"{sum(a.verdict is v for a in group):10}" for v in verdicts))
    return lines


def numbers(found: Sequence[Answer]) -> dict[str, Number]:
    """The numbers that count, each a share of the questions that it is about, without those that are about none."""
    english = [one for one in found if one.question.documents and one.question.language == "en"]
    others = [one for one in found if one.question.documents and one.question.language != "en"]
    documents = {document for one in found for document in one.question.documents}
    seconds = [one for one in english if one.second and len(documents) > 1]  # of one document, all are from the right one
    shares = {
        "first quote right, English": share(english, lambda one: one.good),
        "first quote right, other languages": share(others, lambda one: one.good),
        "irrelevant second quotes, English": share(seconds, lambda one: not one.second_fits),
    }
    return {name: number for name, number in shares.items() if number is not None} | abstention(found)


def abstention(found: Sequence[Answer]) -> dict[str, Number]:
    """How often "I don't know" is said where it should be, and where it should not."""
    shares = {
        "off topic admitted": share(_of(found, UNANSWERABLE[0]), lambda one: one.good),
        "look-alikes admitted": share(_of(found, UNANSWERABLE[1]), lambda one: one.good),
        "answerable, yet not answered": share(answerable(found), lambda one: one.verdict is Verdict.ADMITTED),
        "small talk answered": share(_of(found, TALK), lambda one: one.good),
    }
    return {name: number for name, number in shares.items() if number is not None}


def answerable(found: Sequence[Answer]) -> list[Answer]:
    """The answers to questions that have one."""
    return [one for one in found if one.question.documents]


def _of(found: Sequence[Answer], kind: str) -> list[Answer]:
    return [one for one in found if one.question.kind == kind]


def share(group: Sequence[Answer], good: Callable[[Answer], bool]) -> Number | None:
    """The share of good ones; None: there are none at all."""
    return Number(sum(map(good, group)) / len(group), len(group)) if group else None


def mrr(found: Sequence[int]) -> float:
    """The mean reciprocal rank; 0 is a rank that was not reached."""
    return float(np.mean(list(map(reciprocal, found))))


def _difference(one: Sequence[int], two: Sequence[int]) -> tuple[float, float]:
    return Resampled(len(one)).interval(*([(reciprocal(place), 1.0) for place in places] for places in (two, one)))
