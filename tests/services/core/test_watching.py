"""Events on a screen, their order, and when they come. The clock jumps; nothing here waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import pytest

from kit.streams import StreamEnded, WatcherTooSlow
from services.core.adapters.replicas import PostgresReplicas
from services.core.adapters.silent import SilentRelay
from services.core.app.live import (
    BEAT_SECONDS,
    FREE_REPLIES,
    HEARTBEAT_SECONDS,
    MAX_QUEUED,
    Delta,
    Frame,
    Heartbeat,
    LiveConversations,
    TurnMoved,
    Typing,
    Watcher,
)
from services.core.app.rights import Rights, Text
from services.core.domain import (
    Change,
    ChannelId,
    Citation,
    Content,
    Conversation,
    ConversationId,
    Message,
    Role,
    TurnId,
    TurnState,
    finish,
    note,
    receive,
    tag,
)
from tests.services.core.world import Losing
from tests.support.jumping import StepStore
from tests.unit.core.making import ACME, KIM, NOW, REPLY, browser, conversation

T1 = TurnId("t1")
Play = Callable[["Scene"], Coroutine[Any, Any, None]]
Scenes = Callable[[Play], None]


@dataclass
class Relayed(SilentRelay):
    """Messages to other processes, and what is wanted from them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.followed: list[str] = []

    def follow(self, conversation: ConversationId) -> None:
        self.followed.append(conversation)

    def leave(self, conversation: ConversationId) -> None:
        self.followed.remove(conversation)

    def text(
        self,
        conversation: ConversationId,
        turn: TurnId,
        attempt: int,
        epoch: int,
        text: str,
        citations: tuple[Citation, ...],
        final: bool,
    ) -> None:
        self.texts.append(text)


class Screen:
    """A watcher. Heartbeats are passed over but by `nothing_more`."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.stream = watcher.frames()

    async def next(self) -> Frame:
        while isinstance((frame := await anext(self.stream)).shown, Heartbeat):
            pass
        return frame

    async def frames(self, count: int) -> list[Frame]:
        return [await self.next() for _ in range(count)]

    async def shown(self, count: int) -> list[object]:
        return [(await self.next()).shown for _ in range(count)]

    async def nothing_more(self) -> None:
        """Nothing but heartbeats comes."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        while loop.time() - start < HEARTBEAT_SECONDS:
            assert (await anext(self.stream)).shown == Heartbeat()


class Scene:
    """A conversation in a store, and the live_conversations of a process."""

    def __init__(self, stepped: StepStore) -> None:
        self.store = Losing(stepped.pool, lambda: NOW)
        self.relay = Relayed()
        self.rights = Rights(PostgresReplicas(stepped.pool), self.relay, "here")
        self.live_conversations = LiveConversations(self.store, self.relay, self.rights)
        self.now = conversation()
        self.count = 0

    async def open(self) -> Conversation:
        self.now = await self.store.open(ACME, browser("b", ChannelId("web")))
        return self.now

    async def commit(self, change: Change | None, here: bool = True) -> Conversation:
        """Commits in this process, or in another one that says nothing."""
        assert change is not None
        await self.store.commit(change)
        self.now = change.after
        if here:
            self.rights.committed(change)
            self.live_conversations.committed(change)
        return self.now

    async def say(self, here: bool = True) -> Conversation:
        self.count += 1
        return await self.commit(receive(self.now, Content.of(f"text {self.count}"), f"s{self.count}", NOW), here)

    async def answer(self, here: bool = True) -> Conversation:
        assert self.now.turn is not None
        return await self.commit(finish(self.now, self.now.turn, REPLY, NOW), here)

    @contextmanager
    def watch(self, token: str = "", notes: bool = False) -> Iterator[Screen]:
        with self.live_conversations.watch(ACME, self.now, token, notes) as watcher:
            yield Screen(watcher)

    def news(self) -> None:
        """The journal's facts."""
        self.live_conversations.news(self.now.id, self.now.last_seq, self.now.revision)

    def text(self, turn: TurnId, said: str, attempt: int = 1) -> Text:
        """A reply that is written here, and may be shown."""
        text = self.rights.begin(Text(ACME, self.now.id, turn, attempt, 1, said))
        text.until = inf
        return text

    async def hear(self, turn: TurnId, said: str, attempt: int = 1) -> None:
        """A reply that is written elsewhere, once this process has checked it."""
        self.live_conversations.heard(self.now.id, turn, attempt, 1, said)
        assert await self.rights.checked()


@pytest.fixture
def scene(stepped: StepStore) -> Scenes:
    async def whole(play: Play) -> None:
        s = Scene(stepped)
        await s.open()
        await play(s)

    return lambda play: stepped.play(lambda: whole(play))


def test_what_this_process_commits_is_shown_at_once_and_in_order(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            await s.say()
            await s.answer()
            seen = await screen.frames(3)
            kinds = [type(frame.shown).__name__ for frame in seen]
            assert kinds == ["Message", "TurnMoved", "Message"]  # the reply says on its own that its turn has ended
            assert [frame.shown.seq for frame in seen if isinstance(frame.shown, Message)] == [1, 2]
            assert seen[-1].token == "2-1"  # after the turn; the revision follows with what comes next
            await screen.nothing_more()
            assert str(screen.watcher.token) == "2-2"

    scene(play)


def test_a_stream_resumes_with_what_was_missed(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        for _ in range(3):
            await s.say()
        with s.watch("1-1") as screen:
            seen = await screen.shown(4)
        assert [m.seq for m in seen if isinstance(m, Message)] == [2, 3]
        assert isinstance(seen[2], Conversation)
        assert isinstance(seen[3], TurnMoved)

    scene(play)


def test_what_another_process_commits_is_read_when_the_journal_announces_it(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            await s.say(here=False)
            await s.answer(here=False)
            s.news()
            seen = await screen.shown(3)
            assert [m.seq for m in seen if isinstance(m, Message)] == [1, 2]
            s.news()
            await screen.nothing_more()

    scene(play)


def test_a_gap_is_read_from_the_store_and_nothing_comes_twice(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            await s.say(here=False)
            await s.say(here=True)
            s.news()
            seen = await screen.shown(5)
            assert [m.seq for m in seen if isinstance(m, Message)] == [1, 2]
            assert [m.revision for m in seen if isinstance(m, Conversation)] == [2]
            await screen.nothing_more()

    scene(play)


def test_a_message_of_a_later_revision_than_the_conversation_read_waits_for_its_turn(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            await s.say(here=False)
            s.news()
            s.store.meanwhile = s.say
            messages = [frame.shown.seq for frame in await screen.frames(5) if isinstance(frame.shown, Message)]
            assert messages == [1, 2]

    scene(play)


def test_notes_are_hidden_from_customers_and_the_token_moves_past_them(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with (
            s.watch() as customer,
            s.watch(notes=True) as agent,
        ):
            await s.commit(note(s.now, KIM, "Kim", Content.of("secret"), "r1", NOW))
            await s.commit(note(s.now, KIM, "Kim", Content.of("secret too"), "r2", NOW), here=False)
            s.news()
            assert [m.text for m in await agent.shown(2) if isinstance(m, Message)] == ["secret", "secret too"]
            assert all(not isinstance(item, Message) for item in await customer.shown(1))
            await s.say()
            assert [m.text for m in await customer.shown(1) if isinstance(m, Message)] == ["text 1"]

    scene(play)


def test_what_screens_show_of_a_conversation_is_sent_when_it_changes(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            await s.commit(tag(s.now, ("vip",), (), NOW))
            [changed] = await screen.shown(1)
            assert isinstance(changed, Conversation)
            assert changed.tags == ("vip",)

    scene(play)


def test_a_watcher_that_comes_while_a_reply_runs_sees_its_turn_and_all_of_its_text(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        await s.say()
        assert s.now.turn is not None
        s.live_conversations.write(s.text(s.now.turn.id, "As I was saying"))
        with s.watch() as screen:
            turn, delta = await screen.shown(2)
            assert turn == TurnMoved(s.now.turn.id, TurnState.RUNNING, 1, 1)
            assert delta == Delta(s.now.turn.id, 1, 1, 0, "As I was saying")

    scene(play)


def test_text_is_shown_from_where_the_screen_is_and_again_for_another_attempt(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            text = s.text(T1, "Hel")
            s.live_conversations.write(text)
            assert await screen.shown(1) == [Delta(T1, 1, 1, 0, "Hel")]
            text.text += "lo "
            s.live_conversations.write(text)
            text.text += "you"
            s.live_conversations.write(text)
            assert await screen.shown(1) == [Delta(T1, 1, 1, 3, "lo you")]
            s.live_conversations.write(s.text(T1, "Hi", attempt=2))
            assert await screen.shown(1) == [Delta(T1, 2, 1, 0, "Hi")]

    scene(play)


def test_the_end_of_a_reply_is_its_message_and_no_more_text(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        await s.say()
        assert s.now.turn is not None
        text = s.text(s.now.turn.id, "It takes")
        with s.watch() as screen:
            s.live_conversations.write(text)
            await screen.shown(2)
            text.text += " 30 days."
            s.live_conversations.write(text)
            await s.answer()
            seen = await screen.shown(1)
            assert [type(item).__name__ for item in seen] == ["Message"]
            await screen.nothing_more()

    scene(play)


def test_text_is_shown_as_it_comes_while_few_replies_run(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        start = asyncio.get_running_loop().time()
        s.live_conversations.running = FREE_REPLIES
        await s.live_conversations.beat()
        assert asyncio.get_running_loop().time() == start

    scene(play)


def test_many_replies_are_read_on_at_one_interval(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        loop = asyncio.get_running_loop()
        s.live_conversations.running = FREE_REPLIES + 1

        async def after(rest: float) -> float:
            await asyncio.sleep(rest)
            begun = loop.time()
            await s.live_conversations.beat()
            assert loop.time() - begun <= BEAT_SECONDS + 1e-6
            return loop.time()

        await s.live_conversations.beat()
        times = await asyncio.gather(*(after(rest) for rest in (0.001, 0.02, 0.049)), after(0.051))
        assert times[:3] == pytest.approx([times[0]] * 3, abs=1e-6)
        assert times[3] == pytest.approx(times[0] + BEAT_SECONDS, abs=1e-6)

    scene(play)


def test_a_reply_that_has_arrived_waits_for_no_interval(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        loop = asyncio.get_running_loop()
        s.live_conversations.running = FREE_REPLIES + 1
        await s.live_conversations.beat()
        start, arrived = loop.time(), asyncio.Event()
        loop.call_later(0.01, arrived.set)
        await s.live_conversations.beat(arrived)
        await s.live_conversations.beat(arrived)
        assert loop.time() - start == pytest.approx(0.01, abs=1e-6)

    scene(play)


def test_a_heartbeat_comes_at_once_and_when_nothing_happens(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        loop = asyncio.get_running_loop()
        with s.watch() as screen:
            start = loop.time()
            times = []
            for _ in range(3):
                assert (await anext(screen.stream)).shown == Heartbeat()
                times.append(loop.time() - start)
            assert times == [0, HEARTBEAT_SECONDS, 2 * HEARTBEAT_SECONDS]

    scene(play)


async def ended(next_frame: Awaitable[Frame]) -> tuple[str, str]:
    with pytest.raises((WatcherTooSlow, StreamEnded)) as caught:
        await next_frame
    return type(caught.value).__name__, caught.value.metadata["resume_token"]


def test_a_screen_that_does_not_read_is_cut_off_with_its_token_and_costs_no_more_memory(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            await s.say()
            assert (await screen.next()).token == "1-0"
            for _ in range(MAX_QUEUED * 4):
                s.live_conversations.typing(s.now.id, Role.AGENT, True)
            assert len(screen.watcher._backlog) <= MAX_QUEUED
            assert await ended(screen.next()) == ("WatcherTooSlow", "1-0")
        with s.watch() as screen:
            for _ in range(MAX_QUEUED * 4):
                s.live_conversations.typing(s.now.id, Role.AGENT, True)
            assert await ended(screen.next()) == ("WatcherTooSlow", "1-1")

    scene(play)


def test_a_draining_process_ends_streams_with_their_token(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            waiting = asyncio.ensure_future(screen.next())
            await asyncio.sleep(0)
            s.live_conversations.end_all()
            assert await ended(waiting) == ("StreamEnded", "0-0")

    scene(play)


def test_typing_is_shown_for_a_while(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch() as screen:
            s.live_conversations.typing(s.now.id, Role.AGENT, True)
            s.live_conversations.typing(s.now.id, Role.AGENT, False)
            on, off = await screen.shown(2)
            assert isinstance(on, Typing)
            assert isinstance(off, Typing)
            assert on.until > off.until

    scene(play)


def test_other_processes_are_listened_to_while_someone_watches(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        with s.watch(), s.watch():
            assert s.relay.followed == [s.now.id]
        assert s.relay.followed == []

    scene(play)


def test_nothing_is_kept_of_a_reply_that_no_one_watched(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        await s.say()
        assert s.now.turn is not None
        text = s.text(s.now.turn.id, "It takes")
        s.live_conversations.write(text)
        await s.answer()
        s.live_conversations.write(text)
        assert s.relay.texts
        assert not s.live_conversations._live_conversations

    scene(play)


def test_text_from_another_process_ends_with_its_turn(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        await s.say(here=False)
        assert s.now.turn is not None
        turn = s.now.turn.id
        with s.watch() as screen:
            await s.hear(turn, "It takes")
            assert (await screen.shown(2))[1] == Delta(turn, 1, 1, 0, "It takes")
            await s.answer(here=False)
            s.news()
            await screen.shown(2)
            with s.watch() as late:
                await late.nothing_more()
            await s.say(here=False)
            await s.hear(s.now.turn.id, "More")
            s.news()
            await s.hear(turn, "It takes 30 days")
            await s.hear(s.now.turn.id, "More of it")
            seen = [shown for shown in await screen.shown(3) if isinstance(shown, Delta)]
            assert seen == [Delta(s.now.turn.id, 1, 1, 0, "More of it")]
            await screen.nothing_more()
        assert not s.live_conversations._live_conversations

    scene(play)


def test_no_piece_follows_the_end_of_its_turn_that_another_process_announced(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        await s.say(here=False)
        assert s.now.turn is not None
        turn = s.now.turn
        with s.watch() as screen:
            await s.hear(turn.id, "It takes")
            await screen.shown(2)
            s.live_conversations.moved(s.now.id, turn.id, TurnState.SUPERSEDED, 1, 1)
            await s.hear(turn.id, "It takes 30 days")
            assert await screen.shown(1) == [TurnMoved(turn.id, TurnState.SUPERSEDED, 1, 1)]
            await screen.nothing_more()

    scene(play)


def test_a_change_of_a_conversation_that_no_one_watches_is_nobodys_business(scene: Scenes) -> None:
    async def play(s: Scene) -> None:
        s.live_conversations.committed(Change(s.now, replace(s.now, revision=1)))
        s.live_conversations.news(s.now.id, 1, 1)
        s.live_conversations.heard(s.now.id, T1, 1, 1, "text")
        s.live_conversations.typing(s.now.id, Role.AGENT, True)
        assert not s.live_conversations._live_conversations

    scene(play)
