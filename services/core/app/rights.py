"""The right to show the text of a running reply: at most a second long, and renewed from PostgreSQL.

A process shows a piece of a reply only while it may. It checks four times a second, in one statement, which of the replies that
it shows still run; the same statement notes in the table `replica` that this process shows text. A granted right ends a
second after the note of the check before it, which was stored when the check looked. So a process that ends a turn and then
reads the table finds every process that may still show it. It waits until each has checked again, which Redis asks them to do
at once, or until its right has run out. A process that shows nothing costs nothing.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from kit import ids
from kit.ids import OrganizationId
from services.core.domain import Change, Citation, Conversation, ConversationId, TurnId, TurnState
from services.core.ports.live import Relay, Replicas

RIGHT_SECONDS = 1.0
"""How long text may be shown after a check."""
RENEWAL_SECONDS = 0.25
PACE_SECONDS = 0.05
"""The pause after a check, however many replies begin."""
POLL_SECONDS = 0.05
"""How often the table is read while another process's confirmation is missing."""
FRESH = timedelta(seconds=RIGHT_SECONDS + 0.05)
"""A row that is older gives no right. The margin is for clocks that do not run equally fast."""
MAX_REMEMBERED = 10_000
NO_MORE = 1 << 31
"""An attempt that no turn reaches: the turn itself is over."""

_log = logging.getLogger("frontdesk")


@dataclass(eq=False, slots=True)
class Text:
    """A reply as far as it is written, and how long it may be shown."""

    organization: OrganizationId
    conversation: ConversationId
    turn: TurnId
    attempt: int
    epoch: int
    text: str = ""
    citations: tuple[Citation, ...] = ()
    elsewhere: bool = False
    """Another process writes it."""
    ended: bool = False
    until: float = -inf
    """The end of the right to show it, by the loop's clock, which is monotonic and continues in a process that is stopped."""

    def may_be_shown(self) -> bool:
        """Whether it may be shown now. Ask right before each piece."""
        return not self.ended and asyncio.get_running_loop().time() < self.until


@dataclass
class _Call:
    """A question to the other processes, and who has answered it."""

    confirmed: set[str] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Rights:
    """The texts of the running replies that this process shows or writes."""

    def __init__(
        self, replicas: Replicas, relay: Relay, me: str, unavailable: tuple[type[BaseException], ...] = (OSError,)
    ) -> None:
        self.listeners: list[Callable[[Text], None]] = []
        """Called when a text may be shown, again or for the first time, and when it has ended."""
        self._replicas = replicas
        self._relay = relay
        self._me = me
        self._unavailable = unavailable
        self._texts: dict[TurnId, Text] = {}
        self._over: dict[TurnId, int] = {}
        """By turn, the last attempt that is over."""
        self._new = asyncio.Event()
        self._one_check = asyncio.Lock()
        self._begun = self._done = 0
        """The numbers of the last check that began, and of the last one that succeeded."""
        self._noted = -inf
        """When the last check that succeeded began: its note is stored."""
        self._applied: datetime | None = None
        """The same by the store's clock."""
        self._calls: dict[str, _Call] = {}

    def begin(self, text: Text) -> Text:
        """The text of this attempt, which may be here already. It is `ended` if its attempt is over."""
        known = self._texts.get(text.turn)
        if known is not None and known.attempt == text.attempt:
            return known
        if text.attempt <= self._over.get(text.turn, 0):
            text.ended = True
            return text
        self.end(text.turn, text.attempt - 1)
        self._texts[text.turn] = text
        self._new.set()
        return text

    def end(self, turn: TurnId, attempt: int = NO_MORE) -> None:
        """Nothing more is shown of a turn's attempts up to this one."""
        self._over[turn] = max(attempt, self._over.pop(turn, 0))
        if len(self._over) > MAX_REMEMBERED:
            del self._over[next(iter(self._over))]
        text = self._texts.get(turn)
        if text is not None and text.attempt <= attempt:
            del self._texts[turn]
            text.ended = True
            self._tell(text)

    def committed(self, change: Change) -> None:
        """Ends the texts of turns that a commit of this process has ended."""
        for turn in change.turns:
            self.moved(turn.id, turn.state, turn.attempt)

    def moved(self, turn: TurnId, state: TurnState, attempt: int) -> None:
        """Ends the texts that a turn's new state has ended."""
        if state is TurnState.PENDING:
            self.end(turn, attempt)
        elif state is not TurnState.RUNNING:
            self.end(turn)

    async def keep(self) -> None:
        """A worker: renews the rights while there are texts."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(RENEWAL_SECONDS - PACE_SECONDS if self._texts else None):
                    await self._new.wait()
            self._new.clear()
            await self.checked()
            await asyncio.sleep(PACE_SECONDS)

    async def checked(self) -> bool:
        """Returns when a check that began after this call has ended what is over; False if the store is unavailable."""
        try:
            await self._renew()
        except self._unavailable as error:
            _log.debug("rights to show text can't be renewed", extra={"error": repr(error)[:200]})
            return False
        return True

    async def _renew(self) -> None:
        wanted = self._begun + 1
        async with self._one_check:
            if self._done < wanted:
                await self._check()

    async def _check(self) -> None:
        """Checks all texts. Twice after a pause, since the first check then only notes that this process shows text; and once
        more when a text has ended, to note that.
        """
        loop = asyncio.get_running_loop()
        more = bool(self._texts)
        while more:
            self._begun += 1
            number, began = self._begun, loop.time()
            asked = list(self._texts.values())
            turns = [(text.organization, text.turn, text.attempt) for text in asked]
            moment, running = await self._replicas.renew(self._me, turns, self._applied)
            until = self._noted + RIGHT_SECONDS
            over = [text for text in asked if (text.turn, text.attempt) not in running]
            for text in over:
                self.end(text.turn, text.attempt)
            for text in asked:
                if not text.ended:
                    self._grant(text, until)
            self._done, self._noted, self._applied = number, began, moment
            more = bool(over) or (bool(self._texts) and until <= loop.time())

    def _grant(self, text: Text, until: float) -> None:
        lapsed = not text.may_be_shown()
        text.until = until
        if lapsed and text.may_be_shown():
            self._tell(text)

    def _tell(self, text: Text) -> None:
        for listener in self.listeners:
            listener(text)

    async def settle(self, now: Conversation) -> None:
        """Returns when no process starts to show text of this conversation but that of its running turn; within about a second.

        `now`: the conversation as it was committed, or has been found. No one waits where no other process shows text.
        """
        running = now.turn.id if now.turn is not None else None
        if any(text.conversation == now.id and text.turn != running for text in self._texts.values()):
            await self._renew()
        moment, others = await self._replicas.showing(self._me, FRESH)
        if not others:
            return
        id, call = ids.new(), _Call()
        self._calls[id] = call
        self._relay.ask(id)
        try:
            while others := others - call.confirmed:
                others = await self._still(others, call, moment)
        finally:
            del self._calls[id]

    async def _still(self, others: set[str], call: _Call, moment: datetime) -> set[str]:
        """Waits for one more answer; without one, leaves those that have not checked since `moment` by what the store says."""
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await call.news.wait()
        except TimeoutError:
            return others & (await self._replicas.showing(self._me, FRESH, moment))[1]
        call.news.clear()
        return others

    def confirmed(self, call: str, replica: str) -> None:
        """Another process has checked what it shows, since it was asked to."""
        if (asked := self._calls.get(call)) is not None:
            asked.confirmed.add(replica)
            asked.news.set()
