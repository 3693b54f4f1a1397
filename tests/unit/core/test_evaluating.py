"""The time that an answer of a run may take."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest

from kit.ids import OrganizationId
from services.core.app.evaluating import Evaluator
from services.core.app.replies import Preview, ReplyApp
from services.core.domain.evaluation import Asked
from services.core.ports.assistant import AssistantFailed
from services.core.ports.evaluation import EvaluationRuns


class Silent:
    """Its previews never end; it counts those that were closed."""

    closed = 0

    async def preview(self, *_: Any, **__: Any) -> AsyncGenerator[Preview]:
        try:
            yield Preview(hands_over=False)
            await asyncio.Event().wait()
        finally:
            self.closed += 1


async def test_an_answer_that_takes_too_long_fails_and_its_preview_is_closed() -> None:
    silent = Silent()
    replies, runs = cast("ReplyApp", silent), cast("EvaluationRuns", None)
    evaluator = Evaluator(runs, replies, asyncio.Event(), question_seconds=0.01)
    with pytest.raises(AssistantFailed, match=r"took longer than 0\.01 seconds"):
        await evaluator._answer(OrganizationId("acme"), (), Asked("How long?"))
    assert silent.closed == 1
