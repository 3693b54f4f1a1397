"""A model's text: replies to customers as they grow, and previews of replies, which no customer sees."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.text import is_blank
from services.core.app.admission import Admission
from services.core.app.budget import Budget
from services.core.app.contexts import fit
from services.core.app.lookups import BY_RULE, Lookups
from services.core.app.policies import Policies
from services.core.app.releases import Unchecked, in_time, release_of
from services.core.app.steps import Recorder
from services.core.domain import (
    Ending,
    HandOver,
    Message,
    MessageId,
    MessageKind,
    Reply,
    Role,
    Step,
    StepState,
    TooManyTurns,
    TurnId,
    wishes,
)
from services.core.domain.citations import CitedText
from services.core.domain.languages import language_of
from services.core.domain.offers import notice_of, offer_of
from services.core.domain.phrases import phrases
from services.core.domain.policy import Policy
from services.core.domain.questions import asked
from services.core.ports.assistant import (
    Assistant,
    AssistantFailed,
    Assistants,
    Beat,
    Findings,
    Prompt,
    Prompts,
    RenderedMessage,
    Repeated,
    SettingVersions,
    Usage,
    at_once,
)

REPLY_SECONDS = 300.0
"""How long a reply may take."""

_log = logging.getLogger("frontdesk")


async def write(
    budget: Budget,
    organization: OrganizationId,
    prompt: Prompt,
    assistants: Sequence[Assistant],
    recorder: Recorder,
    beat: Beat = at_once,
    *,
    next_when_unsure: bool = False,
    seconds: float = REPLY_SECONDS,
) -> AsyncGenerator[CitedText | Reply, None]:
    """The text of the first assistant that gives one, the same object each time that it has grown; then the reply.

    The next one is asked when one fails before its first text. `next_when_unsure`: also when one does not know the answer, of
    which nothing is shown then. A model's text is shown as `Release` says. If the model falls silent, or takes longer than so
    many `seconds`, the reply ends with what was shown. Raises AssistantFailed or BudgetUsedUp.
    """
    until = asyncio.get_running_loop().time() + seconds
    for assistant in assistants:
        last = assistant is assistants[-1]
        try:
            fitted = fit(prompt, assistant, budget.context_of(organization))
        except AssistantFailed as error:
            if last:
                raise
            _log.warning("a prompt is too large; asking the next", extra={"model": assistant.name, "why": error.message})
            continue
        given = fitted.prompt
        text, usage, ending = CitedText([recalled.passage for recalled in given.passages]), Usage(), Ending.WHOLE
        came = shown = False
        call = recorder.ask(assistant.name, assistant.request(given), given.history, fitted=fitted, summary=given.summary)
        release = Unchecked() if call is None else release_of(given)
        try:
            async with aclosing(budget.reply(organization, assistant, given, beat)) as pieces:
                async for piece in in_time(pieces, until, seconds):
                    if isinstance(piece, Usage):
                        usage = piece
                    elif isinstance(piece, Ending):
                        ending = piece
                    elif isinstance(piece, Repeated):
                        if not last:  # the next one answers sooner
                            raise AssistantFailed(piece.problem or "The model failed.", refused=piece.refused)
                        if call is not None and piece.sent:
                            call.repeated()
                    else:
                        if isinstance(piece, str) and not is_blank(piece):
                            came = True
                            if call is not None:
                                call.text(recorder.now())
                        grown = text.add_all(release.feed(piece))
                        sure = release.answered and text.kind is not MessageKind.UNKNOWN
                        if grown and (last or not next_when_unsure or sure):
                            shown = True
                            yield text
            if not came and ending is not Ending.REFUSED:
                raise AssistantFailed("The model gave an empty answer.")
            if not last and not shown and ending is Ending.REFUSED:
                raise AssistantFailed("The provider's content filter withheld the answer.")
        except AssistantFailed as error:
            if call is not None:
                call.used(usage, budget.price_of(assistant.name))
            if error.silent and text.text:
                ending = Ending.SILENT
            elif last or shown:
                raise
            else:
                recorder.end(StepState.FAILED, error.message)
                _log.warning("a model failed; asking the next", extra={"model": assistant.name, "why": error.message[:200]})
                continue
        grown = text.add_all(release.end(cut=ending is not Ending.WHOLE))
        if call is not None:
            call.used(usage, budget.price_of(assistant.name))
            call.ended(ending)
        recorder.end(StepState.DONE)
        if next_when_unsure and not last and not shown and text.kind is MessageKind.UNKNOWN:
            continue
        if grown or not shown:
            yield text
        yield Reply(text.text, text.kind, text.citations, assistant.name, usage.input_tokens, usage.output_tokens)
        return
    raise AssistantFailed("No model is set up.")


def handover_after(said: Sequence[Message], reply: Reply, policy: Policy, now: datetime) -> HandOver | None:
    """The handover after so many answers in a row, this one included, that say that the assistant doesn't know."""
    if reply.kind is not MessageKind.UNKNOWN or not offer_of(said, policy, now).hands_over:
        return None
    language = language_of(reply.text) or language_of(asked(said)[0])
    return HandOver(notice_of(policy, now, language) or phrases(language).handed_over)


def answer_to_offer(said: Sequence[Message], policy: Policy, now: datetime) -> tuple[Reply, HandOver | None] | None:
    """The reply to a yes or no, where the assistant's last words offered a human.

    Whatever model answers otherwise, this is decided here.
    """
    before = next((message for message in reversed(said) if message.role is not Role.CUSTOMER), None)
    if before is None or before.kind is not MessageKind.UNKNOWN or not before.text.rstrip().endswith(("?", "؟")):
        return None
    question = asked(said)[0]
    language = language_of(before.text) or language_of(question)
    own = phrases(language)
    if wishes.accepts(question):
        return Reply(notice_of(policy, now, language) or own.handed_over, MessageKind.ANSWER, (), BY_RULE), HandOver(
            reason=question.strip()
        )
    if wishes.declines(question):
        return Reply(own.left, MessageKind.ANSWER, (), BY_RULE), None
    return None


@dataclass(frozen=True, slots=True)
class PreviewStep:
    """One thing that the assistant did for a preview."""

    step: Step
    prompt: Sequence[RenderedMessage] = ()
    """The messages that the model received, if it is a model call."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The end of a preview."""

    hands_over: bool
    """Agents would take over."""
    reply: Reply | None = None
    """None: the assistant is off, and answers nothing."""
    micros: int | None = None
    """The cost; None where the model has no price."""
    first_text: timedelta = timedelta()
    """From the call to the first text."""
    whole: timedelta = timedelta()
    findings: Findings = field(default_factory=Findings)
    """The passages that were searched for."""
    steps: tuple[PreviewStep, ...] = ()


@dataclass(frozen=True)
class ReplyApp:
    """Replies that administrators try. They take a place and a budget as customers' do, and change nothing."""

    lookups: Lookups
    assistants: Assistants
    budget: Budget
    policies: Policies
    admission: Admission
    versions: SettingVersions
    prompts: Prompts
    now: Clock
    seconds: float = REPLY_SECONDS
    """How long a reply may take."""

    async def preview(
        self,
        organization: OrganizationId,
        text: str,
        versions: Sequence[str],
        earlier: Sequence[tuple[Role, str]] = (),
        spare: bool = False,
    ) -> AsyncGenerator[str | Preview, None]:
        """Answers a customer's message by the settings in effect, or by the `versions` that are named instead.

        `earlier`: what was said before it. `spare`: take no place of customers' turns, and answer only while many are free.
        Limits and budget are those in effect. Raises TooManyTurns, BudgetUsedUp, AssistantFailed or SettingVersionNotFound.
        """
        policy, seconds, first = self.policies.of(organization), asyncio.get_running_loop().time, 0.0
        began = seconds()
        for version in versions:
            policy = replace(policy, **await self.versions.get(organization, version))
        if policy.disabled:
            yield Preview(hands_over=True)
            return
        said = [*earlier, (Role.CUSTOMER, text)]
        history = [
            Message(MessageId(str(n)), n, role, words, self.now(), f"preview/{n}") for n, (role, words) in enumerate(said, 1)
        ]
        with self.admission.spare(organization) if spare else self.admission.place(organization) as free:
            if not free:
                raise TooManyTurns
            reply, shown = None, 0
            recorder = Recorder(TurnId("preview"), 1, policy.version, self.now, bodies={})
            async with aclosing(self._answer(organization, history, policy, recorder)) as pieces:
                while reply is None:
                    piece = await anext(pieces)
                    first = first or seconds() - began
                    if isinstance(piece, Reply):
                        reply = recorder.charge(piece)
                    if len(piece.text) > shown:
                        yield piece.text[shown:]
                        shown = len(piece.text)
        yield Preview(
            hands_over=handover_after(history[:-1], reply, policy, self.now()) is not None,
            reply=reply,
            micros=recorder.micros,
            first_text=timedelta(seconds=first),
            whole=timedelta(seconds=seconds() - began),
            findings=recorder.findings,
            steps=tuple(self._steps(recorder)),
        )

    def _steps(self, recorder: Recorder) -> Iterator[PreviewStep]:
        bodies = recorder.bodies or {}
        for step in recorder.steps:
            body = bodies.get(step.number)
            yield PreviewStep(step, self.prompts.read(body) if body else ())

    async def _answer(
        self, organization: OrganizationId, history: Sequence[Message], policy: Policy, recorder: Recorder
    ) -> AsyncGenerator[CitedText | Reply, None]:
        assistants = await self.assistants.of(organization, policy)
        prepared = await self.lookups.prepare(organization, history, policy, assistants, recorder)
        if isinstance(prepared, Reply):
            yield prepared
            return
        unsure, seconds = policy.next_when_unsure, self.seconds
        writing = write(self.budget, organization, prepared, assistants, recorder, next_when_unsure=unsure, seconds=seconds)
        async with aclosing(writing) as pieces:
            async for piece in pieces:
                yield piece
