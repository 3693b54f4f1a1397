"""All of core but its wire: its stores, an assistant that follows a script, and a store that fails as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.jobs.table import Jobs
from kit.journal import Journal
from kit.service import Every
from services.core.adapters.assistants import OneAssistant
from services.core.adapters.budgets import PostgresBudgets
from services.core.adapters.customers import PostgresCustomers
from services.core.adapters.dispatches import PostgresDispatches
from services.core.adapters.postgres import PostgresConversations
from services.core.adapters.replicas import PostgresReplicas
from services.core.adapters.silent import SilentRelay
from services.core.adapters.steps import PostgresTurnSteps
from services.core.adapters.summaries import PostgresSummaries
from services.core.app import App
from services.core.app.admission import Admission
from services.core.app.budget import Budget
from services.core.app.changes import Changes
from services.core.app.live import LiveConversations
from services.core.app.lookups import Lookups
from services.core.app.policies import Policies
from services.core.app.recalls import Recalls
from services.core.app.rights import Rights
from services.core.app.summaries import Summarizer
from services.core.app.turns import POLL_SECONDS, Turns
from services.core.convert.facts import fact_to_pb
from services.core.domain import (
    LEASE,
    Change,
    ChannelId,
    Content,
    Conversation,
    ConversationId,
    Cost,
    Limit,
    Message,
)
from tests.fakes.core import FixedKnowledge, ScriptedAssistant
from tests.support.jumping import StepStore
from tests.unit.core.making import ACME, NOW, browser, recalled

WEB = ChannelId("web")


class Losing(PostgresConversations):
    """A store that can't be reached for the next `lost` of the assistant's commits, or whose next answer is not heard."""

    def __init__(self, pool: Any, now: Clock) -> None:
        super().__init__(pool, Journal(pool, "core", fact_to_pb), now)
        self.lost = 0
        self.unheard: BaseException | None = None
        self.elsewhere: Change | None = None
        """The commit of another process in place of the next commit here, whose connection breaks."""
        self.unread = 0
        """So many reads of what was said fail."""
        self.unloaded = 0
        """So many reads of a conversation fail."""
        self.gone = False
        """No claim, no lease and no end of a turn gets through."""
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        """The events between the next read of a conversation and that of its messages."""

    async def messages(self, *args: Any, **more: Any) -> list[Message]:
        if self.unread:
            self.unread -= 1
            raise ConnectionResetError
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return await super().messages(*args, **more)

    async def load(self, *args: Any) -> Conversation:
        if self.unloaded:
            self.unloaded -= 1
            raise ConnectionResetError
        return await super().load(*args)

    async def claim(self, *args: Any, **more: Any) -> list[tuple[OrganizationId, ConversationId]]:
        self._reach()
        return await super().claim(*args, **more)

    async def extend(self, *args: Any) -> None:
        self._reach()
        await super().extend(*args)

    def _reach(self) -> None:
        if self.gone:
            raise ConnectionRefusedError

    async def commit(self, change: Change) -> None:
        if change.before.turn is not None:
            self._reach()
        if self.elsewhere is not None:
            other, self.elsewhere = self.elsewhere, None
            await super().commit(other)
            raise ConnectionResetError
        if self.unheard is not None:
            error, self.unheard = self.unheard, None
            asyncio.get_running_loop().call_later(1.0, lambda: asyncio.ensure_future(super(Losing, self).commit(change)))
            raise error
        if self.lost and change.before.turn is not None:
            self.lost -= 1
            raise ConnectionRefusedError
        await super().commit(change)


class Core:
    """All of core but its wire."""

    def __init__(self, stepped: StepStore) -> None:
        self.pool, now = stepped.pool, stepped.now
        self.assistant = ScriptedAssistant()
        self.knowledge = FixedKnowledge([recalled("30 days."), recalled("5 €.", number=2)])
        self.store = Losing(self.pool, now)
        self.changes = Changes(self.store)
        self.relay = SilentRelay()
        self.rights = Rights(PostgresReplicas(self.pool), self.relay, "here")
        self.live_conversations = LiveConversations(self.store, self.relay, self.rights)
        self.draining = asyncio.Event()
        recalls = Recalls(self.knowledge)
        self.admission = Admission()
        self.budgets = PostgresBudgets(self.pool, now)
        self.budget = Budget(self.budgets, Limit(tokens=10_000), lambda model: None)
        assistants = OneAssistant(self.assistant)
        log = Journal(self.pool, "core", fact_to_pb)
        self.turns = Turns(
            *(
                self.store,
                Lookups(recalls, self.budget, now),
                assistants,
                self.changes,
                self.live_conversations,
                self.rights,
                now,
                self.draining,
            ),
            *(self.admission, self.budget),
            steps=PostgresTurnSteps(self.pool, log),
            summarizer=Summarizer(
                *(self.store, PostgresSummaries(self.pool, Jobs(self.pool, "core"), log), assistants, self.budget),
                *(Policies(), now),
            ),
        )
        self.changes.listeners.extend([self.rights.committed, self.live_conversations.committed, self.turns.committed])
        self.app = App(
            *(self.store, self._customers(), PostgresDispatches(self.pool), self.changes, self.live_conversations),
            *(self.rights, now, self.admission, recalls.begin),
        )

    async def say(self, text: str = "How long can I return it?", source: str = "", **more: Any) -> Message:
        address = browser("b1", WEB)
        source = source or f"m{len(await self.history())}"
        _, message, _ = await self.app.receive_message(ACME, WEB, source, address, Content.of(text), **more)
        return message

    async def now(self) -> Conversation:
        return await self.store.open(ACME, browser("b1", WEB))

    async def history(self) -> list[Message]:
        return await self.store.messages(ACME, (await self.now()).id)

    async def spend(self, tokens: int) -> None:
        """Uses up tokens of the day."""
        await self.budgets.reserve(ACME, Cost(tokens), Limit())

    async def spent(self) -> Cost:
        return await self.budgets.used(ACME, NOW.date())

    def elsewhere(self) -> App:
        """Another process, which says nothing of what it commits."""
        rights, changes = Rights(PostgresReplicas(self.pool), self.relay, "there"), Changes(self.store)
        return App(
            *(self.store, self._customers(), PostgresDispatches(self.pool), changes, self.live_conversations),
            *(rights, lambda: NOW, Admission()),
        )

    async def work(self, seconds: float = 300) -> None:
        """Lets the workers run for a while."""
        extending = Every(LEASE.total_seconds() / 3, self.turns.extend, rests_first=True, unavailable=(OSError,))
        claiming = Every(POLL_SECONDS, self.turns.claim, unavailable=(OSError,), draining=self.draining)
        every: tuple[Callable[[], Awaitable[None]], ...] = (claiming, extending, self.rights.keep)
        workers = [asyncio.ensure_future(work()) for work in every]
        await asyncio.sleep(seconds)
        for worker in workers:
            worker.cancel()
            with suppress(asyncio.CancelledError):
                await worker

    def _customers(self) -> PostgresCustomers:
        return PostgresCustomers(self.pool, Journal(self.pool, "core", fact_to_pb))
