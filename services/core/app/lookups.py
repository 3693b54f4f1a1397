"""The lookups before a reply: the query, the passages, and whether they answer the question.

Without a model, rules write the query and the assistant judges the passages itself. With one, two short calls help: a follow-up
is written as a question that stands alone, and weak evidence is judged. A short call that fails changes nothing but the time.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.text import is_blank, printable
from services.core.app.budget import Budget
from services.core.app.recalls import Recalls
from services.core.app.steps import Recorder
from services.core.domain import Message, MessageKind, Purpose, Reply, StepState
from services.core.domain.business import facts
from services.core.domain.complaints import complaint_of
from services.core.domain.content import Text
from services.core.domain.evidence import Evidence, levels_of, spoken, weigh
from services.core.domain.languages import language_of
from services.core.domain.offers import not_known, not_settled, offer_of
from services.core.domain.opening import asks_for_hours
from services.core.domain.policy import Policy
from services.core.domain.questions import asked, queried, refers, unanswered
from services.core.domain.talk import talk_of
from services.core.ports.assistant import Assistant, AssistantFailed, Findings, Prompt, ShortCalls, ShortPrompt

QUERY_SECONDS = 2.0
JUDGE_SECONDS = 3.0
MAX_WRITTEN_QUERY = 400
BY_RULE = "rules"
"""The writer of a reply that neither a model nor a page has."""

_log = logging.getLogger("frontdesk")


@dataclass(frozen=True)
class Lookups:
    """Looks up what a reply is made of."""

    recalls: Recalls
    budget: Budget
    now: Clock
    query_seconds: float = QUERY_SECONDS
    """How long a model may take to write a query; 0: rules write it."""
    judge_seconds: float = JUDGE_SECONDS
    """How long a model may take to judge passages; 0: it is left to the reply whether they answer, whatever their scores."""

    async def prepare(
        self,
        organization: OrganizationId,
        said: Sequence[Message],
        policy: Policy,
        assistants: Sequence[Assistant],
        recorder: Recorder,
    ) -> Prompt | Reply:
        """The prompt for the reply; or the reply itself, where the passages don't answer.

        Raises AssistantFailed or BudgetUsedUp.
        """
        question, query = asked(said)
        short = assistants[0].short_calls if assistants else None
        now = self.now()
        needs_pages = _needs_pages(said, question) and (policy.opening.always or not asks_for_hours(question))
        written = ""
        if short is not None and self.query_seconds and needs_pages and refers(said):
            written = await self._written_query(organization, said, short, recorder)
        began = self.now()
        found = await self.recalls.search(organization, written or query, policy.thresholds)
        recorder.recalled(began, queried(said), found, written=bool(written))
        levels = levels_of(found.embedding_model, policy.thresholds)
        prompt = Prompt(
            *(tuple(said), question, found.passages, policy.style, found.unknown_words, levels),
            business=facts(policy.business, policy.opening, now),
            hours=policy.opening,
            asked_at=now,
            offer=offer_of(said, policy, now),
        )
        if short is None or not needs_pages or not self.judge_seconds:
            return prompt
        match self._evidence(prompt, found, written or query):
            case Evidence.NONE:
                answered = False
            case Evidence.WEAK if found.passages:
                answered = await self._answers(organization, prompt, written or query, short, recorder)
            case _:
                answered = True
        return prompt if answered else _not_known(prompt)

    def _evidence(self, prompt: Prompt, found: Findings, query: str) -> Evidence:
        texts = [(recalled.score, recalled.passage.text) for recalled in prompt.passages]
        evidence = weigh(query, language_of(prompt.question), texts, prompt.unknown_words, prompt.levels)
        if evidence is Evidence.NONE and (found.degraded or (found.passages and refers(prompt.history))):
            return Evidence.WEAK  # half a search proves nothing, and an answer to a question of ours needs no page
        return evidence

    async def _written_query(
        self, organization: OrganizationId, said: Sequence[Message], short: ShortCalls, recorder: Recorder
    ) -> str:
        """The customer's question as a model writes it, to be understood alone; empty where it can't."""
        prompt = ShortPrompt(Purpose.WRITE_QUERY, history=tuple(said))
        text = await self._ask(organization, prompt, short, self.query_seconds, recorder)
        return "" if text is None else text

    async def _answers(
        self, organization: OrganizationId, prompt: Prompt, query: str, short: ShortCalls, recorder: Recorder
    ) -> bool:
        """Whether the passages answer, as a model judges them. Where it can't, the reply finds out."""
        judged = ShortPrompt(Purpose.JUDGE_PASSAGES, query=query, passages=prompt.passages)
        return await self._ask(organization, judged, short, self.judge_seconds, recorder) != "no"

    async def _ask(
        self, organization: OrganizationId, prompt: ShortPrompt, short: ShortCalls, seconds: float, recorder: Recorder
    ) -> str | None:
        """A model's words, as far as they can be used; None where they can't, or where it fails."""
        request = short.request(prompt)
        call = recorder.ask(short.name, request, prompt.history, prompt.purpose)
        try:
            text, usage = await self.budget.ask(organization, short, request, seconds)
        except AssistantFailed as error:
            recorder.end(StepState.FAILED, error.message)
            _log.info("a short call failed", extra={"model": short.name, "purpose": prompt.purpose, "why": error.message[:200]})
            return None
        text = printable(text)
        usable = _verdict(text) if prompt.purpose is Purpose.JUDGE_PASSAGES else _query(text)
        if call is not None:
            call.used(usage, self.budget.price_of(short.name))
            call.said(text if usable is None else usable)
        recorder.end(StepState.DONE if usable else StepState.FAILED, "" if usable else "The model's answer can't be used.")
        return usable


def _verdict(text: str) -> str | None:
    """`yes` or `no`, as a model answers."""
    word = text.strip().strip("\"'`*.,!").casefold().partition("\n")[0].split(" ")[0].strip(".,:;!")
    return word if word in ("yes", "no") else None


def _query(text: str) -> str | None:
    """A model's question, without quotation marks around it and on one line."""
    line = " ".join(text.split()).strip("\"'`„“”« »")
    return line if not is_blank(line) and len(line) <= MAX_WRITTEN_QUERY else None


def _needs_pages(said: Sequence[Message], question: str) -> bool:
    """Whether help pages could answer: it is no greeting, has words, and comes without pictures and the like."""
    parts = [part for message in unanswered(said) if message.content is not None for part in message.content.parts]
    return all(isinstance(part, Text) for part in parts) and any(map(str.isalnum, question)) and talk_of(question) is None


def _not_known(prompt: Prompt) -> Reply:
    conversation = "\n".join(message.written for message in prompt.history)
    language = spoken(prompt.question, conversation, prompt.style.languages)
    said = not_settled if complaint_of(prompt.question) else not_known
    return Reply(said(language, prompt.offer), MessageKind.UNKNOWN, (), BY_RULE)
