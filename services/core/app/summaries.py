"""The conversation's summary: after a turn whose prompt lacked messages, a job adds them to it by one short call.

No reply waits for it. The next prompt that lacks messages has the summary in their place.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from kit import names, tokens
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.jobs import Fail, Job, Outcome
from services.core.app.budget import Budget
from services.core.app.policies import Policies
from services.core.app.steps import Recorder
from services.core.domain import BudgetUsedUp, ConversationId, MessageKind, Purpose, Step, StepState, TurnId
from services.core.domain.contexts import WhyLeftOut
from services.core.domain.summaries import MAX_ATTEMPTS, MAX_FOLDED, summary_of
from services.core.ports.assistant import AssistantFailed, Assistants, ShortPrompt
from services.core.ports.conversations import Conversations, Summaries

SECONDS = 20.0
SUBJECT = "conversations/{conversation}/turns/{turn}"

_log = logging.getLogger("frontdesk")


class Lacking(msgspec.Struct, frozen=True):
    """The messages that a turn's prompt lacked; the payload of a job."""

    until: int
    """Up to this number."""
    attempt: int
    """The turn's attempt."""


def lacking(steps: Sequence[Step]) -> Lacking | None:
    """The messages that the last prompt of a turn lacked for want of room; None: it lacked none."""
    last = next((step for step in reversed(steps) if step.model_call and step.model_call.purpose is Purpose.REPLY), None)
    if last is None or last.model_call is None:
        return None
    call = last.model_call
    if all(left_out.why is WhyLeftOut.BEFORE_CUSTOMER for left_out in call.left_out):
        return None
    return Lacking(min(call.seqs) - 1, last.attempt)


@dataclass(frozen=True)
class Summarizer:
    """Writes summaries."""

    conversations: Conversations
    summaries: Summaries
    assistants: Assistants
    budget: Budget
    policies: Policies
    now: Clock
    seconds: float = SECONDS
    """How long a model may take; 0: there are no summaries."""

    async def request(
        self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, steps: Sequence[Step]
    ) -> None:
        """Adds the job of a turn that has ended, if its prompt lacked messages."""
        if self.seconds and (lacked := lacking(steps)) is not None and lacked.until:
            subject = SUBJECT.format(conversation=conversation, turn=turn)
            await self.summaries.request(organization, conversation, subject, msgspec.json.encode(lacked))

    async def write(self, job: Job) -> Outcome | None:
        """A job: adds the messages that the summary lacks. Doing it again changes nothing."""
        ids, lacked = names.parse(SUBJECT, job.subject), msgspec.json.decode(job.payload, type=Lacking)
        organization, conversation, turn = job.organization, ConversationId(ids["conversation"]), TurnId(ids["turn"])
        former = await self.summaries.get(organization, conversation)
        after, policy = former.reference.until if former else 0, self.policies.of(organization)
        found = await self.conversations.messages(
            *(organization, conversation), after=after, before=lacked.until + 1, limit=MAX_FOLDED, notes=False
        )
        messages = tuple(message for message in found if message.text and message.kind is not MessageKind.HOLDING)
        if lacked.until <= after or not messages or policy.disabled:
            return None
        try:
            assistant = (await self.assistants.of(organization, policy))[0]
            if (short := assistant.short_calls) is None:
                return None
            request = short.request(ShortPrompt(Purpose.SUMMARIZE, messages, former=former.text if former else ""))
            room = int(assistant.context_tokens * (1 - tokens.MARGIN)) - request.max_tokens
            if tokens.count([request.body.decode()])[0] > room:
                _log.info("a summary has no room in the model's context", extra={"model": short.name})
                return None
            recorder = Recorder(turn, lacked.attempt, policy.version, self.now)
            call = recorder.ask(short.name, request, messages, Purpose.SUMMARIZE, summary=former)
            answer, usage = await self.budget.ask(organization, short, request, self.seconds)
            if (text := summary_of(answer)) is None:
                raise AssistantFailed("The model gave an empty answer.")
        except BudgetUsedUp:
            return None
        except AssistantFailed as error:
            _log.info("a summary could not be written", extra={"turn": turn, "why": error.message[:200]})
            return Fail(error.message) if job.attempts < MAX_ATTEMPTS else None
        if call is not None:
            call.used(usage, self.budget.price_of(short.name))
            call.said(text)
        recorder.end(StepState.DONE)
        await self.summaries.store(organization, conversation, lacked.until, recorder.steps[0])
        return None
