"""How a model's text is checked before it is shown."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

from services.core.domain import Role
from services.core.domain.business import without_the_moment
from services.core.domain.evidence import spoken
from services.core.domain.grounds import Grounds
from services.core.domain.offers import not_known
from services.core.domain.opening import asks_for_hours
from services.core.domain.phrases import phrases
from services.core.domain.released import Release
from services.core.domain.talk import Talk, talk_of
from services.core.ports.assistant import AssistantFailed, Piece, Prompt

T = TypeVar("T")


class Unchecked:
    """Shows the text of an assistant that says only what the business has written, as it comes."""

    answered = True

    def feed(self, item: Piece) -> Sequence[Piece]:
        return (item,)

    def end(self, *, cut: bool) -> Sequence[Piece]:
        return ()


def release_of(prompt: Prompt) -> Release:
    """The check of a model's reply to a prompt."""
    said = [message.text for message in prompt.history if message.role is not Role.ASSISTANT]
    passages, style = [recalled.passage for recalled in prompt.passages], prompt.style
    business, moment = without_the_moment(prompt.business)
    business += [line for line in (style.display_name, style.instructions) if line]
    language = spoken(prompt.question, "\n".join(said), style.languages)
    of_hours = not prompt.hours.always and asks_for_hours(prompt.question)
    return Release(
        Grounds(passages, [prompt.question, *said], business, moment),
        phrases(language),
        len(passages),
        small_talk=of_hours or talk_of(prompt.question) not in (None, Talk.OKAY),
        names=frozenset(style.display_name.casefold().split()),
        not_known=not_known(language, prompt.offer),
    )


async def in_time(pieces: AsyncIterator[T], until: float, seconds: float) -> AsyncIterator[T]:
    """The pieces that come in time. Only waiting for them is bounded: a slow reader is no fault of the model."""
    while True:
        try:
            async with asyncio.timeout_at(until):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise AssistantFailed(f"The assistant took longer than {seconds:g} seconds.", silent=True) from None
        yield piece
