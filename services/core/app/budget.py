"""The budget of an organization's assistant for a day: the most is reserved before a model is called, and settled after.

A reservation that no one settles, because its process died, stays charged. So a budget is overshot by one reservation at most.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date

from kit.ids import OrganizationId
from services.core.app.outages import Patience
from services.core.app.policies import Policies
from services.core.domain import BudgetUsedUp, Cost, Ending, Limit, Price, cost
from services.core.domain.policy import lower_of
from services.core.ports.assistant import (
    Assistant,
    AssistantFailed,
    Beat,
    Budgets,
    ModelRequest,
    Piece,
    Prompt,
    Repeated,
    ShortCalls,
    Usage,
)

BYTES_PER_TOKEN = 3
"""To estimate what a call used that ended before its provider counted: English has 4 bytes a token, other scripts 3 or more."""

_log = logging.getLogger("frontdesk")


@dataclass(eq=False)
class Call:
    """A model's call under way: what it may use, and what is known of what it used."""

    prompt_bytes: int
    text_bytes: int = 0
    usage: Usage | None = None
    refused: bool = False
    """The provider refused the call, which costs nothing."""

    def note(self, piece: Piece | Usage | Repeated | Ending) -> bool:
        """Notes a piece of the reply; whether it says that the call failed and is made again."""
        match piece:
            case Repeated(refused=refused):
                self.refused = refused
                return True
            case Usage():
                self.usage = piece
            case str():
                self.text_bytes += len(piece.encode())
        return False

    def used(self) -> Usage:
        """The provider's count, or an estimate that is rather too high."""
        if self.usage is not None:
            return self.usage
        if self.refused:
            return Usage()
        return Usage(-(-self.prompt_bytes // BYTES_PER_TOKEN), -(-self.text_bytes // BYTES_PER_TOKEN))


@dataclass(eq=False)
class Spent:
    """The use of the model by this process, for all organizations, since it began."""

    tokens: Counter[str] = field(default_factory=Counter)
    """By direction: input, output."""
    micros: int = 0

    def add(self, used: Usage, price: Price | None) -> None:
        """Adds a call."""
        self.tokens["input"] += used.input_tokens
        self.tokens["output"] += used.output_tokens
        self.micros += cost(price, used.input_tokens, used.output_tokens).micros


@dataclass(eq=False)
class Budget:
    """Charges organizations for the calls of models."""

    budgets: Budgets
    limit: Limit
    """The installation's; an organization may set a lower one."""
    price_of: Callable[[str], Price | None]
    """The price of a model, by its name."""
    patience: Patience = field(default_factory=Patience)
    policies: Policies = field(default_factory=Policies)
    spent: Spent = field(default_factory=Spent)
    context_tokens: int = 0
    """The installation's limit of a prompt; 0: the model's context alone."""
    _settling: set[asyncio.Task[None]] = field(default_factory=set)

    def limit_of(self, organization: OrganizationId) -> Limit:
        """The budget of an organization for a day."""
        return replace(self.limit, micros=lower_of(self.policies.of(organization).daily_micros, self.limit.micros))

    def context_of(self, organization: OrganizationId) -> int:
        """How many tokens a prompt of an organization may have; 0: as many as the model's context holds."""
        return lower_of(self.policies.of(organization).context_tokens, self.context_tokens)

    async def reply(
        self, organization: OrganizationId, assistant: Assistant, prompt: Prompt, beat: Beat
    ) -> AsyncGenerator[Piece | Usage | Repeated | Ending, None]:
        """An assistant's reply, with each call to its model reserved before and settled after, however it ends.

        Raises BudgetUsedUp. A token is at least one byte, so a prompt has no more tokens than bytes.
        """
        size, price, limit = assistant.prompt_bytes(prompt), self.price_of(assistant.name), self.limit_of(organization)
        bounded = assistant.max_tokens > 0 and bool(limit.tokens or (limit.micros and price is not None))
        async with aclosing(assistant.reply(prompt, beat)) as pieces:
            again = True
            while again:
                again = False
                most = cost(price, size, assistant.max_tokens)
                day = await self._reserve(organization, most, limit) if bounded else None
                call = Call(size)
                try:
                    async for piece in pieces:
                        again = call.note(piece)
                        yield piece
                        if again:
                            break
                except AssistantFailed as error:
                    call.refused = error.refused
                    raise
                finally:
                    if assistant.max_tokens > 0:
                        self._charge(organization, call.used(), price, day, most)

    async def ask(
        self, organization: OrganizationId, short: ShortCalls, request: ModelRequest, seconds: float
    ) -> tuple[str, Usage]:
        """A model's answer to a short call, reserved before and settled after.

        Raises BudgetUsedUp or AssistantFailed.
        """
        size, price, limit = len(request.body), self.price_of(short.name), self.limit_of(organization)
        bounded, most = bool(limit.tokens or (limit.micros and price is not None)), cost(price, size, request.max_tokens)
        day = await self._reserve(organization, most, limit) if bounded else None
        call = Call(size)
        try:
            text, call.usage = await short.ask(request, seconds)
        except AssistantFailed as error:
            call.refused = error.refused
            raise
        finally:
            self._charge(organization, call.used(), price, day, most)
        return text, call.usage

    def _charge(self, organization: OrganizationId, used: Usage, price: Price | None, day: date | None, most: Cost) -> None:
        self.spent.add(used, price)
        if day is not None:
            self._begin_settling(organization, day, most, cost(price, used.input_tokens, used.output_tokens))

    async def _reserve(self, organization: OrganizationId, most: Cost, limit: Limit) -> date:
        """The day that is charged. One whose answer got lost may be charged twice, as by a process that died."""
        day = await self.patience.repeat("a reservation", lambda: self.budgets.reserve(organization, most, limit))
        if day is None:
            raise BudgetUsedUp(organization)
        return day

    def _begin_settling(self, organization: OrganizationId, day: date, most: Cost, charged: Cost) -> None:
        """In a task of its own, because the turn may just be cancelled."""
        task = asyncio.create_task(self._settle(organization, day, most, charged))
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def _settle(self, organization: OrganizationId, day: date, most: Cost, charged: Cost) -> None:
        try:
            await self.budgets.settle(organization, day, most, charged)
        except Exception as error:
            extra = {"organization": organization, "error": repr(error)[:200]}
            _log.warning("a call could not be settled; its reservation stays charged", extra=extra)

    async def drain(self) -> None:
        """Waits until everything is settled."""
        while self._settling:
            await asyncio.wait(self._settling)
