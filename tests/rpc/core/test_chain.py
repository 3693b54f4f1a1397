"""A chain of models at real endpoints: the next one is asked when one fails or is unsure, and every call is counted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic
from typing import cast

import pytest

from services.core.adapters.openai import OpenAIAssistant
from services.core.app.budget import Budget
from services.core.app.replies import write
from services.core.app.steps import Recorder
from services.core.domain import Limit, MessageKind, Price, Reply, StepState, TurnId
from services.core.ports.assistant import AssistantFailed, Budgets, Prompt
from tests.rpc.core import model as models
from tests.rpc.core.model import Model
from tests.unit.core.making import ACME, message, recalled

pytestmark = pytest.mark.timeout(30)

PROMPT = Prompt((message(1, "How long can I return it?"),), "How long can I return it?", (recalled("It takes 30 days."),))
SMALL, STRONG = Price(1_000_000, 1_000_000), Price(10_000_000, 10_000_000)
UNSURE = models.says("[unknown] I am ", "not sure about that.")


@dataclass
class Chain:
    """A small and a strong model, and what came of asking them."""

    small: Model
    strong: Model
    assistants: list[OpenAIAssistant]
    shown: list[str] = field(default_factory=list)

    async def reply(self, *, when_unsure: bool = True, only: int = 2) -> tuple[Reply, Recorder]:
        budget = Budget(cast(Budgets, None), Limit(), {"small": SMALL, "strong": STRONG}.get)  # no limit: no store is asked
        recorder = Recorder(TurnId("t1"), 1, "", lambda: datetime.now(UTC))
        assistants = self.assistants[:only]
        async for piece in write(budget, ACME, PROMPT, assistants, recorder, next_when_unsure=when_unsure):
            if isinstance(piece, Reply):
                return recorder.charge(piece), recorder
            self.shown.append(piece.text)
        raise AssertionError("no reply")


@pytest.fixture
async def chain() -> AsyncIterator[Chain]:
    async with AsyncExitStack() as stack:
        small, strong = [await stack.enter_async_context(Model().serving()) for _ in range(2)]
        assistants = [OpenAIAssistant(small.url, "k", "small"), OpenAIAssistant(strong.url, "k", "strong")]
        for assistant in assistants:
            stack.push_async_callback(assistant.close)
        yield Chain(small, strong, assistants)


async def test_the_first_model_answers_alone_when_it_knows(chain: Chain) -> None:
    reply, recorder = await chain.reply()
    assert (reply.text, reply.assistant, len(recorder.steps)) == ("It takes 30 days.", "small", 1)
    assert not chain.strong.asked


async def test_an_unsure_answer_is_not_shown_and_the_next_model_is_asked(chain: Chain) -> None:
    chain.small.usual = UNSURE
    reply, recorder = await chain.reply()
    assert (reply.text, reply.assistant, reply.kind) == ("It takes 30 days.", "strong", MessageKind.ANSWER)
    assert not [text for text in chain.shown if "sure" in text]
    assert [step.state for step in recorder.steps] == [StepState.DONE, StepState.DONE]
    assert (reply.input_tokens, reply.output_tokens, recorder.micros) == (14, 6, 10 * 1 + 10 * 10)


async def test_the_last_model_s_ignorance_is_the_answer(chain: Chain) -> None:
    chain.small.usual = chain.strong.usual = UNSURE
    reply, _ = await chain.reply()
    assert (reply.kind, reply.assistant) == (MessageKind.UNKNOWN, "strong")


async def test_a_list_for_failures_alone_asks_the_next_one_for_no_ignorance(chain: Chain) -> None:
    chain.small.usual = UNSURE
    reply, _ = await chain.reply(when_unsure=False)
    assert (reply.kind, reply.assistant) == (MessageKind.UNKNOWN, "small")
    assert not chain.strong.asked


IN_AN_HOUR = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
FAILURES = {
    "500": models.status(500),
    "429": models.status(429, "retry-after: 30"),
    "429 until a date": models.status(
        429, f"retry-after: {format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)}"
    ),
    "empty": models.says(),
    "empty with spaces": models.says(" ", "\n"),
    "an error in the stream": models.raw(b'data: {"error":{"message":"overloaded"}}\n\n'),
}


@pytest.mark.parametrize("when_unsure", [True, False])
@pytest.mark.parametrize("name", FAILURES)
async def test_the_next_model_is_asked_at_once_when_one_fails(chain: Chain, name: str, *, when_unsure: bool) -> None:
    chain.small.usual = FAILURES[name]
    began = monotonic()
    reply, recorder = await chain.reply(when_unsure=when_unsure)
    assert (reply.text, reply.assistant) == ("It takes 30 days.", "strong")
    assert monotonic() - began < 0.4, "it does not wait to ask the first one again"
    assert len(chain.small.asked) == 1
    assert [step.state for step in recorder.steps] == [StepState.FAILED, StepState.DONE]
    if "empty" in name:
        assert (reply.input_tokens, recorder.micros) == (14, 10 * 1 + 10 * 10), "a failed call that was counted is paid for"


async def test_a_model_that_said_when_is_not_asked_before(chain: Chain) -> None:
    chain.small.usual = FAILURES["429"]
    for _ in range(3):
        assert (await chain.reply())[0].assistant == "strong"
    assert len(chain.small.asked) == 1


@pytest.mark.parametrize("seconds", ["0.2", "0"])
async def test_the_only_model_is_waited_for_if_that_is_short(chain: Chain, seconds: str) -> None:
    chain.small.script = [models.status(429, f"retry-after: {seconds}")]
    reply, recorder = await chain.reply(only=1)
    assert (reply.assistant, len(chain.small.asked)) == ("small", 2)
    assert chain.small.times[1] - chain.small.times[0] >= float(seconds)
    [step] = recorder.steps
    assert step.model_call is not None
    assert step.model_call.attempts == 2


async def test_others_wait_for_the_only_model_too_and_do_not_count_as_attempts(chain: Chain) -> None:
    chain.assistants[0].breaker.failed(0.3)
    reply, recorder = await chain.reply(only=1)
    [step] = recorder.steps
    assert step.model_call is not None
    assert (reply.assistant, step.model_call.attempts, len(chain.small.asked)) == ("small", 1, 1)


async def test_the_only_model_is_not_waited_for_if_that_is_long(chain: Chain) -> None:
    chain.small.usual = models.status(429, "retry-after: 3600")
    for _ in range(2):
        with pytest.raises(AssistantFailed):
            await chain.reply(only=1)
    assert len(chain.small.asked) == 1


@pytest.mark.parametrize("says", ["It takes 77 days [1].", "It takes as long as you like."])
async def test_an_answer_that_may_not_be_shown_is_one_of_an_unsure_model(chain: Chain, says: str) -> None:
    chain.small.usual = models.says(says)
    reply, recorder = await chain.reply()
    assert (reply.text, reply.assistant, len(recorder.steps)) == ("It takes 30 days.", "strong", 2)
    assert not [text for text in chain.shown if text != reply.text]


async def test_a_model_that_breaks_off_before_anything_was_shown_is_followed_by_another(chain: Chain) -> None:
    chain.small.usual = models.cut
    reply, _ = await chain.reply()
    assert (reply.text, reply.assistant) == ("It takes 30 days.", "strong")


async def test_a_model_that_breaks_off_after_its_first_text_is_not_followed_by_another(chain: Chain) -> None:
    chain.small.usual = models.raw(models.event("It takes 30 days [1]. It"), models.event(" is"))
    with pytest.raises(AssistantFailed):
        await chain.reply()
    assert not chain.strong.asked


async def test_an_unsure_answer_that_breaks_off_is_followed_by_another(chain: Chain) -> None:
    chain.small.usual = models.raw(models.event("[unknown] I am not"))
    reply, _ = await chain.reply()
    assert (reply.text, reply.assistant) == ("It takes 30 days.", "strong")


async def test_a_model_that_failed_five_times_is_left_alone(chain: Chain) -> None:
    chain.small.usual = models.status(500)
    for _ in range(7):
        assert (await chain.reply())[0].assistant == "strong"
    assert len(chain.small.asked) == 5
