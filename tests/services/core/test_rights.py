"""For how long a process may show a reply's text. The clock jumps; processes share a store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import pytest

from kit.journal import Journal
from services.core.adapters.postgres import PostgresConversations
from services.core.adapters.replicas import PostgresReplicas
from services.core.adapters.silent import SilentRelay
from services.core.app.rights import FRESH, RENEWAL_SECONDS, RIGHT_SECONDS, Rights, Text
from services.core.convert.facts import fact_to_pb
from services.core.domain import ChannelId, Content, Conversation, TurnId, receive, take
from tests.support.jumping import StepStore
from tests.unit.core.making import ACME, NOW, ROBIN, browser

BLINK = 0.001
Scenes = Callable[[Callable[["Scene"], Coroutine[Any, Any, None]]], None]


@dataclass
class Asking(SilentRelay):
    """Asks other processes as Redis does; `reached` is who learns of it."""

    me: str
    reached: list[Process] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def ask(self, call: str) -> None:
        self.tasks.append(asyncio.create_task(self._ask(call)))

    async def _ask(self, call: str) -> None:
        for other in self.reached:
            if await other.rights.checked():
                Process.by_name[self.me].rights.confirmed(call, other.name)


class Counting(PostgresReplicas):
    """Counts what is asked of the store; one that is unavailable raises, one that is slow takes its time."""

    renewals = 0
    unavailable = False
    seconds = 0.0

    async def renew(self, *given: Any) -> tuple[datetime, set[tuple[TurnId, int]]]:
        self.renewals += 1
        if self.unavailable:
            raise ConnectionRefusedError
        found = await super().renew(*given)
        await asyncio.sleep(self.seconds)
        return found


class Process:
    """The rights of one process, and its worker."""

    by_name: ClassVar[dict[str, Process]] = {}

    def __init__(self, replicas: Counting, name: str) -> None:
        self.name = name
        self.replicas = replicas
        self.relay = Asking(name)
        self.rights = Rights(replicas, self.relay, name)
        self.heard: list[Text] = []
        self.rights.listeners.append(self.heard.append)
        self.by_name[name] = self
        self.work()

    def work(self) -> None:
        self.worker = asyncio.create_task(self.rights.keep())

    async def stop(self) -> None:
        """As SIGSTOP does."""
        self.worker.cancel()
        with suppress(asyncio.CancelledError):
            await self.worker

    def show(self, conversation: Conversation, attempt: int = 1) -> Text:
        assert conversation.turn is not None
        return self.rights.begin(Text(ACME, conversation.id, conversation.turn.id, attempt, 1, "text"))


class Scene:
    """Two processes, and a conversation in which the assistant answers."""

    def __init__(self, stepped: StepStore) -> None:
        pool = stepped.pool
        self.store = PostgresConversations(pool, Journal(pool, "core", fact_to_pb), stepped.now)
        self.replicas = Counting(pool)
        self.here, self.there = (Process(self.replicas, name) for name in ("here", "there"))

    async def asked(self, who: str = "b") -> Conversation:
        opened = await self.store.open(ACME, browser(who, ChannelId("web")))
        change = receive(opened, Content.of("How long?"), f"m-{who}", NOW)
        await self.store.commit(change)
        return change.after

    async def take(self, conversation: Conversation) -> Conversation:
        change = take(conversation, ROBIN, "Robin", None, NOW)
        assert change is not None
        await self.store.commit(change)
        return change.after

    async def settled(self, conversation: Conversation) -> float:
        """Takes the conversation in `here`; how many seconds that waits for others."""
        start = asyncio.get_running_loop().time()
        await self.here.rights.settle(await self.take(conversation))
        return asyncio.get_running_loop().time() - start


@pytest.fixture
def scene(stepped: StepStore) -> Scenes:
    return lambda play: stepped.play(lambda: play(Scene(stepped)))


def test_a_text_may_be_shown_when_a_check_has_found_its_turn_running_and_as_long_as_checks_continue(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        text = s.there.show(await s.asked())
        assert not text.may_be_shown()
        await asyncio.sleep(BLINK)
        assert text.may_be_shown()
        assert s.there.heard == [text]
        await asyncio.sleep(10)
        assert text.may_be_shown()
        await s.there.stop()
        await asyncio.sleep(RIGHT_SECONDS)
        assert not text.may_be_shown()
        s.there.work()
        await asyncio.sleep(RENEWAL_SECONDS + BLINK)
        assert text.may_be_shown()
        assert s.there.heard == [text, text], "screens are woken when it may be shown again"

    scene(play)


def test_a_process_that_shows_nothing_asks_nothing_and_many_texts_are_one_question(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        await asyncio.sleep(10)
        assert s.replicas.renewals == 0
        for n in range(20):
            s.there.show(await s.asked(f"b{n}"))
        await asyncio.sleep(10)
        assert s.replicas.renewals == pytest.approx(10 / RENEWAL_SECONDS, abs=3)

    scene(play)


def test_the_text_of_a_turn_that_another_process_ended_ends_within_a_renewal(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        text = s.there.show(conversation)
        await asyncio.sleep(1)
        await s.take(conversation)
        await asyncio.sleep(RENEWAL_SECONDS + BLINK)
        assert text.ended
        assert s.there.show(conversation).ended, "what comes late of it is not shown"
        assert s.there.heard == [text, text]

    scene(play)


def test_an_older_attempt_ends_with_the_next_and_stays_ended(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        first = s.there.show(conversation)
        second = s.there.show(conversation, attempt=2)
        assert (first.ended, second.ended) == (True, False)
        assert s.there.show(conversation, attempt=2) is second
        assert s.there.show(conversation).ended
        assert not second.ended

    scene(play)


def test_who_ends_a_turn_waits_for_no_one_where_no_one_else_shows_text(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        s.here.show(conversation)
        await asyncio.sleep(1.1)  # between two renewals
        before = s.replicas.renewals
        change = take(conversation, ROBIN, "Robin", None, NOW)
        assert change is not None
        await s.store.commit(change)
        s.here.rights.committed(change)
        await s.here.rights.settle(change.after)
        assert s.replicas.renewals == before

    scene(play)


def test_who_finds_a_turn_ended_by_another_process_ends_its_text_here_before_returning(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        text = s.here.show(conversation)
        await asyncio.sleep(1)
        await s.here.rights.settle(await s.take(conversation))
        assert text.ended

    scene(play)


def test_who_ends_a_turn_waits_for_the_confirmation_of_each_process_that_shows_text(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        text = s.there.show(conversation)
        s.here.relay.reached = [s.there]
        await asyncio.sleep(1)
        assert await s.settled(conversation) == 0
        assert text.ended

    scene(play)


def test_without_redis_the_next_check_confirms(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        for n in range(10):
            conversation = await s.asked(f"b{n}")
            text = s.there.show(conversation)
            await asyncio.sleep(1.01 + n / 37)
            assert await s.settled(conversation) <= RENEWAL_SECONDS + 0.1
            assert text.ended

    scene(play)


def test_a_process_that_is_stopped_is_waited_for_until_its_right_is_over_and_then_no_more(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation, other = await s.asked(), await s.asked("other")
        text = s.there.show(conversation)
        await asyncio.sleep(1)
        await s.there.stop()
        assert await s.settled(conversation) <= FRESH.total_seconds() + 0.1
        assert not text.may_be_shown()
        assert not text.ended, "it does not know"
        assert await s.settled(other) == 0

    scene(play)


def test_a_check_that_began_before_the_end_and_is_answered_after_it_grants_nothing_past_the_wait(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        for lateness in range(1, 12):
            conversation = await s.asked(f"b{lateness}")
            text = s.there.show(conversation)
            await asyncio.sleep(1 + lateness / 41)
            s.replicas.seconds = lateness / 10
            await asyncio.sleep(lateness / 20)
            await s.settled(conversation)
            assert not text.may_be_shown()
            s.replicas.seconds = 0
            await asyncio.sleep(2)

    scene(play)


def test_the_first_check_of_a_process_grants_nothing_since_no_one_could_have_known_of_it(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        s.replicas.seconds = 0.1
        text = s.there.show(conversation)
        await asyncio.sleep(0.15)
        assert not text.may_be_shown()
        await asyncio.sleep(0.1)
        assert text.may_be_shown()

    scene(play)


def test_a_store_that_is_unavailable_renews_nothing_and_ends_nothing(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        conversation = await s.asked()
        text = s.there.show(conversation)
        await asyncio.sleep(1)
        s.replicas.unavailable = True
        assert not await s.there.rights.checked()
        await asyncio.sleep(RIGHT_SECONDS)
        assert (text.may_be_shown(), text.ended) == (False, False)
        s.replicas.unavailable = False
        await asyncio.sleep(RENEWAL_SECONDS + BLINK)
        assert text.may_be_shown()

    scene(play)
