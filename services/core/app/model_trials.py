"""Trials of models: one short question, asked as the assistant asks, for those who set a model up."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.text import is_blank
from services.core.app.budget import Budget
from services.core.app.releases import in_time
from services.core.domain import Ending, Message, MessageId, Role, cost
from services.core.domain.model_problems import ModelProblem
from services.core.domain.policy import ModelChoice
from services.core.ports.assistant import Assistant, AssistantFailed, Assistants, Prompt, Repeated, Usage, at_once

TRIAL_SECONDS = 10.0
QUESTION = "Hello"


@dataclass(frozen=True, slots=True)
class ModelTrial:
    """The result of a trial."""

    problem: ModelProblem | None = None
    """None: the model works."""
    first_text: timedelta = timedelta()
    """From the call to the first text."""
    whole: timedelta = timedelta()
    usage: Usage = field(default_factory=Usage)
    micros: int | None = None
    """The cost; None where the model has no price."""


@dataclass(frozen=True)
class ModelTrials:
    """Tries models. A trial is charged to the organization's budget."""

    assistants: Assistants
    budget: Budget
    now: Clock
    seconds: float = TRIAL_SECONDS
    """How long a model may take."""

    async def run(self, organization: OrganizationId, choice: ModelChoice | None, revision: int) -> ModelTrial:
        """Asks a model, None: the installation's own, with a revision of its credential or a later one.

        Raises BudgetUsedUp.
        """
        try:
            async with self.assistants.trial(organization, choice, revision) as assistant:
                return await self._ask(organization, assistant)
        except AssistantFailed as error:
            if error.problem is None and not error.silent:
                return ModelTrial(ModelProblem.PROVIDER_FAILED)
            return ModelTrial(error.problem or ModelProblem.NOT_REACHABLE)

    async def _ask(self, organization: OrganizationId, assistant: Assistant) -> ModelTrial:
        clock = asyncio.get_running_loop().time
        began, first, usage, refused = clock(), 0.0, Usage(), False
        question = Message(MessageId("1"), 1, Role.CUSTOMER, QUESTION, self.now(), "trial/1")
        prompt = Prompt((question,), QUESTION, ())
        async with aclosing(self.budget.reply(organization, assistant, prompt, at_once)) as pieces:
            async for piece in in_time(pieces, began + self.seconds, self.seconds):
                match piece:
                    case Repeated():  # nothing is repeated: the first failure says what is wrong
                        return ModelTrial(piece.why or ModelProblem.PROVIDER_FAILED)
                    case Usage():
                        usage = piece
                    case Ending():
                        refused = piece is Ending.REFUSED
                    case str() if not is_blank(piece):
                        first = first or clock() - began
        if not first:
            return ModelTrial(ModelProblem.REQUEST_REFUSED if refused else ModelProblem.ANSWER_EMPTY)
        price = self.budget.price_of(assistant.name)
        counted = usage.input_tokens + usage.output_tokens
        micros = cost(price, usage.input_tokens, usage.output_tokens).micros if price is not None and counted else None
        return ModelTrial(None, timedelta(seconds=first), timedelta(seconds=clock() - began), usage, micros)
