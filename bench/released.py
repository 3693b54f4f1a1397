"""The time from a model's first token to the first text that is shown, and the CPU of the check: `python -m bench.released`.

The model is `bench.model` at real paces. Its sentences have twelve words, and each ends with a citation.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime

from bench import model as models
from services.core.adapters.openai import OpenAIAssistant
from services.core.app.releases import release_of
from services.core.domain import Message, MessageId, Passage, Role
from services.core.domain.citations import CitedText
from services.core.ports.assistant import Piece, Prompt, Recalled, at_once

PACES = (models.Pace(400, 120, 10), models.Pace(400, 120, 20), models.Pace(400, 120, 40))
ANSWERS = 20
CHECKED = 300
PASSAGE = "You can return a parcel within 30 days of 24 December. It costs 4.95 EUR, see https://shop.example/returns. " * 8


def question(number: int) -> Prompt:
    """A question with eight passages."""
    text = f"how long can I return parcel n{number}"
    asked = Message(MessageId(f"m{number}"), 1, Role.CUSTOMER, text, datetime.now(UTC), "bench")
    passages = [Passage(f"p{n}", f"d{n}", 1, "Returns", "", "", PASSAGE) for n in range(8)]
    return Prompt((asked,), text, tuple(Recalled(passage, 1, 1) for passage in passages))


async def answer(assistant: OpenAIAssistant, number: int) -> tuple[float, float]:
    """Milliseconds to the model's first token and to the first shown text, of one answer."""
    prompt = question(number)
    release, text = release_of(prompt), CitedText([recalled.passage for recalled in prompt.passages])
    began, token, shown = time.perf_counter(), 0.0, 0.0
    async for piece in assistant.reply(prompt, at_once):
        if isinstance(piece, Piece):
            token = token or time.perf_counter()
            if text.add_all(release.feed(piece)):
                shown = shown or time.perf_counter()
    text.add_all(release.end())
    assert text.text == models.reply_text(f"n{number}", PACES[0].tokens), text.text
    return (token - began) * 1000, (shown - began) * 1000


def check(number: int) -> float:
    """Milliseconds of CPU that the check of one answer of 120 tokens takes."""
    prompt = question(number)
    tokens = models.reply_tokens(f"n{number}", PACES[0].tokens)
    began = time.process_time()
    release = release_of(prompt)
    for token in tokens:
        release.feed(token)
    release.end()
    return (time.process_time() - began) * 1000


async def main() -> None:
    """Prints a line for each pace."""
    model = models.Model(models.Pace())
    server = await asyncio.get_running_loop().create_server(lambda: models.Connection(model), "127.0.0.1", 0)
    assistant = OpenAIAssistant(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", "", "bench")
    for pace in PACES:
        model.pace = pace
        times = await asyncio.gather(*(answer(assistant, number) for number in range(ANSWERS)))
        token, shown = (statistics.median(column) for column in zip(*times, strict=True))
        worst = max(shown - token for token, shown in times)
        print(f"{1000 / pace.gap:.0f} tokens/s: first token {token:.0f} ms, shown {shown:.0f} ms, at most {worst:.0f} ms later")
    print(f"check: {statistics.median(check(number) for number in range(CHECKED)):.2f} ms of CPU for an answer")
    await assistant.close()
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
