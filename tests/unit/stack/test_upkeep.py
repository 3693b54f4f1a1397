"""Output of `frontdesk verify` and `frontdesk rebuild transcripts`, and how they end."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest
from frontdesk.core.internal import v1 as internal

from kit import errors
from stack import upkeep
from stack.console import Console
from stack.problems import Problem
from stack.settings import Settings
from stack.upkeep import Upkeep

Results = list[internal.VerifyStoresResponse | errors.FrontdeskError]


@dataclass
class Answers:
    """The services, which answer as the test asks."""

    verified: Mapping[str, Results] = field(default_factory=dict)
    rebuilt: list[internal.RebuildTranscriptsResponse | errors.FrontdeskError] = field(default_factory=list)

    async def verify(self, service: str, full: bool) -> AsyncIterator[internal.VerifyStoresResponse]:
        for answer in self.verified.get(service, []):
            if isinstance(answer, errors.FrontdeskError):
                raise answer
            yield answer

    async def rebuild_transcripts(self) -> AsyncIterator[internal.RebuildTranscriptsResponse]:
        for answer in self.rebuilt:
            if isinstance(answer, errors.FrontdeskError):
                raise answer
            yield answer


async def verified(answers: Answers) -> tuple[int, list[str]]:
    output = io.StringIO()
    code = await upkeep.verify(cast("Upkeep", answers), Console(output))
    return code, output.getvalue().splitlines()


def result(store: str, counted: int, *differences: str, more: int = 0) -> internal.VerifyStoresResponse:
    return internal.VerifyStoresResponse(
        store=store, counted=counted, different=len(differences) + more, differences=differences
    )


async def test_a_line_for_each_store_when_all_is_right() -> None:
    code, lines = await verified(Answers({"core": [result("messages", 1234)], "agent": [result("queue", 0)]}))
    assert code == 0
    assert lines == [
        "core     messages                    OK    1,234 counted",
        "agent    queue                       OK    0 counted",
    ]


async def test_differences_are_shown_below_their_store_and_the_rest_continues() -> None:
    answers = Answers({"core": [result("messages", 9, "message demo/m1 differs", more=30)], "channel": [result("received", 9)]})
    code, lines = await verified(answers)
    assert code == 1
    assert lines == [
        "core     messages                    31 DIFFER  9 counted",
        "         - message demo/m1 differs",
        "         - and 30 more",
        "channel  received                    OK    9 counted",
    ]


async def test_a_service_that_is_unavailable_is_no_reason_not_to_ask_the_others() -> None:
    away = errors.Unavailable("It is unavailable.", reason="SERVICE_UNAVAILABLE")
    code, lines = await verified(Answers({"core": [result("messages", 1), away], "channel": [result("received", 1)]}))
    assert code == 1
    assert lines[1:] == [
        "core     It is unavailable. (SERVICE_UNAVAILABLE)",
        "channel  received                    OK    1 counted",
    ]


async def test_a_rebuild_shows_each_percent_once_and_its_end() -> None:
    output = io.StringIO()
    told = [internal.RebuildTranscriptsResponse(done=done, total=1000) for done in (0, 3, 12, 1000)]
    assert await upkeep.rebuild_transcripts(cast("Upkeep", Answers(rebuilt=[*told])), Console(output)) == 0
    assert output.getvalue().splitlines() == [
        "transcripts    0 %  0 of 1,000 facts",
        "transcripts    1 %  12 of 1,000 facts",
        "transcripts  100 %  1,000 of 1,000 facts",
        "The transcripts match the journal.",
    ]


async def test_a_rebuild_that_cannot_be_says_why() -> None:
    answers = Answers(rebuilt=[errors.Unavailable("MongoDB is unavailable.", reason="TRANSCRIPTS_UNAVAILABLE")])
    with pytest.raises(Problem, match="MongoDB is unavailable"):
        await upkeep.rebuild_transcripts(cast("Upkeep", answers), Console(io.StringIO()))


def test_without_the_operators_key_it_says_where_it_looked(tmp_path: Path) -> None:
    settings = Settings.load({"FRONTDESK_HOME": str(tmp_path)}, tmp_path / "none")
    with pytest.raises(Problem, match=r"stack\.pem doesn't exist"):
        Upkeep.load(settings, {"keys": None})
