"""The answers themselves: the demo's labelled questions, asked of the whole stack as customers ask them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum

import pytest
from frontdesk.core import v1 as core_pb

import demo
from stack.testing_stack import TestStack
from tests.e2e.clients import ORGANIZATION, Customer, Gateway

pytestmark = pytest.mark.servers

AT_ONCE = 6
MIN_RIGHT = 31
MIN_CITED = 32
MAX_MISLED = 7
MIN_ADMITTED = 8


class Verdict(StrEnum):
    """The outcome of a question."""

    RIGHT = "right: the answer's words, from an article that answers"
    CITED = "cited: an article that answers, but other words of it"
    ADMITTED = "admitted: says that it does not know"
    MISLED = "misled: an answer from elsewhere"


@dataclass(frozen=True)
class Asked:
    """A question, and what was answered."""

    question: demo.Question
    answer: core_pb.Message

    @property
    def verdict(self) -> Verdict:
        """By the question's labels."""
        if self.answer.kind == core_pb.MESSAGE_KIND_UNKNOWN:
            return Verdict.ADMITTED
        cited = {each.source.document.removeprefix(f"{ORGANIZATION}/documents/") for each in self.answer.citations}
        if not cited & set(self.question.articles):
            return Verdict.MISLED
        said = " ".join(self.answer.text.split()).lower()
        return Verdict.RIGHT if self.question.answer.lower() in said else Verdict.CITED


async def ask(gateway: Gateway, question: demo.Question, turn: asyncio.Semaphore) -> Asked:
    async with turn:
        customer = await Customer.open(gateway)
        await customer.send(question.text)
        return Asked(question, await customer.answered(question.text))


def table(asked: list[Asked]) -> str:
    """How many questions of each style, and of those without an answer, came to which verdict."""
    lines = [f"\n{'':14}{'asked':>8}" + "".join(f"{v.name.lower():>10}" for v in Verdict)]
    groups = {style.value: [a for a in asked if a.question.articles and a.question.style is style] for style in demo.Style}
    groups["answerable"] = [a for a in asked if a.question.articles]
    groups["unanswerable"] = [a for a in asked if not a.question.articles]
    for name, group in groups.items():
        counts = [sum(a.verdict is verdict for a in group) for verdict in Verdict]
        lines.append(f"{name:14}{len(group):8}" + "".join(f"{count:10}" for count in counts))
    return "\n".join(lines)


async def test_the_demos_questions_are_answered_rightly_or_not_at_all(running_stack: TestStack) -> None:
    async with Gateway.connect(running_stack.gateway) as gateway:
        turn = asyncio.Semaphore(AT_ONCE)
        asked = await asyncio.gather(*(ask(gateway, question, turn) for question in demo.questions()))
    answerable = [a for a in asked if a.question.articles]
    wrong = [f"{a.verdict.name}: {a.question.text}" for a in answerable if a.verdict is not Verdict.RIGHT]
    print(table(asked), *wrong, sep="\n")
    for each in asked:
        cited = each.answer.citations
        assert all(0 <= span.start < span.end <= len(each.answer.text) for span in cited)
        assert bool(cited) == (each.answer.kind == core_pb.MESSAGE_KIND_ANSWER), "no answer without a source"
    assert sum(a.verdict is Verdict.RIGHT for a in answerable) >= MIN_RIGHT, table(asked)
    assert sum(a.verdict in (Verdict.RIGHT, Verdict.CITED) for a in answerable) >= MIN_CITED, table(asked)
    assert sum(a.verdict is Verdict.MISLED for a in answerable) <= MAX_MISLED, table(asked)
    assert sum(a.verdict is Verdict.ADMITTED for a in asked if a not in answerable) >= MIN_ADMITTED, table(asked)
