"""How a reply comes about: recall, ask the assistant, show its text as it grows, commit it under the fence.

The process that received a message runs the turn at once. A turn whose worker is gone is claimed by the process that finds its
lease run out, with one more attempt. A turn that ended otherwise (taken over, superseded) cancels its task, and with it the
model's call: at once in the process that committed the end, otherwise when `rights` finds it; whatever comes later fails at its
commit.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta

from kit import deadline, errors, failpoints
from kit.clock import Clock
from kit.text import is_blank
from services.core.app.admission import Admission, Waiting
from services.core.app.budget import Budget
from services.core.app.changes import Changes, Decide
from services.core.app.live import LiveConversations
from services.core.app.outages import Patience
from services.core.app.policies import Policies
from services.core.app.recalls import MAX_QUERY, SHORT_QUESTION_WORDS, Recalls
from services.core.app.rights import Rights, Text
from services.core.domain import (
    LEASE,
    MAX_ATTEMPTS,
    BudgetUsedUp,
    Change,
    Conversation,
    Message,
    MessageKind,
    Reply,
    Role,
    Turn,
    TurnId,
    TurnLost,
    TurnState,
    begin,
    finish,
    retry,
    stop,
)
from services.core.domain.citations import Citations
from services.core.ports import Assistant, AssistantFailed, Assistants, Conversations, Prompt, Recalled, Usage

HISTORY = 20
WHOLE_SECONDS = 60.0
MAX_SILENCE_SECONDS = 30.0
"""An attempt that failed after more than this is the last: the customer has waited long enough for an answer."""
POLL_SECONDS = 1.0
MAX_TIMERS = 10_000
"""Turns whose due time is remembered here; the poll finds the others."""
TIMER_SECONDS = 0.001
"""How long after its due time a turn begins: a timer may fire a moment early."""

_log = logging.getLogger("frontdesk")


@dataclass(eq=False)
class Turns:
    """The assistant's work in this process."""

    conversations: Conversations
    recalls: Recalls
    assistants: Assistants
    changes: Changes
    live_conversations: LiveConversations
    rights: Rights
    now: Clock
    draining: asyncio.Event
    admission: Admission
    budget: Budget
    lease: timedelta = LEASE
    patience: Patience = field(default_factory=Patience)
    policies: Policies = field(default_factory=Policies)
    _tasks: dict[Text, asyncio.Task[None]] = field(default_factory=dict)
    _writing: set[Text] = field(default_factory=set)
    """Those whose reply is not complete: only they are cancelled, for a commit under way must hear its outcome."""
    _beginning: set[asyncio.Task[None]] = field(default_factory=set)
    _timers: dict[TurnId, asyncio.TimerHandle] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.admission.freed = self._begin_waiting
        self.rights.listeners.append(self._changed)

    def committed(self, change: Change) -> None:
        """Begins the turn that a change of this process obliges the assistant to."""
        for turn in change.turns:
            if timer := self._timers.pop(turn.id, None):
                timer.cancel()
            if turn.state is TurnState.RUNNING:
                first = change.after.last_seq == len(change.messages)
                self._start(change.after, change.messages if first else None)
            elif turn.state is TurnState.PENDING:
                self._await(change.after, turn)

    def _await(self, conversation: Conversation, turn: Turn) -> None:
        """Begins a turn when it is due. The poll of any process finds turns that this one does not remember."""
        seconds = (turn.due - self.now()).total_seconds()
        if seconds <= 0:
            self._is_due(conversation, turn)  # there was no room for it, but there may be now
        elif len(self._timers) < MAX_TIMERS:
            loop = asyncio.get_running_loop()
            self._timers[turn.id] = loop.call_later(seconds + TIMER_SECONDS, self._is_due, conversation, turn)

    def _is_due(self, conversation: Conversation, turn: Turn) -> None:
        self._timers.pop(turn.id, None)
        self.admission.wait(conversation)
        self._begin_waiting()

    def _start(self, conversation: Conversation, history: tuple[Message, ...] | None = None) -> None:
        turn = conversation.turn
        assert turn is not None
        text = self.rights.begin(Text(conversation.organization, conversation.id, turn.id, turn.attempt, turn.epoch))
        if not text.ended and text not in self._tasks:
            self.admission.enter(text.organization)
            self._writing.add(text)
            self._tasks[text] = asyncio.create_task(self._run(conversation, turn, text, history), name=f"turn {turn.id}")
            self._tasks[text].add_done_callback(lambda _: self._forget(text))

    def _forget(self, text: Text) -> None:
        del self._tasks[text]
        self._writing.discard(text)
        self.admission.leave(text.organization)

    def _changed(self, text: Text) -> None:
        """Stops writing a reply whose turn has ended."""
        if text.ended and text in self._writing:
            self._tasks[text].cancel()

    def _begin_waiting(self) -> None:
        """Starts the turns that waited and now have room."""
        while not self.draining.is_set() and (waiting := self.admission.next()) is not None:
            self.admission.enter(waiting.organization)
            task = asyncio.create_task(self._begin(waiting), name=f"begin {waiting.turn}")
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    async def _begin(self, waiting: Waiting) -> None:
        try:
            await self.changes.apply(
                waiting.organization, waiting.conversation, lambda now: begin(now, waiting.turn, self.now())
            )
        except Exception as error:  # it is in the database: whatever broke here, the poll finds it
            _log.warning("a turn that waited could not begin", extra={"turn": waiting.turn, "error": repr(error)[:200]})
        finally:
            self.admission.leave(waiting.organization)

    async def claim(self) -> None:
        """A worker: claims turns that are due or abandoned, each second. Runs until the process drains."""
        while not self.draining.is_set():
            if (room := self.admission.room()) > 0:
                await failpoints.reach("core.claim.before_commit")
                taken, most = self.admission.taken(), self.admission.max_per_organization
                claimed = await self.conversations.claim(self.lease, min(room, 20), most, taken)
                if claimed:
                    await failpoints.reach("core.claim.after_commit")
                for conversation in claimed:
                    if conversation.turn is not None and conversation.turn.state is TurnState.RUNNING:
                        self._start(conversation)
            await asyncio.sleep(POLL_SECONDS * random.uniform(0.8, 1.0))

    async def keep(self) -> None:
        """A worker: extends the leases of the turns that run here."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            if turns := [(text.organization, text.turn, text.attempt) for text in self._tasks]:
                await failpoints.reach("core.lease.before_commit")
                await self.conversations.extend(turns, self.lease)

    async def drain(self) -> None:
        """Waits until no turn runs here."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())
        await self.budget.drain()

    async def _run(self, conversation: Conversation, turn: Turn, text: Text, history: tuple[Message, ...] | None) -> None:
        deadline.start(None)  # the call in whose context this began has an end, and what comes of it must not
        started = asyncio.get_running_loop().time()
        self.live_conversations.running += 1
        try:
            try:
                reply, hand_over = await self._write(conversation, turn, text, history)
            except Exception as error:  # whatever broke: a customer is never left without a word
                why = _why(error)
                told = isinstance(error, errors.FrontdeskError | TimeoutError)
                extra = {"turn": turn.id, "attempt": turn.attempt, "why": why[:300]}
                if isinstance(error, errors.FrontdeskError) and error.detail:
                    extra["error"] = error.detail
                _log.log(logging.WARNING if told else logging.ERROR, "a turn failed", extra=extra, exc_info=not told)
                again = asyncio.get_running_loop().time() - started < MAX_SILENCE_SECONDS
                if isinstance(error, BudgetUsedUp):
                    await self._commit(conversation, lambda now: stop(now, turn, why, self.now()))
                else:
                    notice = self.policies.of(text.organization).handover_notice
                    await self._commit(conversation, lambda now: retry(now, turn, why, self.now(), again, notice))
            else:
                room = not self.admission.crowded(text.organization)  # what follows takes this turn's place
                await self._commit(
                    conversation,
                    lambda now: finish(now, turn, reply, self.now(), room, hand_over),
                    known=conversation,
                )
        except TurnLost:
            _log.info("a reply was thrown away", extra={"turn": turn.id, "attempt": turn.attempt})
        except Exception:
            _log.exception("a turn broke; it is claimed again when its lease is over", extra={"turn": turn.id})
        finally:
            self.live_conversations.running -= 1
            self.rights.end(text.turn, text.attempt)
            self.live_conversations.write(text)

    async def _commit(self, conversation: Conversation, decide: Decide, known: Conversation | None = None) -> None:
        """Commits what came of a turn. While the store is unavailable it tries again, as long as the lease may last."""
        organization, id = conversation.organization, conversation.id
        await self.patience.repeat("the end of a turn", lambda: self.changes.apply(organization, id, decide, known))

    async def _write(
        self, conversation: Conversation, turn: Turn, text: Text, history: tuple[Message, ...] | None
    ) -> tuple[Reply, str | None]:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                return await self._reply(conversation, turn, text, history)
        finally:
            self._writing.discard(text)

    async def _said(self, conversation: Conversation, turn: Turn) -> list[Message]:
        """The messages up to the ones that the turn answers. An answer that came while the customer wrote on stands before
        what it did not know of, which is asked still. A holding notice answers nothing, and is left out.
        """
        organization, id, messages = conversation.organization, conversation.id, self.conversations.messages
        told = await messages(organization, id, before=turn.answers_seq + 1, limit=HISTORY, notes=False)
        if conversation.last_seq > turn.answers_seq:
            later = await messages(organization, id, after=turn.answers_seq, notes=False)
            told += [message for message in later if message.turn is not None]
        said: list[Message] = []
        open: list[Message] = []
        for message in told:
            if message.role is Role.CUSTOMER:
                open.append(message)
                continue
            if message.kind is MessageKind.HOLDING:
                continue
            knew = message.seq
            if message.turn is not None and (len(open) > 1 or message.seq > turn.answers_seq):  # else it can't but know
                knew = (await self.conversations.turn(organization, id, message.turn)).answers_seq
            said += [asked for asked in open if asked.seq <= knew]
            said.append(message)
            open = [asked for asked in open if asked.seq > knew]
        return said + open

    async def _reply(
        self, conversation: Conversation, turn: Turn, text: Text, history: tuple[Message, ...] | None
    ) -> tuple[Reply, str | None]:
        """The reply, and the notice to the customer if agents are to take over after it."""
        if turn.attempt > MAX_ATTEMPTS:
            raise AssistantFailed("Every worker that had this turn ended without a word.")
        organization = conversation.organization
        said: Sequence[Message] = history or ()
        if not said:
            said = await self.patience.repeat("the history", lambda: self._said(conversation, turn))
        question, query = _asked(said)
        policy = self.policies.of(organization)
        passages = await self.recalls.search(organization, query, policy.thresholds)
        prompt = Prompt(tuple(said), question, tuple(passages), policy.style)
        reply = await self._ask(text, prompt, await self.assistants.of(organization, policy))
        return reply, policy.handover_notice if _knows_too_little(said, reply, policy.unknown_answers) else None

    async def _ask(self, text: Text, prompt: Prompt, assistants: Sequence[Assistant]) -> Reply:
        """The reply of the first assistant that gives one."""
        for last, assistant in ((assistant is assistants[-1], assistant) for assistant in assistants):
            citations, usage = Citations(tuple(passage.source for passage in prompt.passages)), Usage()
            try:
                async with aclosing(self.budget.reply(text.organization, assistant, prompt)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Usage):
                            usage = piece
                        elif shown := citations.feed(piece):
                            text.text += shown
                            self.live_conversations.write(text)
                            await self.live_conversations.beat()
            except AssistantFailed as error:
                if last or text.text:
                    raise
                _log.warning("a model failed; asking the next", extra={"model": assistant.name, "why": error.message[:200]})
                continue
            text.text += citations.end()
            if is_blank(text.text):
                raise AssistantFailed("The model gave an empty answer.")
            return _reply(text.text.strip(), citations, prompt.passages, assistant.name, usage)
        raise AssistantFailed("No model is set up.")


def _knows_too_little(said: Sequence[Message], reply: Reply, most: int) -> bool:
    """Whether so many answers in a row, this one included, say that the assistant doesn't know."""
    kinds = [message.kind for message in said if message.role is Role.ASSISTANT and message.kind is not MessageKind.HOLDING]
    last = [*kinds, reply.kind][-most:] if most else []
    return bool(most) and len(last) == most and set(last) == {MessageKind.UNKNOWN}


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "The assistant took longer than a minute."
    return error.message if isinstance(error, errors.FrontdeskError) else "Something broke on our side."


def _reply(text: str, citations: Citations, passages: Sequence[Recalled], assistant: str, usage: Usage) -> Reply:
    return Reply(
        text=text,
        kind=citations.kind,
        sources=citations.sources,
        recalled=tuple(passage.source for passage in passages),
        assistant=assistant,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
    )


def _asked(history: Sequence[Message]) -> tuple[str, str]:
    """The customer's question, and the words to search for: a short question is read with the one before it."""
    answered = max((at for at, message in enumerate(history, 1) if message.role is not Role.CUSTOMER), default=0)
    question = "\n".join(message.text for message in history[answered:])
    before = next((message.text for message in reversed(history[:answered]) if message.role is Role.CUSTOMER), "")
    query = f"{before}\n{question}" if before and len(question.split()) < SHORT_QUESTION_WORDS else question
    return question, query[:MAX_QUERY]
