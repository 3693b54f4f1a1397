"""How a reply comes about: recall, ask the assistant, show its text as it grows, commit it under the fence.

The process that received a message runs the turn at once. A turn whose worker is gone is claimed by the process that finds its
lease run out, with one more attempt. A turn that ended otherwise (taken over, superseded) cancels its task, and with it the
model's call: at once in the process that committed the end, otherwise when `rights` finds it; whatever comes later fails at its
commit.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any

from kit import deadline, errors, failpoints
from kit.clock import Clock
from services.core.app.admission import Admission, Waiting
from services.core.app.budget import Budget
from services.core.app.changes import Changes
from services.core.app.contexts import lacks_messages
from services.core.app.live import LiveConversations
from services.core.app.lookups import Lookups
from services.core.app.outages import Patience
from services.core.app.policies import Policies
from services.core.app.replies import REPLY_SECONDS, answer_to_offer, handover_after, write
from services.core.app.rights import Rights, Text
from services.core.app.steps import Recorder
from services.core.app.summaries import Summarizer
from services.core.domain import (
    LEASE,
    MAX_ATTEMPTS,
    BudgetUsedUp,
    Change,
    Conversation,
    HandOver,
    Message,
    MessageKind,
    Reply,
    Role,
    Step,
    StepState,
    Turn,
    TurnCharged,
    TurnId,
    TurnLost,
    TurnState,
    begin,
    finish,
    retry,
    signed,
    stop,
)
from services.core.domain.offers import notice_of
from services.core.domain.phrases import ENGLISH
from services.core.domain.policy import Policy
from services.core.ports.assistant import Assistant, AssistantFailed, Assistants, Prompt
from services.core.ports.conversations import Conversations, TurnSteps

HISTORY = 50
"""Messages that are looked at; how many of them a model sees, its budget of tokens decides."""
MAX_SILENCE_SECONDS = 30.0
"""An attempt that failed after more than this is the last: the customer has waited long enough for an answer."""
OTHER_SECONDS = 30.0
"""How long the rest of a turn may take, such as recalling."""
MIN_SUMMARIZED = 2
"""A conversation with no more messages has no summary that its prompt could need."""
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
    lookups: Lookups
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
    steps: TurnSteps = field(kw_only=True)
    summarizer: Summarizer = field(kw_only=True)
    reply_seconds: float = field(default=REPLY_SECONDS, kw_only=True)
    """How long a model may write a reply."""
    _tasks: dict[Text, asyncio.Task[None]] = field(default_factory=dict)
    _writing: set[Text] = field(default_factory=set)
    """Those whose reply is not complete: only they are cancelled, for a commit under way must hear its outcome."""
    _beginning: set[asyncio.Task[None]] = field(default_factory=set)
    _timers: dict[TurnId, asyncio.TimerHandle] = field(default_factory=dict)
    _leases_hold_from: float = 0.0
    """When, by the loop's clock, a lease that has ended means a lost worker again."""

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
            self._begin(self._begin_turn(waiting), f"begin {waiting.turn}")

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin_turn(self, waiting: Waiting) -> None:
        try:
            await self.changes.apply(
                waiting.organization, waiting.conversation, lambda now: begin(now, waiting.turn, self.now())
            )
        except Exception as error:  # it is in the database: whatever broke here, the poll finds it
            _log.warning("a turn that waited could not begin", extra={"turn": waiting.turn, "error": repr(error)[:200]})
        finally:
            self.admission.leave(waiting.organization)

    async def claim(self) -> None:
        """Claims turns that are due or abandoned. For each `POLL_SECONDS`; a process that drains claims none.

        For half a lease after an outage of the store it claims no abandoned turns: leases ended since no one could extend them,
        and the workers that still have their turns do that now. So an outage costs no attempt.
        """
        room = self.admission.room()
        if self.draining.is_set() or room <= 0:
            return
        await failpoints.reach("core.claim.before_commit")
        taken, most = self.admission.taken(), self.admission.max_per_organization
        now = asyncio.get_running_loop().time
        try:
            claimed = await self.conversations.claim(
                self.lease, min(room, 20), most, taken, abandoned=now() >= self._leases_hold_from
            )
        except self.patience.unavailable:
            self._leases_hold_from = now() + self.lease.total_seconds() / 2
            raise
        if claimed:
            await failpoints.reach("core.claim.after_commit")
        for organization, id in claimed:
            load = partial(self.conversations.load, organization, id)
            conversation = await self.patience.repeat("a claimed conversation", load)
            if conversation.turn is not None and conversation.turn.state is TurnState.RUNNING:
                self._start(conversation)

    async def extend(self) -> None:
        """Extends the leases of the turns that run here. For each third of a lease."""
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
        recorder = Recorder(turn.id, turn.attempt, "", self.now)
        try:
            try:
                reply, hand_over = await self._write(conversation, turn, text, history, recorder)
            except Exception as error:  # whatever broke: a customer is never left without a word
                why = _why(error)
                recorder.end(StepState.FAILED, why)
                told = isinstance(error, errors.FrontdeskError | TimeoutError)
                extra = {"turn": turn.id, "attempt": turn.attempt, "why": why[:300]}
                if isinstance(error, errors.FrontdeskError) and error.detail:
                    extra["error"] = error.detail
                _log.log(logging.WARNING if told else logging.ERROR, "a turn failed", extra=extra, exc_info=not told)
                again = asyncio.get_running_loop().time() - started < MAX_SILENCE_SECONDS
                used = recorder.used
                given, taken = turn.input_tokens + used.input_tokens, turn.output_tokens + used.output_tokens
                turn = replace(turn, input_tokens=given, output_tokens=taken)
                if isinstance(error, BudgetUsedUp):
                    await self._commit(conversation, lambda now: stop(now, turn, why, self.now()), recorder)
                else:
                    notice = notice_of(self.policies.of(text.organization), self.now(), ENGLISH)
                    await self._commit(conversation, lambda now: retry(now, turn, why, self.now(), again, notice), recorder)
            else:
                room = not self.admission.crowded(text.organization)  # what follows takes this turn's place
                await self._commit(
                    conversation,
                    lambda now: finish(now, turn, reply, self.now(), room, hand_over),
                    recorder,
                    known=conversation,
                )
                self._begin(self._summarize(text, recorder.steps), f"summary after {text.turn}")
        except TurnLost:
            _log.info("a reply was thrown away", extra={"turn": turn.id, "attempt": turn.attempt})
            self._begin_storing(text, recorder)
        except asyncio.CancelledError:
            self._begin_storing(text, recorder)
            raise
        except Exception:
            _log.exception("a turn broke; it is claimed again when its lease is over", extra={"turn": turn.id})
        finally:
            self.live_conversations.running -= 1
            self.rights.end(text.turn, text.attempt)
            self.live_conversations.write(text)

    async def _commit(
        self,
        conversation: Conversation,
        decide: Callable[[Conversation], Change],
        recorder: Recorder,
        known: Conversation | None = None,
    ) -> None:
        """Commits what came of a turn. While the store is unavailable it tries again."""
        organization, id = conversation.organization, conversation.id

        def with_steps(now: Conversation) -> Change:
            change, steps = signed(decide(now), self.policies.of(organization).style.display_name), tuple(recorder.steps)
            return replace(change, steps=steps, facts=(*change.facts, *TurnCharged.of(now.id, recorder.turn, steps)))

        await self.patience.repeat("the end of a turn", lambda: self.changes.apply(organization, id, with_steps, known))

    def _begin_storing(self, text: Text, recorder: Recorder) -> None:
        """Stores the steps of an attempt that someone else ended, if a model was asked: in a task of its own, as this one may
        just be cancelled.
        """
        recorder.end(StepState.CANCELLED, "The turn ended before the answer.")
        if any(step.model_call for step in recorder.steps):
            self._begin(self._store(text, recorder.steps), f"steps of {text.turn}")

    async def _store(self, text: Text, steps: Sequence[Step]) -> None:
        try:
            await self.steps.add(text.organization, text.conversation, steps)
        except Exception as error:
            _log.warning("steps could not be stored", extra={"turn": text.turn, "error": repr(error)[:200]})

    async def _summarize(self, text: Text, steps: Sequence[Step]) -> None:
        try:
            await self.summarizer.request(text.organization, text.conversation, text.turn, steps)
        except Exception as error:  # the next turn that lacks messages asks for it again
            _log.warning("a summary could not be asked for", extra={"turn": text.turn, "error": repr(error)[:200]})

    async def _write(
        self,
        conversation: Conversation,
        turn: Turn,
        text: Text,
        history: tuple[Message, ...] | None,
        recorder: Recorder,
    ) -> tuple[Reply, HandOver | None]:
        try:
            async with asyncio.timeout(self.reply_seconds + OTHER_SECONDS):
                return await self._reply(conversation, turn, text, history, recorder)
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
        self,
        conversation: Conversation,
        turn: Turn,
        text: Text,
        history: tuple[Message, ...] | None,
        recorder: Recorder,
    ) -> tuple[Reply, HandOver | None]:
        """The reply, and whether agents are to take over after it."""
        if turn.attempt > MAX_ATTEMPTS:
            raise AssistantFailed("Every worker that had this turn ended without a word.")
        organization = conversation.organization
        said: Sequence[Message] = history or ()
        if not said:
            said = await self.patience.repeat("the history", lambda: self._said(conversation, turn))
        policy = self.policies.of(organization)
        recorder.settings = policy.version
        if (settled := answer_to_offer(said, policy, self.now())) is not None:
            return settled
        assistants = await self.assistants.of(organization, policy)
        prepared = await self.lookups.prepare(organization, said, policy, assistants, recorder)
        if isinstance(prepared, Reply):
            reply = prepared
        else:
            if len(said) > MIN_SUMMARIZED and lacks_messages(prepared, assistants, self.budget.context_of(organization)):
                read = partial(self.summarizer.summaries.get, organization, conversation.id)
                prepared = replace(prepared, summary=await self.patience.repeat("the summary", read))
            reply = await self._ask(text, prepared, assistants, recorder, policy)
        reply = recorder.charge(reply)
        return reply, handover_after(said, reply, policy, self.now())

    async def _ask(
        self, text: Text, prompt: Prompt, assistants: Sequence[Assistant], recorder: Recorder, policy: Policy
    ) -> Reply:
        """The reply of the first assistant that gives one, shown as it grows."""
        beat, next_when_unsure = self.live_conversations.beat, policy.next_when_unsure
        reply = write(
            *(self.budget, text.organization, prompt, assistants, recorder, beat),
            next_when_unsure=next_when_unsure,
            seconds=self.reply_seconds,
        )
        async with aclosing(reply) as pieces:
            async for piece in pieces:
                if isinstance(piece, Reply):
                    return piece
                text.text, text.citations = piece.text, piece.citations
                self.live_conversations.write(text)
        raise AssistantFailed("The model gave no answer.")


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "The assistant took too long."
    return error.message if isinstance(error, errors.FrontdeskError) else "Something broke on our side."
