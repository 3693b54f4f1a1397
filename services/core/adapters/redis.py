"""Unstored events, to watchers in other processes: a topic in Redis for each watched conversation."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kit.foreign_json import UNREADABLE
from services.core.domain import Citation, ConversationId, Role, TurnId, TurnState
from services.core.ports.live import RelayListener, RightsListener

PACE_SECONDS = 0.1
RECHECK_SECONDS = 1.0
PRESENT = "core:live"
CHECKS = "core:checks"
UNAVAILABLE_ERRORS = (RedisError, OSError, TimeoutError)

_log = logging.getLogger("frontdesk")


class LiveUpdate(msgspec.Struct, omit_defaults=True):
    """A message of one process to the others."""

    by: str
    turn: str = ""
    attempt: int = 0
    epoch: int = 0
    text: str = ""
    citations: tuple[Citation, ...] = ()
    state: TurnState | None = None
    role: Role | None = None
    typing: bool = False
    read: int = 0
    """The number of the newest message that someone has read."""


_BROKEN = (*UNAVAILABLE_ERRORS, RuntimeError)
"""RuntimeError: redis-py makes a lost connection again at its next use, while another coroutine waits for its data. So the
connection that listens is no other's, and one that broke is never used again.
"""
_NO_RETRY = Retry(NoBackoff(), 0, supported_errors=())


class _Call(msgspec.Struct):
    """A question whether others have checked what they show, and the answer to it."""

    by: str
    call: str


class RedisRelay:
    """The port Relay. Losing Redis loses live text and typing between processes, and nothing else."""

    def __init__(self, url: str, redis: Redis, me: str) -> None:
        self._url = url
        self._redis = redis
        self._me = me
        self._subscription: PubSub | None = None
        """The subscription of `hear`, while it is connected."""
        self._alone = True
        self._followed: set[ConversationId] = set()
        self._next: dict[TurnId, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, conversation: ConversationId) -> None:
        self._followed.add(conversation)
        if not self._alone:
            self._spawn(self._quietly(self._subscribe(conversation)))

    def leave(self, conversation: ConversationId) -> None:
        self._followed.discard(conversation)
        if not self._alone:
            self._spawn(self._quietly(self._unsubscribe(conversation)))

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
        if final or self._alone:
            self._next.pop(turn, None)
            return  # the message itself is in the journal
        if monotonic() < self._next.get(turn, 0.0):
            return
        self._next[turn] = monotonic() + PACE_SECONDS
        told = LiveUpdate(by=self._me, turn=turn, attempt=attempt, epoch=epoch, text=text, citations=citations)
        self._spawn(self._publish(conversation, told, turn))

    def turn(self, conversation: ConversationId, turn: TurnId, state: TurnState, attempt: int, epoch: int) -> None:
        if not self._alone:
            told = LiveUpdate(by=self._me, turn=turn, attempt=attempt, epoch=epoch, state=state)
            self._spawn(self._publish(conversation, told, None))

    def ask(self, call: str) -> None:
        self._spawn(self._quietly(self._redis.publish(CHECKS, msgspec.json.encode(_Call(self._me, call)))))

    def typing(self, conversation: ConversationId, role: Role, typing: bool) -> None:
        if not self._alone:
            self._spawn(self._publish(conversation, LiveUpdate(by=self._me, role=role, typing=typing), None))

    def read_on(self, conversation: ConversationId, role: Role, seq: int) -> None:
        if not self._alone:
            self._spawn(self._publish(conversation, LiveUpdate(by=self._me, role=role, read=seq), None))

    async def count(self) -> None:
        """A worker: notices, each second, whether other processes are there. Alone, it neither publishes nor listens."""
        while True:
            with suppress(*_BROKEN):
                here = (await self._redis.pubsub_numsub(PRESENT))[0][1]
                if (subscription := self._subscription) is not None:  # else this process is not counted
                    was, self._alone = self._alone, here <= 1
                    if was and not self._alone:
                        await self._subscribe_followed(subscription)
            await asyncio.sleep(RECHECK_SECONDS)

    async def hear(self, screens: RelayListener, rights: RightsListener) -> None:
        """A worker: shows in this process what others publish, and answers their questions. Runs until cancelled."""
        while True:
            with suppress(*_BROKEN):
                async with (
                    Redis.from_url(self._url, retry=_NO_RETRY) as redis,
                    redis.pubsub(ignore_subscribe_messages=True) as subscription,
                ):
                    await subscription.subscribe(PRESENT, CHECKS, _answers(self._me))
                    self._subscription = subscription
                    try:
                        await self._listen(subscription, screens, rights)
                    finally:
                        self._subscription = None
            await asyncio.sleep(RECHECK_SECONDS)

    async def _listen(self, subscription: PubSub, screens: RelayListener, rights: RightsListener) -> None:
        if not self._alone:
            await self._subscribe_followed(subscription)
        while True:
            message = await subscription.get_message(timeout=None)
            if message is not None:
                self._hear(screens, rights, message["channel"].decode(), message["data"])

    async def _subscribe(self, conversation: ConversationId) -> None:
        if self._subscription is not None:
            await self._subscription.subscribe(_topic(conversation))

    async def _unsubscribe(self, conversation: ConversationId) -> None:
        if self._subscription is not None:
            await self._subscription.unsubscribe(_topic(conversation))

    async def _subscribe_followed(self, subscription: PubSub) -> None:
        if topics := [_topic(conversation) for conversation in self._followed]:
            await subscription.subscribe(*topics)

    def _hear(self, screens: RelayListener, rights: RightsListener, topic: str, data: bytes) -> None:
        try:
            if topic in (CHECKS, _answers(self._me)):
                self._called(rights, topic, msgspec.json.decode(data, type=_Call))
            else:
                self._shown(screens, ConversationId(topic.rpartition(":")[2]), msgspec.json.decode(data, type=LiveUpdate))
        except UNREADABLE as error:  # a process of another release, perhaps
            _log.warning("an update of another process can't be read", extra={"topic": topic, "error": str(error)[:200]})

    def _called(self, rights: RightsListener, topic: str, call: _Call) -> None:
        if topic != CHECKS:
            rights.confirmed(call.call, call.by)
        elif call.by != self._me:
            self._spawn(self._quietly(self._confirm(rights, call)))

    def _shown(self, screens: RelayListener, conversation: ConversationId, told: LiveUpdate) -> None:
        if told.by == self._me:
            return
        if told.state is not None:
            screens.moved(conversation, TurnId(told.turn), told.state, told.attempt, told.epoch)
        elif told.turn:
            screens.heard(conversation, TurnId(told.turn), told.attempt, told.epoch, told.text, told.citations)
        elif told.role is not None and told.read:
            screens.read_on(conversation, told.role, told.read, relayed=True)
        elif told.role is not None:
            screens.typing(conversation, told.role, told.typing, relayed=True)

    async def _confirm(self, rights: RightsListener, call: _Call) -> None:
        if await rights.checked():
            await self._redis.publish(_answers(call.by), msgspec.json.encode(_Call(self._me, call.call)))

    async def _publish(self, conversation: ConversationId, told: LiveUpdate, turn: TurnId | None) -> None:
        with suppress(*_BROKEN):
            listeners = await self._redis.publish(_topic(conversation), msgspec.json.encode(told))
            others = listeners - (conversation in self._followed)
            if turn is not None and turn in self._next and others <= 0:
                self._next[turn] = monotonic() + RECHECK_SECONDS

    async def _quietly(self, command: Any) -> None:
        with suppress(*_BROKEN):
            await command

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _topic(conversation: ConversationId) -> str:
    return f"core:live:{conversation}"


def _answers(replica: str) -> str:
    return f"core:checked:{replica}"
