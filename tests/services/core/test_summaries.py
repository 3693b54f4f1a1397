"""The job that writes a conversation's summary, when the model or the budget says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from kit.jobs import Fail, Job, JobId
from services.core.app.summaries import Lacking
from services.core.domain.summaries import MAX_ATTEMPTS, MAX_CHARACTERS, summary_of
from services.core.ports.assistant import AssistantFailed, ModelRequest, ShortPrompt, Usage
from tests.services.core.world import Core
from tests.unit.core.making import ACME, NOW

if TYPE_CHECKING:
    from tests.services.core.conftest import Plays


@dataclass
class Scribe:
    """The port ShortCalls: answers by its script; an exception is raised."""

    script: list[str | Exception] = field(default_factory=list)
    asked: list[ShortPrompt] = field(default_factory=list)
    name: str = "scribe"

    def request(self, prompt: ShortPrompt) -> ModelRequest:
        self.asked.append(prompt)
        return ModelRequest(b"x" * 300, "scripted/1", 100, None, "")

    async def ask(self, request: ModelRequest, seconds: float) -> tuple[str, Usage]:
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer, Usage(10, 5)


async def job(core: Core, until: int, attempts: int = 1, created: datetime = NOW) -> Job:
    now = await core.now()
    turn = next(message.turn for message in await core.history() if message.turn)
    payload = msgspec.json.encode(Lacking(until, 1))
    return Job(JobId(1), "summaries", ACME, f"conversations/{now.id}/turns/{turn}", payload, attempts, 1, created)


async def talked(core: Core, *script: str | Exception) -> Scribe:
    """Two questions and their answers; and the model for summaries."""
    core.assistant.short_calls, core.assistant.context_tokens = None, 0
    for number in (1, 2):
        await core.say(f"Question {number}?")
        await core.turns.drain()
    scribe = Scribe(list(script))
    core.assistant.short_calls, core.assistant.context_tokens = scribe, 8_192
    return scribe


def test_a_model_that_fails_is_asked_so_often_and_then_not_until_the_next_turn(core: Plays) -> None:
    async def play(core: Core) -> None:
        write, get = core.turns.summarizer.write, core.turns.summarizer.summaries.get
        failure = AssistantFailed("The model answered 500.")
        await talked(core, failure, " \u0000\n", failure, "Ann asks.")
        assert await write(await job(core, 2)) == Fail("The model answered 500.")
        assert await write(await job(core, 2, MAX_ATTEMPTS - 1)) == Fail("The model gave an empty answer.")
        assert await write(await job(core, 2, MAX_ATTEMPTS)) is None
        conversation = (await core.now()).id
        assert await get(ACME, conversation) is None
        assert await write(await job(core, 2)) is None
        found = await get(ACME, conversation)
        assert found is not None
        assert (found.text, found.reference.until) == ("Ann asks.", 2)

    core(play)


def test_each_message_is_added_once_and_none_while_the_budget_is_used_up(core: Plays) -> None:
    async def play(core: Core) -> None:
        write = core.turns.summarizer.write
        scribe = await talked(core, "One.", "Two.")
        await write(await job(core, 2))
        await write(await job(core, 2))
        await write(await job(core, 1))
        assert [[message.seq for message in prompt.history] for prompt in scribe.asked] == [[1, 2]]
        await core.spend(10_000)
        assert await write(await job(core, 4)) is None
        assert scribe.script == ["Two."]
        assert [message.seq for message in scribe.asked[-1].history] == [3, 4]
        assert scribe.asked[-1].former == "One."

    core(play)


def test_a_context_that_is_too_small_is_not_asked(core: Plays) -> None:
    async def play(core: Core) -> None:
        scribe = await talked(core, "One.")
        core.assistant.context_tokens = 100
        assert await core.turns.summarizer.write(await job(core, 2)) is None
        assert scribe.script == ["One."]

    core(play)


def test_a_summary_is_one_bounded_paragraph() -> None:
    assert summary_of(" Ann\n\n asks\u0000. ") == "Ann asks."
    assert summary_of("\u200b \n") is None
    assert len(summary_of("long " * 1_000) or "") <= MAX_CHARACTERS
