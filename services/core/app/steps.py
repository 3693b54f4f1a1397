"""The steps of turns: recorded while an attempt runs, stored with the commit that ends it, and read to rebuild its prompts."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit import errors
from kit.clock import Clock
from kit.ids import OrganizationId
from services.core.app.contexts import Fitted
from services.core.domain import (
    ConversationId,
    Ending,
    Hit,
    Message,
    ModelCall,
    NoPrompt,
    Omission,
    Passage,
    Price,
    Purpose,
    Recall,
    Reply,
    Step,
    StepState,
    TurnId,
    TurnStepNotFound,
    cost,
)
from services.core.domain.contexts import cut_message, cut_passage
from services.core.domain.policy import DEFAULT_STYLE, Style
from services.core.domain.questions import joined
from services.core.domain.summaries import Summary
from services.core.ports.assistant import (
    Findings,
    Knowledge,
    ModelRequest,
    Prompt,
    Prompts,
    Recalled,
    RenderedMessage,
    SettingVersions,
    ShortPrompt,
    Usage,
)
from services.core.ports.conversations import Conversations, TurnSteps

MAX_PROBLEM = 500
MAX_OUTPUT = 2_000
ERASED = "[erased]"
"""Stands in a prompt for what is gone."""


@dataclass
class Call:
    """A model's call under way."""

    began: datetime
    request: ModelRequest
    call: ModelCall

    def text(self, now: datetime) -> None:
        """Notes that text has come."""
        if self.call.first_token is None:
            self.call = replace(self.call, first_token=now - self.began)

    def ended(self, ending: Ending) -> None:
        """Notes how the answer ended."""
        self.call = replace(self.call, ending=ending)

    def repeated(self) -> None:
        """Notes that it is sent once more."""
        self.call = replace(self.call, attempts=self.call.attempts + 1)

    def said(self, output: str) -> None:
        """Notes the model's words, for other purposes than a reply."""
        self.call = replace(self.call, output=output[:MAX_OUTPUT])

    def used(self, usage: Usage, price: Price | None) -> None:
        """Notes the provider's count."""
        given, taken = usage.input_tokens, usage.output_tokens
        micros = cost(price, given, taken).micros if price is not None and given + taken else None
        self.call = replace(self.call, input_tokens=given, output_tokens=taken, micros=micros)


@dataclass
class Recorder:
    """The steps of one attempt."""

    turn: TurnId
    attempt: int
    settings: str
    """The version of the assistant's settings."""
    now: Clock
    steps: list[Step] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    """Of the last recall."""
    bodies: dict[int, bytes] | None = None
    """The requests to models by the numbers of their steps; None: they are not kept."""
    _open: Call | None = None
    _recall: int = 0
    """The number of the last recall."""

    @property
    def used(self) -> Usage:
        """The tokens of all calls, as far as they were counted."""
        calls = self._calls
        return Usage(sum(call.input_tokens for call in calls), sum(call.output_tokens for call in calls))

    @property
    def micros(self) -> int | None:
        """The cost of all calls that have a price; None: no call has one."""
        known = [call.micros for call in self._calls if call.micros is not None]
        return sum(known) if known else None

    def charge(self, reply: Reply) -> Reply:
        """A reply with the tokens of all calls that led to it."""
        return replace(reply, input_tokens=self.used.input_tokens, output_tokens=self.used.output_tokens)

    @property
    def _calls(self) -> list[ModelCall]:
        return [step.model_call for step in self.steps if step.model_call is not None]

    def recalled(self, began: datetime, asked: Sequence[Message], findings: Findings, written: bool = False) -> None:
        """Records a recall. `written`: the step before it wrote the query, instead of the messages that were asked."""
        self.findings = findings
        used = [Hit(found.passage.name, found.score) for found in findings.passages]
        left_out = [
            Hit(found.passage.name, found.score, used=False, why_not=why)
            for why, passages in (
                (Omission.BELOW_THRESHOLD, findings.left_out),
                (Omission.OVER_BUDGET, findings.over_budget),
                (Omission.DUPLICATE, findings.duplicates),
            )
            for found in passages
        ]
        recall = Recall(
            query_seqs=() if written else tuple(message.seq for message in asked),
            hits=(*used, *left_out),
            knowledge_version=findings.knowledge_version,
            embedding_model=findings.embedding_model,
            degraded=findings.degraded,
            query_after=int(written),
        )
        self._add(began, StepState.DONE, recall=recall)
        self._recall = len(self.steps)

    def ask(
        self,
        model: str,
        request: ModelRequest | None,
        history: Sequence[Message],
        purpose: Purpose = Purpose.REPLY,
        fitted: Fitted | None = None,
        summary: Summary | None = None,
    ) -> Call | None:
        """Begins to record a call; None: no model is asked. `summary`: the one in its prompt."""
        if request is None:
            return None
        call = ModelCall(
            model=model,
            template=request.template,
            seqs=tuple(message.seq for message in history),
            sha256=hashlib.sha256(request.body).hexdigest(),
            max_tokens=request.max_tokens,
            temperature=request.temperature,
            credential=request.credential,
            settings=self.settings,
            after=len(self.steps) + 1 - self._recall if self._recall else 0,
            purpose=purpose,
            tokens=fitted.tokens if fitted else 0,
            budget=fitted.budget if fitted else 0,
            left_out=fitted.left_out if fitted else (),
            left_out_passages=fitted.left_out_passages if fitted else (),
            cuts=fitted.cuts if fitted else (),
            business=fitted.prompt.business if fitted else "",
            summary=summary.reference if summary else None,
        )
        self._open = Call(self.now(), request, call)
        return self._open

    def end(self, state: StepState, problem: str = "") -> None:
        """Ends the call that is under way, if there is one."""
        if (call := self._open) is not None:
            self._open = None
            self._add(call.began, state, problem, model_call=call.call)
            if self.bodies is not None:
                self.bodies[len(self.steps)] = call.request.body

    def _add(
        self,
        began: datetime,
        state: StepState,
        problem: str = "",
        recall: Recall | None = None,
        model_call: ModelCall | None = None,
    ) -> None:
        number, now = len(self.steps) + 1, self.now()
        step = Step(self.turn, self.attempt, number, state, began, now, problem[:MAX_PROBLEM], recall, model_call)
        self.steps.append(step)


@dataclass(frozen=True, slots=True)
class RebuiltPrompt:
    """A prompt, made again from its references."""

    messages: Sequence[RenderedMessage]
    request: bytes
    """The body of the request."""
    exact: bool
    """It is what was sent, byte for byte."""


@dataclass(frozen=True)
class StepApp:
    """Reads steps of turns, rebuilds their prompts and deletes old ones."""

    conversations: Conversations
    steps: TurnSteps
    knowledge: Knowledge
    versions: SettingVersions
    prompts: Prompts
    now: Clock
    keep: timedelta

    async def get_step(self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, number: int) -> Step:
        """Raises TurnStepNotFound."""
        return await self.steps.get(organization, conversation, turn, number)

    async def list_steps(
        self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, after: int, limit: int
    ) -> list[Step]:
        """The steps of a turn after a number, the first one first. Raises TurnNotFound."""
        await self.conversations.turn(organization, conversation, turn)
        return await self.steps.page(organization, conversation, turn, after, limit)

    async def get_prompt(
        self, organization: OrganizationId, conversation: ConversationId, turn: TurnId, number: int
    ) -> RebuiltPrompt:
        """The prompt of a step. Raises TurnStepNotFound, NoPrompt, or Unavailable where a source can't be asked."""
        step = await self.steps.get(organization, conversation, turn, number)
        call = step.model_call
        if call is None:
            raise NoPrompt(number)
        recall = (await self.steps.get(organization, conversation, turn, number - call.after)).recall if call.after else None
        prompt: Prompt | ShortPrompt
        if call.purpose is Purpose.REPLY:
            prompt = Prompt(
                history=await self._history(organization, conversation, call),
                question="",
                passages=await self._passages(organization, recall, call),
                style=await self._style(organization, call.settings),
                business=call.business,
                summary=await self._summary(organization, conversation, call),
            )
        elif call.purpose is Purpose.WRITE_QUERY:
            prompt = ShortPrompt(call.purpose, history=await self._history(organization, conversation, call))
        elif call.purpose is Purpose.SUMMARIZE:
            former = await self._summary(organization, conversation, call)
            history = await self._history(organization, conversation, call)
            prompt = ShortPrompt(call.purpose, history=history, former=former.text if former else "")
        else:
            prompt = ShortPrompt(
                call.purpose,
                query=await self._query(organization, conversation, turn, number - call.after, recall),
                passages=await self._passages(organization, recall, call),
            )
        request = self.prompts.request(prompt, call.model, call.max_tokens, call.temperature)
        exact = hashlib.sha256(request).hexdigest() == call.sha256
        return RebuiltPrompt(self.prompts.messages(prompt), request, exact)

    async def sweep(self) -> bool:
        """Deletes a batch of old steps. Returns whether there may be more."""
        return await self.steps.delete_before(self.now() - self.keep)

    async def _history(
        self, organization: OrganizationId, conversation: ConversationId, call: ModelCall
    ) -> tuple[Message, ...]:
        """The messages in the prompt of a call."""
        kept = {cut.seq: cut.characters for cut in call.cuts}
        return tuple(
            replace(message, text=cut_message(message.text, kept[message.seq])) if message.seq in kept else message
            for message in await self._messages(organization, conversation, call.seqs)
        )

    async def _messages(
        self, organization: OrganizationId, conversation: ConversationId, seqs: Sequence[int]
    ) -> tuple[Message, ...]:
        first, last = min(seqs), max(seqs)
        found = await self.conversations.messages(
            organization, conversation, after=first - 1, before=last + 1, limit=last - first + 1
        )
        by_seq = {message.seq: message for message in found}
        return tuple(by_seq[seq] for seq in seqs if seq in by_seq)

    async def _summary(self, organization: OrganizationId, conversation: ConversationId, call: ModelCall) -> Summary | None:
        """The summary in the prompt of a call, as its step has it."""
        if (reference := call.summary) is None:
            return None
        try:
            step = await self.steps.get(organization, conversation, reference.turn, reference.step)
        except TurnStepNotFound:
            return Summary(reference, ERASED)
        return Summary(reference, step.model_call.output if step.model_call else ERASED)

    async def _query(
        self,
        organization: OrganizationId,
        conversation: ConversationId,
        turn: TurnId,
        number: int,
        recall: Recall | None,
    ) -> str:
        """The query of a recall, which is the step of a number."""
        if recall is None:
            return ""
        if not recall.query_after:
            return joined(await self._messages(organization, conversation, recall.query_seqs))
        written = (await self.steps.get(organization, conversation, turn, number - recall.query_after)).model_call
        return written.output if written is not None else ""

    async def _passages(self, organization: OrganizationId, recall: Recall | None, call: ModelCall) -> tuple[Recalled, ...]:
        hits = [hit.passage for hit in recall.hits if hit.used] if recall is not None else []
        names = [name for name in hits if name not in call.left_out_passages]
        found: dict[str, Passage] = dict(await self.knowledge.read(organization, names))
        for cut in call.cuts:
            if (passage := found.get(cut.passage)) is not None:
                found[cut.passage] = replace(passage, text=cut_passage(passage.text, cut.characters))
        gone = Passage("", "", 0, ERASED, "", "", ERASED)
        return tuple(Recalled(found.get(name, gone), 0, 0) for name in names)

    async def _style(self, organization: OrganizationId, version: str) -> Style:
        if not version:
            return DEFAULT_STYLE
        try:
            fields = await self.versions.get(organization, version)
        except errors.NotFound:
            return Style(instructions=ERASED)
        style: Style = fields.get("style", DEFAULT_STYLE)
        return style
